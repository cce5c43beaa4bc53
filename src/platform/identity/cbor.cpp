#include "platform/identity/cbor.h"

#include <limits>

namespace mobilytics::identity {

namespace {

constexpr int kDepthMax = 8;
constexpr std::size_t kBytesMax = 64 << 10;

bool is_utf8(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    for (std::size_t at = 0; at < text.size();) {
        const unsigned first = byte(at);
        const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (size > 1 && (first < 0xC2 || first > 0xF4)) return false;
        unsigned point = size == 1 ? first : first & (0x7FU >> size);
        for (std::size_t more = 1; more < size; ++more) {
            if ((byte(at + more) & 0xC0U) != 0x80) return false;
            point = point << 6 | (byte(at + more) & 0x3FU);
        }
        const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
        if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
        at += size;
    }
    return true;
}

class Decoder {
  public:
    explicit Decoder(std::string_view bytes) : rest_(bytes) {}

    /// False for what is not well formed; whatever `out` is then.
    bool read(Cbor& out, int depth) {
        Head head{};
        if (depth > kDepthMax || !read_head(head)) return false;
        switch (head.major) {
            case 0:
            case 1: return read_integer(out, head);
            case 2:
            case 3: return read_text(out, head);
            case 4: return read_list(out, head, depth);
            case 5: return read_map(out, head, depth);
            case 7: return read_simple(out, head);
            default: return false;  // 6: a tag.
        }
    }
    std::string_view rest() const { return rest_; }

  private:
    struct Head {
        unsigned major, info;
        std::uint64_t argument;
    };

    bool read_head(Head& out) {
        if (rest_.empty()) return false;
        const unsigned first = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        out = {.major = first >> 5U, .info = first & 31U, .argument = first & 31U};
        if (out.info < 24) return true;
        if (out.info > 27) return false;  // Reserved, or of no length that is told.
        const std::size_t size = std::size_t{1} << (out.info - 24);
        if (rest_.size() < size) return false;
        out.argument = 0;
        for (std::size_t i = 0; i < size; ++i) {
            out.argument = out.argument << 8 | static_cast<unsigned char>(rest_[i]);
        }
        rest_.remove_prefix(size);
        if (out.major == 7) return true;  // Reals have the size that they have.
        const std::uint64_t shorter = size == 1 ? 23 : (std::uint64_t{1} << (4 * size)) - 1;
        return out.argument > shorter;
    }

    static bool read_integer(Cbor& out, const Head& head) {
        if (head.argument > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return false;
        out.kind = Cbor::Kind::integer;
        out.integer = static_cast<std::int64_t>(head.argument);
        if (head.major == 1) out.integer = -1 - out.integer;
        return true;
    }

    bool read_text(Cbor& out, const Head& head) {
        if (head.argument > rest_.size()) return false;
        out.kind = head.major == 2 ? Cbor::Kind::bytes : Cbor::Kind::text;
        out.bytes = rest_.substr(0, head.argument);
        rest_.remove_prefix(head.argument);
        return out.kind == Cbor::Kind::bytes || is_utf8(out.bytes);
    }

    bool read_list(Cbor& out, const Head& head, int depth) {
        if (head.argument > rest_.size()) return false;  // Each is a byte at least.
        out.kind = Cbor::Kind::list;
        for (std::uint64_t i = 0; i < head.argument; ++i) {
            if (!read(out.items.emplace_back(), depth + 1)) return false;
        }
        return true;
    }

    bool read_map(Cbor& out, const Head& head, int depth) {
        if (head.argument > rest_.size() / 2) return false;
        if (head.argument > kKeysMax) return false;
        out.kind = Cbor::Kind::map;
        for (std::uint64_t i = 0; i < head.argument; ++i) {
            Cbor key;
            if (!read(key, depth + 1)) return false;
            const bool number = key.kind == Cbor::Kind::integer;
            if (!number && key.kind != Cbor::Kind::text) return false;
            for (std::size_t at = 0; at < out.items.size(); at += 2) {
                const auto& other = out.items[at];
                if (other.kind == key.kind && other.integer == key.integer &&
                    other.bytes == key.bytes) {
                    return false;
                }
            }
            out.items.push_back(std::move(key));
            if (!read(out.items.emplace_back(), depth + 1)) return false;
        }
        return true;
    }

    static bool read_simple(Cbor& out, const Head& head) {
        switch (head.info) {
            case 20:
            case 21:
                out.kind = Cbor::Kind::boolean;
                out.integer = head.info == 21 ? 1 : 0;
                return true;
            case 22: out.kind = Cbor::Kind::nothing; return true;
            case 25:
            case 26:
            case 27: out.kind = Cbor::Kind::real; return true;
            default: return false;
        }
    }

    static constexpr std::uint64_t kKeysMax = 64;
    std::string_view rest_;
};

const Cbor* of_kind(const Cbor& value, Cbor::Kind wanted) {
    return value.kind == wanted ? &value : nullptr;
}

}  // namespace

const Cbor* Cbor::find(std::int64_t key, Kind wanted) const {
    for (std::size_t at = 0; kind == Kind::map && at < items.size(); at += 2) {
        if (items[at].kind == Kind::integer && items[at].integer == key) {
            return of_kind(items[at + 1], wanted);
        }
    }
    return nullptr;
}

const Cbor* Cbor::find(std::string_view key, Kind wanted) const {
    for (std::size_t at = 0; kind == Kind::map && at < items.size(); at += 2) {
        if (items[at].kind == Kind::text && items[at].bytes == key) {
            return of_kind(items[at + 1], wanted);
        }
    }
    return nullptr;
}

Result<CborPart> read_cbor_part(std::string_view bytes) {
    Decoder decoder(bytes.substr(0, kBytesMax));
    Cbor value;
    if (!decoder.read(value, 1)) {
        return fail(ErrorKind::invalid, "bad_cbor", "this is not CBOR in its canonical form");
    }
    const auto size = std::min(bytes.size(), kBytesMax) - decoder.rest().size();
    return CborPart{std::move(value), size};
}

Result<Cbor> read_cbor(std::string_view bytes) {
    TRY(auto part, read_cbor_part(bytes));
    if (part.size != bytes.size()) {
        return fail(ErrorKind::invalid, "bad_cbor", "more follows the CBOR");
    }
    return std::move(part.value);
}

}  // namespace mobilytics::identity
