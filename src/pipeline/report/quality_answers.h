#pragma once
// What is answered of the quality of data: the shapes of openapi.yaml, which says what each means.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/named_ids.h"
#include "pipeline/report/quality/quality.h"

namespace mobilytics::report {

struct QualityFinding {
    quality::FindingKind kind{};
    quality::Severity severity{};
    Instant from, to;
    std::optional<double> value;
    bool shared = false;
};

struct QualityDay {
    std::string day;
    Instant from, to;
    quality::Grade grade{};
    std::optional<double> completeness;
    bool corrected = false;
    std::optional<double> change;
    std::int64_t usual_days = 0;
    std::optional<double> sisters_change;
    std::vector<QualityFinding> findings;
};

struct AssetQuality {
    AssetId asset_id;
    std::vector<QualityDay> days;
};

struct QualityReport {
    std::vector<AssetQuality> items;
    std::optional<std::string> next_cursor;
    std::optional<Instant> as_of;
    std::string time_zone;
    bool synthetic = false;
    std::int64_t suppress_below = 0;
};

}  // namespace mobilytics::report
