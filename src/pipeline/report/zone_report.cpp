// Moving assets in zones: how long, where they stopped, from where to where.

#include <algorithm>
#include <map>

#include "foundation/zone.h"
#include "pipeline/report/asked.h"
#include "pipeline/report/zones/zone_passages.h"

namespace mobilytics::report {

namespace {

constexpr std::size_t kZoneTripsMax = 20'000;
constexpr std::size_t kPassagesMax = 2'000;

double seconds(std::chrono::microseconds span) {
    return rounded(static_cast<double>(span.count()) / 1e6, 3);
}

struct Trips {
    std::vector<store::Trip> trips;
    bool truncated = false;
};

Trips trips_of(store::Snapshot& snapshot, CompanyId company, const Question& question) {
    Trips out;
    out.trips = snapshot.trips(
        company, {question.period, question.filter.assets, std::nullopt}, kZoneTripsMax + 1);
    out.truncated = out.trips.size() > kZoneTripsMax;
    if (out.truncated) out.trips.resize(kZoneTripsMax);
    return out;
}

ZoneItem& item_of(
    std::map<std::pair<AssetId, std::uint32_t>, ZoneItem>& items, const zones::Passage& passage,
    const std::vector<store::Region>& regions) {
    auto& out = items[{passage.asset, passage.zone}];
    out.asset_id = passage.asset;
    out.code = regions[passage.zone].code;
    out.name = regions[passage.zone].name;
    return out;
}

/// From zone to zone, by slot.
class Flows {
  public:
    Flows(const std::vector<store::Region>& regions, FlowGrouping group, std::string zone)
        : regions_(regions), group_(group), zone_(std::move(zone)) {}

    void add(
        Instant at, std::optional<std::uint32_t> from, std::optional<std::uint32_t> to,
        double distance_m, std::chrono::microseconds duration) {
        auto& out = flows_[{slot_of(at), from, to}];
        ++out.trips;
        out.distance_m += distance_m;
        out.duration_s += static_cast<double>(duration.count()) / 1e6;
    }

    std::vector<ZoneFlow> finish() {
        std::vector<ZoneFlow> out;
        for (auto& [key, flow] : flows_) {
            const auto& [slot, from, to] = key;
            flow.slot = slot;
            if (from) flow.from_code = regions_[*from].code;
            if (to) flow.to_code = regions_[*to].code;
            flow.distance_m = rounded(flow.distance_m, 1);
            flow.duration_s = rounded(flow.duration_s, 3);
            out.push_back(std::move(flow));
        }
        return out;
    }

  private:
    std::string slot_of(Instant at) const {
        if (group_ == FlowGrouping::none) return "";
        const auto day = local_day(at, zone_);
        if (group_ == FlowGrouping::day) return day.str();
        int hour = 23;  // Of the clocks on the wall: one that they show twice is one.
        while (hour > 0 && first_at(day, std::chrono::hours(hour), zone_) > at) --hour;
        const auto text = std::to_string(hour);
        return text.size() < 2 ? "0" + text : text;
    }

    const std::vector<store::Region>& regions_;
    const FlowGrouping group_;
    const std::string zone_;
    std::map<
        std::tuple<std::string, std::optional<std::uint32_t>, std::optional<std::uint32_t>>,
        ZoneFlow>
        flows_;
};

}  // namespace

Result<ZoneReport> Report::zone_report(const Caller& caller, const RegionQuery& query) {
    TRY(auto asked, ask(caller, query));
    ZoneReport out;
    TRY(const auto index, regions_asked(asked, query, out));
    tell_provenance(asked, out);
    const auto [trips, truncated] = trips_of(*asked.snapshot, asked.company.id, asked.question);
    out.trips = std::ssize(trips);
    out.truncated = truncated;
    const auto& regions = index->set().regions;
    const auto found = zones::passages(
        trips, index->shapes(),
        {asked.question.period, std::chrono::microseconds(std::llround(query.stop_min * 60e6))});
    std::map<std::pair<AssetId, std::uint32_t>, ZoneItem> items;
    std::map<std::pair<AssetId, std::uint32_t>, const zones::Passage*> before;
    for (const auto& passage : found) {
        auto& item = item_of(items, passage, regions);
        ++item.passages;
        item.entries += passage.entry_seen ? 1 : 0;
        item.exits += passage.exit_seen ? 1 : 0;
        item.stops += passage.stops;
        item.time_s += seconds(passage.to - passage.from);
        item.stopped_s += seconds(passage.stopped);
        item.distance_m += passage.distance_m;
        auto& last = before[{passage.asset, passage.zone}];
        if (last != nullptr) item.unseen_s += seconds(zones::unseen_between(*last, passage));
        last = &passage;
        if (out.passages.size() == kPassagesMax) {
            out.truncated = true;
            continue;
        }
        out.passages.push_back(
            {.asset_id = passage.asset,
             .code = regions[passage.zone].code,
             .from = passage.from,
             .to = passage.to,
             .entry_seen = passage.entry_seen,
             .exit_seen = passage.exit_seen,
             .distance_m = rounded(passage.distance_m, 1),
             .stopped_s = seconds(passage.stopped),
             .stops = passage.stops});
    }
    for (auto& [key, item] : items) {
        item.time_s = rounded(item.time_s, 3);
        item.distance_m = rounded(item.distance_m, 1);
        out.items.push_back(std::move(item));
    }
    return out;
}

Result<ZoneFlows> Report::zone_flows(const Caller& caller, const RegionQuery& query) {
    TRY(auto asked, ask(caller, query));
    ZoneFlows out;
    TRY(const auto index, regions_asked(asked, query, out));
    tell_provenance(asked, out);
    out.flow = query.flow;
    out.group = query.group;
    const auto [trips, truncated] = trips_of(*asked.snapshot, asked.company.id, asked.question);
    out.truncated = truncated;
    Flows flows(index->set().regions, query.group, asked.question.zone);
    const auto& period = asked.question.period;
    if (query.flow == FlowKind::trips) {
        for (const auto& [asset, route] : trips) {
            // A trip belongs to the period that it began in, as visits do.
            if (route.started < period.from || route.started >= period.to) continue;
            if (route.path.empty()) continue;
            ++out.trips;
            flows.add(
                route.started, zones::zone_at(*index, route.path.front()),
                zones::zone_at(*index, route.path.back()), static_cast<double>(route.distance_m),
                route.ended - route.started);
        }
    } else {
        const auto found = zones::passages(trips, index->shapes(), {period});
        for (std::size_t i = 1; i < found.size(); ++i) {
            const auto& before = found[i - 1];
            const auto& after = found[i];
            const bool goes_on = before.asset == after.asset && before.zone != after.zone &&
                                 before.exit_seen && after.entry_seen && after.from >= before.to;
            if (!goes_on) continue;
            ++out.trips;
            flows.add(after.from, before.zone, after.zone, 0, after.from - before.to);
        }
    }
    out.items = flows.finish();
    return out;
}

}  // namespace mobilytics::report
