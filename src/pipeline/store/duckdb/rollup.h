#pragma once
// Hours, made of the quarters of an hour that have settled.

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Makes the hours of [from, to), of which there are none yet.
void make_hours(duckdb::Connection& connection, Period period);

/// Which buckets.
struct BucketKeys {
    std::vector<CompanyId> companies;
    std::vector<AssetId> assets;
    std::vector<Instant> starts;

    void add(CompanyId company, AssetId asset, Instant start) {
        companies.push_back(company);
        assets.push_back(asset);
        starts.push_back(start);
    }
    bool empty() const { return starts.empty(); }
    Instant first() const { return *std::ranges::min_element(starts); }
    Instant last() const { return *std::ranges::max_element(starts); }
};

/// Makes those hours anew that these buckets are in.
void make_hours_again(duckdb::Connection& connection, const BucketKeys& buckets);

}  // namespace mobilytics::store
