#pragma once
// What this domain keeps about people: see platform/privacy/privacy.h. Who is counted is nobody: a
// tap has a time, and no more.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::calibration {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "calibration.count",
        .about = privacy::About::people,
        .data = "the id of who began it",
        .purpose = "people counted by hand, and who answers for it",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "calibration.tap",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "that somebody went in or out",
        .kept = "as its count",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "calibration.total",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "how many people were present",
        .kept = "as its count",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "calibration.correction",
        .about = privacy::About::people,
        .data = "the id of who made it",
        .purpose = "what a count was corrected to, and by whom",
        .kept = "as its count",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "calibration.site_class",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "sites that are alike",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "calibration.class_member",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which assets are in a class",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "calibration.model",
        .about = privacy::About::people,
        .data = "the ids of who fitted, published and retired it",
        .purpose = "from devices to people, and who answers for it",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "calibration.span",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which factor applied when",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "calibration.setting",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "whether a second person publishes",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::calibration
