#pragma once
// The same job as measure's, as one would write it in SQL: sightings, loaded durably, are made into
// visits, and these into the facts of quarters of an hour. For DuckDB and PostgreSQL.

#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"

namespace mobilytics::measure {

/// A device heard once.
struct HeardOnce {
    Instant at;
    std::uint64_t pseudonym = 0;
    std::int8_t rssi_dbm = 0;
};

/// Sums over all facts: when they are equal it was the same work.
struct JobTotals {
    std::int64_t visits = 0;
    std::int64_t sightings = 0;
    std::int64_t dwell_us = 0;
    std::int64_t presence_us = 0;
    std::int64_t occupancy_max = 0;
    std::array<std::int64_t, 8> dwell_bins{};
    friend bool operator==(const JobTotals&, const JobTotals&) = default;
};

class SqlJob {
  public:
    virtual ~SqlJob() = default;
    /// What was heard in an hour, by sensor; kept when it returns.
    virtual void load(std::span<const std::vector<HeardOnce>> heard) = 0;
    /// Visits and facts, into tables.
    virtual void measure() = 0;
    virtual JobTotals totals() = 0;
    /// The time that its threads or processes have worked so far.
    virtual double cpu_seconds() const = 0;
};

/// The time that all threads of this process worked.
double process_cpu_seconds();

std::unique_ptr<SqlJob> make_duckdb_job(const std::filesystem::path& folder);
/// A server of its own, tuned for this as its manual says: memory for sorts, one process.
std::unique_ptr<SqlJob> make_postgres_job(const std::filesystem::path& folder);

}  // namespace mobilytics::measure
