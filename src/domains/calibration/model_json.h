#pragma once
// How models are written where they are no columns: in the outbox, and within a row.

#include <string>
#include <vector>

#include "domains/calibration/calibration.h"

namespace mobilytics::calibration {

std::string text_of(const std::vector<Residual>& residuals);
std::vector<Residual> residuals_of_text(const std::string& text);

std::string text_of(const Drift& drift);
Drift drift_of_text(const std::string& text);

}  // namespace mobilytics::calibration
