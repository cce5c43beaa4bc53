#include "apps/sensor/settings.h"

#include <charconv>

#include "platform/crypto/files.h"

namespace mobilytics::sensor {

namespace fs = std::filesystem;

namespace {

/// What the file names otherwise than the settings do.
struct Named {
    std::string capture;
};

/// All keys, once. `settings` and `named` must outlive the book.
void list(config::Book& book, Settings& settings, Named& named) {
    book.section("radio", "Wi-Fi, listened to in monitor mode.")
        .field("interface", settings.interface, "For example wlan1. Empty: no Wi-Fi.")
        .field("channels", settings.channels, "To hop over, for example 1,6,11. Empty: stay.")
        .field("dwell", settings.dwell, "On each channel.", {.min = 20, .max = 60'000})
        .field("rssi_required", settings.rssi_required, "Drop what is heard without a strength.");
    book.section("bluetooth", "Bluetooth Low Energy advertisements.")
        .field("controller", settings.bluetooth, "For example hci0. Empty: no BLE.");
    book.section("capture", "Frames that another program hears.")
        .field(
            "source", named.capture,
            "A FIFO that a program writes pcap, pcapng or btsnoop to. Empty: none.");
    book.section("positions", "Where the sensor is, if it moves.")
        .field(
            "source", settings.positions,
            "gpsd:HOST:PORT, a serial line as /dev/ttyUSB0@9600, or a file. Empty: none.");
    book.section("privacy", "Who asked not to be counted.")
        .field("opt_out_file", settings.opt_out_file, "One address a line. Empty: nobody.")
        .field(
            "opt_outs_every", settings.opt_outs.ask_every, "The company's list is asked for.",
            {.min = 1'000, .max = 600'000});
    book.section("spool", "Reports on disk until the platform has them.")
        .field(
            "segment_bytes", settings.spool.segment_bytes, "bytes", "Reserved at once.",
            {.min = 64 << 10, .max = 64 << 20})
        .field(
            "bytes_max", settings.spool.bytes_max, "bytes",
            "Beyond it the oldest are given up, and declared lost.", {.min = 1 << 20})
        .field("age_max", settings.spool.age_max, "Older ones are given up.", {.min = 1})
        .field(
            "sync_bytes", settings.spool.sync_bytes, "bytes", "Written and not synced: then sync.",
            {.min = 1})
        .field(
            "sync_every", settings.spool.sync_every, "At the latest.", {.min = 1, .max = 60'000});
    book.section("windows", "What a report holds.")
        .field("window", settings.recorder.window, "Of one report.", {.min = 100, .max = 10'000})
        .field(
            "quiet_window", settings.recorder.quiet_window, "Where nothing is heard.",
            {.min = 100, .max = 10'000})
        .field("health_every", settings.health_every, "Counters are told.", {.min = 1});
    book.section("uplink", "To the platform.")
        .field(
            "window", settings.uplink.window, "reports", "Under way without an acknowledgement.",
            {.min = 1, .max = 512})
        .field("ack_wait", settings.uplink.ack_wait, "Then they are sent again.", {.min = 100})
        .field("pause_max", settings.uplink.pause_max, "Between tries.", {.min = 1'000})
        .field("https", settings.https, "Go over HTTPS where the broker does not deliver.");
}

Result<> read_into(config::Book& book, const std::optional<fs::path>& file) {
    std::string toml;
    if (file) {
        auto text = crypto::read_file(*file);
        if (!text) return fail(ErrorKind::not_found, "no_file", file->string() + " is not there");
        toml = *std::move(text);
    }
    return book.read(toml, file ? file->string() : "nothing", config::environment());
}

Result<std::unique_ptr<FixSource>> open_positions(const std::string& named) {
    constexpr std::string_view kGpsd = "gpsd:";
    if (!named.starts_with(kGpsd)) return open_fixes(named);
    TRY(const auto endpoint, parse_endpoint("gpsd://" + named.substr(kGpsd.size()), "gpsd", 2947));
    return open_gpsd({endpoint.host, endpoint.port});
}

}  // namespace

Result<Settings> read_settings(const std::optional<fs::path>& file) {
    Settings settings;
    config::Book book;
    Named named;
    list(book, settings, named);
    CHECK(read_into(book, file));
    if (!named.capture.empty()) settings.captures = {named.capture};
    return settings;
}

Result<std::string> print_settings(const std::optional<fs::path>& file) {
    Settings settings;
    config::Book book;
    Named named;
    list(book, settings, named);
    CHECK(read_into(book, file));
    return book.print();
}

Result<std::vector<std::uint8_t>> parse_channels(std::string_view text) {
    std::vector<std::uint8_t> out;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto* end = text.data() + comma;
        std::uint8_t channel = 0;
        const auto read = std::from_chars(text.data(), end, channel);
        if (read.ptr != end || channel == 0) {
            return fail(
                ErrorKind::invalid, "bad_channels", "channels are numbers with commas: 1,6,11");
        }
        out.push_back(channel);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return out;
}

Result<StationConfig> station_config(
    const Settings& settings, const fs::path& state_folder, const Identity& identity) {
    StationConfig out;
    out.state_folder = state_folder;
    out.identity = identity;
    out.agent.device = identity.device;
    out.agent.spool = settings.spool;
    out.agent.recorder = settings.recorder;
    out.agent.decode.rssi_required = settings.rssi_required;
    out.agent.health_every = settings.health_every;
    out.uplink = settings.uplink;
    out.opt_outs = settings.opt_outs;
    out.https = settings.https;
    if (settings.recorder.window > settings.recorder.quiet_window) {
        return fail(
            ErrorKind::invalid, "bad_config", "windows.window is longer than windows.quiet_window");
    }
    if (settings.opt_out_file.empty()) return out;
    const auto text = crypto::read_file(settings.opt_out_file);
    if (!text) {
        // Whoever asked must not be counted for want of a file.
        return fail(ErrorKind::not_found, "no_file", settings.opt_out_file + " is not there");
    }
    TRY(out.opt_out, OptOutList::parse(*text));
    return out;
}

Result<Sources> open_sources(const Settings& settings, const Clock& clock) {
    Sources out;
    if (!settings.interface.empty()) {
        TRY(const auto channels, parse_channels(settings.channels));
        TRY(auto radio, open_radio({settings.interface, channels, settings.dwell}));
        out.frames.push_back(std::move(radio));
    }
    if (!settings.bluetooth.empty()) {
        TRY(auto controller, open_bluetooth(settings.bluetooth, clock));
        out.frames.push_back(std::move(controller));
    }
    for (const auto& capture : settings.captures) {
        TRY(auto stream, open_capture_stream(capture));
        out.frames.push_back(std::move(stream));
    }
    if (out.frames.empty()) {
        return fail(
            ErrorKind::invalid, "no_source",
            "nothing to listen to: name a Wi-Fi interface, a Bluetooth controller or a stream of "
            "frames");
    }
    if (!settings.positions.empty()) {
        TRY(auto positions, open_positions(settings.positions));
        out.fixes.push_back(std::move(positions));
    }
    return out;
}

}  // namespace mobilytics::sensor
