#pragma once
// The parts that the registry is made of, each a source of its own.

#include "pipeline/report/metrics/registry.h"

namespace mobilytics::report::metrics {

std::span<const Definition> heard_definitions();     // What sensors heard.
std::span<const Definition> audience_definitions();  // What is made of it for people.
std::span<const Definition> media_definitions();  // What it is worth, and what screens and trucks
                                                  // add.

}  // namespace mobilytics::report::metrics
