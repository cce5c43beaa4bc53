#include "pipeline/measure/trip.h"

#include <algorithm>
#include <utility>

#include "pipeline/measure/cells.h"

namespace mobilytics::measure {

namespace {

PathPoint point_of(const TrackFix& known) {
    return {known.fix.at, known.fix.latitude_e7, known.fix.longitude_e7};
}

/// From `point` to the straight way between the centre of `plane` and `to`.
double off_m(const Plane& plane, const PathPoint& to, const PathPoint& point) {
    const double east = plane.east_m(to.longitude_e7);
    const double north = plane.north_m(to.latitude_e7);
    const double x = plane.east_m(point.longitude_e7);
    const double y = plane.north_m(point.latitude_e7);
    const double length = east * east + north * north;
    const double share = length > 0 ? std::clamp((x * east + y * north) / length, 0.0, 1.0) : 0.0;
    return std::hypot(x - share * east, y - share * north);
}

}  // namespace

std::optional<Route> Trip::add(const TrackFix& fix) {
    std::optional<Route> ended;
    if (fix.begins || path_.size() >= kPathMax) ended = end();
    const PathPoint point = point_of(fix);
    if (!begun_) {
        begun_ = true;
        first_ = fix;
        now_ = {fix, 1};
        path_ = {point};
        return ended;
    }
    const PathPoint before = point_of(now_.at);
    const bool stayed = distance_m(path_.back(), before) <= kOffMaxM &&
                        before.at - path_.back().at >= kStay &&
                        distance_m(path_.back(), point) > kOffMaxM;
    if (stayed || !may_leave_out(point)) keep(before);
    if (distance_m(path_.back(), point) > kOffMaxM) waiting_.push_back(point);
    now_ = {fix, path_.size()};
    return ended;
}

/// Whether all since the last point that was kept lies near enough to the way from there to `next`.
/// What is near the last point itself does, so it need not be remembered.
bool Trip::may_leave_out(const PathPoint& next) const {
    if (waiting_.size() >= kWaitingMax) return false;
    const Plane plane(path_.back().latitude_e7, path_.back().longitude_e7);
    return std::all_of(waiting_.begin(), waiting_.end(), [&](const PathPoint& point) {
        return off_m(plane, next, point) <= kOffMaxM;
    });
}

void Trip::keep(const PathPoint& point) {
    path_.push_back(point);
    waiting_.clear();
}

std::optional<Route> Trip::end() {
    std::optional<Route> ended;
    if (begun_ && now_.at.fix.at > first_.fix.at) ended = route(now_);
    *this = {};
    return ended;
}

void Trip::show() {
    if (begun_) seen_ = now_;
}

std::optional<Route> Trip::shown() const {
    if (!begun_ || seen_.points == 0 || seen_.at.fix.at <= first_.fix.at) return std::nullopt;
    return route(seen_);
}

std::optional<Instant> Trip::started() const {
    return begun_ ? std::optional(first_.fix.at) : std::nullopt;
}

Route Trip::route(const Progress& progress) const {
    Route out;
    out.started = first_.fix.at;
    out.ended = progress.at.fix.at;
    out.distance_m = (progress.at.driven_mm - first_.driven_mm + 500) / 1000;
    out.driving_us = (progress.at.driving - first_.driving).count();
    out.parked_us = (progress.at.parked - first_.parked).count();
    out.path.assign(path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(progress.points));
    const PathPoint last = point_of(progress.at);
    if (out.path.back() != last) out.path.push_back(last);
    return out;
}

}  // namespace mobilytics::measure
