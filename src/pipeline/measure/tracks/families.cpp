#include "pipeline/measure/tracks/families.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "pipeline/measure/tracks/grids.h"

namespace mobilytics::measure {

namespace {

constexpr std::uint64_t kOne = 1 << 16;

std::uint64_t square_of(std::uint64_t value) { return value * value >> 16; }

std::int32_t milli(std::uint64_t value) {
    return static_cast<std::int32_t>(std::min<std::uint64_t>(value * 1'000 >> 16, 2'000'000'000));
}

/// Sets that are united.
class Unions {
  public:
    explicit Unions(std::size_t size) : parent_(size) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }
    std::size_t root(std::size_t at) {
        while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
        return at;
    }
    void unite(std::size_t a, std::size_t b) { parent_[root(a)] = root(b); }

  private:
    std::vector<std::size_t> parent_;
};

}  // namespace

bool are_regular(std::span<const Member> members, const CountingRules& rules) {
    return std::any_of(members.begin(), members.end(), [&](const Member& member) {
        return member.bursts >= rules.grid_from;
    });
}

Count count_family(
    std::span<const Member> members, std::span<const Burst> at, const CountingRules& rules,
    FoundGrids& found) {
    Count out;
    std::uint64_t makers = 0;
    bool is_first = true;
    for (const Member& member : members) {
        const auto& shares = member.global   ? rules.maker
                             : is_first      ? rules.first
                             : member.beside ? rules.beside
                                             : rules.after;
        const std::uint64_t share = shares[std::clamp<std::size_t>(member.bursts, 1, 8) - 1];
        out.variance += share * (kOne - share) >> 16;
        if (member.global) {
            makers += share;
            continue;
        }
        out.devices += share;
        is_first = false;
    }
    // How many phones of one model there are is the weakest of all.
    const auto unsure = [&] { return 2 * (out.devices + makers) >= 3 * kOne ? out.devices : 0; };
    const bool could_be_more = grids_most(at, rules) * kOne > out.devices + makers;
    if (!is_first && could_be_more && are_regular(members, rules)) {
        const auto running = static_cast<std::uint64_t>(grids_at_once(at, rules, found)) * kOne;
        if (running > out.devices + makers) {
            out = {running - makers, std::max(out.variance, (running - makers) / 4), true};
        }
    }
    out.variance += square_of(unsure() * rules.sigma_family >> 16);
    out.devices += makers;
    return out;
}

Count count_passing(
    const Passers& passers, const Passing& passing, const Arrivals::Known& arrivals,
    const CountingRules& rules) {
    // What either says of how many hide, and how surely: one over the variance over the square.
    struct Said {
        std::uint64_t hidden = 0;
        std::uint64_t weight = 0;
        std::uint64_t spread = 0;
    };
    const auto said = [&](std::uint64_t sent, std::uint64_t mean, std::uint64_t unsure,
                          std::uint64_t spread) {
        return Said{(sent << 32) / mean, (kOne << 8) / unsure, spread};
    };
    Said by_makers, by_arrivals;
    if (passing.by(rules)) {
        const std::uint64_t unsure =
            std::max(passing.spread(), kOne) / passing.devices();  // Few may be alike by chance.
        by_makers = said(passers.bursts, passing.bursts(), unsure, passing.spread());
    }
    if (arrivals.passing) {
        const std::uint64_t unsure = arrivals.unsure + square_of(rules.sigma_arrivals);
        by_arrivals = said(passers.addresses, arrivals.mean, unsure, arrivals.spread);
    }
    const std::uint64_t weights = by_makers.weight + by_arrivals.weight;
    const auto weighed = [&](std::uint64_t one, std::uint64_t other) {
        return (one * by_makers.weight + other * by_arrivals.weight) / weights;
    };
    const std::uint64_t hidden = weighed(by_makers.hidden, by_arrivals.hidden);
    const auto off = [&](std::uint64_t one) {
        return square_of(one > hidden ? one - hidden : hidden - one);
    };
    Count out;
    out.variance = (hidden * weighed(by_makers.spread, by_arrivals.spread) >> 16) +
                   (square_of(hidden) << 8) / weights +
                   weighed(off(by_makers.hidden), off(by_arrivals.hidden)) +
                   square_of(hidden * rules.sigma_passing >> 16);
    out.devices = (passers.makers + passers.kept) * kOne + hidden;
    return out;
}

Estimate between(const Estimate& one, const Estimate& other) {
    const auto product = std::int64_t{one.value_milli} * other.value_milli;
    return {
        static_cast<std::int32_t>(root_of(static_cast<std::uint64_t>(product))),
        std::min(one.low_milli, other.low_milli), std::max(one.high_milli, other.high_milli),
        Basis::tracks};
}

Estimate estimate_of(const Count& all, bool blind, const CountingRules& rules) {
    const std::uint64_t sigma = blind ? rules.sigma_blind : rules.sigma;
    const std::uint64_t variance = all.variance + square_of(all.devices * sigma >> 16);
    const std::uint64_t deviation = root_of(variance << 16);
    const std::uint64_t below = deviation * (blind ? rules.below_blind : rules.below) >> 16;
    const std::uint64_t above = deviation * (blind ? rules.above_blind : rules.above) >> 16;
    const Basis basis = blind ? Basis::blind : all.by_grid ? Basis::grid : Basis::tracks;
    return {
        milli(all.devices), milli(all.devices - std::min(below, all.devices)),
        milli(all.devices + above), basis};
}

/// Groups the tracks heard in a span.
class Families {
  public:
    Families(const Tracks& tracks, std::int64_t since_ms) : all_(tracks), since_ms_(since_ms) {
        for (const DeviceTrack& track : tracks.tracks_) {
            if (track.number != 0 && track.last_ms >= since_ms) members_.push_back(&track);
        }
    }

    Estimate estimate() const {
        const CountingRules& rules = all_.rules_;
        const Arrivals::Known arrivals = all_.arrivals_.known(rules);
        // By makers' addresses only where those that hide are not known to stay.
        const bool by_makers = all_.passing_.by(rules) && !arrivals.apart;
        const bool passing = by_makers || arrivals.passing;
        if (!passing && !arrivals.mingled) return staying();
        const Passers passers = this->passers();
        if (!passing) return between(staying(), each_another(passers));
        return estimate_of(count_passing(passers, all_.passing_, arrivals, rules), false, rules);
    }

  private:
    using Family = std::vector<const DeviceTrack*>;

    Estimate staying() const {
        Count sum;
        for (const auto& family : grouped()) {
            const Count count = count_of(family);
            sum.devices += count.devices;
            sum.variance += count.variance;
            sum.by_grid = sum.by_grid || count.by_grid;
        }
        const bool blind =
            !members_.empty() && std::all_of(members_.begin(), members_.end(), [](auto* track) {
                return track->heard == 0 && track->sequence < 0;
            });
        return estimate_of(sum, blind, all_.rules_);
    }

    Passers passers() const {
        const Arrivals::Sums sums = all_.arrivals_.since(since_ms_);
        Passers out{0, 0, sums.addresses, sums.bursts};
        for (const DeviceTrack* track : members_) {
            const bool was_kept = track->kept > 1 && track->adopted_ms < since_ms_;
            out.makers += track->global ? 1 : 0;
            out.kept += !track->global && was_kept ? 1 : 0;
        }
        return out;
    }

    /// The most that there can be.
    static Estimate each_another(const Passers& passers) {
        const std::uint64_t all = std::uint64_t{passers.makers} + passers.kept + passers.addresses;
        const std::int32_t most = milli(all * kOne);
        return {most, most, most, Basis::tracks};
    }

    std::vector<Family> grouped() const {
        std::vector<std::pair<std::uint32_t, std::size_t>> lists;
        for (std::size_t member = 0; member < members_.size(); ++member) {
            for (const std::uint32_t list : members_[member]->coarse) {
                if (list != 0) lists.emplace_back(list, member);
            }
        }
        std::sort(lists.begin(), lists.end());
        Unions unions(members_.size());
        for (std::size_t at = 1; at < lists.size(); ++at) {
            if (lists[at].first == lists[at - 1].first) {
                unions.unite(lists[at].second, lists[at - 1].second);
            }
        }
        std::vector<Family> by_root(members_.size());
        for (std::size_t member = 0; member < members_.size(); ++member) {
            by_root[unions.root(member)].push_back(members_[member]);
        }
        std::erase_if(by_root, [](const Family& family) { return family.empty(); });
        return by_root;
    }

    Count count_of(const Family& family) const {
        std::vector<Member> members;
        Family greatest = family;
        std::sort(greatest.begin(), greatest.end(), [](auto* a, auto* b) {
            return std::tuple(b->bursts, a->number) < std::tuple(a->bursts, b->number);
        });
        // When all of those before were there.
        std::int64_t from = std::numeric_limits<std::int64_t>::min();
        std::int64_t to = std::numeric_limits<std::int64_t>::max();
        for (const DeviceTrack* track : greatest) {
            const bool beside = track->first_ms <= to && track->last_ms >= from;
            members.push_back({track->bursts, track->global, beside});
            from = std::max(from, track->first_ms);
            to = std::min(to, track->last_ms);
        }
        if (!are_regular(members, all_.rules_)) {
            FoundGrids none;
            return count_family(members, {}, all_.rules_, none);
        }
        const auto lists = lists_of(family);
        const auto last = all_.lists_.find(lists.back());
        FoundGrids gone;
        FoundGrids& found = last == all_.lists_.end() ? gone : last->second.found;
        return count_family(members, bursts_of(lists), all_.rules_, found);
    }

    static std::vector<std::uint32_t> lists_of(const Family& family) {
        std::vector<std::uint32_t> lists;
        for (const DeviceTrack* track : family) {
            lists.insert(lists.end(), track->coarse.begin(), track->coarse.end());
        }
        std::sort(lists.begin(), lists.end());
        lists.erase(std::unique(lists.begin(), lists.end()), lists.end());
        return lists;
    }

    /// When the family's devices sent; those of one moment as one.
    std::vector<Burst> bursts_of(std::span<const std::uint32_t> lists) const {
        std::vector<Burst> all;
        for (const std::uint32_t coarse : lists) {
            const auto list = all_.lists_.find(coarse);
            if (list == all_.lists_.end()) continue;
            const LatestBursts& bursts = list->second.bursts;
            for (std::size_t at = 0; at < bursts.size(); ++at) {
                if (bursts[at].at_ms >= since_ms_) all.push_back(bursts[at]);
            }
        }
        std::sort(all.begin(), all.end(), [](const Burst& a, const Burst& b) {
            return std::pair(a.at_ms, a.rssi_dbm) < std::pair(b.at_ms, b.rssi_dbm);
        });
        std::vector<Burst> out;
        for (std::size_t at = 0; at < all.size(); ++at) {
            const bool merged =
                at > 0 && all[at].at_ms - all[at - 1].at_ms <= all_.rules_.grid_merge_ms;
            if (!merged) out.push_back(all[at]);
        }
        return out;
    }

    const Tracks& all_;
    std::int64_t since_ms_;
    Family members_;
};

Estimate Tracks::devices(std::int64_t since_ms) const {
    return Families(*this, since_ms).estimate();
}

}  // namespace mobilytics::measure
