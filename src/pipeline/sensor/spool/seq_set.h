#pragma once
// Which seqs of each boot: ranges, united as they grow together.

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

/// Of one boot. Ranges never touch.
class SeqSet {
  public:
    void add(wire::SeqRange range) {
        auto at = ranges_.upper_bound(range.first);
        if (at != ranges_.begin() && std::prev(at)->second + 1 >= range.first) --at;
        while (at != ranges_.end() && at->first <= range.last + 1) {
            range.first = std::min(range.first, at->first);
            range.last = std::max(range.last, at->second);
            at = ranges_.erase(at);
        }
        ranges_[range.first] = range.last;
    }
    bool has(std::uint64_t seq) const {
        const auto after = ranges_.upper_bound(seq);
        return after != ranges_.begin() && std::prev(after)->second >= seq;
    }
    bool has_all(wire::SeqRange range) const {
        const auto after = ranges_.upper_bound(range.first);
        return after != ranges_.begin() && std::prev(after)->second >= range.last;
    }
    /// The parts of `range` that are not in it.
    std::vector<wire::SeqRange> missing_in(wire::SeqRange range) const {
        std::vector<wire::SeqRange> out;
        auto at = ranges_.upper_bound(range.first);
        if (at != ranges_.begin()) --at;
        for (; at != ranges_.end() && at->first <= range.last; ++at) {
            if (at->second < range.first) continue;
            if (at->first > range.first) out.push_back({range.first, at->first - 1});
            if (at->second >= range.last) return out;
            range.first = at->second + 1;
        }
        out.push_back(range);
        return out;
    }
    /// All from 1 up to and with this one are in it.
    std::uint64_t cumulative() const {
        const auto first = ranges_.find(1);
        return first == ranges_.end() ? 0 : first->second;
    }
    bool empty() const { return ranges_.empty(); }

  private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  // First to last.
};

using SeqSets = std::map<wire::BootId, SeqSet>;

}  // namespace mobilytics::sensor
