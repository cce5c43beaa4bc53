#include <cstdint>

#include "pipeline/sensor/decode/fix_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mobilytics::sensor::fuzz_fixes(mobilytics::sensor::plain_nmea_parser, data, size);
    return 0;
}
