#pragma once
// What a region may be: pure functions.

#include <span>
#include <string>
#include <vector>

#include "domains/regions/regions.h"

namespace mobilytics::regions {

/// A region, checked, as it is kept.
struct Kept {
    std::string code = {}, name = {};
    std::optional<std::int64_t> population = {};
    std::string population_source = {};
    double area_m2 = 0;
    std::optional<double> buffer_m = {};
    std::int64_t points = 0;
    std::string shape = {};                  // Packed.
    std::optional<SensitiveKind> kind = {};  // Of a sensitive place, and
    std::int64_t cells = 0;                  // how many of the map it touches.
    friend bool operator==(const Kept&, const Kept&) = default;
};

/// The regions of a file, by code. invalid as geojson::read(), or `bad_features` with the fault of
/// each: /features/12/properties/code. `mended` is given those that had to be, the most changed
/// first.
Result<std::vector<Kept>> regions_of(
    std::string_view file, const Mapping& mapping, const Quotas& quotas,
    std::vector<MendedRegion>* mended = nullptr);
/// The one region that was drawn. invalid `bad_zone`, with what is wrong with it.
Result<Kept> region_of(const NewZone& wanted);

/// The same of a sensitive place.
Result<Kept> sensitive_of(const NewSensitivePlace& wanted, const SensitiveQuotas& quotas);

/// What has to be done, so that `after` is there instead of `before`; both by code.
struct Difference {
    std::vector<const Kept*> added, changed;
    std::vector<std::string> removed;
    bool none() const { return added.empty() && changed.empty() && removed.empty(); }
};
Difference difference(std::span<const Kept> before, std::span<const Kept> after);

/// How coarse shapes may be on a map of a zoom, in 1e-7 degrees: half a pixel; 1 is as they are.
std::int32_t grid_of(std::int64_t zoom);

}  // namespace mobilytics::regions
