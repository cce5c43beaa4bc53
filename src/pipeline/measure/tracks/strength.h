#pragma once
// How well a strength fits to a track's.

#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

/// What a strength says for the track, `dt_ms` after it was heard last, against any device.
Nats by_strength(const DeviceTrack& track, int rssi_dbm, std::int64_t dt_ms);
/// What that is at most of any track, and of one whose mean is `off` from it, in 1/256 dB.
Nats most_by_strength(int rssi_dbm);
Nats most_by_strength(int rssi_dbm, int off);
/// Takes a strength into the track's mean and variance.
void note_strength(DeviceTrack& track, int rssi_dbm);

}  // namespace mobilytics::measure
