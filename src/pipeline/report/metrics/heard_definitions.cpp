#include <array>

#include "pipeline/report/metrics/definition_lists.h"

namespace mobilytics::report::metrics {

namespace {

constexpr std::string_view kExact =
    "An exact count of what sensors heard. How many phones they could not hear is not known.";
constexpr std::string_view kSketch =
    "An estimate by a HyperLogLog sketch; its 95 % interval comes of a standard error of 0.81 %.";
constexpr std::string_view kCountedInterval =
    "A 90 % interval of how many devices the addresses are. Over several quarters of an hour it is "
    "the mean of theirs, and no narrower: the same devices are in them.";
constexpr std::string_view kFixes = "As good as the position fixes: some metres a fix.";
constexpr std::string_view kSensor = "A sensor on the asset.";
constexpr std::string_view kFixesNeeded = "A sensor with positions on a moving asset.";
constexpr std::string_view kZonesNeeded =
    "A sensor with positions on a moving asset, and a set of regions.";
constexpr std::string_view kZonePaths =
    "Paths are simplified to 15 m, so that a border is crossed within that.";
constexpr std::string_view kCount15 = "BlueZoo Count: the quarter of an hour.";

constexpr std::array kHeard{
    Definition{
        .id = MetricId::visits,
        .name = "Visits",
        .unit = "visits",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "A visit is one device's stay near one asset: its sightings, joined while the gaps "
            "stay "
            "short (5 minutes for Wi-Fi, 60 seconds for Bluetooth). It counts at the time it "
            "began.",
        .formula = "visits = stays begun in the range",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kExact,
        .source = "BlueZoo Count: visits begun and ended.",
        .note = "Not people: see people and OTS impressions.",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::devices,
        .name = "Addresses",
        .unit = "addresses",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "Different addresses near the chosen assets, each counted once a local day. A phone "
            "heard by Wi-Fi and by Bluetooth has two, and one that changes its random address "
            "counts again: there are many times as many addresses as devices. Devices present and "
            "devices counted look behind them.",
        .formula = "addresses = distinct pseudonyms, united over assets",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kSketch,
        .source = "O. Ertl, arXiv:1702.01284; S. Heule et al. (2013).",
        .note = "Pseudonyms end with the day, by design: over several days the days are added up.",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::frequency,
        .name = "Visits an address",
        .unit = "",
        .digits = 3,
        .standing = Standing::observed,
        .counts =
            "How often an address came, on average, within its day. At least 1. A phone that changes "
            "its address comes as several.",
        .formula = "frequency = (visits + those that had begun before) / addresses",
        .factors = "",
        .needs = kSensor,
        .uncertainty = "As certain as the addresses it is divided by.",
        .source = "Geopath, Ratings Vocabulary: frequency.",
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::dwell_median,
        .name = "Median dwell",
        .unit = "s",
        .digits = 1,
        .standing = Standing::observed,
        .counts =
            "Half of the visits lasted longer. Dwell is the time from a visit's first to its last "
            "sighting. Visits of a single sighting have no length and are left out; the histogram "
            "shows them apart.",
        .formula = "dwell = last sighting - first sighting",
        .factors = "",
        .needs = kSensor,
        .uncertainty = "Interpolated within its bin of the histogram; of single visits, by their "
                       "ranks (95 %).",
        .source =
            "Dwell as in DPAA/OVAB Average Unit Audience (2008); single sightings apart: our own.",
        .note = "Short of the stay by the silences at both ends: see corrected dwell.",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::dwell_mean,
        .name = "Mean dwell",
        .unit = "s",
        .digits = 1,
        .standing = Standing::observed,
        .counts =
            "The average length of the visits of more than one sighting. Long stays pull it up.",
        .formula = "mean = sum of dwell / visits of two sightings and more",
        .factors = "",
        .needs = kSensor,
        .uncertainty = "Of single visits, 1.96 standard errors of the mean.",
        .source =
            "Dwell as in DPAA/OVAB Average Unit Audience (2008); single sightings apart: our own.",
        .note = "",
        .answered_by = "dwell"},
    Definition{
        .id = MetricId::dwell_corrected,
        .name = "Corrected dwell",
        .unit = "s",
        .digits = 1,
        .standing = Standing::modelled,
        .counts =
            "The median of dwell with the silences given back: a device that sends every so often "
            "is missed, on average, for half of that at each end of its stay.",
        .formula = "min(dwell + mean gap between sightings, time to cross the zone), never less "
                   "than observed",
        .factors = "",
        .needs = "The mean gap of its devices, and how long one takes to cross the zone.",
        .uncertainty = "The ranks' 95 % of the corrected visits; not the error of the mean gap.",
        .source = "Our own: half a mean gap given back at each end.",
        .note = "Observed dwell stands beside it.",
        .answered_by = "face_report"},
    Definition{
        .id = MetricId::presence,
        .name = "Presence",
        .unit = "device-seconds",
        .digits = 0,
        .standing = Standing::observed,
        .counts = "The time that devices spent near assets, added up: two devices for a minute are "
                  "two minutes.",
        .formula = "presence = sum of the time of each device in the range",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kExact,
        .source = "BlueZoo Count: average visitors times time.",
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::occupancy_mean,
        .name = "Addresses present",
        .unit = "addresses",
        .digits = 3,
        .standing = Standing::observed,
        .counts =
            "How many addresses were near an asset at a moment, averaged over the time in which "
            "it was heard. Devices present look behind them.",
        .formula = "mean occupancy = presence / time heard",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kExact,
        .source = kCount15,
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::devices_present,
        .name = "Devices present",
        .unit = "devices",
        .digits = 1,
        .standing = Standing::observed,
        .counts =
            "Devices at an asset at a moment, on average, counted behind changing addresses: heard "
            "by Wi-Fi, at -80 dBm or louder. Addresses that a maker gave are left out, for they are "
            "fixtures or laptops. Of fixed assets only.",
        .formula = "time of stays, 5 minutes added at both ends / time heard",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kCountedInterval,
        .source = "Our own, measured in counted rooms: docs/metrics.md, decision 16.",
        .note = "Devices, not people: a calibration makes people of them.",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::devices_counted,
        .name = "Devices in a quarter of an hour",
        .unit = "devices",
        .digits = 1,
        .standing = Standing::observed,
        .counts =
            "Different devices at an asset in a quarter of an hour, on average, counted behind "
            "changing addresses: addresses are joined by fingerprints, numbers, strength and time, "
            "and identical phones told apart by their timers. Wi-Fi alone; of fixed assets only.",
        .formula = "devices = sum over families of tracks, by how often such tracks were a device",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kCountedInterval,
        .source = "Our own, measured on labelled captures: docs/metrics.md, decision 16.",
        .note = "Quarters are not added up: who stays for an hour is in four of them.",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::occupancy_max,
        .name = "Most at once",
        .unit = "addresses",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "The most addresses of one kind, Wi-Fi or Bluetooth, that were near one asset at the "
            "same moment.",
        .formula = "greatest number of visits that overlap",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kExact,
        .source = kCount15,
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::occupancy,
        .name = "Present now",
        .unit = "devices",
        .digits = 1,
        .standing = Standing::modelled,
        .counts = "Devices that are probably still here: the longer one is silent, the less it "
                  "counts. A fraction by design.",
        .formula = "sum of exp(-silence / theta)",
        .factors = "calibration",
        .needs = "When each device was heard last, and theta, how long devices stay silent.",
        .uncertainty = "1.96 standard deviations of independent stays, sum of p (1 - p), p their "
                       "probability; and the calibration's interval.",
        .source = "The form is our own; BlueZoo (support.bluefox.io, 6356650865559) publishes "
                  "fractions for the same reason.",
        .note = "",
        .answered_by = ""},
    Definition{
        .id = MetricId::assets_heard,
        .name = "Assets heard",
        .unit = "",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "Assets whose sensor heard the air in the range. The others were off, out of reach "
            "or without a sensor.",
        .formula = "assets with a covered window",
        .factors = "",
        .needs = kSensor,
        .uncertainty = "An exact count.",
        .source = "Our own: completeness of facts.",
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::distance,
        .name = "Distance driven",
        .unit = "m",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "The way of moving assets between position fixes, cut where fixes are more than 5 "
            "minutes or 1 km apart.",
        .formula = "sum of the ways between fixes while driving",
        .factors = "",
        .needs = kFixesNeeded,
        .uncertainty = kFixes,
        .source =
            "OAAA, Digital Moving OOH (2022): routes interpolated between fixes; where to cut is "
            "our own.",
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::driving,
        .name = "Driving time",
        .unit = "s",
        .digits = 0,
        .standing = Standing::observed,
        .counts = "Time in which moving assets went at 1.5 m/s or faster.",
        .formula = "sum of the time at 1.5 m/s and more, over two fixes before and after",
        .factors = "",
        .needs = kFixesNeeded,
        .uncertainty = kFixes,
        .source = "Measured on GoAL's delivery drivers: right for 91.3 % of 14 400 fixes.",
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::parked,
        .name = "Parked time",
        .unit = "s",
        .digits = 0,
        .standing = Standing::observed,
        .counts = "Time in which moving assets went slower than 1.5 m/s, within their trips.",
        .formula = "time of trips - driving time",
        .factors = "",
        .needs = kFixesNeeded,
        .uncertainty = kFixes,
        .source = "Measured on GoAL's delivery drivers: right for 91.3 % of 14 400 fixes.",
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::completeness,
        .name = "Completeness",
        .unit = "share",
        .digits = 3,
        .standing = Standing::observed,
        .counts =
            "Of the time in which sensors were on the assets, how much was heard and received. "
            "What is missing is known report by report: still on its way, lost by the sensor, "
            "or unknown.",
        .formula = "time covered by accepted reports / time with a sensor attached",
        .factors = "",
        .needs = kSensor,
        .uncertainty = "An exact sum.",
        .source = "Our own: the ledger of reports.",
        .note = "",
        .answered_by = "overview"},
    Definition{
        .id = MetricId::sum_of_assets,
        .name = "Sum of assets",
        .unit = "devices",
        .digits = 0,
        .standing = Standing::observed,
        .counts = "Devices of each asset, added up. A device that met three assets counts three "
                  "times, so the sum is more than the devices reached.",
        .formula = "overlap = 1 - devices reached / sum of assets",
        .factors = "",
        .needs = kSensor,
        .uncertainty = kSketch,
        .source = "Geopath, Ratings Vocabulary: reach is not additive.",
        .note = "",
        .answered_by = "reach"},
    Definition{
        .id = MetricId::frequency_devices,
        .name = "Devices by visits",
        .unit = "devices",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "How many devices came once, twice, and so on. Only while single visits are still "
            "kept: the last 24 hours.",
        .formula = "devices with exactly n visits",
        .factors = "",
        .needs = "Visits that are still kept.",
        .uncertainty = kExact,
        .source = "Geopath, Ratings Vocabulary: frequency.",
        .note = "",
        .answered_by = "frequency"},
    Definition{
        .id = MetricId::zone_time,
        .name = "Time in zone",
        .unit = "s",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "How long a moving asset was within a region, over all its passages. Between two points "
            "of its path it goes straight and evenly, so that a border is crossed at an "
            "interpolated moment.",
        .formula = "time = sum over passages of (left - entered)",
        .factors = "",
        .needs = kZonesNeeded,
        .uncertainty = kZonePaths,
        .source = "Geopath, dynamic fleet: figures by geography; OAAA Digital Moving OOH (2022): "
                  "the way between two fixes is interpolated.",
        .note = "Where a trip ended in the zone and the next began there, the time between is told "
                "apart as unseen, and is not in it.",
        .answered_by = "zone_report"},
    Definition{
        .id = MetricId::zone_stops,
        .name = "Stops in zone",
        .unit = "stops",
        .digits = 0,
        .standing = Standing::observed,
        .counts = "How often a moving asset stood within a region for at least so long as was "
                  "asked, 3 minutes where nothing was said. It stands while it is slower than 1.5 "
                  "m/s.",
        .formula = "stops = stays below 1.5 m/s of the least length and more, within the zone",
        .factors = "",
        .needs = kZonesNeeded,
        .uncertainty = kZonePaths,
        .source = "TAB truckside (1999): what stands has no credit of its own; the bounds are our "
                  "own.",
        .note = "",
        .answered_by = "zone_report"},
    Definition{
        .id = MetricId::zone_flows,
        .name = "Trips between zones",
        .unit = "trips",
        .digits = 0,
        .standing = Standing::observed,
        .counts =
            "How many trips of moving assets began in one zone and ended in another; or, of "
            "passages, how often one was left for the next. Of zones that overlap, a place is "
            "in the smallest.",
        .formula = "flow(a, b) = trips that began in a and ended in b",
        .factors = "",
        .needs = kZonesNeeded,
        .uncertainty = "An exact count of the trips whose ends were heard.",
        .source = "Origin and destination as in Geopath, dynamic fleet; the rule of the smallest "
                  "zone is our own.",
        .note = "Vehicles, not people: a trip belongs to the period that it began in.",
        .answered_by = "zone_flows"},
};

}  // namespace

std::span<const Definition> heard_definitions() { return kHeard; }

}  // namespace mobilytics::report::metrics
