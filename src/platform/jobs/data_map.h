#pragma once
// What this module keeps about people: see platform/privacy/privacy.h.

#include <array>

#include "platform/privacy/privacy.h"

namespace mobilytics::jobs {

inline constexpr std::array kDataMap{
    privacy::Kept{
        .place = "jobs.job",
        .about = privacy::About::people,
        .data = "ids and e-mails, in what a job was given",
        .purpose = "to do work later",
        .kept = "a day after it is done, 30 days when it failed",
        .on_erasure = privacy::OnErasure::erased},
    privacy::Kept{
        .place = "jobs.worker",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "which processes do jobs",
        .kept = "as long as the process",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "jobs.vendor",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "how often a vendor may still be asked",
        .kept = "as long as the database",
        .on_erasure = privacy::OnErasure::nothing_personal},
    privacy::Kept{
        .place = "jobs.schedule",
        .about = privacy::About::nobody,
        .data = "",
        .purpose = "what runs by the clock",
        .kept = "as long as the company",
        .on_erasure = privacy::OnErasure::nothing_personal},
};

}  // namespace mobilytics::jobs
