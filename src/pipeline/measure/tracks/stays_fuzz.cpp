// Bytes that may be a state of stays: refused, or a state that can go on and writes itself again.

#include "foundation/vocabulary.h"
#include "pipeline/measure/tracks/stays.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mobilytics::measure;
    Stays stays;
    if (!stays.read({reinterpret_cast<const char*>(data), size})) return 0;
    Stays again;
    VERIFY(again.read(stays.written()));
    VERIFY(again.written() == stays.written());
    const std::int64_t start_ms = 1'700'000'000'000;
    for (std::int64_t at_ms = start_ms; at_ms < start_ms + 3'600'000; at_ms += 100'000) {
        stays.add(static_cast<std::uint64_t>(at_ms / 300'000 % 4), at_ms, -60);
    }
    stays.presence_ms(start_ms - start_ms % 900'000);
    return 0;
}
