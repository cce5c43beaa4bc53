#include "pipeline/report/report.h"

#include <algorithm>
#include <map>

#include "pipeline/report/asked.h"
#include "pipeline/report/counted_figures.h"
#include "pipeline/report/disclosure.h"
#include "pipeline/report/people.h"
#include "pipeline/report/report_rules.h"
#include "platform/http/router.h"
#include "platform/pg/pg.h"

namespace mobilytics::report {

namespace {

constexpr std::size_t kTripsMax = 2000;
constexpr std::chrono::hours kFreshSpan{24};

double seconds(std::int64_t micros) { return rounded(static_cast<double>(micros) / 1e6, 3); }

double mean_of(std::int64_t presence_us, std::int64_t covered_us) {
    return rounded(static_cast<double>(presence_us) / static_cast<double>(covered_us), 3);
}

/// The figures that a bucket and a headline share; all of them or none is shown.
template <class Shown>
void show(Shown& out, const Published& told, const store::Coverage& heard) {
    const auto& figures = told.figures;
    out.visits = told.visits;
    out.devices = told.devices;
    out.devices_interval = interval_of(told.devices);
    out.presence_s = seconds(figures.presence_us);
    out.occupancy_max = figures.occupancy_max;
    if (heard.covered_us > 0) out.occupancy_mean = mean_of(figures.presence_us, heard.covered_us);
}

/// Devices that were counted; held back with the others, and where they are too few themselves.
template <class Shown>
void show_counted(Shown& out, const store::CountedBlocks& told, bool others_are_shown) {
    const auto& counted = told.counted;
    if (counted.quarters == 0 && !told.held_back) return;
    if (others_are_shown && counted.quarters > 0) {
        out.counted = counted_figures(counted);
    } else {
        out.suppressed.emplace_back("counted");
    }
}

const std::vector<std::string> kBucketFields{
    "visits", "devices", "presence_s", "occupancy_mean", "occupancy_max"};
const std::vector<std::string> kHeadlineFields{"visits",       "devices",        "frequency",
                                               "presence_s",   "dwell_median_s", "occupancy_mean",
                                               "occupancy_max"};

/// As many visits as are told, of so long each: of so long a time it does not follow who few were.
double told_presence_s(const store::HeatCell& cell, std::int64_t floor) {
    if (cell.visits == 0) return 0;
    const auto each_s =
        static_cast<double>(cell.presence_us) / 1e6 / static_cast<double>(cell.visits);
    return rounded(to_two_digits(each_s) * static_cast<double>(to_grid(cell.visits, floor)), 0);
}

std::string label_of(std::size_t bin) {
    if (bin == 0) return "single sighting";
    if (bin == 1) return "under 5 s";
    const auto from = std::to_string(measure::kDwellBoundsS[bin - 2]);
    if (bin == measure::kDwellBins - 1) return from + " s and more";
    return from + " to " + std::to_string(measure::kDwellBoundsS[bin - 1]) + " s";
}

}  // namespace

std::int64_t Report::floor_of(const store::Company& company) const {
    return company.suppress_below > 0 ? company.suppress_below : config_.suppress_below;
}

Result<Report::Asked> Report::ask(const Caller& caller, const ReportQuery& query) {
    auto snapshot = store_.snapshot();
    auto company = snapshot->company(caller.company);
    if (!company) return fail(ErrorKind::not_found, "no_such_company", caller.company.str());
    TRY(auto question, checked(query, company->time_zone));
    if (!query.asset_id.empty()) {
        const auto known = snapshot->assets(caller.company);
        for (const auto& id : query.asset_id) {
            const bool ours = std::any_of(known.begin(), known.end(), [&](const auto& asset) {
                return asset.dimension.asset == id;
            });
            if (!ours) return fail(ErrorKind::not_found, "no_such_asset", id.str());
        }
    }
    auto attachments = snapshot->attachments(caller.company);
    const auto floor = floor_of(*company);
    auto not_counted = uncounted(*snapshot, caller.company);
    return Asked{std::move(question),    std::move(snapshot), *std::move(company),
                 std::move(attachments), clock_.now(),        floor,
                 std::move(not_counted)};
}

void Report::tell_provenance(Asked& asked, Provenance& out) const {
    const auto& [period, filter, zone] = asked.question;
    out.as_of = asked.snapshot->as_of(asked.company.id);
    out.time_zone = zone;
    out.synthetic = asked.company.synthetic;
    out.suppress_below = asked.floor;
    asked.uncounted.tell(filter, out);
    const std::array<Instant, 2> ends{period.from, period.to};
    const auto heard = asked.snapshot->coverage(asked.company.id, filter, ends);
    out.completeness = completeness_of(
        heard.at(0).covered_us, expected_us(asked.attachments, filter, period, asked.now));
}

OverviewFigures Report::headline(Asked& asked, store::Period period) const {
    const auto& filter = asked.question.filter;
    auto& snapshot = *asked.snapshot;
    const auto company = asked.company.id;
    const std::array<Instant, 2> ends{period.from, period.to};
    const auto told = asked.published(ends).at(0);
    const auto heard = snapshot.coverage(company, filter, ends).at(0);
    const auto trips = snapshot.trip_sums(company, {period, filter.assets, std::nullopt});

    OverviewFigures out;
    out.assets_heard = heard.assets_heard;
    out.distance_m = static_cast<double>(trips.distance_m);
    out.driving_s = seconds(trips.driving_us);
    out.parked_s = seconds(trips.parked_us);
    out.completeness = completeness_of(
        heard.covered_us, expected_us(asked.attachments, filter, period, asked.now));
    out.held_back = told.held_back;
    const bool is_shown = !told.is_hidden();
    if (!is_shown) out.suppressed = kHeadlineFields;
    if (counts_devices(filter)) {
        const auto counted = published_counted(snapshot, company, filter, ends, asked.how()).at(0);
        show_counted(out, counted, is_shown);
    }
    if (!is_shown) return out;
    show(out, told, heard);
    out.dwell_median_s = median_dwell(told.figures.dwell_bins);
    out.frequency = told.frequency();
    return out;
}

CalibrationTold Report::add_people(Asked& asked, store::Period period, OverviewFigures& out) const {
    const auto& filter = asked.question.filter;
    auto& snapshot = *asked.snapshot;
    std::vector<Instant> ends{period.from};
    const auto known = snapshot.calibrations(asked.company.id);
    const auto changes = store::changes_between(known, period.from, period.to);
    ends.insert(ends.end(), changes.begin(), changes.end());
    ends.push_back(period.to);
    const auto slots = calibrated(snapshot, asked.company.id, filter, ends, asked.how());
    const bool shown = out.suppressed.empty();
    if (shown) out.people = people_together(slots, ends);
    const std::array<Instant, 2> whole{period.from, period.to};
    const auto heard = snapshot.coverage(asked.company.id, filter, whole).at(0);
    return told(slots, out.people.has_value(), heard.covered_us, asked.now);
}

Result<Overview> Report::overview(const Caller& caller, const ReportQuery& query) {
    TRY(auto asked, ask(caller, query));
    Overview out;
    tell_provenance(asked, out);
    // Blocks are of whole hours: what lasts and what was heard is of the same, or would not fit.
    const auto& zone = asked.company.time_zone;
    const auto period = whole_hours({query.from, query.to}, zone);
    out.from = period.from;
    out.to = period.to;
    out.current = headline(asked, period);
    if (out.current.counted) out.counting = Counting::counted;
    out.calibration = add_people(asked, period, out.current);
    if (query.compare == Comparison::previous) {
        const auto before =
            whole_hours({period.from - (period.to - period.from), period.from}, zone);
        out.previous = headline(asked, before);
        add_people(asked, before, *out.previous);
        out.previous_from = before.from;
        out.previous_to = before.to;
    }
    return out;
}

Result<ExposureSeries> Report::exposure(const Caller& caller, const ReportQuery& query) {
    TRY(auto asked, ask(caller, query));
    TRY(const auto ends, buckets(asked.question, query.grain));
    const auto& filter = asked.question.filter;
    const bool by_quarters = query.grain == Grain::quarter;
    const auto how = asked.how(by_quarters ? Fineness::quarters : Fineness::hours);
    const auto blocks = asked.published(ends, how.fineness);
    const auto heard = asked.snapshot->coverage(asked.company.id, filter, ends);
    const auto counted =
        counts_devices(filter)
            ? published_counted(*asked.snapshot, asked.company.id, filter, ends, how)
            : std::vector<store::CountedBlocks>(ends.size() - 1);
    ExposureSeries out;
    tell_provenance(asked, out);
    out.grain = query.grain;
    const auto slots = calibrated(*asked.snapshot, asked.company.id, filter, ends, how);
    const auto people = people_by_slot(slots, ends);
    std::int64_t covered_us = 0;
    bool is_people = false;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
        ExposureBucket bucket;
        bucket.start = ends[i];
        bucket.end = ends[i + 1];
        bucket.corrected = heard[i].corrected;
        bucket.completeness = completeness_of(
            heard[i].covered_us,
            expected_us(asked.attachments, filter, {ends[i], ends[i + 1]}, asked.now));
        bucket.held_back = blocks[i].held_back;
        const bool is_shown = !blocks[i].is_hidden();
        if (!is_shown) {
            bucket.suppressed = kBucketFields;
        } else {
            show(bucket, blocks[i], heard[i]);
            bucket.people = people[i];
        }
        show_counted(bucket, counted[i], is_shown);
        if (bucket.counted) out.counting = Counting::counted;
        covered_us += heard[i].covered_us;
        is_people = is_people || bucket.people;
        out.items.push_back(std::move(bucket));
    }
    out.calibration = told(slots, is_people, covered_us, asked.now);
    return out;
}

Result<DwellReport> Report::dwell(const Caller& caller, const ReportQuery& query) {
    TRY(auto asked, ask(caller, query));
    const auto& [period, filter, zone] = asked.question;
    const std::array<Instant, 2> ends{period.from, period.to};
    const auto told = asked.published(ends).at(0);
    const auto& figures = told.figures;
    DwellReport out;
    tell_provenance(asked, out);
    const bool shown = !told.is_hidden();
    const auto hide = hidden(figures.dwell_bins, asked.floor);
    if (shown) {
        out.visits = told.visits;
        out.median_s = median_dwell(figures.dwell_bins);
        out.mean_s = mean_dwell(figures);
    } else {
        out.suppressed = {"visits", "median_s", "mean_s", "bins"};
    }
    for (std::size_t i = 0; i < measure::kDwellBins; ++i) {
        DwellBin bin;
        bin.label = label_of(i);
        if (i > 0) bin.from_s = i == 1 ? 0 : measure::kDwellBoundsS[i - 2];
        if (i > 0 && i + 1 < measure::kDwellBins) bin.to_s = measure::kDwellBoundsS[i - 1];
        if (shown && !hide[i]) bin.visits = to_grid(figures.dwell_bins[i], asked.floor);
        out.bins.push_back(std::move(bin));
    }
    if (shown && std::find(hide.begin(), hide.end(), true) != hide.end()) {
        out.suppressed = {"bins"};
    }
    return out;
}

Result<ReachReport> Report::reach(const Caller& caller, const ReportQuery& query) {
    TRY(auto asked, ask(caller, query));
    const auto& [period, filter, zone] = asked.question;
    ReachReport out;
    tell_provenance(asked, out);
    out.standard_error = kStandardError;
    auto days = boundaries(period.from, period.to, Grain::day, zone);
    // The first and the last day count as far as they were asked for.
    auto ends = days;
    ends.front() = period.from;
    ends.back() = period.to;
    const auto by_day = asked.published(ends);
    for (std::size_t i = 0; i + 1 < days.size(); ++i) {
        ReachDay day;
        day.day = local_day(days[i], zone).str();
        if (!by_day[i].is_hidden()) {
            day.devices = by_day[i].devices;
            day.devices_interval = interval_of(by_day[i].devices);
        }
        out.days.push_back(std::move(day));
    }
    // Salts end with the company's day: a period within one is measured, a longer one is summed.
    const bool one_day =
        local_day(period.from, asked.company.time_zone) ==
        local_day(period.to - std::chrono::microseconds(1), asked.company.time_zone);
    out.method = one_day ? ReachMethod::measured_within_day : ReachMethod::sum_of_days;

    const std::array<Instant, 2> whole{period.from, period.to};
    const auto all = asked.published(whole).at(0);
    if (all.is_hidden()) {
        out.suppressed.emplace_back("devices");
    } else {
        out.devices = all.devices;
        out.devices_interval = interval_of(all.devices);
    }
    const auto of =
        lattice(whole, asked.company.time_zone, asked.now, Fineness::hours, asked.floor);
    double sum = 0;
    for (const auto& parts :
         asked.snapshot->blocks_by_asset(asked.company.id, filter, of.question)) {
        const auto told = gathered(parts.slots, of, 1, asked.floor).at(0);
        ReachAsset asset{.asset_id = parts.asset, .devices = {}, .visits = {}};
        if (!told.is_hidden() && !asked.uncounted.stands_there(parts.asset)) {
            asset.devices = told.devices;
            asset.visits = told.visits;
            sum += told.devices;
        }
        out.by_asset.push_back(asset);
    }
    if (!all.is_hidden()) out.sum_of_assets = sum;
    return out;
}

Result<FrequencyReport> Report::frequency(const Caller& caller, const ReportQuery& query) {
    TRY(auto asked, ask(caller, query));
    const auto& filter = asked.question.filter;
    const auto period = whole_hours(asked.question.period, asked.company.time_zone);
    const auto found = asked.snapshot->frequency(asked.company.id, filter, period);
    FrequencyReport out;
    tell_provenance(asked, out);
    const auto from =
        found.kept_from ? std::clamp(*found.kept_from, period.from, period.to) : period.to;
    out.window = {from, period.to};
    std::int64_t devices = 0;
    for (const auto count : found.devices) devices += count;
    const bool shown = may_show(static_cast<double>(devices), asked.floor) && !asked.is_uncounted();
    const auto hide = hidden(found.devices, asked.floor);
    if (shown && devices > 0) {
        const auto told = shown_devices(static_cast<double>(devices), asked.floor);
        out.mean = std::max(
            1.0, rounded(static_cast<double>(to_grid(found.visits, asked.floor)) / told, 3));
    }
    if (!shown) out.suppressed = {"mean", "distribution"};
    for (std::size_t i = 0; i < store::kFrequencyBins; ++i) {
        FrequencyBin bin{
            .visits = i + 1 == store::kFrequencyBins ? "10+" : std::to_string(i + 1),
            .devices = {}};
        if (shown && !hide[i]) bin.devices = to_grid(found.devices[i], asked.floor);
        out.distribution.push_back(std::move(bin));
    }
    return out;
}

Result<Heatmap> Report::heatmap(const Caller& caller, const ReportQuery& query) {
    TRY(const auto box, parse_box(query.bbox.value_or("-180,-85,180,85")));
    TRY(const auto cells, cells_of(box, query.zoom));
    TRY(auto asked, ask(caller, query));
    const auto period = whole_days(asked.question.period, asked.company.time_zone);
    auto& snapshot = *asked.snapshot;
    const auto& filter = asked.question.filter;
    auto heat = snapshot.heat(asked.company.id, filter, period, {cells, asked.floor});
    hide_siblings(heat, snapshot.heat(asked.company.id, filter, period, {cells, 0}), asked.floor);
    Heatmap out;
    tell_provenance(asked, out);
    out.zoom = cells.zoom;
    out.suppressed_cells = heat.cells_suppressed;
    for (const auto& cell : heat.cells) {
        const auto middle = store::middle_of(store::tile_of(cell.cell, cells.zoom), cells.zoom);
        out.cells.push_back({
            .cell = store::quadkey(cell.cell, cells.zoom),
            .latitude = rounded(middle.latitude, 7),
            .longitude = rounded(middle.longitude, 7),
            .visits = to_grid(cell.visits, asked.floor),
            .presence_s = told_presence_s(cell, asked.floor),
        });
    }
    return out;
}

Result<RouteReport> Report::routes(const Caller& caller, const ReportQuery& query) {
    store::TripQuestion wanted;
    if (query.bbox) {
        TRY(const auto box, parse_box(*query.bbox));
        wanted.box = geo_of(box);
    }
    TRY(auto asked, ask(caller, query));
    wanted.period = asked.question.period;
    wanted.assets = asked.question.filter.assets;
    auto trips = asked.snapshot->trips(asked.company.id, wanted, kTripsMax + 1);
    RouteReport out;
    tell_provenance(asked, out);
    out.truncated = trips.size() > kTripsMax;
    if (out.truncated) trips.resize(kTripsMax);
    for (const auto& [asset, route] : trips) {
        Trip trip{
            .asset_id = asset,
            .started = route.started,
            .ended = route.ended,
            .distance_m = static_cast<double>(route.distance_m),
            .driving_s = seconds(route.driving_us),
            .parked_s = seconds(route.parked_us),
            .path = {}};
        for (const auto& point : route.path) {
            trip.path.push_back(
                {point.longitude_e7 / 1e7, point.latitude_e7 / 1e7,
                 seconds(point.at.time_since_epoch().count())});
        }
        out.items.push_back(std::move(trip));
    }
    return out;
}

Result<FreshnessReport> Report::freshness(const Caller& caller, const ReportQuery& asked_for) {
    auto query = asked_for;
    query.to = clock_.now();
    query.from = query.to - kFreshSpan;
    TRY(auto asked, ask(caller, query));
    const auto heard = asked.snapshot->heard(asked.company.id);
    std::map<DeviceId, AssetId> asset_of;
    for (const auto& attachment : asked.attachments) {
        if (!attachment.to) asset_of.insert_or_assign(attachment.device, attachment.asset);
    }
    std::vector<DeviceId> devices;
    for (const auto& [device, asset] : asset_of) devices.push_back(device);
    std::vector<ingest::DeviceCounts> counts;
    std::map<DeviceId, Instant> reported;
    {
        auto tx = pool_.begin(caller.company);
        counts = ingest::counts_between(tx, devices, query.from, query.to, asked.now);
        for (const auto& device : ingest::device_whereabouts(tx)) {
            reported[device.device] = device.heard_at;
        }
    }
    FreshnessReport out;
    tell_provenance(asked, out);
    std::map<AssetId, AssetFreshness> items;
    std::map<AssetId, ingest::ReportCounts> sums;
    for (const auto& asset : asked.snapshot->assets(asked.company.id)) {
        const auto id = asset.dimension.asset;
        const auto& only = query.asset_id;
        const bool wanted =
            only.empty() ? !asset.retired : std::find(only.begin(), only.end(), id) != only.end();
        if (wanted) items[id].asset_id = id;
    }
    for (const auto& [asset, until] : heard) {
        if (items.contains(asset)) items[asset].last_observation_at = until;
    }
    for (const auto& [device, reports] : counts) {
        const auto found = items.find(asset_of.at(device));
        if (found == items.end()) continue;
        auto& item = found->second;
        auto& sum = sums[found->first];
        item.pending_reports += reports.pending;
        item.lost_reports += reports.lost;
        item.unknown_reports += reports.unknown;
        sum.received += reports.received;
        sum.refused += reports.refused;
        sum.pending += reports.pending;
        sum.lost += reports.lost;
        sum.unknown += reports.unknown;
        if (const auto at = reported.find(device); at != reported.end()) {
            item.last_report_at = std::max(item.last_report_at.value_or(at->second), at->second);
        }
    }
    for (auto& [id, item] : items) {
        if (const auto share = sums[id].completeness()) item.completeness_24h = rounded(*share, 3);
        out.items.push_back(item);
    }
    return out;
}

Result<MetricDefinitionList> Report::metric_definitions(const Caller&) {
    MetricDefinitionList out;
    for (const auto& metric : metrics::definitions()) out.items.push_back(told(metric));
    return out;
}

Result<LiveAssetList> Report::live_assets(const Caller& caller) {
    std::map<DeviceId, ingest::DeviceWhereabouts> devices;
    {
        auto tx = pool_.begin(caller.company);
        for (const auto& device : ingest::device_whereabouts(tx)) devices[device.device] = device;
    }
    const auto snapshot = store_.snapshot();
    std::map<AssetId, const ingest::DeviceWhereabouts*> newest;
    for (const auto& attachment : snapshot->attachments(caller.company)) {
        const auto device = devices.find(attachment.device);
        if (attachment.to || device == devices.end()) continue;
        auto& known = newest[attachment.asset];
        if (known == nullptr || known->heard_at < device->second.heard_at) known = &device->second;
    }
    LiveAssetList out{clock_.now(), {}};
    for (const auto& asset : snapshot->assets(caller.company)) {
        if (asset.retired) continue;
        const auto found = newest.find(asset.dimension.asset);
        out.items.push_back(
            live_asset(asset, found == newest.end() ? nullptr : found->second, out.server_time));
    }
    return out;
}

Result<http::Reply> Report::live_events(const http::Call& call) {
    TRY(auto subscription, live_.subscribe(call.caller.company));
    return http::events(std::move(subscription));
}

}  // namespace mobilytics::report
