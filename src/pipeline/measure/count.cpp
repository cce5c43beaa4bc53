// The step that finds devices behind their addresses, and what it says of a bucket that is over.
// It sees what link joined to visits: neither residents nor what is too weak. Who drives past is no
// crowd of a place, so moving assets have none.

#include "pipeline/measure/fold.h"

namespace mobilytics::measure {

void count(PieceWork& work) { work.fold.count(work.piece); }

void Fold::count(const Piece& piece) {
    if (linked_.empty()) return;
    Crowd* const crowd = state_.crowds.of(piece.epoch, piece.key.started);
    if (crowd == nullptr) {
        tally_.uncounted += static_cast<std::int64_t>(linked_.size());
        return;
    }
    for (const Sighting* const sighting : linked_) {
        tally_.forgotten +=
            crowd->add(piece.key.started + std::chrono::microseconds(sighting->at_us), *sighting);
    }
}

/// The bucket that ends, and what it changed of those before: a stay may be found out by a burst
/// that comes a while after it. Told are all, for what was told of them may be of pieces that are
/// gone since: see Lane::rewind. Not of the day before: its states are gone.
void Fold::count_ended() {
    if (!counts_) return;
    for (HeardBucket& heard : state_.heard) {
        if (heard.start == bucket_) {
            heard.counted = state_.crowds.counted(bucket_, heard.coverage.heard_until);
        } else if (
            heard.counted && heard.start >= state_.day.start &&
            heard.start + kCountedAgain >= bucket_) {
            state_.crowds.count_again(*heard.counted, heard.start);
            marks_.mark(heard.start);
        }
    }
}

}  // namespace mobilytics::measure
