#pragma once
// Crowds put together of single devices: K of them within 20 minutes, each a piece of its captures,
// as if they had been in one place. The truth is K.

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "apps/accuracy/labelled.h"

namespace mobilytics::accuracy {

inline constexpr std::int64_t kMixMs = 20 * 60 * 1'000;
inline constexpr int kTrials = 60;
inline constexpr int kDevicesMin = 3;
inline constexpr int kDevicesMax = 22;

/// Numbers by chance, the same for the same purpose. Source: Steele et al. 2014, SplitMix64.
class Chance {
  public:
    Chance(std::initializer_list<std::uint64_t> purpose);
    std::uint64_t bits();
    double uniform();                      // In [0, 1).
    std::size_t below(std::size_t limit);  // In [0, limit).
    template <class List>
    void shuffle(List& list) {
        for (std::size_t left = list.size(); left > 1; --left) {
            std::swap(list[left - 1], list[below(left)]);
        }
    }

  private:
    std::uint64_t state_ = 0;
};
std::uint64_t hash_of(std::string_view text);

struct Mix {
    int devices = 0;
    Rows heard;
    std::unordered_map<std::uint64_t, std::size_t> whose;  // An address's device, by its number.
};
using Mixes = std::vector<Mix>;

/// What is done to a device's part before it is mixed.
using Change = std::function<void(Rows&, const std::string& name, Chance&)>;

/// K of the devices, K in turn from 3 to 22 or to as many as there are; of a model `alike_max` at
/// most.
Mixes distinct_mixes(
    const Devices& devices, std::uint64_t seed, std::size_t alike_max, const Change& change = {});

/// 3, 5, 8 and 11 in turn, some half of them of one model, which is the model of `model_min`
/// devices at least; none where there is no such model.
Mixes identical_mixes(
    const Devices& devices, std::uint64_t seed, std::size_t model_min, const Change& change = {});

/// 3, 5 and 8 in turn, some half of them the same device at other times, as if each were another of
/// its model; none where no device has three windows of 20 minutes.
Mixes clone_mixes(const Devices& devices, std::uint64_t seed);

/// What phones do that hide: a new address at each burst; numbers that go on for `carry` of the
/// models and start anew for others; some keep their address. By the device's name, so always the
/// same.
Change hiding(double carry);

/// Devices that kept an address for long enough to be known: six bursts, ten minutes.
Devices long_known(const Rows& heard, const std::string& prefix);

}  // namespace mobilytics::accuracy
