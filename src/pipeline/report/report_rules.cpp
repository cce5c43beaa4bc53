#include "pipeline/report/report_rules.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "pipeline/report/disclosure.h"

namespace mobilytics::report {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::days kSpanMax{400};
constexpr std::size_t kBucketsMax = 4000;
constexpr int kFinerBy = 3;  // Cells than the map.
constexpr std::uint64_t kCellsMax = 200'000;
constexpr double kStandardError = 0.0081;  // ReachSketch's.
constexpr double kNormal95 = 1.96;

std::optional<wire::RadioKind> source_of(SourceFilter source) {
    switch (source) {
        case SourceFilter::all: return std::nullopt;
        case SourceFilter::wifi: return wire::RadioKind::wifi;
        case SourceFilter::ble: return wire::RadioKind::ble;
    }
    return std::nullopt;
}

std::optional<measure::Motion> motion_of(MotionFilter motion) {
    switch (motion) {
        case MotionFilter::all: return std::nullopt;
        case MotionFilter::fixed: return measure::Motion::fixed;
        case MotionFilter::parked: return measure::Motion::parked;
        case MotionFilter::driving: return measure::Motion::driving;
    }
    return std::nullopt;
}

tl::unexpected<Error> bad_box() {
    return tl::unexpected(Error{
        ErrorKind::invalid,
        "bad_query",
        "what was asked has faults",
        {{"/query/bbox",
          "is to be west,south,east,north in degrees, like -87.7,41.8,-87.6,41.9"}}});
}

}  // namespace

Result<Question> checked(const ReportQuery& query, const std::string& zone_of_company) {
    std::vector<Fault> faults;
    if (query.from >= query.to) faults.push_back({"/query/to", "is to be later than from"});
    if (query.to - query.from > kSpanMax) {
        faults.push_back({"/query/to", "is to be at most 400 days later than from"});
    }
    auto zone = query.time_zone.value_or(zone_of_company);
    if (!zone_exists(zone)) {
        faults.push_back({"/query/time_zone", "is to be an IANA zone, like America/Chicago"});
    }
    if (!faults.empty()) {
        return tl::unexpected(
            Error{ErrorKind::invalid, "bad_query", "what was asked has faults", std::move(faults)});
    }
    return Question{
        {query.from, query.to},
        {query.asset_id, source_of(query.source), motion_of(query.motion)},
        std::move(zone)};
}

Result<std::vector<Instant>> buckets(const Question& question, Grain grain) {
    const auto step = grain == Grain::quarter ? 15min : grain == Grain::hour ? 60min : 24h;
    const auto about = static_cast<std::size_t>((question.period.to - question.period.from) / step);
    if (about > kBucketsMax) {
        return fail(
            ErrorKind::invalid, "too_many_buckets",
            "that makes some " + std::to_string(about) + " buckets, of at most " +
                std::to_string(kBucketsMax) + ": take a shorter period or a coarser grain");
    }
    return boundaries(question.period.from, question.period.to, grain, question.zone);
}

Result<Box> parse_box(const std::string& text) {
    std::array<double, 4> numbers{};
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto read = std::from_chars(at, end, numbers[i], std::chars_format::fixed);
        if (read.ec != std::errc() || !std::isfinite(numbers[i])) return bad_box();
        at = read.ptr;
        if (i < 3 && (at == end || *at++ != ',')) return bad_box();
    }
    const auto [west, south, east, north] = numbers;
    const bool on_earth = std::abs(west) <= 180 && std::abs(east) <= 180 && south >= -90 &&
                          north <= 90 && south <= north;
    if (at != end || !on_earth) return bad_box();
    return Box{west, south, east, north};
}

Result<store::CellBox> cells_of(const Box& box, std::int64_t zoom) {
    const int finer = std::min<int>(static_cast<int>(zoom) + kFinerBy, measure::kCellZoom);
    const auto north_west = store::tile_at(box.north, box.west, finer);
    const auto south_east = store::tile_at(box.south, box.east, finer);
    const store::CellBox out{finer, north_west.x, north_west.y, south_east.x, south_east.y};
    if (out.size() > kCellsMax) {
        return fail(
            ErrorKind::invalid, "box_too_large",
            "that box has " + std::to_string(out.size()) + " cells at this zoom, of at most " +
                std::to_string(kCellsMax) + ": take a smaller box or a lower zoom");
    }
    return out;
}

store::GeoBox geo_of(const Box& box) {
    const auto e7 = [](double degrees) {
        return static_cast<std::int32_t>(std::lround(degrees * 1e7));
    };
    return {e7(box.west), e7(box.south), e7(box.east), e7(box.north)};
}

bool may_show(double devices, std::int64_t floor) {
    return devices == 0 || std::round(devices) >= static_cast<double>(floor);
}

double shown_devices(double devices, std::int64_t floor) {
    const auto grid = static_cast<double>(grid_of(floor));
    const auto shown = std::round(devices / grid) * grid;
    return may_show(devices, floor) && std::round(devices) > 0 ? std::max(grid, shown) : shown;
}

Interval interval_of(double devices) {
    const auto half = kNormal95 * kStandardError * devices;
    return {std::floor(std::max(0.0, devices - half)), std::ceil(devices + half)};
}

double rounded(double value, int digits) {
    const auto scale = std::pow(10.0, digits);
    return std::round(value * scale) / scale;
}

std::optional<double> median_dwell(std::span<const std::int64_t, measure::kDwellBins> bins) {
    std::int64_t visits = 0;
    for (std::size_t i = 1; i < bins.size(); ++i) visits += bins[i];
    if (visits == 0) return std::nullopt;
    const auto middle = static_cast<double>(visits) / 2;
    double before = 0;
    for (std::size_t i = 1; i < bins.size(); ++i) {
        const auto here = static_cast<double>(bins[i]);
        const double from = i == 1 ? 0 : measure::kDwellBoundsS[i - 2];
        if (before + here >= middle) {
            if (i == bins.size() - 1) return from;  // It has no upper bound.
            const double to = measure::kDwellBoundsS[i - 1];
            return rounded(from + (to - from) * (middle - before) / here, 1);
        }
        before += here;
    }
    return std::nullopt;
}

std::optional<double> mean_dwell(const store::Figures& figures) {
    const auto visits = figures.visits - figures.dwell_bins[0];
    if (visits <= 0) return std::nullopt;
    return rounded(static_cast<double>(figures.dwell_us) / 1e6 / static_cast<double>(visits), 1);
}

std::vector<bool> hidden(std::span<const std::int64_t> counts, std::int64_t floor) {
    std::vector<bool> out(counts.size(), false);
    std::size_t how_many = 0;
    std::int64_t together = 0;
    const auto hide = [&](std::size_t i) {
        out[i] = true;
        ++how_many;
        together += counts[i];
    };
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0 && counts[i] < floor) hide(i);
    }
    while (how_many > 0 && (how_many < 2 || together < floor)) {
        std::optional<std::size_t> least;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (out[i] || counts[i] == 0) continue;
            if (!least || counts[i] < counts[*least]) least = i;
        }
        if (!least) return out;
        hide(*least);
    }
    return out;
}

void hide_siblings(store::Heat& shown, const store::Heat& all, std::int64_t floor) {
    struct Family {
        std::vector<store::HeatCell> told;
        std::size_t hidden = 0;
        std::int64_t visits = 0;  // Of those.
    };
    std::map<measure::Cell, Family> families;
    for (const auto& cell : all.cells) {
        auto& family = families[cell.cell >> 2];
        const bool told =
            std::ranges::binary_search(shown.cells, cell.cell, {}, &store::HeatCell::cell);
        if (told) {
            family.told.push_back(cell);
        } else if (cell.visits > 0) {
            ++family.hidden;
            family.visits += cell.visits;
        }
    }
    shown.cells.clear();
    for (auto& [coarser, family] : families) {
        std::ranges::sort(family.told, std::greater(), &store::HeatCell::visits);
        while (family.hidden > 0 && !family.told.empty() &&
               (family.hidden < 2 || family.visits < floor)) {
            ++family.hidden;
            family.visits += family.told.back().visits;
            family.told.pop_back();
            ++shown.cells_suppressed;
        }
        shown.cells.insert(shown.cells.end(), family.told.begin(), family.told.end());
    }
    std::ranges::sort(shown.cells, {}, &store::HeatCell::cell);
}

std::int64_t expected_us(
    std::span<const measure::Attachment> attachments, const store::Filter& filter,
    store::Period period, Instant now) {
    const auto to = std::min(period.to, now);
    std::map<AssetId, std::vector<store::Period>> spans;
    for (const auto& attachment : attachments) {
        const bool asked =
            filter.assets.empty() ||
            std::find(filter.assets.begin(), filter.assets.end(), attachment.asset) !=
                filter.assets.end();
        const store::Period span{
            std::max(period.from, attachment.from), std::min(to, attachment.to.value_or(to))};
        if (asked && span.from < span.to) spans[attachment.asset].push_back(span);
    }
    std::chrono::microseconds sum{0};
    for (auto& [asset, its] : spans) {
        std::sort(
            its.begin(), its.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
        auto until = period.from;
        for (const auto& span : its) {  // Two sensors on one asset hear for it once.
            sum += std::max(std::chrono::microseconds(0), span.to - std::max(until, span.from));
            until = std::max(until, span.to);
        }
    }
    return sum.count();
}

std::optional<double> completeness_of(std::int64_t heard_us, std::int64_t expected) {
    if (expected <= 0) return std::nullopt;
    return rounded(std::min(1.0, static_cast<double>(heard_us) / static_cast<double>(expected)), 3);
}

MetricDefinition told(const metrics::Definition& metric) {
    MetricDefinition out{
        .id = metric.id,
        .name = std::string(metric.name),
        .unit = std::string(metric.unit),
        .digits = metric.digits,
        .standing = metric.standing,
        .counts = std::string(metric.counts),
        .formula = std::string(metric.formula),
        .factors = {},
        .needs = std::string(metric.needs),
        .uncertainty = std::string(metric.uncertainty),
        .source = std::string(metric.source),
        .note = std::string(metric.note),
        .answered_by = {}};
    for (const auto id : metrics::factors_of(metric)) {
        const auto& factor = metrics::definition(id);
        out.factors.push_back(
            {id, std::string(factor.name), std::string(factor.means), std::string(factor.formula),
             std::string(factor.source)});
    }
    if (!metric.answered_by.empty()) out.answered_by = std::string(metric.answered_by);
    return out;
}

LiveState live_state(std::optional<Instant> heard_at, Instant now) {
    if (!heard_at) return LiveState::never;
    if (now - *heard_at <= 30s) return LiveState::live;
    return now - *heard_at <= 10min ? LiveState::quiet : LiveState::silent;
}

}  // namespace mobilytics::report
