#include "simulation/encounters.h"

#include <cmath>

namespace mobilytics::simulation {

namespace {

/// When a piece is within `radius_m` (with `aside_m` across): seconds since its beginning.
std::optional<std::pair<double, double>> inside(
    const RelativePiece& piece, double radius_m, double aside_m) {
    const double length = seconds_between(piece.begin, piece.end);
    const double allowed = radius_m * radius_m - aside_m * aside_m;
    const double a = piece.east_m_s * piece.east_m_s + piece.north_m_s * piece.north_m_s;
    const double b = piece.x * piece.east_m_s + piece.y * piece.north_m_s;
    const double c = piece.x * piece.x + piece.y * piece.y - allowed;
    if (a == 0) {
        if (c > 0) return std::nullopt;
        return std::pair(0.0, length);
    }
    const double discriminant = b * b - a * c;
    if (discriminant <= 0) return std::nullopt;
    const double root = std::sqrt(discriminant);
    const double enter = std::max(0.0, (-b - root) / a);
    const double leave = std::min(length, (-b + root) / a);
    if (leave <= enter) return std::nullopt;
    return std::pair(enter, leave);
}

double distance_at(const RelativePiece& piece, double passed_s, double aside_m) {
    const double x = piece.x + piece.east_m_s * passed_s;
    const double y = piece.y + piece.north_m_s * passed_s;
    return std::sqrt(x * x + y * y + aside_m * aside_m);
}

constexpr std::chrono::milliseconds kSame{2};  // So far apart, by rounding, two parts are one.

}  // namespace

double Encounter::distance_m(Instant when) const {
    auto found = std::ranges::upper_bound(pieces, when, {}, &RelativePiece::begin);
    if (found != pieces.begin()) --found;
    return distance_at(*found, seconds_between(found->begin, when), aside_m);
}

void meet(
    const Track& asset, const Track& person, const Trip& trip, double aside_m,
    std::vector<Encounter>& out) {
    if (person.empty()) return;
    const std::size_t first = out.size();
    auto theirs = std::ranges::upper_bound(asset, person.front().begin, {}, &Piece::begin);
    if (theirs != asset.begin()) --theirs;
    for (auto mine = person.begin(); mine != person.end() && theirs != asset.end();) {
        RelativePiece piece;
        piece.begin = std::max(mine->begin, theirs->begin);
        piece.end = std::min(mine->end, theirs->end);
        if (piece.begin < piece.end) {
            const Point here = mine->at(piece.begin);
            const Point there = theirs->at(piece.begin);
            piece.x = here.x - there.x;
            piece.y = here.y - there.y;
            piece.east_m_s = mine->east_m_s - theirs->east_m_s;
            piece.north_m_s = mine->north_m_s - theirs->north_m_s;
            piece.asset_stands = theirs->standing();
            if (const auto near = inside(piece, kHearingM, aside_m)) {
                const Instant begin = piece.begin + seconds(near->first);
                const Instant end = piece.begin + seconds(near->second);
                if (out.size() == first || begin - out.back().end > kSame) {
                    out.push_back({begin, end, trip.person, trip.number, trip.mode, aside_m, {}});
                }
                out.back().end = end;
                out.back().pieces.push_back(piece);
            }
        }
        if (mine->end <= theirs->end) {
            ++mine;
        } else {
            ++theirs;
        }
    }
}

std::vector<Stay> stays_within(const Encounter& encounter, double radius_m) {
    std::vector<Stay> out;
    for (const RelativePiece& piece : encounter.pieces) {
        const auto near = inside(piece, radius_m, encounter.aside_m);
        if (!near) continue;
        const Instant begin = piece.begin + seconds(near->first);
        const Instant end = piece.begin + seconds(near->second);
        const double speed_squared =
            piece.east_m_s * piece.east_m_s + piece.north_m_s * piece.north_m_s;
        const double nearest_s =
            speed_squared == 0
                ? near->first
                : std::clamp(
                      -(piece.x * piece.east_m_s + piece.y * piece.north_m_s) / speed_squared,
                      near->first, near->second);
        const double closest_m = distance_at(piece, nearest_s, encounter.aside_m);
        if (out.empty() || begin - out.back().end > kSame) out.push_back({begin, end, closest_m});
        out.back().end = end;
        out.back().closest_m = std::min(out.back().closest_m, closest_m);
    }
    return out;
}

void Nearness::Box::add(Point point) {
    west = std::min(west, point.x - kHearingM);
    east = std::max(east, point.x + kHearingM);
    south = std::min(south, point.y - kHearingM);
    north = std::max(north, point.y + kHearingM);
}

Nearness::Nearness(const Track& asset) : begin_(asset.front().begin) {
    bins_.resize(static_cast<std::size_t>((asset.back().end - begin_) / kBin + 1));
    for (const Piece& piece : asset) {
        const auto first = (piece.begin - begin_) / kBin;
        const auto last = (piece.end - begin_) / kBin;
        for (auto bin = first; bin <= last; ++bin) {
            const Instant from = std::max(piece.begin, begin_ + bin * kBin);
            const Instant to = std::min(piece.end, begin_ + (bin + 1) * kBin);
            bins_[static_cast<std::size_t>(bin)].add(piece.at(from));
            bins_[static_cast<std::size_t>(bin)].add(piece.at(to));
        }
    }
}

bool Nearness::possible(const Trip& trip) const {
    // Nobody covers a block faster, and nobody is under way longer.
    Box all;
    const auto first = std::max<std::int64_t>(0, (trip.depart - begin_) / kBin);
    const auto span = trip.mode == Mode::drive ? std::chrono::minutes(115) : kTripMax;
    const auto last = std::min<std::int64_t>(
        static_cast<std::int64_t>(bins_.size()) - 1, (trip.depart + span - begin_) / kBin);
    for (auto bin = first; bin <= last; ++bin) {
        const Box& box = bins_[static_cast<std::size_t>(bin)];
        all.west = std::min(all.west, box.west);
        all.east = std::max(all.east, box.east);
        all.south = std::min(all.south, box.south);
        all.north = std::max(all.north, box.north);
    }
    for (std::size_t i = 1; i < trip.route.size(); ++i) {
        const Point a = trip.route[i - 1].point();
        const Point b = trip.route[i].point();
        const bool apart = std::max(a.x, b.x) < all.west || std::min(a.x, b.x) > all.east ||
                           std::max(a.y, b.y) < all.south || std::min(a.y, b.y) > all.north;
        if (!apart) return true;
    }
    return false;
}

}  // namespace mobilytics::simulation
