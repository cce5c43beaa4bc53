#include <memory>

#include <zstd.h>

#include "pipeline/wire/protobuf_writer.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::wire {

namespace {

using protobuf::Writer;

constexpr int kCompressionLevel = 3;
constexpr std::uint32_t kUnknown = 0xFFFF'FFFF;

std::uint64_t micros(Instant at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}
template <class Enum>
std::uint64_t number(Enum value) {
    return static_cast<std::uint64_t>(value);
}

void write(Writer& out, const Observations& all) {
    const auto size = all.size();
    const auto& rows = all.rows;
    if (all.salt_epoch != SaltEpoch{}) {
        out.put_bytes(1, all.salt_epoch.data(), all.salt_epoch.size());
    }
    out.put_varint(2, number(all.salt_mode));
    out.put_packed(3, size, [&](auto i) {
        return i == 0 ? rows[0].at_us : rows[i].at_us - rows[i - 1].at_us;
    });
    out.put_fixed(4, size, [&](auto i) { return rows[i].pseudonym; });
    out.put_fixed(5, size, [&](auto i) { return rows[i].address_class; });
    out.put_fixed(6, size, [&](auto i) { return rows[i].rssi_dbm; });
    out.put_fixed(7, size, [&](auto i) { return rows[i].channel; });
    out.put_fixed(8, size, [&](auto i) { return rows[i].kind; });
    out.put_packed(9, size, [&](auto i) { return rows[i].sequence; });
    out.put_fixed(10, size, [&](auto i) { return rows[i].coarse_fingerprint; });
    out.put_fixed(11, size, [&](auto i) { return rows[i].fine_fingerprint; });
    out.put_fixed(12, size, [&](auto i) { return rows[i].ble_type; });
    out.put_fixed(13, size, [&](auto i) { return rows[i].ble_subtype; });
    out.put_packed(14, size, [&](auto i) { return rows[i].ble_company; });
}

void write(Writer& out, const std::vector<Position>& all) {
    const auto rows = all.size();
    out.put_packed(1, rows, [&](std::size_t i) {
        return i == 0 ? all[0].at_us : all[i].at_us - all[i - 1].at_us;
    });
    out.put_packed(2, rows, [&](std::size_t i) { return protobuf::zigzag(all[i].latitude_e7); });
    out.put_packed(3, rows, [&](std::size_t i) { return protobuf::zigzag(all[i].longitude_e7); });
    out.put_packed(4, rows, [&](std::size_t i) { return all[i].speed_cm_s.value_or(kUnknown); });
    out.put_packed(5, rows, [&](std::size_t i) { return all[i].heading_cdeg.value_or(kUnknown); });
    out.put_packed(6, rows, [&](std::size_t i) { return all[i].accuracy_cm.value_or(kUnknown); });
}

void write(Writer& out, const Health& health) {
    out.put_text(1, health.version);
    out.put_varint(2, health.uptime_s);
    out.put_varint(3, health.spool_bytes);
    out.put_varint(4, health.spool_reports);
    out.put_varint(5, health.frames_read);
    for (const auto& drop : health.frames_dropped) {
        out.put_message(6, [&](Writer& inner) {
            inner.put_text(1, drop.reason);
            inner.put_varint(2, drop.count);
        });
    }
    out.put_varint(7, health.cpu_permille);
    out.put_varint(8, health.memory_bytes);
    out.put_varint(9, health.disk_free_bytes);
}

void write(Writer& out, const ClockAnchor& anchor) {
    out.put_varint(1, anchor.mono_us);
    out.put_fixed64(2, micros(anchor.wall));
    out.put_varint(3, number(anchor.source));
    out.put_varint(4, anchor.uncertainty_us);
}

void write(Writer& out, const Loss& loss) {
    out.put_bytes(1, loss.boot.data(), loss.boot.size());
    out.put_varint(2, loss.first_seq);
    out.put_varint(3, loss.last_seq);
    out.put_varint(4, number(loss.reason));
}

void write(Writer& out, const Report& report) {
    const auto within = [&](std::uint32_t field, const auto& part) {
        out.put_message(field, [&](Writer& inner) { write(inner, part); });
    };
    out.put_bytes(1, report.key.device.bytes().data(), report.key.device.bytes().size());
    out.put_bytes(2, report.key.boot.data(), report.key.boot.size());
    out.put_varint(3, report.key.seq);
    out.put_fixed64(4, micros(report.started));
    out.put_varint(5, report.started_mono_us);
    out.put_varint(6, static_cast<std::uint64_t>(report.duration.count()));
    out.put_varint(7, number(report.clock_state));
    if (report.observations != Observations()) within(8, report.observations);
    if (!report.positions.empty()) within(9, report.positions);
    if (report.health) within(10, *report.health);
    for (const auto& anchor : report.anchors) within(11, anchor);
    for (const auto& loss : report.losses) within(12, loss);
}

void put_u32(std::string& out, std::size_t at, std::size_t value) {
    const auto narrow = static_cast<std::uint32_t>(value);
    std::memcpy(out.data() + at, &narrow, sizeof narrow);
}

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

/// Appends `plain`, compressed, to `out`; nothing, and false, where that would not be shorter.
bool append_compressed(std::string& out, const std::string& plain) {
    static thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    VERIFY(context != nullptr);
    const auto before = out.size();
    out.resize(before + ZSTD_compressBound(plain.size()));
    const auto size = ZSTD_compressCCtx(
        context.get(), out.data() + before, out.size() - before, plain.data(), plain.size(),
        kCompressionLevel);
    VERIFY(!ZSTD_isError(size));
    const bool shorter = size < plain.size();
    out.resize(before + (shorter ? size : 0));
    return shorter;
}

}  // namespace

void append_frame(std::string& envelope, const Report& report, Compress compress) {
    VERIFY(!refused(report));
    static thread_local std::string plain;
    plain.clear();
    Writer writer(plain);
    write(writer, report);
    VERIFY(plain.size() <= kFramePlainBytesMax);

    const auto start = envelope.size();
    envelope.append(std::string_view("MY\x01\x00\0\0\0\0\0\0\0\0\0\0\0\0", kFrameHeaderBytes));
    const auto body_start = envelope.size();
    if (compress == Compress::yes && append_compressed(envelope, plain)) {
        envelope[start + 3] = 1;
    } else {
        envelope += plain;
    }
    const auto body_bytes = envelope.size() - body_start;
    VERIFY(body_bytes <= kFrameBodyBytesMax);
    const auto* body = reinterpret_cast<const std::uint8_t*>(envelope.data() + body_start);
    put_u32(envelope, start + 4, body_bytes);
    put_u32(envelope, start + 8, plain.size());
    put_u32(envelope, start + 12, crc32c({body, body_bytes}));
}

std::string encode(const Report& report) {
    std::string out;
    append_frame(out, report);
    return out;
}

}  // namespace mobilytics::wire
