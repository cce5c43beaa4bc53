#include <algorithm>

#include "pipeline/wire/protobuf_reader.h"
#include "pipeline/wire/protobuf_writer.h"
#include "pipeline/wire/wire.h"
#include "pipeline/wire/words.h"

namespace mobilytics::wire {

namespace {

using protobuf::Bytes;
using protobuf::Field;
using protobuf::Reader;
using protobuf::Writer;

constexpr std::uint32_t kRetryAfterMsMax = 24 * 60 * 60 * 1000;

void put(Writer& out, std::uint32_t field, const SeqRange& range, std::string_view reason) {
    out.put_message(field, [&](Writer& inner) {
        inner.put_varint(1, range.first);
        inner.put_varint(2, range.last);
        inner.put_text(3, reason);
    });
}

bool read(Bytes message, SeqRange& range, std::string* reason) {
    Reader in(message);
    Field field;
    while (in.next(field)) {
        if (field.tag == protobuf::varint(1)) range.first = field.value;
        if (field.tag == protobuf::varint(2)) range.last = field.value;
        if (field.tag == protobuf::bytes(3) && reason != nullptr) {
            reason->assign(field.bytes.begin(), field.bytes.end());
            if (!is_word(*reason)) return false;
        }
    }
    return in.good() && range.first >= 1 && range.first <= range.last && range.last <= kSeqMax;
}

bool read(Bytes message, Ack& out) {
    Reader in(message);
    Field field;
    bool has_boot = false;
    while (in.next(field)) {
        switch (field.tag) {
            case protobuf::bytes(1):
                has_boot = field.bytes.size() == out.boot.size();
                if (!has_boot) return false;
                std::copy(field.bytes.begin(), field.bytes.end(), out.boot.begin());
                break;
            case protobuf::varint(2): out.cumulative_seq = field.value; break;
            case protobuf::bytes(3):
                if (out.settled.size() >= kAckRangesMax) return false;
                if (!read(field.bytes, out.settled.emplace_back(), nullptr)) return false;
                break;
            case protobuf::bytes(4): {
                if (out.rejected.size() >= kAckRangesMax) return false;
                auto& rejection = out.rejected.emplace_back();
                if (!read(field.bytes, rejection.range, &rejection.reason)) return false;
                break;
            }
            case protobuf::varint(5):
                out.retry_after = std::chrono::milliseconds(
                    std::min<std::uint64_t>(field.value, kRetryAfterMsMax));
                break;
            case protobuf::varint(6):
                out.window_max = static_cast<std::uint32_t>(field.value);
                break;
            case protobuf::fixed64(7): {
                const auto end = static_cast<std::uint64_t>(kInstantEnd.time_since_epoch().count());
                out.server = Instant(std::chrono::microseconds(std::min(field.value, end)));
                break;
            }
            default: break;
        }
    }
    return in.good() && has_boot && out.cumulative_seq <= kSeqMax && out.server < kInstantEnd;
}

bool ascending(const Ack& ack) {
    auto before = ack.cumulative_seq;
    for (const auto& range : ack.settled) {
        if (range.first <= before) return false;
        before = range.last;
    }
    return true;
}

}  // namespace

std::string encode(const Ack& ack) {
    VERIFY(ascending(ack));
    std::string bytes;
    Writer out(bytes);
    out.put_bytes(1, ack.boot.data(), ack.boot.size());
    out.put_varint(2, ack.cumulative_seq);
    for (std::size_t i = 0; i < std::min(ack.settled.size(), kAckRangesMax); ++i) {
        put(out, 3, ack.settled[i], "");
    }
    for (std::size_t i = 0; i < std::min(ack.rejected.size(), kAckRangesMax); ++i) {
        put(out, 4, ack.rejected[i].range, ack.rejected[i].reason);
    }
    out.put_varint(5, static_cast<std::uint64_t>(ack.retry_after.count()));
    out.put_varint(6, ack.window_max);
    out.put_fixed64(7, static_cast<std::uint64_t>(ack.server.time_since_epoch().count()));
    return bytes;
}

std::optional<Ack> decode_ack(std::span<const std::uint8_t> bytes) {
    Ack ack;
    if (bytes.size() > kAckBytesMax || !read(bytes, ack) || !ascending(ack)) return std::nullopt;
    return ack;
}

}  // namespace mobilytics::wire
