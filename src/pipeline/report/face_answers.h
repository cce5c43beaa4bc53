#pragma once
// What is asked of faces and what is answered, and what the report asks of the business for it.
// openapi.yaml says what each means.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foundation/trade_ids.h"
#include "pipeline/report/answers.h"
#include "pipeline/report/metrics/value.h"
#include "pipeline/store/store.h"

namespace mobilytics::report {

BOOST_DEFINE_ENUM_CLASS(InputSource, given, measured, by_rule, assumed)
BOOST_DEFINE_ENUM_CLASS(PlaysSource, play_log, loop, mixed)

/// Of the questions about faces together; each reads those that its contract has.
struct FaceQuery {
    Instant from, to;
    std::optional<std::string> time_zone;
    SourceFilter source = SourceFilter::all;
    std::optional<MarketId> market_id;
    std::optional<std::int64_t> cost_minor;
    std::optional<std::string> currency;
    std::int64_t least_frequency = 3;
    std::optional<double> oncoming_share;
    std::optional<std::string> vendor;
    std::optional<Instant> at;
    std::optional<double> latitude, longitude, heading_deg;
};

/// A number of a metric of the registry.
struct FaceFigure {
    metrics::MetricId metric = metrics::MetricId::ots;
    std::optional<double> value;
    std::optional<Interval> interval;
    metrics::Standing standing = metrics::Standing::observed;
    metrics::Counted counted = metrics::Counted::devices;
    std::optional<Money> price, price_low, price_high;  // Instead of a value.
};

/// Why a metric has no figure.
struct FaceAbsence {
    metrics::MetricId metric = metrics::MetricId::ots;
    std::string why;
};

struct FaceInput {
    std::string name;
    double value = 0;
    std::string unit;
    InputSource source = InputSource::given;
};

/// One step from opportunities to what was likely seen.
struct FaceFactor {
    metrics::FactorId id = metrics::FactorId::size;
    std::optional<double> value;  // Of the whole period, after those before it.
    std::vector<FaceInput> inputs;
};

/// Of a log, in the period.
struct FaceCreative {
    std::string creative;
    std::int64_t plays = 0;
    double airtime_s = 0;
    double contacts = 0;
};
inline constexpr std::size_t kFaceCreativesMax = 100;

/// What a digital face showed, and how often that was met.
struct FacePlays {
    PlaysSource source = PlaysSource::loop;
    double log_hours = 0, loop_hours = 0;
    std::optional<Instant> imported_at;
    double plays = 0;
    double contacts = 0;  // Of all of them.
    metrics::MetricId weighted_as = metrics::MetricId::ots;
    std::vector<FaceCreative> creatives;  // The most played first.
    std::int64_t creatives_more = 0;      // Beyond those.
};

struct FaceReport : Provenance {
    FaceId face_id;
    AssetId asset_id;
    std::string name;
    Instant from, to;
    std::int64_t versions = 0;  // Of the face, in the period.
    std::vector<FaceFigure> figures;
    std::vector<FaceAbsence> absent;
    std::vector<FaceFactor> factors;
    std::vector<FrequencyBin> distribution;
    std::optional<FrequencyWindow> window;
    std::optional<FacePlays> plays;  // Of a digital face.
    std::optional<bool> held_back;   // There is more, which rests on too few.
    std::vector<std::string> suppressed;
};

/// OpenRTB's imp.qty and dooh.
struct FaceQty {
    double multiplier = 0;
    std::int64_t sourcetype = 0;
    std::optional<std::string> vendor;
};
struct FaceDooh {
    std::string id, name;
    std::optional<std::vector<std::int64_t>> venuetype;
    std::optional<std::int64_t> venuetypetax;
};

struct FaceHour {
    Instant start, end;
    std::optional<double> impressions;  // Contacts with all plays of the hour.
    PlaysSource plays_source = PlaysSource::loop;
    std::optional<double> plays;
    std::optional<double> contacts;  // Of the plays that were imported.
    std::optional<FaceQty> qty;
};
struct FaceMultipliers : Provenance {
    FaceId face_id;
    metrics::Standing standing = metrics::Standing::modelled;
    metrics::MetricId weighted_as = metrics::MetricId::ots;
    PlaysSource plays_source = PlaysSource::loop;
    double log_hours = 0, loop_hours = 0;
    std::optional<Instant> imported_at;
    FaceDooh dooh;
    std::vector<FaceHour> items;
    std::vector<FaceAbsence> absent;
    std::optional<bool> held_back;
    std::vector<std::string> suppressed;
};

/// A GeoJSON feature.
struct FaceGeometry {
    std::string type;
    std::vector<std::vector<std::vector<double>>> coordinates;
};
struct FaceSightProperties {
    FaceId face_id;
    double facing_deg = 0, half_deg = 0, distance_m = 0;
    InputSource distance_source = InputSource::given;
};
struct FaceSight {
    std::string type;
    FaceGeometry geometry;
    FaceSightProperties properties;
};

/// A market, as rating points need it.
struct Population {
    double persons = 0;
    std::optional<double> target_persons, target_share;
};
/// Plays of one creative in a slot of those that were asked for.
struct PlaysOfSlot {
    std::size_t slot = 0;
    std::string creative;
    std::int64_t plays = 0;
    double airtime_s = 0;
};
struct LoggedPlays {
    std::vector<PlaysOfSlot> plays;      // By slot.
    std::vector<store::Period> covered;  // In their order, apart: what is not in it was not played.
    std::optional<Instant> imported_at;  // The last log of these.
};

/// What the business knows and the store does not: asked when it is wanted. What is empty, nobody
/// knows.
struct Business {
    /// not_found `no_such_market`.
    std::function<Result<Population>(CompanyId, MarketId)> market;
    /// What logs say of a face; slots are n + 1 instants.
    std::function<LoggedPlays(CompanyId, FaceId, std::span<const Instant> slots)> plays;
    std::function<std::optional<metrics::Calibration>(CompanyId, AssetId, store::Period)>
        calibration;
};

}  // namespace mobilytics::report
