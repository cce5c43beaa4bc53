#pragma once
// Opens what a person names on the command line.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/sensor/sources/source.h"

namespace mobilytics::sensor {

/// A capture file, a FIFO, or "-" for standard input: pcap, pcapng or btsnoop, told by its first
/// octets. invalid: `unreadable`; what is in it shows at the first next() (`not_a_capture`).
Result<std::unique_ptr<FrameSource>> open_capture(const std::string& path);

/// What another program hears and writes now: a FIFO, whose writers may come and go, or "-",
/// standard input, which ends with its writer. invalid `unreadable`, `not_a_stream` (a file, which
/// is played instead).
Result<std::unique_ptr<FrameSource>> open_capture_stream(const std::string& path);

/// A file, a FIFO, a serial line or "-": GPX, NMEA 0183, gpsd's JSON or CSV, told by its first
/// octets. "/dev/ttyUSB0@9600" sets the line's speed. invalid: `unreadable`.
Result<std::unique_ptr<FixSource>> open_fixes(const std::string& path);

struct GpsdOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 2947;
};

/// A gpsd daemon. Never fails: it connects again, at first after 1 s, then at most every 30 s.
std::unique_ptr<FixSource> open_gpsd(GpsdOptions options);

struct RadioOptions {
    std::string interface;                 // "wlan1", in monitor mode or able to go there.
    std::vector<std::uint8_t> channels;    // To hop over, in this order; none: stays where it is.
    std::chrono::milliseconds dwell{250};  // On each channel.
};

/// A Wi-Fi interface through libpcap. invalid `no_interface`, `not_a_radio` (it has no monitor
/// mode), `no_channel`; forbidden `not_permitted` (needs CAP_NET_RAW, and CAP_NET_ADMIN to hop).
Result<std::unique_ptr<FrameSource>> open_radio(const RadioOptions& options);

/// A Bluetooth controller's LE scan, "hci0", through BlueZ's sockets. invalid `no_interface`,
/// unavailable `no_bluetooth`, `scan_refused`, `no_answer`, forbidden `not_permitted`. The clock
/// says when a report came, and must outlive the source.
Result<std::unique_ptr<FrameSource>> open_bluetooth(
    const std::string& interface, const Clock& clock);

}  // namespace mobilytics::sensor
