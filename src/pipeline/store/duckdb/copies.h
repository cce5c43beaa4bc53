#pragma once
// A store's file copied while it is in use, and what a file holds.

#include <filesystem>

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// All that `connection` sees at one moment into `file`, which is made. Throws Failure where there
/// is one already. Not twice at a time for one database.
void copy(duckdb::Connection& connection, const std::filesystem::path& file);

}  // namespace mobilytics::store
