#pragma once
// Whether devices stay at a place or pass it. In a street a phone sends once or twice and is gone:
// nothing then tells which of two bursts of a model are one phone's, but those that do not hide say
// how many bursts a phone sends there.

#include <algorithm>
#include <cstdint>

#include "pipeline/measure/tracks/counting_rules.h"

namespace mobilytics::measure {

/// What makers' addresses did that were heard here and are gone: who they were is sure.
class Passing {
  public:
    void note(std::uint16_t bursts) {
        constexpr std::uint16_t kShort = 3;
        if (devices_ >= kDevicesMax) forget();
        const std::uint32_t sent = std::clamp<std::uint32_t>(bursts, 1, kBurstsMax);
        ++devices_;
        short_ones_ += bursts < kShort ? 1 : 0;
        bursts_ += sent;
        squares_ += sent * sent;
    }
    /// One that was there for so long that it did not pass.
    void note_stayed() {
        if (++stayed_ > kDevicesMax) forget();
    }
    /// Enough are known, and most of them were gone after a burst or two.
    bool by(const CountingRules& rules) const {
        return devices_ >= rules.passing_from && 2 * short_ones_ > devices_ + stayed_;
    }
    std::uint32_t devices() const { return devices_; }
    std::uint32_t stayed() const { return stayed_; }
    std::uint32_t& stayed() { return stayed_; }  // For its state.
    /// Of one of them: the mean of its bursts, and their variance over the square of it; in 2^-16.
    std::uint64_t bursts() const { return (std::uint64_t{bursts_} << 16) / devices_; }
    std::uint64_t spread() const {
        const std::uint64_t squared = std::uint64_t{bursts_} * bursts_;
        const std::uint64_t over = std::uint64_t{squares_} * devices_;
        return over <= squared ? 0 : ((over - squared) << 16) / squared;
    }
    bool could_be() const {
        // Halves are rounded down.
        return devices_ <= kDevicesMax && stayed_ <= kDevicesMax && short_ones_ <= devices_ &&
               bursts_ >= devices_ && bursts_ <= kBurstsMax * (devices_ + 1) &&
               squares_ >= bursts_ && squares_ <= kBurstsMax * (bursts_ + 1);
    }
    friend bool operator==(const Passing&, const Passing&) = default;
    template <class Archive>
    friend void transfer(Archive& archive, Passing& passing) {
        archive(passing.devices_, passing.short_ones_, passing.bursts_, passing.squares_);
    }

  private:
    void forget() {
        for (std::uint32_t* sum : {&devices_, &short_ones_, &stayed_, &bursts_, &squares_}) {
            *sum /= 2;
        }
    }

    static constexpr std::uint32_t kDevicesMax = 200;
    static constexpr std::uint32_t kBurstsMax = 64;  // Of one.
    std::uint32_t devices_ = 0;
    std::uint32_t short_ones_ = 0;
    std::uint32_t stayed_ = 0;
    std::uint32_t bursts_ = 0;
    std::uint32_t squares_ = 0;
};

}  // namespace mobilytics::measure
