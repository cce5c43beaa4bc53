#pragma once
// The way of a moving asset: where it was at a moment, whether it drove, and how far it had come.
// Fixes come in the order of time; what is said of a moment is settled once two more fixes are
// known, or it is known that none will come.

#include <optional>
#include <vector>

#include "pipeline/measure/piece.h"
#include "pipeline/measure/rules.h"

namespace mobilytics::measure {

/// A fix, and what is known of it once it is settled.
struct TrackFix {
    Fix fix;
    Cell cell = kNoCell;
    bool begins = false;  // Nothing is interpolated between the one before and this.
    Motion motion = Motion::unknown;
    // Up to here, of all the asset's way. Differences of them are what counts.
    std::int64_t driven_mm = 0;
    std::chrono::microseconds driving{0};
    std::chrono::microseconds parked{0};
    friend bool operator==(const TrackFix&, const TrackFix&) = default;
};

/// A moment of the way.
struct Place {
    Cell cell = kNoCell;
    Motion motion = Motion::unknown;
    std::int64_t driven_mm = 0;
    std::chrono::microseconds driving{0};
    std::chrono::microseconds parked{0};
    friend bool operator==(const Place&, const Place&) = default;
};

class Track {
  public:
    /// Adds a fix of `device`, and to `settled` the fixes that are so now. Left out: one not later
    /// than the last, and one of another sensor while the last one's still gives some.
    void add(const Fix& fix, DeviceId device, const Rules& rules, std::vector<TrackFix>& settled);
    /// No further fix will be joined to those there are.
    void finish(const Rules& rules, std::vector<TrackFix>& settled);

    /// As finish(), and what was is not asked for again: days know nothing of each other's fixes.
    void end_day(const Rules& rules, std::vector<TrackFix>& settled);

    /// Whether no fix that may still come changes what at() says; none will be before `frontier`.
    bool is_settled(Instant at, Instant frontier, const Rules& rules) const;
    Place at(Instant at, const Rules& rules) const;

    /// Nobody will ask for what was before `at`.
    void forget_before(Instant at);
    bool empty() const { return fixes_.empty(); }
    Instant last() const { return fixes_.back().fix.at; }
    const Fix& last_fix() const { return fixes_.back().fix; }
    /// The first that is not settled yet; none when all are.
    std::optional<Instant> unsettled() const {
        return settled_ < fixes_.size() ? std::optional(fixes_[settled_].fix.at) : std::nullopt;
    }
    bool finished() const { return finished_; }

    friend bool operator==(const Track&, const Track&) = default;
    template <class Archive>
    void transfer(Archive& archive) {
        archive(fixes_, settled_, finished_, device_, base_);
    }

  private:
    void settle(std::size_t number, const Rules& rules);
    Motion motion_of(std::size_t number, const Rules& rules) const;
    std::size_t first_after(Instant at) const;

    std::vector<TrackFix> fixes_;
    std::uint64_t settled_ = 0;  // So many of them, from the front.
    bool finished_ = true;
    DeviceId device_;
    Place base_;  // Where the days before ended.
};

}  // namespace mobilytics::measure
