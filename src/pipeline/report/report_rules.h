#pragma once
// What may be asked, what may be shown, and how: pure functions.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/report/answers.h"
#include "pipeline/store/store.h"

namespace mobilytics::report {

/// What is asked of the store, checked.
struct Question {
    store::Period period;
    store::Filter filter;
    std::string zone;
};

/// invalid `bad_query`, with all faults: from before to, spans of at most 400 days, a zone that
/// exists.
Result<Question> checked(const ReportQuery& query, const std::string& zone_of_company);

/// The beginnings of the buckets asked for, and the end of the last. invalid `too_many_buckets`.
Result<std::vector<Instant>> buckets(const Question& question, Grain grain);

/// "west,south,east,north". invalid `bad_query`.
struct Box {
    double west, south, east, north;
};
Result<Box> parse_box(const std::string& text);
/// The cells of a box on a map of this zoom: three steps finer, at most 17. invalid
/// `box_too_large`.
Result<store::CellBox> cells_of(const Box& box, std::int64_t zoom);
store::GeoBox geo_of(const Box& box);

/// Whether a figure that rests on so many devices may be shown: none at all, or enough.
bool may_show(double devices, std::int64_t floor);

/// Different devices as they are shown: to the grid of the floor (disclosure.h), so that two
/// answers never differ by fewer than k; and never to nothing, where there are enough.
double shown_devices(double devices, std::int64_t floor);
/// Of what is shown: covers the estimate's standard error, 0.81 %, and the rounding.
Interval interval_of(double devices);
double rounded(double value, int digits);

/// The median of the visits of more than one sighting, in seconds, interpolated in its bin; of the
/// last bin, its lower bound. None of none.
std::optional<double> median_dwell(std::span<const std::int64_t, measure::kDwellBins> bins);
std::optional<double> mean_dwell(const store::Figures& figures);

/// Which of some counts of one whole are hidden: those below the floor, and then the least of the
/// others, until those that are hidden are two at least, and together not below the floor: for else
/// they could be had by subtraction. Zeros are shown.
std::vector<bool> hidden(std::span<const std::int64_t> counts, std::int64_t floor);

/// Of cells that share the next coarser one, takes out the least, until those that are missing of
/// `all` are two at least, and together not below the floor: else the coarser one, less those that
/// are shown, would tell.
void hide_siblings(store::Heat& shown, const store::Heat& all, std::int64_t floor);

/// For how long sensors were on the assets of a filter in a period, each asset once; the future
/// not.
std::int64_t expected_us(
    std::span<const measure::Attachment> attachments, const store::Filter& filter,
    store::Period period, Instant now);
/// Heard of expected, 0 to 1, to a thousandth; none of nothing.
std::optional<double> completeness_of(std::int64_t heard_us, std::int64_t expected_us);

/// A definition as it is answered.
MetricDefinition told(const metrics::Definition& metric);

/// live within 30 s, quiet within 10 min, silent after that.
LiveState live_state(std::optional<Instant> heard_at, Instant now);

}  // namespace mobilytics::report
