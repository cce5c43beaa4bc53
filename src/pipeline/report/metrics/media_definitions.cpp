#include <array>

#include "pipeline/report/metrics/definition_lists.h"

namespace mobilytics::report::metrics {

namespace {

constexpr std::string_view kOfImpressions =
    "Of the impressions: dear at their low end, cheap at the high.";
constexpr std::string_view kMovingFactors =
    "calibration direction size angle distance speed obstruction illumination";
constexpr std::string_view kMovingNeeds =
    "Positions with heading; of each face its side, size, letter height and light; a calibration.";

constexpr std::array kMedia{
    Definition{
        .id = MetricId::cpm,
        .name = "CPM",
        .unit = "money",
        .digits = 0,
        .standing = Standing::calibrated,
        .counts = "What a thousand impressions cost.",
        .formula = "CPM = cost / impressions x 1000",
        .factors = "",
        .needs = "A cost, and impressions of the same faces and period.",
        .uncertainty = kOfImpressions,
        .source = "Geopath, Ratings Vocabulary.",
        .note = "In the cost's currency, to its smallest unit, a half away from zero. Without "
                "impressions "
                "there is none.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::cpp,
        .name = "CPP",
        .unit = "money",
        .digits = 0,
        .standing = Standing::calibrated,
        .counts = "What one rating point costs.",
        .formula = "CPP = cost / GRP",
        .factors = "",
        .needs = "A cost, and GRP of the same faces and period.",
        .uncertainty = kOfImpressions,
        .source = "Geopath, Ratings Vocabulary.",
        .note = "As CPM is rounded.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::loop_contacts,
        .name = "Loop contacts",
        .unit = "impressions",
        .digits = 1,
        .standing = Standing::modelled,
        .counts =
            "How often a spot in a digital face's loop was met by those who were there, when they "
            "come at any moment of the loop.",
        .formula =
            "sum over visits of max(0, d + s - 2m) / L, where d and s are at least m: dwell d, "
            "spot "
            "s, loop L, least overlap m; at least one: min(1, that)",
        .factors = "calibration",
        .needs = "Single visits with their dwell; the spot's and the loop's length; a calibration.",
        .uncertainty = "The calibration's interval.",
        .source = "Our own derivation; simulated with 200 000 visits a case, it agrees "
                  "within 0.002.",
        .note = "In hours that a play log covers L is not the loop's: each logged play of length s "
                "meets max(0, d + s - 2m) / (length of the hour) of a visit, and the sum over "
                "plays is shared by the loop's slots.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::multiplier,
        .name = "Impression multiplier",
        .unit = "impressions a play",
        .digits = 6,
        .standing = Standing::calibrated,
        .counts =
            "Impressions for one play, by hour, for programmatic trade. It may be less than 1.",
        .formula = "q = impressions in the hour / plays in the hour; impressions = plays x q",
        .factors = "",
        .needs = "A play log, and impressions by hour.",
        .uncertainty = "Of the impressions.",
        .source = "OpenRTB 2.6, 3.2.31 (imp.qty: multiplier, sourcetype, vendor) and AdCOM, DOOH "
                  "Multiplier Measurement Source Types.",
        .note =
            "Plays are those of the play log in hours that it covers, else those of the loop. Without "
            "plays there is none, not 0. Traded as it is, never truncated; what is won is "
            "never more than what was sent.",
        .answered_by = "face_multipliers"},
    Definition{
        .id = MetricId::moving_impressions,
        .name = "Moving impressions",
        .unit = "impressions",
        .digits = 0,
        .standing = Standing::modelled,
        .counts =
            "LTS impressions of a driving vehicle's faces. Each side has a zone of its own, out of "
            "its heading; the passenger side has no credit for oncoming traffic, and a face that "
            "is "
            "not lit has none in the dark. What is left out is counted by reason.",
        .formula = "sum over credited contacts of direction x w",
        .factors = kMovingFactors,
        .needs = kMovingNeeds,
        .uncertainty = "The calibration's interval. The factors' own error is not known.",
        .source = "Geopath, fleet exteriors (pageId 2125234188); TAB truckside (1999).",
        .note = "At 1.5 m/s and faster; what stands is told apart.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::parked_impressions,
        .name = "Parked display",
        .unit = "impressions",
        .digits = 0,
        .standing = Standing::modelled,
        .counts =
            "The same while the vehicle stands: below 1.5 m/s. Never added to moving impressions.",
        .formula = "sum over credited contacts while parked of direction x w",
        .factors = kMovingFactors,
        .needs = kMovingNeeds,
        .uncertainty = "The calibration's interval. The factors' own error is not known.",
        .source = "TAB truckside (1999): no credit while stopped.",
        .note = "",
        .answered_by = "face_report"},
};

}  // namespace

std::span<const Definition> media_definitions() { return kMedia; }

}  // namespace mobilytics::report::metrics
