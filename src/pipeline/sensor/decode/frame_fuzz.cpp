// 802.11 frames behind radiotap or bare, with every kind of FCS.

#include <cstdint>

#include "pipeline/sensor/decode/frame_decoder.h"

using namespace mobilytics::sensor;  // NOLINT: nothing else is in here.

/// The first octet chooses link type and FCS, the rest is the frame.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    static FrameDecoder decoder({.rssi_required = false});
    RawFrame frame;
    frame.link = (data[0] & 1) != 0 ? LinkType::ieee80211 : LinkType::radiotap;
    frame.fcs_bytes = (data[0] & 2) != 0 ? 4 : 0;
    frame.bytes = {data + 1, size - 1};
    frame.original_bytes = static_cast<std::uint32_t>(size - 1);
    const FrameCounts before = decoder.counts();
    const auto sightings = decoder.decode(frame);
    std::uint64_t outcomes = sightings.size();
    for (std::size_t i = 0; i < kFrameDrops; ++i) {
        outcomes += decoder.counts().dropped[i] - before.dropped[i];
    }
    // Every frame has one outcome.
    if (outcomes != 1) __builtin_trap();
    for (const Sighting& sighting : sightings) {
        std::uint32_t sum = 0;
        for (const auto octet : sighting.coarse) sum += octet;
        for (const auto octet : sighting.fine) sum += octet;
        if (sighting.sequence > 4095 || sum == 0xFFFFFFFF) __builtin_trap();
    }
    return 0;
}
