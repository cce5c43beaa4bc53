// pcap, pcapng and btsnoop, whole and in two pieces: with the same outcome.

#include <cstdint>
#include <vector>

#include "pipeline/sensor/decode/capture.h"

using namespace mobilytics::sensor;  // NOLINT: nothing else is in here.

namespace {

/// What reading comes to when at first only `visible` octets are there.
std::vector<std::uint64_t> read(std::span<const std::uint8_t> file, std::size_t visible) {
    std::vector<std::uint64_t> out;
    CaptureParser parser;
    std::size_t begin = 0;
    std::size_t end = std::min(visible, file.size());
    while (true) {
        RawFrame frame;
        const auto step = parser.next(file.subspan(begin, end - begin), frame);
        if (step.used > end - begin) __builtin_trap();
        begin += step.used;
        if (step.kind == CaptureStep::Kind::failed) return out;
        if (step.kind == CaptureStep::Kind::frame) {
            std::uint64_t sum = frame.number;
            for (const auto octet : frame.bytes) sum = sum * 31 + octet;
            out.push_back(sum ^ static_cast<std::uint64_t>(frame.at.time_since_epoch().count()));
        }
        if (step.kind != CaptureStep::Kind::more) continue;
        if (end == file.size()) return out;
        end = file.size();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> file(data, size);
    if (read(file, size) != read(file, size / 2)) __builtin_trap();
    return 0;
}
