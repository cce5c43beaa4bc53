// BLE packets of every link type, and HCI events.

#include <array>
#include <cstdint>

#include "pipeline/sensor/decode/frame_decoder.h"

using namespace mobilytics::sensor;  // NOLINT: nothing else is in here.

/// The first octet chooses the link type, the rest is the frame.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr std::array kLinks{
        LinkType::ble,      LinkType::ble_with_radio,  LinkType::nordic_ble,
        LinkType::hci_h4,   LinkType::hci_h4_directed, LinkType::linux_monitor,
        LinkType::hci_event};
    static FrameDecoder decoder({.rssi_required = false});
    RawFrame frame;
    frame.link = kLinks[data[0] % kLinks.size()];
    frame.bytes = {data + 1, size - 1};
    frame.original_bytes = static_cast<std::uint32_t>(size - 1);
    for (const Sighting& sighting : decoder.decode(frame)) {
        if (sighting.ble_type > 15 || !sighting.coarse.empty()) __builtin_trap();
    }
    return 0;
}
