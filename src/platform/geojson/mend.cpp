// Areas of rings that are not as they are to be, by GEOS, which map programs use for it. Places go
// to it as whole 1e-7 degrees: only where edges cross are there new ones, and those are rounded.

#include <algorithm>
#include <cmath>
#include <memory>

#include <geos_c.h>

#include "platform/geojson/rings.h"

namespace mobilytics::geojson {

namespace {

/// A session with GEOS. What it cannot do it answers with none.
class Geos {
  public:
    struct Free {
        GEOSContextHandle_t with;
        void operator()(GEOSGeometry* what) const { GEOSGeom_destroy_r(with, what); }
    };
    using Area = std::unique_ptr<GEOSGeometry, Free>;

    Geos() : context_(GEOS_init_r()), rules_(GEOSMakeValidParams_create_r(context_)) {
        // What a ring goes around twice is inside of it, not a hole.
        GEOSMakeValidParams_setMethod_r(context_, rules_, GEOS_MAKE_VALID_STRUCTURE);
        GEOSMakeValidParams_setKeepCollapsed_r(context_, rules_, 0);
    }
    ~Geos() {
        GEOSMakeValidParams_destroy_r(context_, rules_);
        GEOS_finish_r(context_);
    }
    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;

    /// What a ring goes around.
    Area area_of(const Ring& ring) const {
        const auto size = static_cast<unsigned>(ring.size());
        auto* const points = GEOSCoordSeq_create_r(context_, size + 1, 2);
        if (points == nullptr) return none();
        for (unsigned i = 0; i <= size; ++i) {
            const auto& point = ring[i == size ? 0 : i];
            GEOSCoordSeq_setXY_r(context_, points, i, point.longitude_e7, point.latitude_e7);
        }
        auto* const closed = GEOSGeom_createLinearRing_r(context_, points);  // Takes the points.
        if (closed == nullptr) return none();
        const auto written = area(GEOSGeom_createPolygon_r(context_, closed, nullptr, 0));
        return written ? area(GEOSMakeValidWithParams_r(context_, written.get(), rules_)) : none();
    }

    Area together(std::vector<Area> areas) const {
        std::vector<GEOSGeometry*> given;
        for (auto& each : areas) given.push_back(each.release());
        const auto all = area(GEOSGeom_createCollection_r(  // Takes them.
            context_, GEOS_GEOMETRYCOLLECTION, given.data(), static_cast<unsigned>(given.size())));
        return all ? area(GEOSUnaryUnion_r(context_, all.get())) : none();
    }

    Area without(const Area& from, const Area& what) const {
        return area(GEOSDifference_r(context_, from.get(), what.get()));
    }

    /// On whole 1e-7 degrees, and still an area.
    Area rounded(const Area& of) const {
        return area(GEOSGeom_setPrecision_r(context_, of.get(), 1, 0));
    }

    /// Its polygons, rounded; lines and points are no area. `exact` becomes false where a place had
    /// to be rounded.
    std::vector<Polygon> parts_of(const GEOSGeometry* of, bool& exact) const {
        std::vector<Polygon> out;
        const int type = GEOSGeomTypeId_r(context_, of);
        if (type == GEOS_POLYGON) {
            if (GEOSisEmpty_r(context_, of) != 0) return out;
            auto& part = out.emplace_back();
            part.outer = ring_of(GEOSGetExteriorRing_r(context_, of), exact);
            for (int i = 0; i < GEOSGetNumInteriorRings_r(context_, of); ++i) {
                part.holes.push_back(ring_of(GEOSGetInteriorRingN_r(context_, of, i), exact));
            }
        } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
            for (int i = 0; i < GEOSGetNumGeometries_r(context_, of); ++i) {
                for (auto& part : parts_of(GEOSGetGeometryN_r(context_, of, i), exact)) {
                    out.push_back(std::move(part));
                }
            }
        }
        return out;
    }

  private:
    Area area(GEOSGeometry* what) const { return {what, Free{context_}}; }
    Area none() const { return area(nullptr); }

    Ring ring_of(const GEOSGeometry* of, bool& exact) const {
        const auto* const points = GEOSGeom_getCoordSeq_r(context_, of);
        unsigned size = 0;
        GEOSCoordSeq_getSize_r(context_, points, &size);
        Ring out;
        for (unsigned i = 0; i + 1 < size; ++i) {
            double x = 0, y = 0;
            GEOSCoordSeq_getXY_r(context_, points, i, &x, &y);
            exact = exact && x == std::round(x) && y == std::round(y);
            out.push_back(
                {static_cast<std::int32_t>(std::lround(x)),
                 static_cast<std::int32_t>(std::lround(y))});
        }
        return out;
    }

    GEOSContextHandle_t context_;
    GEOSMakeValidParams* rules_;
};

/// Whatever GEOS begins with, the same area is the same shape.
void put_in_order(std::vector<Polygon>& parts) {
    const auto from_smallest = [](Ring& ring) {
        std::ranges::rotate(ring, std::ranges::min_element(ring));
    };
    for (auto& part : parts) {
        from_smallest(part.outer);
        std::ranges::for_each(part.holes, from_smallest);
        std::ranges::sort(part.holes);
    }
    std::ranges::sort(parts, {}, &Polygon::outer);
}

}  // namespace

std::optional<std::vector<Polygon>> mended(std::vector<Ring> rings, MendBudget& budget) {
    if (rings.front().size() < 3) return std::vector<Polygon>();
    std::erase_if(rings, [](const Ring& ring) { return ring.size() < 3; });
    if (!few_meetings(rings, budget)) return std::nullopt;
    const Geos geos;
    auto area = geos.area_of(rings.front());
    std::vector<Geos::Area> holes;
    for (std::size_t i = 1; i < rings.size(); ++i) holes.push_back(geos.area_of(rings[i]));
    if (!area || !std::ranges::all_of(holes, [](const auto& hole) { return hole != nullptr; })) {
        return std::nullopt;
    }
    if (!holes.empty()) {
        const auto hole = geos.together(std::move(holes));
        if (!hole || !(area = geos.without(area, hole))) return std::nullopt;
    }
    bool exact = true;
    auto out = geos.parts_of(area.get(), exact);
    if (!exact) {  // What crosses once its places are whole must not cross again.
        if (!(area = geos.rounded(area))) return std::nullopt;
        out = geos.parts_of(area.get(), exact);
    }
    const bool sound = std::ranges::all_of(
        out, [&](Polygon& part) { return !normalise(part, budget.comparisons); });
    if (!sound) return std::nullopt;
    put_in_order(out);
    return out;
}

}  // namespace mobilytics::geojson
