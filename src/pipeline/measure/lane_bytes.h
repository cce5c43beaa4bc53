#pragma once
// What a checkpoint's bytes consist of: see archive.h. A change here is a new kLaneBytesVersion;
// checkpoints of others are then passed over, and the day's reports read again.

#include "pipeline/measure/archive.h"
#include "pipeline/measure/fact_port.h"
#include "pipeline/measure/lane_state.h"

namespace mobilytics::measure {

inline constexpr std::uint32_t kLaneBytesVersion = 2;

template <class Archive>
void transfer(Archive& archive, Fix& fix) {
    archive(fix.at, fix.latitude_e7, fix.longitude_e7, fix.speed_cm_s);
}
template <class Archive>
void transfer(Archive& archive, PathPoint& point) {
    archive(point.at, point.latitude_e7, point.longitude_e7);
}
template <class Archive>
void transfer(Archive& archive, PieceKey& key) {
    archive(key.started, key.device, key.boot, key.seq);
}
template <class Archive>
void transfer(Archive& archive, TrackFix& known) {
    archive(
        known.fix, known.cell, known.begins, known.motion, known.driven_mm, known.driving,
        known.parked);
}
template <class Archive>
void transfer(Archive& archive, Place& place) {
    archive(place.cell, place.motion, place.driven_mm, place.driving, place.parked);
}
template <class Archive>
void transfer(Archive& archive, Track& track) {
    track.transfer(archive);
}
template <class Archive>
void transfer(Archive& archive, Trip& trip) {
    trip.transfer(archive);
}
template <class Archive>
void transfer(Archive& archive, VenueDay& day) {
    archive(day.start, day.end);
}
template <class Archive>
void transfer(Archive& archive, OpenVisit& visit) {
    archive(
        visit.epoch, visit.pseudonym, visit.first, visit.last, visit.sightings, visit.waiting,
        visit.strongest_dbm, visit.source, visit.address_class, visit.state, visit.hour);
}
template <class Archive>
void transfer(Archive& archive, Shown& shown) {
    archive(shown.last, shown.sightings, shown.strongest_dbm, shown.motion, shown.cell);
}
template <class Archive>
void transfer(Archive& archive, DeviceKey& device) {
    archive(device.epoch, device.pseudonym, device.source);
}
template <class Archive>
void transfer(Archive& archive, Travel::CellCount& count) {
    archive(count.cell, count.sightings);
}
template <class Archive>
void transfer(Archive& archive, Travel& travel) {
    archive(travel.placed, travel.before, travel.run, travel.first, travel.last, travel.cells);
}
template <class Archive>
void transfer(Archive& archive, Waiting& waiting) {
    archive(waiting.at, waiting.slot);
}
template <class Archive>
void transfer(Archive& archive, Coverage& coverage) {
    archive(
        coverage.covered_us, coverage.reports, coverage.observations, coverage.dropped,
        coverage.heard_until);
}
template <class Archive>
void transfer(Archive& archive, Estimate& estimate) {
    archive(estimate.value_milli, estimate.low_milli, estimate.high_milli, estimate.basis);
}
template <class Archive>
void transfer(Archive& archive, Counted& counted) {
    archive(counted.devices, counted.ble_devices, counted.present_ms, counted.span_ms);
}
template <class Archive>
void transfer(Archive& archive, HeardBucket& heard) {
    archive(heard.start, heard.coverage, heard.counted);
}
template <class Archive>
void transfer(Archive& archive, Visit& visit) {
    archive(
        visit.source, visit.epoch, visit.pseudonym, visit.address_class, visit.first, visit.last,
        visit.sightings, visit.strongest_dbm, visit.zone, visit.motion, visit.cell, visit.open);
}

template <class Archive>
void transfer(Archive& archive, Exposure& row) {
    archive(
        row.source, row.motion, row.cell, row.visits_begun, row.visits_ended, row.occupancy_min,
        row.occupancy_max, row.presence_us, row.sightings, row.dwell_bins, row.dwell_us,
        row.visits_carried, row.reach);
}
template <class Archive>
void transfer(Archive& archive, BucketFacts& facts) {
    archive(
        facts.start, facts.coverage, facts.exposures, facts.visits, facts.counted, facts.corrected);
}
template <class Archive>
void transfer(Archive& archive, Venue& venue) {
    archive(venue.company, venue.asset, venue.moving, venue.cell, venue.time_zone);
}

template <class Archive>
void transfer(Archive& archive, Attachment& attachment) {
    archive(
        attachment.company, attachment.device, attachment.asset, attachment.from, attachment.to);
}

inline void transfer(ArchiveWriter& archive, ReachSketch& reach) { archive(reach.bytes()); }
inline void transfer(ArchiveReader& archive, ReachSketch& reach) {
    std::string bytes;
    archive(bytes);
    reach = {};
    reach.unite(bytes);
}

void transfer(ArchiveWriter& archive, LaneState& state);
void transfer(ArchiveReader& archive, LaneState& state);

}  // namespace mobilytics::measure
