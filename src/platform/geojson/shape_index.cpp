#include <algorithm>
#include <cmath>

#include "platform/geojson/bands.h"
#include "platform/geojson/cover.h"

namespace mobilytics::geojson {

namespace {

constexpr std::size_t kSideMax = 512;

struct Listed {
    BandedPolygon polygon;
    std::uint32_t shape;
};

}  // namespace

/// A grid over all of them; each of its squares names the parts whose bounds touch it.
struct ShapeIndex::Parts {
    std::vector<Shape> shapes;
    std::vector<Listed> parts;          // By shape.
    std::vector<std::uint32_t> begins;  // Where each shape's begin, and the end of the last's.
    Bounds all;
    std::size_t side = 1;
    std::vector<std::vector<std::uint32_t>> squares;

    std::size_t step(std::int32_t from, std::int32_t to, std::int32_t at) const {
        const auto width = std::int64_t{to} - from + 1;
        const auto past = std::int64_t{at} - from;
        return static_cast<std::size_t>(past * static_cast<std::int64_t>(side) / width);
    }
    std::size_t column(std::int32_t longitude) const {
        return step(all.west_e7, all.east_e7, longitude);
    }
    std::size_t row(std::int32_t latitude) const {
        return step(all.south_e7, all.north_e7, latitude);
    }
};

ShapeIndex::ShapeIndex(std::vector<Shape> shapes) {
    auto out = std::make_unique<Parts>();
    for (std::uint32_t i = 0; i < shapes.size(); ++i) {
        out->begins.push_back(static_cast<std::uint32_t>(out->parts.size()));
        for (const auto& part : shapes[i].parts) out->parts.push_back({BandedPolygon(part), i});
    }
    out->begins.push_back(static_cast<std::uint32_t>(out->parts.size()));
    out->shapes = std::move(shapes);
    for (std::size_t i = 0; i < out->parts.size(); ++i) {
        const auto& its = out->parts[i].polygon.bounds();
        if (i == 0) out->all = its;
        out->all = {
            std::min(out->all.west_e7, its.west_e7), std::min(out->all.south_e7, its.south_e7),
            std::max(out->all.east_e7, its.east_e7), std::max(out->all.north_e7, its.north_e7)};
    }
    const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(out->parts.size())));
    out->side = std::clamp<std::size_t>(2 * root, 1, kSideMax);
    out->squares.resize(out->side * out->side);
    for (std::uint32_t i = 0; i < out->parts.size(); ++i) {
        const auto& its = out->parts[i].polygon.bounds();
        for (auto y = out->row(its.south_e7); y <= out->row(its.north_e7); ++y) {
            for (auto x = out->column(its.west_e7); x <= out->column(its.east_e7); ++x) {
                out->squares[y * out->side + x].push_back(i);
            }
        }
    }
    parts_ = std::move(out);
}

ShapeIndex::~ShapeIndex() = default;

const std::vector<Shape>& ShapeIndex::shapes() const { return parts_->shapes; }

std::vector<std::uint32_t> ShapeIndex::near(const Bounds& box) const {
    std::vector<std::uint32_t> out;
    const auto& all = parts_->all;
    if (parts_->parts.empty() || !all.touches(box)) return out;
    const auto west = parts_->column(std::max(box.west_e7, all.west_e7));
    const auto east = parts_->column(std::min(box.east_e7, all.east_e7));
    const auto north = parts_->row(std::min(box.north_e7, all.north_e7));
    for (auto y = parts_->row(std::max(box.south_e7, all.south_e7)); y <= north; ++y) {
        for (auto x = west; x <= east; ++x) {
            for (const auto i : parts_->squares[y * parts_->side + x]) {
                const auto& [polygon, shape] = parts_->parts[i];
                if (polygon.bounds().touches(box)) out.push_back(shape);
            }
        }
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::vector<ShapeIndex::Stretch> ShapeIndex::inside(std::uint32_t shape, Point a, Point b) const {
    const auto first = parts_->begins[shape], last = parts_->begins[shape + 1];
    std::vector<double> cuts{0, 1};
    for (auto i = first; i < last; ++i) parts_->parts[i].polygon.crossings(a, b, cuts);
    std::ranges::sort(cuts);
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    const auto contained = [&](double share) {
        const auto between = [share](std::int32_t from, std::int32_t to) {
            return static_cast<std::int32_t>(std::lround(from + share * (double(to) - from)));
        };
        const Point place{
            between(a.longitude_e7, b.longitude_e7), between(a.latitude_e7, b.latitude_e7)};
        for (auto i = first; i < last; ++i) {
            if (parts_->parts[i].polygon.contains(place)) return true;
        }
        return false;
    };
    std::vector<Stretch> out;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        if (!contained((cuts[i] + cuts[i + 1]) / 2)) continue;
        if (!out.empty() && out.back().to == cuts[i]) {
            out.back().to = cuts[i + 1];
        } else {
            out.push_back({cuts[i], cuts[i + 1]});
        }
    }
    return out;
}

std::vector<std::uint32_t> ShapeIndex::at(Point place) const {
    std::vector<std::uint32_t> out;
    if (parts_->parts.empty() || !parts_->all.contains(place)) return out;
    const auto square =
        parts_->row(place.latitude_e7) * parts_->side + parts_->column(place.longitude_e7);
    for (const auto i : parts_->squares[square]) {
        const auto& [polygon, shape] = parts_->parts[i];
        if ((out.empty() || out.back() != shape) && polygon.contains(place)) out.push_back(shape);
    }
    return out;
}

}  // namespace mobilytics::geojson
