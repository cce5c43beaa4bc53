#include <limits>
#include <memory>

#include <zstd.h>

#include "pipeline/wire/protobuf_writer.h"
#include "pipeline/wire/wire.h"
#include "pipeline/wire/words.h"

namespace mobilytics::wire {

namespace {

using enum RejectReason;
using protobuf::Bytes;
using protobuf::Field;
using protobuf::Reader;
using Refused = std::optional<RejectReason>;

constexpr std::uint32_t kUnknown = 0xFFFF'FFFF;

#define MOB_KEEP(...)                                   \
    if (const auto why = __VA_ARGS__; why) [[unlikely]] \
    return why

/// Of an enum whose numbers are checked later, by refused().
template <class Enum>
Enum enumerator(std::uint64_t value) {
    const auto number = static_cast<std::uint32_t>(value);
    return static_cast<Enum>(number < 0xFF ? number : 0xFF);
}

Instant instant(std::uint64_t micros) {
    const auto end = static_cast<std::uint64_t>(kInstantEnd.time_since_epoch().count());
    return Instant(std::chrono::microseconds(std::min(micros, end)));
}

bool copy_id(Bytes from, std::array<std::uint8_t, 16>& to) {
    if (from.size() != to.size()) return false;
    std::copy(from.begin(), from.end(), to.begin());
    return true;
}

std::uint32_t narrow(std::uint64_t value) { return static_cast<std::uint32_t>(value); }

/// Appends the numbers of a packed column, or the one of an unpacked field.
template <class T, class FromWire>
Refused append_varints(
    const Field& field, std::vector<T>& out, std::size_t rows_max, FromWire from_wire) {
    const auto before = out.size();
    if ((field.tag & 7) != static_cast<std::uint32_t>(protobuf::WireType::bytes)) {
        if (before >= rows_max) return too_large;
        out.push_back(from_wire(narrow(field.value)));
        return std::nullopt;
    }
    const auto ends = [](std::uint8_t byte) { return byte < 0x80; };
    const auto rows =
        static_cast<std::size_t>(std::count_if(field.bytes.begin(), field.bytes.end(), ends));
    if (rows > rows_max - before) return too_large;
    out.resize(before + rows);
    const std::uint8_t* at = field.bytes.data();
    const std::uint8_t* end = at + field.bytes.size();
    for (std::size_t i = before; i < out.size(); ++i) {
        std::uint64_t value = 0;
        if (!protobuf::read_varint(at, end, value)) return bad_message;
        out[i] = from_wire(narrow(value));
    }
    return at == end ? Refused() : bad_message;
}

/// Makes rows of the columns of observations. They come one after the other, each perhaps in parts,
/// and are of one length in the end: what is filled of each is counted.
class RowFiller {
  public:
    explicit RowFiller(std::vector<Observation>& rows) : rows_(rows) { rows_.clear(); }

    /// The numbers of a packed column, or the one of an unpacked field, for `set(row, value)`.
    template <class Set>
    Refused varints(const Field& field, Set set) {
        std::size_t& filled = filled_of(field);
        if (!is_packed(field)) {
            if (!make_room(filled + 1)) return too_large;
            set(rows_[filled++], narrow(field.value));
            return std::nullopt;
        }
        const auto ends = [](std::uint8_t byte) { return byte < 0x80; };
        const auto more =
            static_cast<std::size_t>(std::count_if(field.bytes.begin(), field.bytes.end(), ends));
        if (!make_room(filled + more)) return too_large;
        const std::uint8_t* at = field.bytes.data();
        const std::uint8_t* end = at + field.bytes.size();
        for (const std::size_t to = filled + more; filled < to; ++filled) {
            std::uint64_t value = 0;
            if (!protobuf::read_varint(at, end, value)) return bad_message;
            set(rows_[filled], narrow(value));
        }
        return at == end ? Refused() : bad_message;
    }

    /// The same of a column of fixed width.
    template <class T>
    Refused fixed(const Field& field, T Observation::* member) {
        std::size_t& filled = filled_of(field);
        if (!is_packed(field)) {
            if (!make_room(filled + 1)) return too_large;
            rows_[filled++].*member = static_cast<T>(field.value);
            return std::nullopt;
        }
        if (field.bytes.size() % sizeof(T) != 0) return bad_message;
        return copy(field, member);
    }

    /// A column of one byte a row: as any field of bytes, the last one counts.
    template <class T>
    Refused bytes(const Field& field, T Observation::* member) {
        static_assert(sizeof(T) == 1);
        filled_of(field) = 0;
        return copy(field, member);
    }

    /// All columns are there; false when they are not of one length.
    bool finish() {
        rows_.resize(filled_.front());
        return std::all_of(filled_.begin(), filled_.end(), [&](std::size_t filled) {
            return filled == rows_.size();
        });
    }

  private:
    static constexpr std::size_t kFirst = 3, kLast = 14;  // The numbers of the columns.

    static bool is_packed(const Field& field) {
        return (field.tag & 7) == static_cast<std::uint32_t>(protobuf::WireType::bytes);
    }
    std::size_t& filled_of(const Field& field) { return filled_[(field.tag >> 3) - kFirst]; }
    bool make_room(std::size_t rows) {
        if (rows > kObservationsMax) return false;
        if (rows > rows_.size()) rows_.resize(rows);
        return true;
    }
    template <class T>
    Refused copy(const Field& field, T Observation::* member) {
        std::size_t& filled = filled_of(field);
        const auto to = filled + field.bytes.size() / sizeof(T);
        if (!make_room(to)) return too_large;
        const std::uint8_t* at = field.bytes.data();
        for (; filled < to; ++filled, at += sizeof(T)) {
            std::memcpy(&(rows_[filled].*member), at, sizeof(T));
        }
        return std::nullopt;
    }

    std::vector<Observation>& rows_;
    std::array<std::size_t, kLast - kFirst + 1> filled_{};
};

/// Makes of distances times since the start; false when that goes beyond what 32 bits hold.
template <class Rows, class OffsetOf>
bool sum_up(Rows& rows, OffsetOf offset_of) {
    std::uint64_t sum = 0;
    for (auto& row : rows) {
        sum += offset_of(row);
        offset_of(row) = static_cast<std::uint32_t>(sum);
    }
    return sum <= std::numeric_limits<std::uint32_t>::max();
}

Refused read(Bytes message, Observations& out, RowFiller& rows) {
    using namespace protobuf;
    bool fits = true;
    const auto to_16_bits = [&](std::uint32_t value) {
        fits &= value <= 0xFFFF;
        return static_cast<std::uint16_t>(value);
    };
    const auto set_at = [](Observation& row, std::uint32_t value) { row.at_us = value; };
    const auto set_sequence = [&](Observation& row, std::uint32_t value) {
        row.sequence = to_16_bits(value);
    };
    const auto set_company = [&](Observation& row, std::uint32_t value) {
        row.ble_company = to_16_bits(value);
    };
    Reader in(message);
    Field field;
    while (in.next(field)) {
        switch (field.tag) {
            case bytes(1):
                // An empty one is as none: refused() wants one where there are rows.
                if (field.bytes.empty())
                    out.salt_epoch = {};
                else if (!copy_id(field.bytes, out.salt_epoch))
                    return bad_columns;
                break;
            case varint(2): out.salt_mode = enumerator<SaltMode>(field.value); break;
            case bytes(3):
            case varint(3): MOB_KEEP(rows.varints(field, set_at)); break;
            case bytes(4):
            case fixed64(4): MOB_KEEP(rows.fixed(field, &Observation::pseudonym)); break;
            case bytes(5): MOB_KEEP(rows.bytes(field, &Observation::address_class)); break;
            case bytes(6): MOB_KEEP(rows.bytes(field, &Observation::rssi_dbm)); break;
            case bytes(7): MOB_KEEP(rows.bytes(field, &Observation::channel)); break;
            case bytes(8): MOB_KEEP(rows.bytes(field, &Observation::kind)); break;
            case bytes(9):
            case varint(9): MOB_KEEP(rows.varints(field, set_sequence)); break;
            case bytes(10):
            case fixed32(10): MOB_KEEP(rows.fixed(field, &Observation::coarse_fingerprint)); break;
            case bytes(11):
            case fixed32(11): MOB_KEEP(rows.fixed(field, &Observation::fine_fingerprint)); break;
            case bytes(12): MOB_KEEP(rows.bytes(field, &Observation::ble_type)); break;
            case bytes(13): MOB_KEEP(rows.bytes(field, &Observation::ble_subtype)); break;
            case bytes(14):
            case varint(14): MOB_KEEP(rows.varints(field, set_company)); break;
            default: break;  // A newer sensor may say more.
        }
    }
    if (!in.good()) return bad_message;
    return fits ? Refused() : bad_columns;
}

/// Columns of positions as they are sent. Few: no memory is kept for them.
struct PositionColumns {
    std::vector<std::uint32_t> at_us;
    std::vector<std::int32_t> latitude_e7, longitude_e7;
    std::vector<std::optional<std::uint32_t>> speed_cm_s, heading_cdeg, accuracy_cm;
};

Refused read(Bytes message, PositionColumns& out) {
    using namespace protobuf;
    const auto plain = [](std::uint32_t value) { return value; };
    const auto known = [](std::uint32_t value) {
        return value == kUnknown ? std::nullopt : std::optional(value);
    };
    const auto add = [](const Field& field, auto& column, auto from_wire) {
        return append_varints(field, column, kPositionsMax, from_wire);
    };
    Reader in(message);
    Field field;
    while (in.next(field)) {
        switch (field.tag) {
            case bytes(1):
            case varint(1): MOB_KEEP(add(field, out.at_us, plain)); break;
            case bytes(2):
            case varint(2): MOB_KEEP(add(field, out.latitude_e7, unzigzag)); break;
            case bytes(3):
            case varint(3): MOB_KEEP(add(field, out.longitude_e7, unzigzag)); break;
            case bytes(4):
            case varint(4): MOB_KEEP(add(field, out.speed_cm_s, known)); break;
            case bytes(5):
            case varint(5): MOB_KEEP(add(field, out.heading_cdeg, known)); break;
            case bytes(6):
            case varint(6): MOB_KEEP(add(field, out.accuracy_cm, known)); break;
            default: break;
        }
    }
    return in.good() ? Refused() : bad_message;
}

Refused to_positions(PositionColumns& columns, std::vector<Position>& out) {
    const auto rows = columns.at_us.size();
    if (columns.latitude_e7.size() != rows || columns.longitude_e7.size() != rows ||
        columns.speed_cm_s.size() != rows || columns.heading_cdeg.size() != rows ||
        columns.accuracy_cm.size() != rows) {
        return bad_columns;
    }
    const auto offset_of = [](std::uint32_t& offset) -> auto& { return offset; };
    if (!sum_up(columns.at_us, offset_of)) return bad_time;
    out.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        out[i] = {columns.at_us[i],      columns.latitude_e7[i],  columns.longitude_e7[i],
                  columns.speed_cm_s[i], columns.heading_cdeg[i], columns.accuracy_cm[i]};
    }
    return std::nullopt;
}

bool read_text(Bytes from, std::string& out) {
    const std::string_view text(reinterpret_cast<const char*>(from.data()), from.size());
    if (!is_word(text)) return false;
    out = text;
    return true;
}

Refused read(Bytes message, DropCount& out) {
    using namespace protobuf;
    Reader in(message);
    Field field;
    while (in.next(field)) {
        if (field.tag == bytes(1) && !read_text(field.bytes, out.reason)) return bad_message;
        if (field.tag == varint(2)) out.count = field.value;
    }
    return in.good() ? Refused() : bad_message;
}

Refused read(Bytes message, Health& out) {
    using namespace protobuf;
    Reader in(message);
    Field field;
    while (in.next(field)) {
        switch (field.tag) {
            case bytes(1):
                if (!read_text(field.bytes, out.version)) return bad_message;
                break;
            case varint(2): out.uptime_s = field.value; break;
            case varint(3): out.spool_bytes = field.value; break;
            case varint(4): out.spool_reports = field.value; break;
            case varint(5): out.frames_read = field.value; break;
            case bytes(6):
                if (out.frames_dropped.size() >= kDropCountsMax) return too_large;
                MOB_KEEP(read(field.bytes, out.frames_dropped.emplace_back()));
                break;
            case varint(7): out.cpu_permille = narrow(field.value); break;
            case varint(8): out.memory_bytes = field.value; break;
            case varint(9): out.disk_free_bytes = field.value; break;
            default: break;
        }
    }
    return in.good() ? Refused() : bad_message;
}

Refused read(Bytes message, ClockAnchor& out) {
    using namespace protobuf;
    Reader in(message);
    Field field;
    while (in.next(field)) {
        switch (field.tag) {
            case varint(1): out.mono_us = field.value; break;
            case fixed64(2): out.wall = instant(field.value); break;
            case varint(3): out.source = enumerator<ClockState>(field.value); break;
            case varint(4): out.uncertainty_us = narrow(field.value); break;
            default: break;
        }
    }
    return in.good() ? Refused() : bad_message;
}

Refused read(Bytes message, Loss& out) {
    using namespace protobuf;
    Reader in(message);
    Field field;
    while (in.next(field)) {
        switch (field.tag) {
            case bytes(1):
                if (!copy_id(field.bytes, out.boot)) return bad_identity;
                break;
            case varint(2): out.first_seq = field.value; break;
            case varint(3): out.last_seq = field.value; break;
            case varint(4): out.reason = enumerator<LossReason>(field.value); break;
            default: break;
        }
    }
    return in.good() ? Refused() : bad_message;
}

/// Adds one message of a list that has a limit.
template <class T>
Refused add(Bytes message, std::vector<T>& out, std::size_t count_max) {
    if (out.size() >= count_max) return too_large;
    return read(message, out.emplace_back());
}

Refused read(Bytes message, Report& out, RowFiller& rows, PositionColumns& positions) {
    using namespace protobuf;
    std::array<std::uint8_t, 16> device{};
    Reader in(message);
    Field field;
    while (in.next(field)) {
        switch (field.tag) {
            case bytes(1):
                if (!copy_id(field.bytes, device)) return bad_identity;
                out.key.device = DeviceId::from_bytes(device);
                break;
            case bytes(2):
                if (!copy_id(field.bytes, out.key.boot)) return bad_identity;
                break;
            case varint(3): out.key.seq = field.value; break;
            case fixed64(4): out.started = instant(field.value); break;
            case varint(5): out.started_mono_us = field.value; break;
            case varint(6): out.duration = std::chrono::microseconds(narrow(field.value)); break;
            case varint(7): out.clock_state = enumerator<ClockState>(field.value); break;
            case bytes(8): MOB_KEEP(read(field.bytes, out.observations, rows)); break;
            case bytes(9): MOB_KEEP(read(field.bytes, positions)); break;
            case bytes(10):
                if (!out.health) out.health.emplace();
                MOB_KEEP(read(field.bytes, *out.health));
                break;
            case bytes(11): MOB_KEEP(add(field.bytes, out.anchors, kAnchorsMax)); break;
            case bytes(12): MOB_KEEP(add(field.bytes, out.losses, kLossesMax)); break;
            default: break;
        }
    }
    return in.good() ? Refused() : bad_message;
}

/// What can be read of the key, of a report that is refused for something before it.
void read_key(Bytes message, ReportKey& out) {
    using namespace protobuf;
    std::array<std::uint8_t, 16> device{};
    Reader in(message);
    Field field;
    while (in.next(field)) {
        if (field.tag == bytes(1) && copy_id(field.bytes, device)) {
            out.device = DeviceId::from_bytes(device);
        }
        if (field.tag == bytes(2)) copy_id(field.bytes, out.boot);
        if (field.tag == varint(3)) out.seq = field.value;
    }
}

struct FreeContext {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// The body unpacked; none when it is not what its header says. Good until the next call of this
/// thread. One step into memory of the size claimed, so that nothing larger is ever allocated.
std::optional<Bytes> unpack(const FrameView& frame) {
    if (frame.plain_bytes > kFramePlainBytesMax) return std::nullopt;
    if (!frame.compressed) {
        return frame.body.size() == frame.plain_bytes ? std::optional(frame.body) : std::nullopt;
    }
    static thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    static thread_local std::vector<std::uint8_t> plain;
    VERIFY(context != nullptr);
    const auto claimed = ZSTD_getFrameContentSize(frame.body.data(), frame.body.size());
    const bool known = claimed != ZSTD_CONTENTSIZE_UNKNOWN && claimed != ZSTD_CONTENTSIZE_ERROR;
    if (known && claimed > frame.plain_bytes) return std::nullopt;
    if (plain.size() < frame.plain_bytes) plain.resize(frame.plain_bytes);
    const auto size = ZSTD_decompressDCtx(
        context.get(), plain.data(), frame.plain_bytes, frame.body.data(), frame.body.size());
    if (ZSTD_isError(size) || size != frame.plain_bytes) return std::nullopt;
    return Bytes(plain.data(), size);
}

void clear(Report& out) {
    out.key = {};
    out.started = {};
    out.started_mono_us = 0;
    out.duration = {};
    out.clock_state = ClockState::unset;
    out.observations.salt_epoch = {};
    out.observations.salt_mode = SaltMode::unspecified;
    out.observations.rows.clear();
    out.positions.clear();
    out.health.reset();
    out.anchors.clear();
    out.losses.clear();
}

}  // namespace

Refused decode(const FrameView& frame, Report& out) {
    clear(out);
    const auto message = unpack(frame);
    if (!message) return bad_compression;
    auto& observed = out.observations.rows;
    RowFiller rows(observed);
    PositionColumns positions;
    auto why = read(*message, out, rows, positions);
    if (why) read_key(*message, out.key);
    if (!why) why = to_positions(positions, out.positions);
    if (!why && !rows.finish()) why = bad_columns;
    const auto offset_of = [](Observation& row) -> auto& { return row.at_us; };
    if (!why && !sum_up(observed, offset_of)) why = bad_time;
    return why ? why : refused(out);
}

}  // namespace mobilytics::wire
