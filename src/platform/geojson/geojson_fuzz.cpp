// Whatever is read can be asked, packed and written, and is the same when it is read again; and
// what was mended is as sound as what was not.

#include "platform/geojson/cover.h"

namespace geojson = mobilytics::geojson;

namespace {

void check(const geojson::Feature& feature) {
    if (!feature.line.empty()) {
        const auto shape = geojson::buffered(feature.line, 30);
        if (shape && geojson::unpack(geojson::pack(*shape)) != *shape) std::abort();
        return;
    }
    const auto& shape = feature.shape;
    if (geojson::unpack(geojson::pack(shape)) != shape) std::abort();
    const auto bounds = geojson::bounds_of(shape);
    (void)geojson::contains(shape, {bounds.west_e7, bounds.south_e7});
    (void)geojson::area_m2(shape);
    (void)geojson::simplified(shape, 1'000'000);
    (void)geojson::cover(shape, 9, geojson::CoverRule::touched, 10'000);
    const auto again = geojson::read(
        R"({"type":"Feature","properties":null,"geometry":)" + geojson::geometry_json(shape) + "}");
    if (!again || again->features.size() != 1 || again->features[0].shape != shape) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)geojson::unpack(text);
    for (const bool mend : {false, true}) {
        const auto found =
            geojson::read(text, {.bytes_max = 1 << 16, .points_max = 2000, .mend = mend});
        if (!found) return 0;
        for (const auto& feature : found->features) check(feature);
        for (const auto& fault : found->faults) {
            if (mend && fault.can_be_mended) std::abort();
        }
    }
    return 0;
}
