#include "pipeline/report/zones/zone_passages.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mobilytics::report::zones {

namespace {

using std::chrono::microseconds;

geojson::Point place_of(const measure::PathPoint& point) {
    return {point.longitude_e7, point.latitude_e7};
}

geojson::Bounds box_of(geojson::Point a, geojson::Point b) {
    return {
        std::min(a.longitude_e7, b.longitude_e7), std::min(a.latitude_e7, b.latitude_e7),
        std::max(a.longitude_e7, b.longitude_e7), std::max(a.latitude_e7, b.latitude_e7)};
}

Instant at(const measure::PathPoint& a, const measure::PathPoint& b, double share) {
    return a.at + microseconds(std::llround(share * static_cast<double>((b.at - a.at).count())));
}

/// Goes through the trips of one asset.
class Following {
  public:
    Following(AssetId asset, const geojson::ShapeIndex& zones, const Question& question)
        : asset_(asset), zones_(zones), question_(question) {}

    void take(const measure::Route& route) {
        if (route.path.empty()) return;
        const bool follows = last_ && route.path.front().at - last_->at <= kTripGapMax;
        if (!follows) end_all(false);
        if (follows) step(*last_, route.path.front());
        for (std::size_t i = 1; i < route.path.size(); ++i) step(route.path[i - 1], route.path[i]);
        last_ = route.path.back();
    }

    std::vector<Passage> finish() {
        end_all(false);
        std::ranges::sort(
            done_, {}, [](const Passage& one) { return std::tuple(one.from, one.zone); });
        return std::move(done_);
    }

  private:
    struct Open {
        Passage passage;
        Instant until;  // Up to when it has been followed.
        std::optional<Instant> standing_since;
    };

    /// One straight stretch of the way, as far as it lies in the period.
    void step(const measure::PathPoint& a, const measure::PathPoint& b) {
        const auto& [from, to] = question_.period;
        if (b.at <= from || a.at >= to || b.at <= a.at) return;
        const auto from_place = place_of(a), to_place = place_of(b);
        const auto metres = geojson::distance_m(from_place, to_place);
        const bool stands =
            metres < kStopBelowMS * static_cast<double>((b.at - a.at).count()) / 1e6;
        std::map<std::uint32_t, bool> still;  // The zones that it is in at the stretch's end.
        for (const auto zone : zones_.near(box_of(from_place, to_place))) {
            for (const auto& [begins, ends] : zones_.inside(zone, from_place, to_place)) {
                const auto in = std::max(at(a, b, begins), from);
                const auto out = std::min(at(a, b, ends), to);
                if (in >= out) continue;
                const double share = static_cast<double>((out - in).count()) /
                                     static_cast<double>((b.at - a.at).count());
                auto& open = opened(zone, in, begins > 0 && in > from);
                open.passage.distance_m += metres * share;
                open.until = out;
                stand(open, stands, in);
                const bool goes_on = ends == 1 && out == b.at;
                if (goes_on) {
                    still[zone] = true;
                } else {
                    end(zone, ends < 1 && out < to);
                }
            }
        }
        // What was open and is not touched any more ended at the stretch's beginning.
        std::vector<std::uint32_t> gone;
        for (const auto& [zone, open] : open_) {
            if (!still.contains(zone)) gone.push_back(zone);
        }
        for (const auto zone : gone) end(zone, true);
        last_step_end_ = b.at;
    }

    Open& opened(std::uint32_t zone, Instant in, bool seen) {
        const auto found = open_.find(zone);
        if (found != open_.end() && found->second.until == in) return found->second;
        // Behind the first point of a trip it came over the border, also at a point of the path.
        const bool came = seen || (last_step_end_ && *last_step_end_ == in);
        if (found != open_.end()) end(zone, true);
        auto& fresh = open_[zone];
        fresh = {};
        fresh.passage.asset = asset_;
        fresh.passage.zone = zone;
        fresh.passage.from = in;
        fresh.passage.entry_seen = came;
        return fresh;
    }

    void stand(Open& open, bool stands, Instant in) {
        if (stands && !open.standing_since) open.standing_since = in;
        if (!stands) count_stop(open, in);
    }
    void count_stop(Open& open, Instant until) {
        if (open.standing_since && until - *open.standing_since >= question_.stop_min) {
            ++open.passage.stops;
            open.passage.stopped += until - *open.standing_since;
        }
        open.standing_since.reset();
    }

    void end(std::uint32_t zone, bool seen) {
        auto& open = open_.at(zone);
        count_stop(open, open.until);
        open.passage.to = open.until;
        open.passage.exit_seen = seen;
        done_.push_back(open.passage);
        open_.erase(zone);
    }
    void end_all(bool seen) {
        while (!open_.empty()) end(open_.begin()->first, seen);
        last_step_end_.reset();
    }

    const AssetId asset_;
    const geojson::ShapeIndex& zones_;
    const Question question_;
    std::optional<measure::PathPoint> last_;
    std::optional<Instant> last_step_end_;
    std::map<std::uint32_t, Open> open_;
    std::vector<Passage> done_;
};

}  // namespace

std::vector<Passage> passages(
    std::span<const store::Trip> trips, const geojson::ShapeIndex& zones,
    const Question& question) {
    std::map<AssetId, Following> by_asset;
    for (const auto& trip : trips) {
        by_asset.try_emplace(trip.asset, trip.asset, zones, question)
            .first->second.take(trip.route);
    }
    std::vector<Passage> out;
    for (auto& [asset, following] : by_asset) {
        auto its = following.finish();
        out.insert(out.end(), its.begin(), its.end());
    }
    return out;
}

microseconds unseen_between(const Passage& before, const Passage& after) {
    const bool same = before.asset == after.asset && before.zone == after.zone;
    if (!same || before.exit_seen || after.entry_seen) return microseconds(0);
    return std::max(microseconds(0), after.from - before.to);
}

std::optional<std::uint32_t> zone_at(
    const store::RegionIndex& zones, const measure::PathPoint& point) {
    std::optional<std::uint32_t> out;
    const auto& regions = zones.set().regions;
    for (const auto zone : zones.shapes().at(place_of(point))) {
        if (!out || regions[zone].area_m2 < regions[*out].area_m2) out = zone;
    }
    return out;
}

}  // namespace mobilytics::report::zones
