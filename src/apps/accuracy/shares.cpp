#include "apps/accuracy/shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::accuracy {

namespace {

constexpr double kOne = 65'536;
constexpr double kTracksMin = 10;  // Of a cell that is fitted.
/// Of the truth, on either side: less than the 0.05 that are claimed, for what is counted elsewhere
/// differs more than what is refitted here.
constexpr double kBeyond = 0.035;

/// As non-decreasing as least squares allow. Source: pool adjacent violators, Ayer et al. 1955.
std::vector<double> ascending(const std::vector<std::pair<double, double>>& weighted) {
    struct Pool {
        double weight, value;
        std::size_t cells;
    };
    std::vector<Pool> pools;
    for (const auto& [weight, value] : weighted) {
        pools.push_back({weight, value, 1});
        while (pools.size() > 1 && pools[pools.size() - 2].value > pools.back().value) {
            const Pool last = pools.back();
            pools.pop_back();
            Pool& into = pools.back();
            into.value =
                (into.weight * into.value + last.weight * last.value) / (into.weight + last.weight);
            into.weight += last.weight;
            into.cells += last.cells;
        }
    }
    std::vector<double> out;
    for (const Pool& pool : pools) out.insert(out.end(), pool.cells, pool.value);
    return out;
}

}  // namespace

struct Shares::Track {
    std::uint64_t number = 0;
    std::int64_t first_ms = 0, last_ms = 0;
    std::uint16_t bursts = 0;
    bool global = false;
    std::set<std::uint32_t> lists;
    std::map<std::size_t, int> devices;  // By their bursts.
};

void Shares::add(const Mix& mix) {
    measure::Tracks counted;
    std::map<std::uint64_t, Track> tracks;
    for (const Heard& heard : mix.heard) {
        const auto placed = counted.add(heard);
        auto [found, is_new] = tracks.try_emplace(placed.track);
        Track& track = found->second;
        if (is_new) {
            track.number = placed.track;
            track.first_ms = heard.at_ms;
            track.global = placed.global;
        }
        track.last_ms = heard.at_ms;
        track.lists.insert(heard.coarse);
        if (!placed.begins_burst) continue;
        ++track.bursts;
        ++track.devices[mix.whose.at(heard.pseudonym)];
    }
    // Families: who shares a list.
    std::map<std::uint64_t, std::uint64_t> parent;
    const auto root = [&](std::uint64_t at) {
        while (parent[at] != at) at = parent[at];
        return at;
    };
    std::map<std::uint32_t, std::uint64_t> of_list;
    for (const auto& [number, track] : tracks) {
        parent[number] = number;
        for (const std::uint32_t list : track.lists) {
            const auto [other, is_new] = of_list.try_emplace(list, number);
            if (!is_new) parent[root(number)] = root(other->second);
        }
    }
    std::map<std::uint64_t, std::vector<const Track*>> families;
    for (const auto& [number, track] : tracks) families[root(number)].push_back(&track);
    std::map<const Track*, Cell*> cells;
    for (auto& [number, family] : families) add_family(family, cells);

    std::vector<const Track*> by_bursts;
    for (const auto& [track, cell] : cells) by_bursts.push_back(track);
    std::ranges::sort(by_bursts, {}, [](const Track* track) {
        return std::tuple(-int{track->bursts}, track->number);
    });
    std::set<std::size_t> seen;
    for (const Track* track : by_bursts) {
        const auto most = std::ranges::max_element(
            track->devices, {}, [](const auto& entry) { return entry.second; });
        ++cells[track]->tracks;
        if (seen.insert(most->first).second) ++cells[track]->devices;
    }
    for (const Track* track : by_bursts) {
        for (const auto& [device, bursts] : track->devices) {
            if (seen.insert(device).second) ++cells[track]->devices;
        }
    }
}

void Shares::add_family(std::vector<const Track*>& family, std::map<const Track*, Cell*>& cells) {
    std::ranges::sort(family, {}, [](const Track* track) {
        return std::tuple(-int{track->bursts}, track->number);
    });
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    std::int64_t to = std::numeric_limits<std::int64_t>::max();
    bool is_first = true;
    for (const Track* track : family) {
        const bool beside = track->first_ms <= to && track->last_ms >= from;
        Row& row = track->global ? maker_ : is_first ? first_ : beside ? beside_ : after_;
        cells[track] = &row[std::min<std::size_t>(track->bursts, 8) - 1];
        from = std::max(from, track->first_ms);
        to = std::min(to, track->last_ms);
        is_first = is_first && track->global;
    }
}

measure::CountingRules::Shares Shares::fitted(
    const Row& row, const measure::CountingRules::Shares& today) {
    std::vector<std::pair<double, double>> weighted;
    for (std::size_t at = 0; at < row.size(); ++at) {
        const bool known = row[at].tracks >= kTracksMin;
        weighted.emplace_back(
            known ? row[at].tracks : kTracksMin,
            known ? std::min(1.0, row[at].devices / row[at].tracks) : today[at] / kOne);
    }
    const auto values = ascending(weighted);
    measure::CountingRules::Shares out{};
    for (std::size_t at = 0; at < out.size(); ++at) {
        out[at] = static_cast<std::uint32_t>(std::lround(values[at] * kOne));
    }
    return out;
}

measure::CountingRules Shares::rules() const {
    measure::CountingRules out;
    out.first = fitted(first_, out.first);
    out.beside = fitted(beside_, out.beside);
    out.after = fitted(after_, out.after);
    out.maker = fitted(maker_, out.maker);
    return out;
}

measure::CountingRules with_bounds(measure::CountingRules rules, const std::vector<Mixes>& sets) {
    auto narrow = rules;
    narrow.above = static_cast<std::uint32_t>(kOne / 100);
    std::vector<double> off;  // In deviations; the truth above the count is positive.
    for (const Mixes& mixes : sets) {
        for (const Mix& mix : mixes) {
            measure::Tracks tracks(narrow);
            for (const Heard& heard : mix.heard) tracks.add(heard);
            const auto estimate = tracks.devices(0);
            const double deviation = 100.0 * (estimate.high_milli - estimate.value_milli);
            if (deviation <= 0) continue;
            off.push_back((1'000.0 * mix.devices - estimate.value_milli) / deviation);
        }
    }
    if (off.empty()) return rules;
    std::ranges::sort(off);
    const auto quantile = [&](double share) {
        return off[static_cast<std::size_t>(share * static_cast<double>(off.size() - 1))];
    };
    const auto bound = [](double deviations) {
        return static_cast<std::uint32_t>(std::lround(std::max(0.0, deviations) * kOne));
    };
    rules.below = bound(-quantile(kBeyond));
    rules.above = bound(quantile(1 - kBeyond));
    return rules;
}

}  // namespace mobilytics::accuracy
