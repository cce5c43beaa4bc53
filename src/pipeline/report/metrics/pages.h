#pragma once
// What is in docs/metrics/: a page of every metric, one that lists them, and definitions.json, what
// GET /api/v1/metrics answers.

#include <map>
#include <string>

#include "pipeline/report/metrics/registry.h"

namespace mobilytics::report::metrics {

/// By file name.
std::map<std::string, std::string> pages();

}  // namespace mobilytics::report::metrics
