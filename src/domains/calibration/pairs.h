#pragma once
// What was counted beside what was heard.

#include <utility>
#include <vector>

#include "domains/calibration/calibration.h"

namespace mobilytics::calibration {

struct Calibration::Paired {
    Input input{};
    std::vector<std::int64_t> gates_dbm;
    std::vector<std::pair<Instant, Pair>> pairs;  // By day and beginning.
    std::vector<CountId> counts;
    std::int64_t unheard = 0;
};

}  // namespace mobilytics::calibration
