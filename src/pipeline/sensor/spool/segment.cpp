#include "pipeline/sensor/spool/segment.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace mobilytics::sensor {

namespace {

constexpr std::string_view kMagic = "MYSPOOL1";
constexpr std::string_view kNamePrefix = "segment-";
constexpr std::size_t kNumberDigits = 16;
constexpr std::size_t kFrameBytesMax = wire::kFrameHeaderBytes + wire::kFrameBodyBytesMax;

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

template <class T>
void put(std::string& out, T number) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
template <class T>
T get(std::string_view bytes, std::size_t at) {
    T out;
    std::memcpy(&out, bytes.data() + at, sizeof out);
    return out;
}

void put_key(std::string& out, const SeqKey& key) {
    out.append(reinterpret_cast<const char*>(key.boot.data()), key.boot.size());
    put(out, key.seq);
}
SeqKey get_key(std::string_view bytes, std::size_t at) {
    SeqKey key;
    std::memcpy(key.boot.data(), bytes.data() + at, key.boot.size());
    key.seq = get<std::uint64_t>(bytes, at + key.boot.size());
    return key;
}

std::size_t rounded_up(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

/// Whether records end here, as they should: by zeros or by the end.
bool ends(std::string_view rest) {
    const auto looked_at = rest.substr(0, kRecordHeaderBytes);
    return std::all_of(looked_at.begin(), looked_at.end(), [](char c) { return c == '\0'; });
}

}  // namespace

std::string segment_name(std::uint64_t number) {
    std::array<char, kNumberDigits + 1> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(number));
    return std::string(kNamePrefix) + digits.data();
}

std::optional<std::uint64_t> segment_number(std::string_view name) {
    if (!name.starts_with(kNamePrefix)) return std::nullopt;
    name.remove_prefix(kNamePrefix.size());
    std::uint64_t number = 0;
    const auto end = name.data() + name.size();
    const auto read = std::from_chars(name.data(), end, number, 16);
    if (name.size() != kNumberDigits || read.ptr != end) return std::nullopt;
    return number;
}

std::string write_header(const SegmentHeader& header) {
    std::string out(kMagic);
    put(out, header.number);
    put_key(out, header.before);
    out.resize(kSegmentHeaderBytes - 4, '\0');
    put(out, wire::crc32c(as_bytes(out)));
    return out;
}

std::optional<SegmentHeader> read_header(std::string_view bytes) {
    if (bytes.size() < kSegmentHeaderBytes || !bytes.starts_with(kMagic)) return std::nullopt;
    const auto checked = bytes.substr(0, kSegmentHeaderBytes - 4);
    if (wire::crc32c(as_bytes(checked)) != get<std::uint32_t>(bytes, checked.size())) {
        return std::nullopt;
    }
    return SegmentHeader{get<std::uint64_t>(bytes, 8), get_key(bytes, 16)};
}

std::size_t record_bytes(std::size_t frame_bytes) {
    return rounded_up(kRecordHeaderBytes + frame_bytes);
}

std::string write_record(const Record& record) {
    std::string out;
    out.reserve(record_bytes(record.frame.size()));
    put(out, static_cast<std::uint32_t>(record.frame.size()));
    put(out, std::uint32_t{0});
    put_key(out, record.key);
    put(out, record.at.wall.time_since_epoch().count());
    put(out, record.at.mono_us);
    out += static_cast<char>(record.record_class);
    out += static_cast<char>(record.at.state);
    out.resize(kRecordHeaderBytes, '\0');
    out += record.frame;
    const auto checksum = wire::crc32c(as_bytes(out).subspan(8));
    std::memcpy(out.data() + 4, &checksum, sizeof checksum);
    out.resize(rounded_up(out.size()), '\0');
    return out;
}

std::optional<Record> read_record(std::string_view bytes) {
    if (bytes.size() < kRecordHeaderBytes) return std::nullopt;
    const auto length = get<std::uint32_t>(bytes, 0);
    if (length == 0 || length > kFrameBytesMax || bytes.size() < kRecordHeaderBytes + length) {
        return std::nullopt;
    }
    const auto checked = as_bytes(bytes).subspan(8, kRecordHeaderBytes - 8 + length);
    if (wire::crc32c(checked) != get<std::uint32_t>(bytes, 4)) return std::nullopt;
    Record out;
    out.key = get_key(bytes, 8);
    out.at.wall = Instant(std::chrono::microseconds(get<std::int64_t>(bytes, 32)));
    out.at.mono_us = get<std::uint64_t>(bytes, 40);
    out.record_class = static_cast<RecordClass>(bytes[48]);
    out.at.state = static_cast<wire::ClockState>(bytes[49]);
    out.frame = bytes.substr(kRecordHeaderBytes, length);
    return out;
}

Scan scan(std::string_view bytes, AtFault at_fault) {
    Scan out;
    out.header = read_header(bytes);
    out.end = kSegmentHeaderBytes;
    if (!out.header && at_fault == AtFault::stop) {
        out.torn = true;
        return out;
    }
    for (std::size_t at = kSegmentHeaderBytes; at < bytes.size();) {
        const auto record = read_record(bytes.substr(at));
        if (record) {
            out.records.push_back({at, *record});
            at += record_bytes(record->frame.size());
            out.end = at;
            continue;
        }
        const bool zeros = ends(bytes.substr(at));
        out.torn = out.torn || !zeros;
        if (at_fault == AtFault::stop) break;
        at += 8;
    }
    return out;
}

}  // namespace mobilytics::sensor
