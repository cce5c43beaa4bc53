#pragma once
// Digital faces: what a spot in a loop meets, and what is said of it in programmatic trade.
// Source: the measurement reference, 1.2.7 and 1.2.8; OpenRTB 2.6, 3.2.31; AdCOM 1.0; OpenOOH venue
// taxonomy 1.2.

#include <span>

#include "pipeline/report/metrics/value.h"

namespace mobilytics::report::metrics {

struct Loop {
    double spot_s = 0;
    double loop_s = 0;
    double least_s = 1;  // That spot and visit are to overlap.
};
/// Expected contacts of one visit: max(0, d + s - 2m) / L, if d and s are at least m.
double contacts_of(const Loop& loop, double dwell_s);
/// That there is one at least.
double chance_of(const Loop& loop, double dwell_s);
/// Over visits. invalid `bad_loop`, with every fault: a spot above 0 within its loop, a least
/// overlap that is not negative.
Result<Value> loop_contacts(
    std::span<const double> dwells_s, const Loop& loop,
    const std::optional<Calibration>& calibration);

struct HourOfPlays {
    Value impressions;
    std::int64_t plays = 0;
};
/// q of each hour; none of an hour without plays.
std::vector<std::optional<Value>> multipliers(std::span<const HourOfPlays> hours);

/// AdCOM's list "DOOH Multiplier Measurement Source Types": 0, 1, 2, 3.
BOOST_DEFINE_ENUM_CLASS(MultiplierSource, unknown, vendor, publisher, exchange)

/// OpenRTB's imp.qty.
struct Qty {
    double multiplier = 0;
    int sourcetype = 0;
    std::string vendor;  // A domain; empty unless sourcetype is 1.
};
/// Nothing is cut off. invalid `bad_multiplier`: not a number, or negative; `vendor_missing`: a
/// vendor's, without its domain.
Result<Qty> qty(double multiplier, MultiplierSource source, std::string vendor);
/// Whether a bid may be billed so: what is won is at most what was sent.
bool may_bill(const Qty& sent, double won);

/// OpenOOH: what a face's place is called. AdCOM's venuetypetax knows taxonomy 1.1 (as 5), not 1.2.
struct Venue {
    int id;  // Of 1.2.
    std::string_view name;
    int id_1_1;  // What it is traded as.
    std::string_view name_1_1;
};
inline constexpr int kVenueTaxonomy11 = 5;  // dooh.venuetypetax.
/// Those of faces outdoors and on vehicles.
std::span<const Venue> venues();
std::optional<Venue> venue(int id);

}  // namespace mobilytics::report::metrics
