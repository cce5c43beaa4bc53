#include "pipeline/measure/steps.h"

namespace mobilytics::measure {

void Tally::add(const Tally& other) {
    reports += other.reports;
    observations += other.observations;
    late_pieces += other.late_pieces;
    buckets += other.buckets;
    uncounted += other.uncounted;
    forgotten += other.forgotten;
    for (std::size_t i = 0; i < kDropReasons; ++i) dropped[i] += other.dropped[i];
    for (std::size_t i = 0; i < kStepNames; ++i) time[i] += other.time[i];
}

}  // namespace mobilytics::measure
