#pragma once
// What this stage keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::ingest {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "ingest.device",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which company a sensor is of",
        .kept = "as long as the sensor",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "ingest.boot",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what of a sensor's reports has come",
        .kept = "as long as the sensor",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "ingest.loss",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what a sensor said that it lost",
        .kept = "as long as the sensor",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "ingest.revoked_epoch",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which salts were destroyed before their time, and are not taken any more",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "ingest.report",
        .about = privacy::About::passers_by,
        .data = "pseudonyms of a day, signal strength, where and when",
        .purpose = "to count devices near an asset",
        .kept = "24 hours",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "ingest.quarantine",
        .about = privacy::About::passers_by,
        .data = "reports that were refused, with the same",
        .purpose = "to find why",
        .kept = "that there was one 30 days, its bytes 24 hours",
        .on_erasure = privacy::OnErasure::ends_by_itself},
    privacy::Kept{
        .place = "ingest.device_state",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "how a sensor fares",
        .kept = "as long as the sensor",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::ingest
