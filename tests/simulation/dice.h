#pragma once
// Chance that can be asked for again: every number is a function of what it is for, so the world is
// the same whoever looks at which part of it first.

#include <cstdint>
#include <initializer_list>

namespace mobilytics::simulation {

/// Spreads a number over all bits. Source: Steele et al. 2014, SplitMix64's finalizer.
inline std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

/// Numbers for one purpose, named by a list: {seed, person, day, ...}.
class Dice {
  public:
    Dice(std::initializer_list<std::uint64_t> purpose) {
        for (const std::uint64_t part : purpose) state_ = mixed(state_ + kStep + part);
    }

    std::uint64_t bits() { return mixed(state_ += kStep); }
    /// In [0, 1).
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    double between(double low, double high) { return low + (high - low) * uniform(); }
    /// In [low, high].
    int whole(int low, int high) {
        const auto span = static_cast<std::uint64_t>(high - low + 1);
        return low + static_cast<int>((bits() >> 32) * span >> 32);
    }
    bool happens(double probability) { return uniform() < probability; }
    /// Mean 0, deviation 1: four uniform numbers' sum, never beyond 3.5.
    double normal() {
        const std::uint64_t drawn = bits();
        const auto sum = static_cast<double>(
            (drawn & 0xFFFF) + (drawn >> 16 & 0xFFFF) + (drawn >> 32 & 0xFFFF) + (drawn >> 48));
        return (sum / 65536.0 - 2.0) * 1.7320508075688772;
    }

  private:
    static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15;
    std::uint64_t state_ = 0;
};

}  // namespace mobilytics::simulation
