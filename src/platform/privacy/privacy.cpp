#include "platform/privacy/privacy.h"

#include <algorithm>
#include <set>

#include "platform/pg/pg.h"

namespace mobilytics::privacy {

namespace {

constexpr pg::Query kTables{"privacy.tables", R"sql(
    SELECT n.nspname || '.' || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
      AND n.nspname !~ '^(pg_|information_schema$)'
    ORDER BY 1
)sql"};

/// "assets.asset", and not "a browser's cookie".
bool is_table(std::string_view place) {
    return place.find('.') != place.npos && place.find_first_of(" /:") == place.npos;
}

}  // namespace

std::vector<std::string> untold(pg::AnyTransaction& tx, const std::vector<Kept>& map) {
    const auto tables =
        tx.run(kTables).all([](const pg::Row& row) { return row.get<std::string>("name"); });
    std::set<std::string> told;
    for (const auto& kept : map) told.emplace(kept.place);
    std::vector<std::string> out;
    for (const auto& table : tables) {
        if (!told.contains(table)) out.push_back(table + ": is on no data map");
    }
    for (const auto& place : told) {
        if (is_table(place) && !std::ranges::binary_search(tables, place)) {
            out.push_back(place + ": is on a data map, and there is no such table");
        }
    }
    return out;
}

}  // namespace mobilytics::privacy
