#pragma once
// What the business has told of faces, with its history.

#include <span>

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// All versions of one face, within the connection's transaction. False, when they were known.
bool write(duckdb::Connection& connection, std::span<const Face> versions);

/// Every version, ordered by (face, from).
std::vector<Face> read_faces(duckdb::Connection& connection, CompanyId company);

}  // namespace mobilytics::store
