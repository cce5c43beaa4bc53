#include "platform/geojson/rings.h"

namespace mobilytics::geojson {

namespace {

constexpr char kFormat = 1;

void put(std::string& out, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
    out += static_cast<char>(number);
}
void put_signed(std::string& out, std::int64_t number) {
    put(out, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

void put_ring(std::string& out, const Ring& ring) {
    put(out, ring.size());
    Point last;
    for (const auto& point : ring) {
        put_signed(out, std::int64_t{point.longitude_e7} - last.longitude_e7);
        put_signed(out, std::int64_t{point.latitude_e7} - last.latitude_e7);
        last = point;
    }
}

/// Gives nothing more after what cannot be.
class Bytes {
  public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
    bool good() const { return good_; }
    bool at_end() const { return at_ == bytes_.size(); }

    std::uint64_t number() {
        std::uint64_t out = 0;
        for (int shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_[at_++]);
            out |= std::uint64_t{byte & 0x7Fu} << shift;
            if (byte < 0x80) return out;
        }
        good_ = false;
        return 0;
    }
    /// Of things that take `bytes_each` at least.
    std::size_t count(std::size_t least, std::size_t bytes_each) {
        const auto out = number();
        good_ = good_ && out >= least && out <= (bytes_.size() - at_) / bytes_each;
        return good_ ? static_cast<std::size_t>(out) : 0;
    }
    Ring ring() {
        Ring out(count(3, 2));
        std::int64_t longitude = 0, latitude = 0;
        for (auto& point : out) {
            longitude += delta();
            latitude += delta();
            if (std::abs(longitude) > 1'800'000'000 || std::abs(latitude) > 900'000'000)
                good_ = false;
            if (!good_) return {};
            point = {static_cast<std::int32_t>(longitude), static_cast<std::int32_t>(latitude)};
        }
        return out;
    }

  private:
    std::int64_t delta() {
        const auto coded = number();
        if (coded > 0x1'FFFF'FFFF) {
            good_ = false;
            return 0;
        }
        return static_cast<std::int64_t>(coded >> 1) ^ -static_cast<std::int64_t>(coded & 1);
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    bool good_ = true;
};

}  // namespace

std::string pack(const Shape& shape) {
    std::string out(1, kFormat);
    put(out, shape.parts.size());
    for (const auto& part : shape.parts) {
        put(out, part.holes.size());
        put_ring(out, part.outer);
        for (const auto& hole : part.holes) put_ring(out, hole);
    }
    return out;
}

std::optional<Shape> unpack(std::string_view bytes) {
    if (!bytes.starts_with(kFormat)) return std::nullopt;
    Bytes in(bytes.substr(1));
    Shape out;
    out.parts.resize(in.count(0, 8));
    for (auto& part : out.parts) {
        part.holes.resize(in.count(0, 7));
        part.outer = in.ring();
        for (auto& hole : part.holes) hole = in.ring();
        if (!in.good()) return std::nullopt;
    }
    if (!in.good() || !in.at_end()) return std::nullopt;
    return out;
}

}  // namespace mobilytics::geojson
