#pragma once
// How things move: straight on at one speed, or standing, one piece after the other.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "foundation/clock.h"
#include "simulation/streets.h"

namespace mobilytics::simulation {

inline double seconds_between(Instant from, Instant to) {
    return static_cast<double>((to - from).count()) * 1e-6;
}
inline std::chrono::microseconds seconds(double value) {
    return std::chrono::microseconds(static_cast<std::int64_t>(value * 1e6));
}

/// On the way from `begin` to `end`, at `from` first.
struct Piece {
    Instant begin, end;
    Point from;
    double east_m_s = 0;
    double north_m_s = 0;

    bool standing() const { return east_m_s == 0 && north_m_s == 0; }
    double speed_m_s() const { return std::abs(east_m_s) + std::abs(north_m_s); }
    Point at(Instant when) const {
        const double passed = seconds_between(begin, when);
        return {from.x + east_m_s * passed, from.y + north_m_s * passed};
    }
};

/// Pieces without gaps between them.
using Track = std::vector<Piece>;

/// The piece that holds `when`; of times beyond the track the first or the last.
inline const Piece& piece_at(const Track& track, Instant when) {
    auto found = std::ranges::upper_bound(track, when, {}, &Piece::begin);
    if (found != track.begin()) --found;
    return *found;
}

/// Builds a track from its beginning on.
class TrackBuilder {
  public:
    TrackBuilder(Track& track, Instant begin, Point from) : track_(track), now_(begin), at_(from) {}

    void stand(double duration_s) { stand_until(now_ + seconds(duration_s)); }
    void stand_until(Instant until) {
        if (until <= now_) return;
        track_.push_back({now_, until, at_, 0, 0});
        now_ = until;
    }
    /// Along one axis.
    void go(Point to, double speed_m_s) {
        const double east = to.x - at_.x;
        const double north = to.y - at_.y;
        const auto duration = seconds((std::abs(east) + std::abs(north)) / speed_m_s);
        if (duration.count() <= 0) return;
        const double taken_s = static_cast<double>(duration.count()) * 1e-6;
        track_.push_back({now_, now_ + duration, at_, east / taken_s, north / taken_s});
        now_ += duration;
        at_ = to;
    }
    Instant now() const { return now_; }
    Point at() const { return at_; }

  private:
    Track& track_;
    Instant now_;
    Point at_;
};

}  // namespace mobilytics::simulation
