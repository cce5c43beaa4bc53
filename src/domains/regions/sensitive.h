#pragma once
// Sensitive places: where a company counts nobody. What the law of the United States calls
// sensitive locations is the list of kinds: FTC orders of 2024, docs/decisions/0018.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/enum_words.h"
#include "foundation/vocabulary.h"

namespace mobilytics::regions {

BOOST_DEFINE_ENUM_CLASS(
    SensitiveKind, hospital, clinic, worship, shelter, school, childcare, court, prison,
    union_office, ethnic_association, military, other)

struct SensitivePlace {
    std::string code;  // Unique in its company.
    std::string name;
    SensitiveKind kind{};
    double area_km2 = 0;
    std::int64_t points = 0;
    std::int64_t cells = 0;  // Of the map, that it touches: in them nothing is counted.
    Instant marked_at;
};
struct SensitivePlacePage {
    std::vector<SensitivePlace> items;  // By code.
    std::optional<std::string> next_cursor;
};

/// One that was drawn or pasted.
struct NewSensitivePlace {
    std::string code, name;
    SensitiveKind kind{};
    std::string geojson;  // A polygon or multipolygon, or a Feature with one.
};
struct SensitiveRemoval {
    std::string code;
};

/// How the features of a file say what they are.
struct SensitiveMapping {
    std::string kind_property = "kind";
    std::optional<SensitiveKind> kind = {};  // Of those that do not say.
};

/// What became of them all.
struct SensitiveImported {
    std::int64_t places = 0, cells = 0, added = 0, changed = 0, removed = 0;
    bool dry_run = false;
};

/// Published as `regions.sensitive_changed.v1`. Where they are is asked of sensitive_shapes().
struct SensitiveChanged {
    static constexpr std::string_view kName = "regions.sensitive_changed.v1";
    CompanyId company;

    boost::json::value to_json() const;
    static SensitiveChanged from_json(const boost::json::value& json);
};

struct SensitiveQuotas {
    std::int64_t places_max = 10'000;
    std::int64_t cells_of_one_max = 4'000;  // Some 200 km2 at 42 degrees.
    std::int64_t cells_max = 100'000;       // Of all of them, each by itself.
};

}  // namespace mobilytics::regions
