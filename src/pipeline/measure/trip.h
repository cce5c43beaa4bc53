#pragma once
// Makes routes of settled fixes: a trip ends where nothing can be interpolated, and at the local
// midnight. Its path is simplified as it grows.

#include <optional>
#include <vector>

#include "pipeline/measure/track.h"

namespace mobilytics::measure {

class Trip {
  public:
    /// A path is never off by more than 15 m; the rest is for the flatness of the plane.
    static constexpr double kOffMaxM = 14.9;
    /// Who stays within kOffMaxM for longer is shown to have left when they did.
    static constexpr std::chrono::microseconds kStay = std::chrono::minutes(1);
    /// Points that may wait for being left out, and of a path: then another trip begins.
    static constexpr std::size_t kWaitingMax = 48;
    static constexpr std::size_t kPathMax = 20'000;

    /// Takes the next fix; gives the trip that ended before it.
    std::optional<Route> add(const TrackFix& fix);
    /// Nothing more of this trip comes.
    std::optional<Route> end();
    /// Keeps how it stands for shown().
    void show();
    /// As it stood at the last show(); none, if it had not begun, or had only begun.
    std::optional<Route> shown() const;
    /// When the trip that goes on began.
    std::optional<Instant> started() const;

    friend bool operator==(const Trip&, const Trip&) = default;
    template <class Archive>
    void transfer(Archive& archive) {
        archive(begun_, first_, now_.at, now_.points, seen_.at, seen_.points, path_, waiting_);
    }

  private:
    /// How far it has come: the last fix, and how many points of the path lie before it.
    struct Progress {
        TrackFix at;
        std::uint64_t points = 0;
        friend bool operator==(const Progress&, const Progress&) = default;
    };
    Route route(const Progress& progress) const;
    bool may_leave_out(const PathPoint& next) const;
    void keep(const PathPoint& point);

    bool begun_ = false;
    TrackFix first_;
    Progress now_, seen_;
    std::vector<PathPoint> path_;     // Kept for good; the last fix comes behind it.
    std::vector<PathPoint> waiting_;  // Since the last kept one, further than kOffMaxM from it.
};

}  // namespace mobilytics::measure
