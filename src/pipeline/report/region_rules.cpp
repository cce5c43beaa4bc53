#include "pipeline/report/region_rules.h"

#include <algorithm>
#include <map>
#include <set>

#include "pipeline/report/disclosure.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

constexpr std::size_t kNestedMax = 2'000;

const std::vector<std::string> kRegionFields{"visits",         "devices",        "presence_s",
                                             "dwell_median_s", "occupancy_mean", "occupancy_max"};

/// Finds regions whose cells are all in another's, which has more.
void find_nested(
    Placed& out, const std::map<std::int64_t, std::vector<measure::Cell>>& cells_of,
    const std::set<std::pair<std::int64_t, std::int64_t>>& sharing) {
    for (const auto& [one, other] : sharing) {
        const auto& first = cells_of.at(one);
        const auto& second = cells_of.at(other);
        const bool in_second = std::ranges::includes(second, first);
        const bool in_first = std::ranges::includes(first, second);
        if (in_second == in_first) continue;  // Neither, or the same cells.
        const auto [smaller, larger] = in_second ? std::pair(one, other) : std::pair(other, one);
        if (out.nested.size() >= kNestedMax) {
            out.withheld.push_back(smaller);
            continue;
        }
        const auto group = out.group_of(out.nested.size());
        out.nested.push_back({smaller, larger});
        std::vector<measure::Cell> beside;
        std::ranges::set_difference(
            cells_of.at(larger), cells_of.at(smaller), std::back_inserter(beside));
        for (const auto cell : beside) out.groups.add(cell, group);
    }
}

}  // namespace

Placed placed(const store::RegionIndex& index, std::span<const measure::Cell> cells) {
    Placed out;
    const auto regions = static_cast<std::int64_t>(index.set().regions.size());
    out.cells.resize(index.set().regions.size());
    out.outside = regions;
    out.unplaced = regions + 1;
    std::map<std::int64_t, std::vector<measure::Cell>> cells_of;  // Of those that overlap.
    std::set<std::pair<std::int64_t, std::int64_t>> sharing;
    for (const auto cell : cells) {
        const auto in = index.regions_at(cell);
        if (in.empty()) {
            out.groups.add(cell, cell == measure::kNoCell ? out.unplaced : out.outside);
            continue;
        }
        out.overlapping |= in.size() > 1;
        for (std::size_t i = 0; i < in.size(); ++i) {
            out.groups.add(cell, in[i]);
            ++out.cells[in[i]];
            cells_of[in[i]].push_back(cell);
            for (std::size_t j = i + 1; j < in.size(); ++j) sharing.emplace(in[i], in[j]);
        }
    }
    if (!sharing.empty()) find_nested(out, cells_of, sharing);
    return out;
}

std::set<std::uint32_t> sensitive_regions(
    const store::RegionIndex& index, const store::SensitiveCells& cells) {
    std::set<std::uint32_t> out;
    for (const auto& run : cells.runs()) {
        for (auto cell = run.first; cell <= run.last; ++cell) {
            const auto in = index.regions_at(cell);
            out.insert(in.begin(), in.end());
        }
    }
    return out;
}

std::vector<bool> withheld(
    const Placed& placed, std::span<const store::Figures> figures, std::int64_t floor) {
    const auto parts = static_cast<std::size_t>(placed.unplaced) + 1;
    VERIFY(figures.size() == parts + placed.nested.size());
    std::vector<std::int64_t> counts;
    for (std::size_t i = 0; i < parts; ++i) {
        counts.push_back(std::llround(figures[i].devices));
    }
    std::vector<bool> out;
    if (!placed.overlapping) return hidden(counts, floor);
    for (const auto count : counts) out.push_back(count > 0 && count < floor);
    for (const auto region : placed.withheld) out[static_cast<std::size_t>(region)] = true;
    for (std::size_t i = 0; i < placed.nested.size(); ++i) {
        const auto beside = std::llround(figures[parts + i].devices);
        if (beside > 0 && beside < floor) {
            out[static_cast<std::size_t>(placed.nested[i].smaller)] = true;
        }
    }
    return out;
}

RegionFigures told(
    const store::Figures& figures, bool withheld, std::chrono::microseconds passed,
    std::int64_t floor) {
    RegionFigures out;
    if (withheld) {
        out.suppressed = kRegionFields;
        return out;
    }
    out.visits = to_grid(figures.visits, floor);
    out.devices = shown_devices(figures.devices, floor);
    out.devices_interval = interval_of(*out.devices);
    // As many devices as are told, for so long each: of so long a time it does not follow who few
    // were.
    const auto each_s =
        figures.devices > 0 ? static_cast<double>(figures.presence_us) / 1e6 / figures.devices : 0;
    out.presence_s = rounded(to_two_digits(each_s) * *out.devices, 0);
    auto bins = figures.dwell_bins;
    for (auto& bin : bins) bin = to_grid(bin, floor);
    out.dwell_median_s = median_dwell(bins);
    if (!out.dwell_median_s && median_dwell(figures.dwell_bins)) {
        out.suppressed.emplace_back("dwell_median_s");
    }
    if (passed.count() > 0) {
        out.occupancy_mean =
            rounded(*out.presence_s / std::chrono::duration<double>(passed).count(), 3);
    }
    out.occupancy_max = figures.occupancy_max;
    return out;
}

}  // namespace mobilytics::report
