#pragma once
// What is latest of numbers and of bursts, and no more of them.

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace mobilytics::measure {

struct Burst {
    std::int64_t at_ms = 0;
    std::int8_t rssi_dbm = 0;
    friend bool operator==(const Burst&, const Burst&) = default;
};

/// How many grids of these bursts run at once, so that they are not looked for again while nobody
/// sends: a quarter of an hour that goes on is counted each second. Of no part in a state.
struct FoundGrids {
    std::uint64_t bursts = 0;  // Their digest.
    int at_once = 0;
};

/// Up to four numbers, the latest; 0 is none.
class LatestFour {
  public:
    bool has(std::uint32_t value) const {
        return values_[0] == value || values_[1] == value || values_[2] == value ||
               values_[3] == value;
    }
    /// Gives back what had to go for it, or 0.
    std::uint32_t add(std::uint32_t value) {
        const std::uint32_t gone = std::exchange(values_[next_ % 4], value);
        next_ = static_cast<std::uint8_t>((next_ + 1) % 4);
        return gone;
    }
    auto begin() const { return values_.begin(); }
    auto end() const { return values_.end(); }
    friend bool operator==(const LatestFour&, const LatestFour&) = default;
    template <class Archive>
    friend void transfer(Archive& archive, LatestFour& list) {
        archive(list.values_, list.next_);
    }

  private:
    std::array<std::uint32_t, 4> values_{};
    std::uint8_t next_ = 0;
};

/// The latest bursts, eight octets each.
class LatestBursts {
  public:
    void add(const Burst& burst, std::size_t most) {
        const auto packed = static_cast<std::uint64_t>(burst.at_ms) << 8 |
                            static_cast<std::uint8_t>(burst.rssi_dbm);
        if (packed_.size() < most) {
            if (packed_.size() == packed_.capacity()) {
                packed_.reserve(std::min(most, std::max<std::size_t>(4, 2 * packed_.size())));
            }
            packed_.push_back(packed);
            return;
        }
        packed_[oldest_] = packed;
        oldest_ = oldest_ + 1 < packed_.size() ? oldest_ + 1 : 0;
    }
    std::size_t size() const { return packed_.size(); }
    std::size_t capacity() const { return packed_.capacity(); }
    /// In the order in which they came.
    Burst operator[](std::size_t at) const {
        const std::uint64_t packed = packed_[(oldest_ + at) % packed_.size()];
        return {static_cast<std::int64_t>(packed) >> 8, static_cast<std::int8_t>(packed & 0xFF)};
    }

  private:
    std::vector<std::uint64_t> packed_;
    std::size_t oldest_ = 0;  // 0 until there are as many as there may be.
};

}  // namespace mobilytics::measure
