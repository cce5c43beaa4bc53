// The frames kept in tests/golden/frames: each .bin with a .json that says what is in it, or why it
// is refused. They are the contract; within version 1 they never change. To add one, name it below
// and run this test with MOBILYTICS_WRITE_GOLDEN=1.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "pipeline/wire/report_test.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::wire {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kFolder = "tests/golden/frames";

std::string hex(std::span<const std::uint8_t> bytes) {
    std::string out;
    for (const auto byte : bytes) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 0xF];
    }
    return out;
}
std::string hex(std::uint64_t number, int digits) {
    std::array<char, 20> out{};
    std::snprintf(
        out.data(), out.size(), "%0*llx", digits, static_cast<unsigned long long>(number));
    return out.data();
}

json::value optional_number(std::optional<std::uint32_t> number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::object sighting(const Observation& seen) {
    return {
        {"at_us", seen.at_us},
        {"kind", word(seen.kind)},
        {"address_class", word(seen.address_class)},
        {"pseudonym", hex(seen.pseudonym, 16)},
        {"rssi_dbm", seen.rssi_dbm},
        {"channel", seen.channel},
        {"sequence", seen.sequence},
        {"coarse_fingerprint", hex(seen.coarse_fingerprint, 8)},
        {"fine_fingerprint", hex(seen.fine_fingerprint, 8)},
        {"ble_type", seen.ble_type},
        {"ble_subtype", seen.ble_subtype},
        {"ble_company", seen.ble_company},
    };
}

json::object health(const Health& from) {
    json::object dropped;
    for (const auto& drop : from.frames_dropped) dropped[drop.reason] = drop.count;
    return {
        {"version", from.version},
        {"uptime_s", from.uptime_s},
        {"spool_bytes", from.spool_bytes},
        {"spool_reports", from.spool_reports},
        {"frames_read", from.frames_read},
        {"frames_dropped", dropped},
        {"cpu_permille", from.cpu_permille},
        {"memory_bytes", from.memory_bytes},
        {"disk_free_bytes", from.disk_free_bytes}};
}

json::object describe(const Report& report) {
    json::object out{
        {"device_id", report.key.device.uuid()},
        {"boot_id", hex(report.key.boot)},
        {"seq", report.key.seq},
        {"started", to_iso8601(report.started)},
        {"started_mono_us", report.started_mono_us},
        {"duration_us", report.duration.count()},
        {"clock_state", word(report.clock_state)},
    };
    const auto& all = report.observations;
    if (all.size() > 0) {
        out["salt_epoch"] = hex(all.salt_epoch);
        out["salt_mode"] = word(all.salt_mode);
        auto& rows = out["observations"].emplace_array();
        for (const Observation& seen : all.rows) rows.push_back(sighting(seen));
    }
    for (const auto& position : report.positions) {
        auto& rows = out["positions"].is_array() ? out["positions"].get_array()
                                                 : out["positions"].emplace_array();
        rows.push_back(
            {{"at_us", position.at_us},
             {"latitude_e7", position.latitude_e7},
             {"longitude_e7", position.longitude_e7},
             {"speed_cm_s", optional_number(position.speed_cm_s)},
             {"heading_cdeg", optional_number(position.heading_cdeg)},
             {"accuracy_cm", optional_number(position.accuracy_cm)}});
    }
    if (report.health) out["health"] = health(*report.health);
    for (const auto& anchor : report.anchors) {
        auto& rows =
            out["anchors"].is_array() ? out["anchors"].get_array() : out["anchors"].emplace_array();
        rows.push_back(
            {{"mono_us", anchor.mono_us},
             {"wall", to_iso8601(anchor.wall)},
             {"source", word(anchor.source)},
             {"uncertainty_us", anchor.uncertainty_us}});
    }
    for (const auto& loss : report.losses) {
        auto& rows =
            out["losses"].is_array() ? out["losses"].get_array() : out["losses"].emplace_array();
        rows.push_back(
            {{"boot_id", hex(loss.boot)},
             {"first_seq", loss.first_seq},
             {"last_seq", loss.last_seq},
             {"reason", word(loss.reason)}});
    }
    return out;
}

/// What is in an envelope: its frames, then why the rest is refused, if it is.
json::object describe(const std::string& envelope) {
    json::object out;
    auto& frames = out["frames"].emplace_array();
    EnvelopeReader reader(as_bytes(envelope));
    Report report;
    while (const auto frame = reader.next()) {
        json::object described{
            {"body_bytes", frame->body.size()},
            {"plain_bytes", frame->plain_bytes},
            {"compressed", frame->compressed}};
        if (const auto why = decode(*frame, report)) {
            described["refused"] = word(*why);
        } else {
            described["report"] = describe(report);
        }
        frames.push_back(described);
    }
    if (reader.bad_checksums() > 0) out["bad_checksums"] = reader.bad_checksums();
    if (reader.rejected()) out["refused"] = word(*reader.rejected());
    return out;
}

std::string plain(const Report& report) {
    std::string out;
    append_frame(out, report, Compress::no);
    return out;
}

std::string changed(std::string frame, std::size_t at, char to) {
    frame[at] = to;
    return frame;
}

/// A body behind a header that fits it.
std::string frame_of(const std::string& body, std::uint32_t plain_bytes, char flags) {
    std::string out("MY\x01", 3);
    out += flags;
    const std::uint32_t size = static_cast<std::uint32_t>(body.size());
    for (const auto number : {size, plain_bytes, crc32c(as_bytes(body))}) {
        for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
    }
    return out + body;
}

/// A crowd, so that it is compressed: 40 phones of one model, heard every 50 ms.
Report crowd() {
    auto out = small_report();
    out.positions.clear();
    auto& all = out.observations;
    all.rows.clear();
    for (std::uint32_t i = 0; i < 40; ++i) {
        all.rows.push_back(
            {.pseudonym = 0x9E3779B97F4A7C15u * (i % 8 + 1),
             .at_us = i * 50'000,
             .coarse_fingerprint = 0xC0A25E01,
             .fine_fingerprint = 0xF17E0001,
             .sequence = static_cast<std::uint16_t>(100 + i),
             .address_class = AddressClass::local,
             .rssi_dbm = static_cast<std::int8_t>(-50 - static_cast<int>(i % 5)),
             .channel = 11});
    }
    return out;
}

Report health_only() {
    auto out = full_report();
    out.observations = {};
    out.positions.clear();
    out.duration = {};
    return out;
}

std::map<std::string, std::string> envelopes() {
    auto second = small_report();
    second.key.seq = 8;
    second.started += small_report().duration;
    const auto no_boot = [] {
        std::string body = plain(small_report()).substr(kFrameHeaderBytes);
        return body.erase(18, 18);  // Behind the device's tag, length and 16 bytes: the boot's.
    }();
    return {
        {"two_sightings", plain(small_report())},
        {"every_part", plain(full_report())},
        {"health_only", plain(health_only())},
        {"crowd_compressed", encode(crowd())},
        {"two_frames", plain(small_report()) + plain(second)},
        {"refused_bad_magic", changed(plain(small_report()), 0, 'X')},
        {"refused_unknown_version", changed(plain(small_report()), 2, 2)},
        {"refused_truncated", plain(small_report()).substr(0, 100)},
        {"refused_too_large", changed(plain(small_report()), 7, 1)},
        {"refused_bad_identity", frame_of(no_boot, static_cast<std::uint32_t>(no_boot.size()), 0)},
        {"refused_bad_compression", frame_of(encode(crowd()).substr(kFrameHeaderBytes), 100, 1)},
        {"bad_checksum_then_good", changed(plain(small_report()), 12, 0) + plain(second)},
    };
}

std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// For people: one field a line down to frames, one sighting a line.
std::string pretty(const json::value& value, std::string indent = "") {
    std::ostringstream out;
    const auto inner = indent + "  ";
    const bool flat = indent.size() > 8;
    if (const auto* object = value.if_object(); object != nullptr && !flat) {
        out << "{";
        const char* comma = "\n";
        for (const auto& [name, field] : *object) {
            out << comma << inner << json::serialize(json::value(name)) << ": "
                << pretty(field, inner);
            comma = ",\n";
        }
        out << "\n" << indent << "}";
    } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
        out << "[";
        const char* comma = "\n";
        for (const auto& item : *array) {
            out << comma << inner << pretty(item, inner);
            comma = ",\n";
        }
        out << "\n" << indent << "]";
    } else {
        out << json::serialize(value);
    }
    return out.str();
}

TEST(GoldenFrames, AreReadAsTheirDescriptionsSay) {
    if (std::getenv("MOBILYTICS_WRITE_GOLDEN") != nullptr) {
        for (const auto& [name, envelope] : envelopes()) {
            if (fs::exists(kFolder / (name + ".bin"))) continue;
            fs::create_directories(kFolder);
            std::ofstream(kFolder / (name + ".bin"), std::ios::binary) << envelope;
            std::ofstream(kFolder / (name + ".json")) << pretty(describe(envelope)) << "\n";
        }
    }
    std::size_t frames = 0;
    for (const auto& entry : fs::directory_iterator(kFolder)) {
        if (entry.path().extension() != ".bin") continue;
        auto description = entry.path();
        description.replace_extension(".json");
        EXPECT_EQ(json::parse(content(description)), json::value(describe(content(entry.path()))))
            << entry.path();
        ++frames;
    }
    EXPECT_EQ(frames, envelopes().size());
}

TEST(GoldenFrames, OfPlainBodiesAreWrittenByteForByte) {
    for (const auto& [name, envelope] : envelopes()) {
        // What zstd makes may change with its version; what it unpacks may not.
        if (name == "crowd_compressed" || name == "refused_bad_compression") continue;
        EXPECT_EQ(content(kFolder / (name + ".bin")), envelope) << name;
    }
}

}  // namespace
}  // namespace mobilytics::wire
