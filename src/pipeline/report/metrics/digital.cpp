#include "pipeline/report/metrics/digital.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mobilytics::report::metrics {

namespace {

// Source: openooh/venue-taxonomy, "OpenOOH 1.2 to 1.1 Mapping.csv".
constexpr std::array kVenues{
    Venue{301, "outdoor.billboards", 301, "outdoor.billboards"},
    Venue{30101, "outdoor.billboards.roadside", 30101, "outdoor.billboards.roadside"},
    Venue{30102, "outdoor.billboards.highway", 30102, "outdoor.billboards.highway"},
    Venue{30103, "outdoor.billboards.spectacular", 30103, "outdoor.billboards.spectacular"},
    Venue{302, "outdoor.urban_panels", 302, "outdoor.urban_panels"},
    Venue{303, "outdoor.bus_shelters", 303, "outdoor.bus_shelters"},
    Venue{306, "outdoor.moving_billboard", 104, "transit.taxi_rideshare_top"},
    Venue{307, "outdoor.car_tops", 104, "transit.taxi_rideshare_top"},
    Venue{10203, "transit.buses.bus_exterior", 10203, "transit.buses.bus_outside"},
};

}  // namespace

double contacts_of(const Loop& loop, double dwell_s) {
    if (dwell_s < loop.least_s || loop.spot_s < loop.least_s) return 0;
    return std::max(0.0, dwell_s + loop.spot_s - 2 * loop.least_s) / loop.loop_s;
}

double chance_of(const Loop& loop, double dwell_s) {
    return std::min(1.0, contacts_of(loop, dwell_s));
}

Result<Value> loop_contacts(
    std::span<const double> dwells_s, const Loop& loop,
    const std::optional<Calibration>& calibration) {
    std::vector<Fault> faults;
    if (!(loop.spot_s > 0)) faults.push_back({"/spot_s", "is to be above 0"});
    if (!(std::isfinite(loop.loop_s) && loop.loop_s >= loop.spot_s)) {
        faults.push_back({"/loop_s", "is to be as long as its spot at least"});
    }
    if (!(loop.least_s >= 0)) faults.push_back({"/least_s", "is not to be negative"});
    if (!faults.empty()) {
        return tl::unexpected(
            Error{ErrorKind::invalid, "bad_loop", "a loop cannot be so", std::move(faults)});
    }
    double sum = 0;
    for (const auto dwell : dwells_s) sum += contacts_of(loop, dwell);
    return counted_value(MetricId::loop_contacts, sum, std::nullopt, calibration);
}

std::vector<std::optional<Value>> multipliers(std::span<const HourOfPlays> hours) {
    std::vector<std::optional<Value>> out;
    for (const auto& hour : hours) {
        if (hour.plays <= 0) {
            out.emplace_back();
            continue;
        }
        const auto plays = static_cast<double>(hour.plays);
        auto q = hour.impressions;
        q.metric = MetricId::multiplier;
        q.value /= plays;
        if (q.bounds) q.bounds = Bounds{q.bounds->low / plays, q.bounds->high / plays};
        out.emplace_back(std::move(q));
    }
    return out;
}

Result<Qty> qty(double multiplier, MultiplierSource source, std::string vendor) {
    if (!std::isfinite(multiplier) || multiplier < 0) {
        return fail(ErrorKind::invalid, "bad_multiplier", "a multiplier is a number, not negative");
    }
    const bool of_a_vendor = source == MultiplierSource::vendor;
    if (of_a_vendor && vendor.empty()) {
        return fail(ErrorKind::invalid, "vendor_missing", "a vendor's multiplier names its domain");
    }
    return Qty{multiplier, static_cast<int>(source), of_a_vendor ? std::move(vendor) : ""};
}

bool may_bill(const Qty& sent, double won) { return won >= 0 && won <= sent.multiplier; }

std::span<const Venue> venues() { return kVenues; }

std::optional<Venue> venue(int id) {
    const auto* const found = std::ranges::find(kVenues, id, &Venue::id);
    return found == kVenues.end() ? std::nullopt : std::optional(*found);
}

}  // namespace mobilytics::report::metrics
