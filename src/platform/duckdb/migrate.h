#pragma once
// Migrations of a DuckDB file: forward only, one statement each, in the order of their numbers,
// each once, in a transaction of its own. A module keeps them as duckdb/migrations/NNNN_verb_x.sql.

#include <span>
#include <string_view>

#include "platform/duckdb/duckdb.h"

namespace mobilytics::duckdb {

struct Migration {
    std::string_view module;  // "pipeline/store"
    std::string_view file;    // "0001_create_source.sql"
    std::string_view sql;
};

/// Applies what has not been applied yet. Throws Failure, when one is refused (it has then done
/// nothing, and those before it stand), or when the file has one that is not among these: a newer
/// program made it.
void migrate(Connection& connection, std::span<const Migration> migrations);

}  // namespace mobilytics::duckdb
