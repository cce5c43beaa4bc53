// How long a frame takes, from its octets to the sighting. Items are frames.

#include <vector>

#include <benchmark/benchmark.h>

#include "pipeline/sensor/decode/checksums.h"
#include "pipeline/sensor/decode/frame_decoder.h"
#include "pipeline/sensor/decode/written_octets.h"

namespace mobilytics::sensor {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A probe request as phones send it, 150 octets behind a radio header.
Bytes probe_request(bool with_fcs) {
    Bytes frame = octets(
        "4000 0000 ffffffffffff 7efd7ae43166 ffffffffffff b088"
        "00 0d 535349445f3536323131353837"
        "01 04 82848b96"
        "32 08 0c1218243048606c"
        "03 01 01"
        "2d 1a 2d401bffff000000000000000000000000000000000000000000"
        "7f 08 0000080400000040"
        "ff 1c 23 010808180080 203002000d009f08000000 f5fff5ff 391cc7711c07"
        "dd 0b 0017f20a00010400000000"
        "dd 07 0050f208001000"
        "dd 0a 00101802010010000002");
    const std::uint32_t check = frame_check(frame);
    Bytes radio = octets("0000 0f00 2a000000 00 00 8509 a000 ce");
    if (with_fcs) {
        radio[8] = 0x10;
        for (int shift = 0; shift < 32; shift += 8) {
            frame.push_back(static_cast<std::uint8_t>(check >> shift));
        }
    }
    radio.insert(radio.end(), frame.begin(), frame.end());
    return radio;
}

/// An advertisement of a phone, behind the pseudo-header; the CRC is left for us to check or not.
Bytes advertisement(bool checked) {
    Bytes pdu = octets("40 1b 7372dfa6407d 02011a 020a08 0eff 4c00 1005 0118aabbcc 1602 0102");
    pdu[1] = static_cast<std::uint8_t>(pdu.size() - 2);
    const std::uint32_t check = ble_check(pdu);
    Bytes frame = octets("00 e4 80 00 d6be898e 3700 d6be898e");
    if (checked) frame[9] = 0x0C;
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    for (int shift = 0; shift < 24; shift += 8) {
        frame.push_back(static_cast<std::uint8_t>(check >> shift));
    }
    return frame;
}

void decode(benchmark::State& state, LinkType link, const Bytes& bytes) {
    FrameDecoder decoder;
    RawFrame frame;
    frame.link = link;
    frame.at = Instant(std::chrono::seconds(1'787'304'601));
    frame.bytes = bytes;
    frame.original_bytes = static_cast<std::uint32_t>(bytes.size());
    for (auto step : state) {
        (void)step;
        benchmark::DoNotOptimize(decoder.decode(frame).data());
    }
    if (decoder.counts().sightings != decoder.counts().frames) state.SkipWithError("dropped");
    state.SetItemsProcessed(state.iterations());
}

void probe_request_without_fcs(benchmark::State& state) {
    decode(state, LinkType::radiotap, probe_request(false));
}
void probe_request_with_fcs(benchmark::State& state) {
    decode(state, LinkType::radiotap, probe_request(true));
}
void advertisement_checked_by_the_radio(benchmark::State& state) {
    decode(state, LinkType::ble_with_radio, advertisement(true));
}
void advertisement_checked_by_us(benchmark::State& state) {
    decode(state, LinkType::ble_with_radio, advertisement(false));
}

BENCHMARK(probe_request_without_fcs);
BENCHMARK(probe_request_with_fcs);
BENCHMARK(advertisement_checked_by_the_radio);
BENCHMARK(advertisement_checked_by_us);

}  // namespace
}  // namespace mobilytics::sensor
