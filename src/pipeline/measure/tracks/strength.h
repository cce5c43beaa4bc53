#pragma once
// How well a strength fits to a track's.

#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

/// What a strength says for the track, `dt_ms` after it was heard last, against any device.
Nats by_strength(const Track& track, int rssi_dbm, std::int64_t dt_ms);
/// Takes a strength into the track's mean and variance.
void note_strength(Track& track, int rssi_dbm);

}  // namespace mobilytics::measure
