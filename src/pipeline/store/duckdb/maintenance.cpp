#include "pipeline/store/duckdb/maintenance.h"

#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/rollup.h"

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kForgetVisits{"store.forget_visits", R"sql(
    DELETE FROM visit WHERE first < $1 OR arrived < $1
)sql"};
constexpr duckdb::Query kForgetStrictVisits{"store.forget_strict_visits", R"sql(
    DELETE FROM visit
    WHERE last < $1 AND company_id IN (SELECT company_id FROM company WHERE strict)
)sql"};
constexpr duckdb::Query kForgetCheckpoints{"store.forget_checkpoints", R"sql(
    DELETE FROM checkpoint WHERE moment < $1
)sql"};
constexpr duckdb::Query kForgetRoutes{"store.forget_routes", R"sql(
    DELETE FROM route WHERE ended < $1
)sql"};

constexpr duckdb::Query kOldest{"store.oldest_recent", R"sql(
    SELECT least((SELECT min(bucket) FROM exposure_recent),
                 (SELECT min(bucket) FROM coverage_recent))
)sql"};

constexpr duckdb::Query kSettleExposure{"store.settle_exposure", R"sql(
    INSERT INTO exposure_settled SELECT * FROM exposure_recent
    WHERE bucket >= $1 AND bucket < $2
    ORDER BY company_id, asset_id, bucket, source, motion, cell
)sql"};
constexpr duckdb::Query kSettleCoverage{"store.settle_coverage", R"sql(
    INSERT INTO coverage_settled SELECT * FROM coverage_recent
    WHERE bucket >= $1 AND bucket < $2
    ORDER BY company_id, asset_id, bucket
)sql"};
constexpr duckdb::Query kSettleCounted{"store.settle_counted", R"sql(
    INSERT INTO counted_settled SELECT * FROM counted_recent
    WHERE bucket >= $1 AND bucket < $2
    ORDER BY company_id, asset_id, bucket
)sql"};
constexpr duckdb::Query kDeleteExposure{"store.delete_settled_day_exposure", R"sql(
    DELETE FROM exposure_recent WHERE bucket < $1
)sql"};
constexpr duckdb::Query kDeleteCoverage{"store.delete_settled_day_coverage", R"sql(
    DELETE FROM coverage_recent WHERE bucket < $1
)sql"};
constexpr duckdb::Query kDeleteCounted{"store.delete_settled_day_counted", R"sql(
    DELETE FROM counted_recent WHERE bucket < $1
)sql"};

std::int64_t changed(duckdb::Rows rows) {
    return *rows.first([](duckdb::Row row) { return row.get<std::int64_t>(0); });
}

}  // namespace

Maintained forget(
    duckdb::Connection& connection, Instant visits_from, Instant strict_from, Instant routes_from) {
    Maintained done;
    done.visits_forgotten = changed(connection.run(kForgetVisits, visits_from)) +
                            changed(connection.run(kForgetStrictVisits, strict_from));
    done.checkpoints_forgotten = changed(connection.run(kForgetCheckpoints, visits_from));
    done.routes_forgotten = changed(connection.run(kForgetRoutes, routes_from));
    return done;
}

bool settle_day(duckdb::Connection& connection, Instant until) {
    const auto oldest =
        *connection.run(kOldest).first([](duckdb::Row row) { return row.optional<Instant>(0); });
    auto progress = read_progress(connection);
    const Instant end = std::chrono::floor<std::chrono::days>(until);
    if (!oldest || *oldest >= end) {
        // What comes late for those days goes where they are.
        if (progress.settled_until < end) {
            progress.settled_until = end;
            write(connection, progress);
        }
        return false;
    }
    const Instant from = std::chrono::floor<std::chrono::days>(*oldest);
    const Instant to = from + std::chrono::days(1);
    connection.run(kSettleExposure, from, to);
    connection.run(kSettleCoverage, from, to);
    connection.run(kSettleCounted, from, to);
    connection.run(kDeleteExposure, to);
    connection.run(kDeleteCoverage, to);
    connection.run(kDeleteCounted, to);
    make_hours(connection, {from, to});
    progress.settled_until = to;
    write(connection, progress);
    return true;
}

}  // namespace mobilytics::store
