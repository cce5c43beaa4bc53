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

Count count_family(
    std::span<const Member> members, std::span<const Burst> at, const CountingRules& rules) {
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
    const bool regular = std::any_of(members.begin(), members.end(), [&](const Member& member) {
        return member.bursts >= rules.grid_from;
    });
    if (!is_first && regular) {
        const auto running =
            static_cast<std::uint64_t>(at_once(find_grids(at, rules), rules)) * kOne;
        if (running > out.devices + makers) {
            out = {running - makers, std::max(out.variance, (running - makers) / 4), true};
        }
    }
    out.variance += square_of(unsure() * rules.sigma_family >> 16);
    out.devices += makers;
    return out;
}

Count count_passing(
    std::span<const Member> members, const Passing& passing, const CountingRules& rules) {
    Count out;
    std::uint64_t bursts = 0;
    std::uint64_t makers = 0;
    for (const Member& member : members) {
        makers += member.global ? kOne : 0;
        bursts += member.bursts;
    }
    const std::uint64_t hidden = (bursts << 32) / passing.bursts();
    out.variance = (hidden * passing.spread() >> 16) +
                   square_of(hidden) * passing.spread() / passing.devices() / kOne +
                   square_of(hidden * rules.sigma_passing >> 16);
    out.devices = makers + hidden;
    return out;
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

    Estimate estimate() {
        if (all_.passing_.by(all_.rules_)) {
            std::vector<Member> members;
            for (const DeviceTrack* track : members_) {
                members.push_back(passing(*track));
            }
            return estimate_of(
                count_passing(members, all_.passing_, all_.rules_), false, all_.rules_);
        }
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

  private:
    using Family = std::vector<const DeviceTrack*>;

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

    /// With the bursts of who hides, in the span: as if they were spread evenly. A maker's own are
    /// those of its address.
    Member passing(const DeviceTrack& track) const {
        std::int64_t bursts = track.global ? track.bursts - track.kept : track.bursts;
        if (bursts > 0 && track.first_ms < since_ms_) {
            const std::int64_t all = track.last_ms - track.first_ms;
            bursts = std::max<std::int64_t>(1, bursts * (track.last_ms - since_ms_) / all);
        }
        return {static_cast<std::uint16_t>(bursts), track.global, false};
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
        return count_family(members, bursts_of(family), all_.rules_);
    }

    /// When the family's devices sent; those of one moment as one.
    std::vector<Burst> bursts_of(const Family& family) const {
        std::vector<std::uint32_t> lists;
        for (const DeviceTrack* track : family) {
            lists.insert(lists.end(), track->coarse.begin(), track->coarse.end());
        }
        std::sort(lists.begin(), lists.end());
        lists.erase(std::unique(lists.begin(), lists.end()), lists.end());
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
