#pragma once
// What a digital face showed in each slot of a period: by its log where one covers the slot, else
// by its loop; and who met it. Pure functions.

#include <span>
#include <vector>

#include "pipeline/report/face_figures.h"

namespace mobilytics::report {

struct SlotOfPlays {
    bool logged = false;
    double plays = 0, airtime_s = 0;
    std::vector<PlaysOfSlot> creatives;  // Of a log.
};

struct PlaysHeard {
    std::vector<SlotOfPlays> slots;  // As heard.slots say.
    double log_hours = 0, loop_hours = 0;
    std::optional<Instant> imported_at;

    PlaysSource source() const;
};

/// A slot of which only a part is covered goes by the loop.
PlaysHeard plays_in(const FaceHeard& heard, const LoggedPlays& logged);

/// Contacts of a slot's visits with these plays: each visit meets dwell + airtime - 2m of each, by
/// the slot's length. Linear in the plays, so that their mean length is enough.
double contacts_in(const FaceHeard& heard, std::size_t slot, double plays, double airtime_s);

/// How contacts of a slot are weighed: by how likely the face is seen, where that is known.
struct Weights {
    bool lts = false;
    std::vector<double> of;  // Of each slot.

    metrics::MetricId metric() const {
        return lts ? metrics::MetricId::lts : metrics::MetricId::ots;
    }
};
Weights weights_of(const FaceHeard& heard, bool moving);

/// Whom it is held back of: what rests on too few is left out of sums.
FacePlays told_plays(
    const FaceHeard& heard, const PlaysHeard& plays, const Weights& weights,
    const std::vector<bool>& hide);

/// Contacts of one spot of the loop; in slots with a log, of its plays on the mean of its slots.
void tell_loop(
    const FaceHeard& heard, const PlaysHeard& plays, const std::vector<bool>& hide,
    FaceTeller& tell);

}  // namespace mobilytics::report
