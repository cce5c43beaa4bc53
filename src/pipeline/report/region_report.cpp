// Figures by region: a choropleth's, and one region's over time.

#include <algorithm>

#include "pipeline/report/asked.h"
#include "pipeline/report/region_rules.h"

namespace mobilytics::report {

namespace {

std::chrono::microseconds passed_of(const store::Period& period, Instant now) {
    return std::max(std::chrono::microseconds(0), std::min(period.to, now) - period.from);
}

bool is_in(const std::vector<std::uint32_t>& regions, std::uint32_t region) {
    return std::ranges::find(regions, region) != regions.end();
}

}  // namespace

Result<std::shared_ptr<const store::RegionIndex>> Report::regions_asked(
    Asked& asked, const RegionQuery& query, RegionSource& out) const {
    auto index = asked.snapshot->regions(asked.company.id, query.set_id, query.version);
    if (!index) return fail(ErrorKind::not_found, "no_such_region_set", query.set_id.str());
    const auto& set = index->set();
    out.set_id = set.set;
    out.set_name = set.name;
    out.set_kind = set.kind;
    out.version = set.version;
    out.valid_from = set.valid_from;
    out.regions = std::ssize(set.regions);
    return index;
}

Result<Report::Asked> Report::ask_days(const Caller& caller, const RegionQuery& query) {
    TRY(auto asked, ask(caller, query));
    auto& period = asked.question.period;
    period = whole_days(period, asked.company.time_zone);
    return asked;
}

Result<RegionReport> Report::region_report(const Caller& caller, const RegionQuery& query) {
    TRY(auto asked, ask_days(caller, query));
    RegionReport out;
    TRY(const auto index, regions_asked(asked, query, out));
    tell_provenance(asked, out);
    const auto& [period, filter, zone] = asked.question;
    out.from = period.from;
    out.to = period.to;
    auto& snapshot = *asked.snapshot;
    const auto company = asked.company.id;
    const auto by_place = placed(*index, snapshot.cells(company, filter, period));
    out.overlapping = by_place.overlapping;
    const std::array ends{period.from, period.to};
    std::vector<store::Figures> figures(
        static_cast<std::size_t>(by_place.group_of(by_place.nested.size())));
    for (auto& part : snapshot.figures_of_cells(company, filter, ends, by_place.groups)) {
        figures[static_cast<std::size_t>(part.group)] = part.figures;
    }
    const auto hide = withheld(by_place, figures, asked.floor);
    const auto passed = passed_of(period, asked.now);
    const auto& regions = index->set().regions;
    const auto sensitive = sensitive_regions(*index, asked.uncounted.cells);
    for (std::size_t i = 0; i < regions.size(); ++i) {
        if (by_place.cells[i] == 0) continue;  // Nothing was heard there.
        RegionItem item;
        static_cast<RegionFigures&>(item) = told(figures[i], hide[i], passed, asked.floor);
        item.code = regions[i].code;
        item.name = regions[i].name;
        item.population = regions[i].population;
        item.population_source = regions[i].population_source;
        item.area_km2 = rounded(regions[i].area_m2 / 1e6, 3);
        item.cells = by_place.cells[i];
        if (sensitive.contains(static_cast<std::uint32_t>(i))) item.sensitive = true;
        out.items.push_back(std::move(item));
    }
    const auto of = [&](std::int64_t group) {
        const auto at = static_cast<std::size_t>(group);
        return told(figures[at], hide[at] || asked.is_uncounted(), passed, asked.floor);
    };
    out.outside = of(by_place.outside);
    out.unplaced = of(by_place.unplaced);
    const auto whole = snapshot.figures(company, filter, ends).at(0);
    const bool hide_total = !may_show(whole.devices, asked.floor) || asked.is_uncounted();
    out.total = told(whole, hide_total, passed, asked.floor);
    return out;
}

Result<RegionSeries> Report::region_series(const Caller& caller, const RegionQuery& query) {
    TRY(auto asked, ask_days(caller, query));
    const auto& [period, filter, zone] = asked.question;
    const auto ends = boundaries(period.from, period.to, Grain::day, asked.company.time_zone);
    RegionSeries out;
    TRY(const auto index, regions_asked(asked, query, out));
    const auto& regions = index->set().regions;
    const auto found = std::ranges::lower_bound(regions, query.code, {}, &store::Region::code);
    if (found == regions.end() || found->code != query.code) {
        return fail(ErrorKind::not_found, "no_such_region", query.code);
    }
    tell_provenance(asked, out);
    out.code = found->code;
    out.name = found->name;
    out.grain = Grain::day;
    const auto region = static_cast<std::uint32_t>(found - regions.begin());
    if (sensitive_regions(*index, asked.uncounted.cells).contains(region)) out.sensitive = true;
    const store::Period whole{ends.front(), ends.back()};
    store::CellGroups groups;
    for (const auto cell : asked.snapshot->cells(asked.company.id, filter, whole)) {
        if (is_in(index->regions_at(cell), region)) groups.add(cell, 0);
    }
    std::vector<store::Figures> figures(ends.size() - 1);
    for (auto& part : asked.snapshot->figures_of_cells(asked.company.id, filter, ends, groups)) {
        figures[static_cast<std::size_t>(part.slot)] = part.figures;
    }
    std::vector<std::int64_t> counts;
    for (const auto& slot : figures) counts.push_back(std::llround(slot.devices));
    const auto hide = hidden(counts, asked.floor);
    for (std::size_t i = 0; i < figures.size(); ++i) {
        RegionBucket bucket;
        static_cast<RegionFigures&>(bucket) = told(
            figures[i], hide[i] || asked.is_uncounted(),
            passed_of({ends[i], ends[i + 1]}, asked.now), asked.floor);
        bucket.start = ends[i];
        bucket.end = ends[i + 1];
        out.items.push_back(std::move(bucket));
    }
    return out;
}

}  // namespace mobilytics::report
