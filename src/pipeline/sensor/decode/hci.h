#pragma once
// Advertising reports among the events of a Bluetooth controller. Source: Bluetooth Core 5.4, vol.
// 4 part E 7.7.65.2 (legacy), .11 (directed) and .13 (extended).

#include <cstdint>
#include <optional>
#include <span>

#include "pipeline/sensor/decode/advertisement.h"

namespace mobilytics::sensor {

/// The event within a frame of one of the HCI link types, from its event code on; none if the frame
/// has another packet.
std::optional<std::span<const std::uint8_t>> hci_event(
    LinkType link, std::span<const std::uint8_t> frame);

struct HciReport {
    Advertisement advertisement;
    std::optional<std::int8_t> rssi_dbm;
};

/// Reads the reports of one event, one after the other.
class HciReports {
  public:
    /// `event` from its event code on.
    explicit HciReports(std::span<const std::uint8_t> event);

    /// The next, or why there is none: hci_not_advertising for another event, hci_malformed (the
    /// rest is lost), ble_no_address for a nameless one, after which others may come.
    std::variant<HciReport, FrameDrop> next();
    bool more() const { return left_ > 0; }

  private:
    HciReport read_legacy(bool directed, std::uint8_t& address_kind);
    HciReport read_extended(std::uint8_t& address_kind);

    std::span<const std::uint8_t> rest_;
    std::uint8_t kind_ = 0;  // The subevent; 0: not of ours.
    std::size_t left_ = 0;
    bool good_ = true;
};

}  // namespace mobilytics::sensor
