#pragma once
// What the business has told: companies, assets and their history, which sensor was on which.

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Each within the connection's transaction. False, when it was known already.
bool write(duckdb::Connection& connection, const Company& company);
bool write(duckdb::Connection& connection, const Asset& asset, Instant now);
bool write(duckdb::Connection& connection, const measure::Attachment& attachment);

std::optional<Company> read_company(duckdb::Connection& connection, CompanyId company);
std::vector<Asset> read_assets(duckdb::Connection& connection, CompanyId company);
std::vector<measure::Attachment> read_attachments(
    duckdb::Connection& connection, CompanyId company);

/// Of every company.
measure::Dimensions read_dimensions(duckdb::Connection& connection);

}  // namespace mobilytics::store
