#pragma once
// Devices behind changing addresses, in a quarter of an hour of a fixed asset. Decision 16 says how
// they are counted, tracks/ does it.

#include <cstdint>

#include "pipeline/measure/tracks/heard.h"
#include "pipeline/measure/tracks/stays.h"

namespace mobilytics::measure {

struct Counted {
    Estimate devices;      // Different ones that were heard, by Wi-Fi.
    Estimate ble_devices;  // By BLE. The two are never added: people carry both.
    /// The time that devices were there, by gate; without makers' addresses, which are fixtures or
    /// laptops. Over span_ms: devices present on average.
    ByGate present_ms{};
    std::int64_t span_ms = 0;  // Of the bucket: up to where it was heard, and half a silence more.
    friend bool operator==(const Counted&, const Counted&) = default;
};

/// Of one place and time, by parts that know nothing of each other: sensors with salts of their
/// own, or reports that came when the others were gone. There were at least as many as the part
/// with most has, and at most all together; told is the least.
void unite(Counted& counted, const Counted& other);

}  // namespace mobilytics::measure
