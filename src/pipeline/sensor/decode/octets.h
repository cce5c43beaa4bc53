#pragma once
// Reading octets of which nothing is believed: never past their end.

#include <cstddef>
#include <cstdint>
#include <span>

namespace mobilytics::sensor {

using Octets = std::span<const std::uint8_t>;

/// Reads from the front. What is asked for beyond the end is 0, and from then on good() is false.
class OctetReader {
  public:
    explicit OctetReader(Octets octets) : octets_(octets) {}

    bool good() const { return good_; }
    std::size_t at() const { return at_; }
    Octets rest() const { return octets_.subspan(at_); }

    /// Exactly `count` octets; none if there are fewer.
    Octets take(std::size_t count) {
        if (count > octets_.size() - at_) {
            good_ = false;
            at_ = octets_.size();
            return {};
        }
        const Octets taken = octets_.subspan(at_, count);
        at_ += count;
        return taken;
    }
    void skip(std::size_t count) { take(count); }
    /// To the next multiple of `boundary` from the beginning.
    void align(std::size_t boundary) { skip((boundary - at_ % boundary) % boundary); }

    std::uint8_t u8() { return static_cast<std::uint8_t>(little<1>()); }
    std::uint16_t little16() { return static_cast<std::uint16_t>(little<2>()); }
    std::uint32_t little32() { return static_cast<std::uint32_t>(little<4>()); }
    std::uint64_t little64() { return little<8>(); }
    std::uint16_t big16() { return static_cast<std::uint16_t>(big<2>()); }
    std::uint32_t big32() { return static_cast<std::uint32_t>(big<4>()); }
    std::uint64_t big64() { return big<8>(); }

  private:
    template <std::size_t count>
    std::uint64_t little() {
        const Octets taken = take(count);
        std::uint64_t value = 0;
        for (std::size_t i = taken.size(); i-- > 0;) value = value << 8 | taken[i];
        return value;
    }
    template <std::size_t count>
    std::uint64_t big() {
        const Octets taken = take(count);
        std::uint64_t value = 0;
        for (const std::uint8_t octet : taken) value = value << 8 | octet;
        return value;
    }

    Octets octets_;
    std::size_t at_ = 0;
    bool good_ = true;
};

}  // namespace mobilytics::sensor
