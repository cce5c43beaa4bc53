#pragma once
// What the states of tracks, stays and chains share when they are written as bytes and read.

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "pipeline/measure/archive.h"

namespace mobilytics::measure {

/// In ms, to 1970: within some 35 000 years, so that sums of times are times.
inline bool is_time(std::int64_t at_ms) {
    constexpr std::int64_t kTimeMax = std::int64_t{1} << 50;
    return at_ms > -kTimeMax && at_ms < kTimeMax;
}

/// In the order of keys, so that equal states are equal bytes.
template <class Map>
auto sorted(const Map& map) {
    std::vector<std::pair<typename Map::key_type, typename Map::mapped_type>> out(
        map.begin(), map.end());
    std::sort(
        out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return out;
}

/// False if a key is there twice, or keys are not in their order.
template <class Map>
bool read_map(ArchiveReader& archive, Map& map) {
    std::vector<std::pair<typename Map::key_type, typename Map::mapped_type>> entries;
    archive(entries);
    map.clear();
    for (std::size_t at = 0; at < entries.size(); ++at) {
        if (at > 0 && entries[at].first <= entries[at - 1].first) return false;
        map.emplace(entries[at].first, std::move(entries[at].second));
    }
    return archive.good();
}

}  // namespace mobilytics::measure
