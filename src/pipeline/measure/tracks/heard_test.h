#pragma once
// Air for tests of counting: phones that hide, drawn by hand or by chance.

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

inline constexpr std::int64_t kStartMs = 1'700'000'000'000;

/// A phone that takes a new address for each burst.
struct Phone {
    std::uint32_t coarse = 10;
    std::uint32_t fine = 100;
    int rssi_dbm = -60;
    int sequence = 500;  // Goes on by 10 a burst; -1: none is heard.
    std::uint64_t address = 1'000;

    Heard burst(double at_s) {
        Heard out;
        out.at_ms = kStartMs + static_cast<std::int64_t>(at_s * 1'000);
        out.pseudonym = address++;
        out.coarse = coarse;
        out.fine = fine;
        out.rssi_dbm = static_cast<std::int8_t>(rssi_dbm);
        out.sequence = static_cast<std::int16_t>(sequence);
        if (sequence >= 0) sequence = (sequence + 10) % 4096;
        return out;
    }
    std::vector<Heard> bursts(double from_s, double every_s, int count) {
        std::vector<Heard> out;
        for (int at = 0; at < count; ++at) out.push_back(burst(from_s + at * every_s));
        return out;
    }
};

inline std::vector<Heard> together(std::vector<std::vector<Heard>> parts) {
    std::vector<Heard> out;
    for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
    std::sort(out.begin(), out.end());
    return out;
}

/// Anything that could be heard, in the order of time.
inline std::vector<Heard> random_air(std::uint32_t seed, int sightings, std::uint32_t lists = 12) {
    std::mt19937 dice(seed);
    const auto below = [&](std::uint32_t limit) {
        return static_cast<std::uint32_t>(dice() % limit);
    };
    std::vector<Heard> out;
    std::int64_t at_ms = kStartMs;
    for (int n = 0; n < sightings; ++n) {
        at_ms += below(4) == 0 ? below(20'000) : below(200);
        Heard heard;
        heard.at_ms = at_ms;
        heard.pseudonym = 1 + below(static_cast<std::uint32_t>(sightings) / 3 + 1);
        heard.coarse = below(lists);
        heard.fine = below(3 * lists);
        heard.sequence =
            static_cast<std::int16_t>(below(5) == 0 ? -1 : static_cast<int>(below(4096)));
        heard.rssi_dbm = static_cast<std::int8_t>(-static_cast<int>(below(100)));
        heard.global = below(6) == 0;
        out.push_back(heard);
    }
    return out;
}

/// Phones of five models that pass, one every fifteen seconds, each with a new address and number
/// for each burst: one burst to five, two on the mean, half a minute apart, at any strength.
struct Street {
    std::vector<Heard> heard;
    std::vector<std::pair<std::int64_t, std::int64_t>> stays;  // First and last burst of each.
    /// Who was heard since then.
    std::int64_t since(std::int64_t since_ms) const {
        return std::count_if(
            stays.begin(), stays.end(), [&](const auto& stay) { return stay.second >= since_ms; });
    }
};
inline Street passers(std::uint32_t seed, int minutes) {
    std::mt19937 dice(seed);
    const auto below = [&](std::uint32_t limit) { return static_cast<int>(dice() % limit); };
    constexpr std::array kBursts{1, 1, 1, 1, 2, 2, 3, 5};
    Street out;
    for (int phone = 0; phone < minutes * 4; ++phone) {
        std::int64_t at_ms = kStartMs + below(static_cast<std::uint32_t>(minutes) * 60'000);
        const auto model = static_cast<std::uint32_t>(1 + below(5));
        const int bursts = kBursts[static_cast<std::size_t>(below(kBursts.size()))];
        out.stays.emplace_back(at_ms, at_ms);
        for (int burst = 0; burst < bursts; ++burst, at_ms += 20'000 + below(20'000)) {
            Heard heard;
            heard.at_ms = at_ms;
            heard.pseudonym = std::uint64_t{dice()} << 32 | dice();
            heard.coarse = heard.fine = model;
            heard.sequence = static_cast<std::int16_t>(below(4'096));
            heard.rssi_dbm = static_cast<std::int8_t>(-50 - below(40));
            out.heard.push_back(heard);
            out.stays.back().second = at_ms;
        }
    }
    std::sort(out.heard.begin(), out.heard.end());
    return out;
}

}  // namespace mobilytics::measure
