#include <array>

#include "pipeline/report/metrics/definition_lists.h"

namespace mobilytics::report::metrics {

namespace {

constexpr std::string_view kCalibrated = "The calibration's interval, carried through.";
constexpr std::string_view kFactors =
    "calibration size angle distance speed obstruction illumination";
constexpr std::string_view kGeopath =
    "Geopath, Ratings Vocabulary (support.geopath.io, article 360006947511).";

constexpr std::array kAudience{
    Definition{
        .id = MetricId::people,
        .name = "People",
        .unit = "people",
        .digits = 0,
        .standing = Standing::calibrated,
        .counts =
            "Devices made people of, where people were counted by hand beside the sensor. Without "
            "that the number is called devices.",
        .formula = "people = devices x k",
        .factors = "calibration",
        .needs = "A calibration of the site or of its class.",
        .uncertainty = kCalibrated,
        .source =
            "BlueZoo (bluefox.io/technology/calibration): calibration against people counted.",
        .note = "A calibration ages: its date and its number of counts stand with the number.",
        .answered_by = ""},
    Definition{
        .id = MetricId::people_present,
        .name = "People present",
        .unit = "people",
        .digits = 1,
        .standing = Standing::calibrated,
        .counts = "How many people were at an asset at a moment, on average over the time in which "
                  "it was heard. Of assets that are calibrated, alone: how large a part that is "
                  "stands beside it.",
        .formula = "people present = presence of devices x k / time heard",
        .factors = "calibration",
        .needs = "A published calibration of the site or of its class, for the radio and motion "
                 "that is asked about.",
        .uncertainty = "A 90 % interval of the count, of the factor, and of how much days differ "
                       "from those of the calibration, squared and summed.",
        .source = "DPAA/OVAB (2008): people with presence in the zone; F. Garwood (1936), "
                  "Biometrika 28.",
        .note =
            "Present, not passing: who stays an hour counts as much as sixty who stay a minute.",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::ots,
        .name = "OTS impressions",
        .unit = "impressions",
        .digits = 0,
        .standing = Standing::calibrated,
        .counts =
            "Opportunities to see: visits to the zone in which a face is displayed, of at least "
            "one second. One person who comes twice is two.",
        .formula = "I_OTS = visits of a second and more x k",
        .factors = "calibration",
        .needs = "Single visits with their dwell, and a calibration.",
        .uncertainty = kCalibrated,
        .source = "MRC OOH Phase 1 (2024): Display Exposure Zone, opportunity to see.",
        .note =
            "A visit of a single sighting has no length and is no opportunity here. Additive over "
            "time and faces.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::lts,
        .name = "LTS impressions",
        .unit = "impressions",
        .digits = 0,
        .standing = Standing::modelled,
        .counts =
            "Likely to see: each opportunity weighted by how well the face is seen from there. "
            "Visibility-adjusted.",
        .formula = "I_LTS = sum over OTS of w, w = size x angle x distance x speed x obstruction x "
                   "illumination",
        .factors = kFactors,
        .needs =
            "What OTS needs; the face's size, letter height and light; where each visit saw it "
            "from, and how fast.",
        .uncertainty = "The calibration's interval. The factors' own error is not known.",
        .source = "MRC OOH Phase 1 (2024) and Phase 2 (draft, 2025).",
        .note = "The columns are means one after another, so that OTS times all of them is LTS.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::reach,
        .name = "Reach",
        .unit = "people",
        .digits = 0,
        .standing = Standing::calibrated,
        .counts =
            "Different people exposed at least once in the period. Never more than the population; "
            "of several faces together, never more than their sum.",
        .formula = "R = distinct devices exposed x k; reach % = 100 R / population",
        .factors = "calibration",
        .needs =
            "A period within one day of the company, for pseudonyms end with it; a calibration.",
        .uncertainty = "The sketch's standard error of 0.81 % and the calibration's interval.",
        .source = kGeopath,
        .note = "Not additive over days or faces. Beyond one day: modelled reach.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::average_frequency,
        .name = "Average frequency",
        .unit = "",
        .digits = 3,
        .standing = Standing::calibrated,
        .counts = "How many impressions a person who was reached had. At least 1.",
        .formula = "F = I / R, so I = R x F",
        .factors = "",
        .needs = "Impressions and reach of the same people, faces and period.",
        .uncertainty = "Of reach: the calibration takes itself away.",
        .source = kGeopath,
        .note = "",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::effective_reach,
        .name = "Effective reach n+",
        .unit = "share",
        .digits = 3,
        .standing = Standing::observed,
        .counts = "Of those reached, the share with at least n impressions; 3+ is usual.",
        .formula = "n+ = people with n impressions and more / R",
        .factors = "",
        .needs = "The frequency distribution, observed within a day or modelled.",
        .uncertainty = "Wilson's 95 % of a share, where it is observed.",
        .source = "Geopath, Ratings Vocabulary: effective reach 3+; E. B. Wilson (1927).",
        .note = "Of a modelled distribution it is modelled.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::reach_modelled,
        .name = "Modelled reach",
        .unit = "people",
        .digits = 0,
        .standing = Standing::modelled,
        .counts =
            "Different people over more than one day, which cannot be measured, for pseudonyms "
            "end with the day. People are taken to differ in how often they pass as a gamma "
            "distribution does, and each to pass by chance.",
        .formula = "R(I) = P (1 - (1 + I / (a P))^-a), a fitted to one day's impressions and reach",
        .factors = "calibration",
        .needs = "A population P of the market, and one day at least with measured reach.",
        .uncertainty =
            "No interval: the model's own error is not known. It lies between one day's reach "
            "and the population.",
        .source = "The gamma-Poisson of Nielsen's out-of-home reach and frequency "
                  "(studylib.net/doc/8290720).",
        .note = "Where people repeat less than chance would have them, chance is taken: a without "
                "bound.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::grp,
        .name = "GRP",
        .unit = "points",
        .digits = 2,
        .standing = Standing::calibrated,
        .counts =
            "Gross rating points: impressions as percent of the market's population. 100 points "
            "are "
            "one impression for everybody, on average.",
        .formula = "GRP = 100 x in-market impressions / population = reach % x F",
        .factors = "",
        .needs = "Impressions within the market, and its population with a source.",
        .uncertainty = "Of the impressions.",
        .source = kGeopath,
        .note = "",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::trp,
        .name = "TRP",
        .unit = "points",
        .digits = 2,
        .standing = Standing::calibrated,
        .counts = "Target rating points: the same within a target group.",
        .formula = "TRP = 100 x impressions in the target / population of the target",
        .factors = "",
        .needs = "Impressions in the target, and its population with a source.",
        .uncertainty = "Of the impressions, and of the share that is in the target.",
        .source = kGeopath,
        .note =
            "Sensors do not know who somebody is: the share in the target comes from elsewhere.",
        .answered_by = "face_report"},
};

}  // namespace

std::span<const Definition> audience_definitions() { return kAudience; }

}  // namespace mobilytics::report::metrics
