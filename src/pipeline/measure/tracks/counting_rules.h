#pragma once
// Every number of the counting of devices, with where it is from. docs/metrics.md has them in
// words; decision 16 says how they were found and how far they can be trusted.

#include <array>
#include <cstddef>
#include <cstdint>

#include "pipeline/measure/tracks/logarithm.h"

namespace mobilytics::measure {

struct CountingRules {
    /// Sightings of an address nearer than this are one burst.
    std::int64_t burst_gap_ms = 2'000;
    /// After so long a silence a track is not continued.
    std::int64_t window_ms = 1'200'000;
    /// An address of a single burst is remembered for so long; others for the window,
    /// which is longer.
    std::int64_t single_burst_ms = 300'000;

    // Evidence that a new address is a device that was heard before, against that it is another.
    /// A further device of a model that is already here: births, 1/600 s. Of 1/400..1/1500 the best
    /// in each of five folds.
    Nats birth = nats(-6.396930);
    /// The track had this fine fingerprint; it had others only. 70 % of devices have one.
    Nats fine_same = nats(0.9);
    Nats fine_other = nats(-2.5);
    /// Some models change theirs all the time: at first a device does so as often as those numbers
    /// say, which counts as so many cases; from one case of four on, what was learnt of its model
    /// stands instead of them. The last is how often another device of a model shows the same.
    std::uint32_t fine_varies = 5374;  // e^-2.5; in 2^-16, as the two below.
    std::uint32_t fine_cases = 8;
    std::uint32_t fine_learnt = 16384;
    std::uint32_t fine_alike = 24248;
    /// Another coarse fingerprint, which was seen with the track's at one address.
    Nats alias = nats(-1.2);
    /// Another coarse fingerprint, never seen with it: by sequence number alone.
    Nats foreign = nats(-4.0);
    std::int64_t foreign_ms = 120'000;  // After at most so long,
    std::int64_t foreign_ahead = 6;     // ahead by at most so many, and two a second.
    /// A track that kept its address over two bursts or more takes another.
    Nats stable = nats(-2.5);
    /// Of two addresses one at least is a maker's, which does not change.
    Nats change = nats(-3.0);
    Nats other_maker = nats(-8.0);  // Both are.
    /// At the same moment, but further away in strength: an aerial of another device.
    std::int64_t same_moment_ms = 150;
    int same_moment_db = 8;
    Nats elsewhere = nats(-4.317488);  // ln(0.004 / 0.3).

    /// How many devices a track was, one at most, by its bursts (1 to 8 and more), in 2^-16: of the
    /// first of a family; of further ones that were there when each greater one was; of those that
    /// were not, and may be what a greater one became; of makers' addresses. Of the devices of
    /// counted rooms that were made to hide, none of other sets.
    using Shares = std::array<std::uint32_t, 8>;
    Shares first{29491, 51773, 61604, 61604, 65536, 65536, 65536, 65536};
    Shares beside{32768, 45220, 47841, 55050, 55050, 55050, 55050, 58327};
    Shares after{13107, 19661, 26214, 26214, 26214, 26214, 26214, 26214};
    Shares maker{9175, 46531, 62915, 64881, 64881, 64881, 64881, 65536};

    /// Where so many makers' addresses were gone, most of them after a burst or two, phones pass:
    /// then each of those is one, and the others are their bursts over how many each of those
    /// sent. Within the 20 minutes of a track's silence nobody is gone, and who is there for longer
    /// stays.
    std::uint32_t passing_from = 10;
    /// Strength tells no model from another, if of so many addresses and more that hide the
    /// variance within models is nearly that of all (in 2^-16), and more than that of one that
    /// stays. In counted rooms it is 0.1 to 0.9 of that of all.
    std::uint64_t mingled_from = 64;
    std::uint64_t mingled_within = 62259;  // 0.95.
    std::uint64_t mingled_db = 6;
    std::uint64_t apart_within = 55706;  // 0.85: it does.
    /// More of one model come together than chance explains: so many deviations, squared.
    std::uint64_t together = 25;

    // Grids. A scan lasts about a second; timers of 12 s to 400 s were seen.
    std::size_t grid_bursts = 48;  // The last ones of a family.
    std::uint16_t grid_from = 6;   // Bursts of one of its tracks: who passes by is not looked at.
    std::int64_t grid_merge_ms = 500;
    std::int64_t period_min_us = 12'000'000;
    std::int64_t period_max_us = 400'000'000;
    std::int64_t near_us = 1'000'000;  // Grids nearer in phase are one device's.
    int coherent_db = 10;              // A burst further from its grid's strength is not of it.
    Nats chance = nats(-2.995732);     // ln 0.05: what chance may explain.

    // Intervals, in 1/65536.
    std::uint32_t sigma = 3277;           // 0.05 of all.
    std::uint32_t sigma_family = 22938;   // 0.35 of a family of 1.5 devices or more.
    std::uint32_t sigma_blind = 9830;     // 0.15 of all, when blind.
    std::uint32_t sigma_passing = 13107;  // 0.2 of who hides while passing: others pass at
                                          // other hours, and other models send more.
    std::uint32_t sigma_arrivals =
        13107;  // 0.2 of them by arrivals: how numbers spread is not known.
    /// How many of these deviations the bounds lie below and above the count, in 2^-16. In those
    /// rooms the truth is beyond either 3.5 times in 100, where 5 are claimed: other places differ
    /// from them more than they do from each other. Blind, devices of one model hide behind others.
    std::uint32_t below = 81920;         // 1.25
    std::uint32_t above = 127795;        // 1.95
    std::uint32_t below_blind = 52429;   // 0.8
    std::uint32_t above_blind = 235930;  // 3.6

    // Limits. Over them those heard last stay.
    std::size_t tracks_max = 1 << 16;
    std::size_t addresses_max = 1 << 18;
    std::size_t lists_max = 4096;  // Coarse fingerprints; fine ones that have aliases.
};

namespace counting {

/// How long after its last burst a device that is still here sends the next: logarithms of the rate
/// a second, by the silence in ms. From the silences of 310 devices of counted rooms that kept
/// their address; below 2 s by reason.
inline constexpr std::array<std::int32_t, 11> kSilences{
    150, 2'000, 4'000, 8'000, 15'000, 30'000, 60'000, 120'000, 240'000, 480'000, 960'000};
inline constexpr std::array<Nats, 12> kHazard{nats(-1.203973), nats(-5.521461), nats(-4.319991),
                                              nats(-2.913231), nats(-4.057049), nats(-4.710531),
                                              nats(-4.147745), nats(-4.039856), nats(-4.961845),
                                              nats(-5.744604), nats(-6.165818), nats(-7.013116)};

}  // namespace counting

}  // namespace mobilytics::measure
