#include "pipeline/measure/sql_job_bench.h"

#include <ctime>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "platform/duckdb/appender.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg_migrations.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::measure {

double process_cpu_seconds() {
    timespec now{};
    VERIFY(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

namespace {

/// `column(i)`: the totals in the order in which both ask for them.
template <class Column>
JobTotals totals_of(Column column) {
    JobTotals out{column(0), column(1), column(2), column(3), column(4)};
    for (std::size_t bin = 0; bin < out.dwell_bins.size(); ++bin) {
        out.dwell_bins[bin] = column(5 + bin);
    }
    return out;
}

class DuckDbJob final : public SqlJob {
  public:
    explicit DuckDbJob(const std::filesystem::path& folder)
        : database_(
              folder / "sightings.duckdb",
              {.memory_bytes_max = std::int64_t{10} << 30, .threads = 2}),
          connection_(database_.connect()) {
        connection_->command(
            "measure_bench.sighting",
            "CREATE TABLE sighting "
            "(asset UINTEGER, pseudonym UBIGINT, seen_at TIMESTAMP, rssi_dbm TINYINT)");
    }
    void load(std::span<const std::vector<HeardOnce>> heard) override {
        const double before = process_cpu_seconds();
        duckdb::Appender rows(*connection_, "sighting");
        for (std::uint32_t sensor = 0; sensor < heard.size(); ++sensor) {
            for (const auto& seen : heard[sensor]) {
                rows.row(sensor, seen.pseudonym, seen.at, seen.rssi_dbm);
            }
        }
        rows.close();
        seconds_ += process_cpu_seconds() - before;
    }
    void measure() override {
        const double before = process_cpu_seconds();
        connection_->run(kVisits);
        connection_->run(kExposure);
        seconds_ += process_cpu_seconds() - before;
    }
    JobTotals totals() override {
        return *connection_->run(kTotals).first([](const duckdb::Row& row) {
            return totals_of([&](std::size_t i) { return row.get<std::int64_t>(i); });
        });
    }
    double cpu_seconds() const override { return seconds_; }

  private:
    static constexpr duckdb::Query kVisits{"measure_bench.visits", R"(
        CREATE TABLE visit AS
        WITH marked AS (
            SELECT asset, pseudonym, seen_at, rssi_dbm,
                coalesce(seen_at - lag(seen_at) OVER of_device > INTERVAL 5 MINUTE, true) AS begins
            FROM sighting
            WHERE rssi_dbm >= -90
            WINDOW of_device AS (PARTITION BY asset, pseudonym ORDER BY seen_at)),
        numbered AS (
            SELECT asset, pseudonym, seen_at, rssi_dbm,
                sum(begins::INTEGER) OVER (
                    PARTITION BY asset, pseudonym ORDER BY seen_at
                    ROWS UNBOUNDED PRECEDING) AS number
            FROM marked)
        SELECT asset, pseudonym, min(seen_at) AS first, max(seen_at) AS last,
            count(*) AS sightings, max(rssi_dbm) AS strongest_dbm,
            CASE WHEN max(rssi_dbm) >= -60 THEN 0 WHEN max(rssi_dbm) >= -75 THEN 1 ELSE 2 END
                AS zone
        FROM numbered
        GROUP BY asset, pseudonym, number)"};
    static constexpr duckdb::Query kExposure{"measure_bench.exposure", R"(
        CREATE TABLE exposure AS
        WITH part AS (
            SELECT asset, pseudonym, first, last, sightings, bucket,
                time_bucket(INTERVAL 15 MINUTE, first) = bucket AS begun,
                epoch_us(last) - epoch_us(first) AS dwell_us,
                greatest(first, bucket) AS came,
                least(last, bucket + INTERVAL 15 MINUTE) AS went,
                last < bucket + INTERVAL 15 MINUTE AS leaves
            FROM (
                SELECT *, unnest(generate_series(
                    time_bucket(INTERVAL 15 MINUTE, first), last, INTERVAL 15 MINUTE)) AS bucket
                FROM visit)),
        event AS (
            SELECT asset, bucket, came AS moment, 1 AS step FROM part
            UNION ALL
            SELECT asset, bucket, went, -1 FROM part WHERE leaves),
        present AS (
            SELECT asset, bucket, sum(step) OVER (
                PARTITION BY asset, bucket ORDER BY moment, step DESC ROWS UNBOUNDED PRECEDING) AS count
            FROM event),
        occupancy AS (
            SELECT asset, bucket, max(count) AS occupancy_max FROM present GROUP BY asset, bucket)
        SELECT asset, bucket, count(*) FILTER (begun) AS visits,
            count(*) FILTER (NOT begun) AS visits_carried,
            count(*) FILTER (leaves) AS visits_ended,
            sum(sightings) FILTER (begun) AS sightings, sum(dwell_us) FILTER (begun) AS dwell_us,
            sum(epoch_us(went) - epoch_us(came)) AS presence_us,
            any_value(occupancy_max) AS occupancy_max,
            count(*) FILTER (begun AND sightings = 1) AS bin0,
            count(*) FILTER (begun AND sightings > 1 AND dwell_us < 5e6) AS bin1,
            count(*) FILTER (begun AND sightings > 1 AND dwell_us >= 5e6 AND dwell_us < 15e6)
                AS bin2,
            count(*) FILTER (begun AND sightings > 1 AND dwell_us >= 15e6 AND dwell_us < 30e6)
                AS bin3,
            count(*) FILTER (begun AND sightings > 1 AND dwell_us >= 30e6 AND dwell_us < 60e6)
                AS bin4,
            count(*) FILTER (begun AND sightings > 1 AND dwell_us >= 60e6 AND dwell_us < 300e6)
                AS bin5,
            count(*) FILTER (begun AND sightings > 1 AND dwell_us >= 300e6 AND dwell_us < 900e6)
                AS bin6,
            count(*) FILTER (begun AND sightings > 1 AND dwell_us >= 900e6) AS bin7,
            approx_count_distinct(pseudonym) AS devices
        FROM part JOIN occupancy USING (asset, bucket)
        GROUP BY asset, bucket)"};
    static constexpr duckdb::Query kTotals{"measure_bench.totals", R"(
        SELECT sum(visits)::BIGINT, sum(sightings)::BIGINT, sum(dwell_us)::BIGINT,
            sum(presence_us)::BIGINT, sum(occupancy_max)::BIGINT, sum(bin0)::BIGINT,
            sum(bin1)::BIGINT, sum(bin2)::BIGINT, sum(bin3)::BIGINT, sum(bin4)::BIGINT,
            sum(bin5)::BIGINT, sum(bin6)::BIGINT, sum(bin7)::BIGINT
        FROM exposure)"};

    duckdb::Database database_;
    std::unique_ptr<duckdb::Connection> connection_;
    double seconds_ = 0;
};

class PostgresJob final : public SqlJob {
  public:
    explicit PostgresJob(const std::filesystem::path& folder)
        : server_(folder / "postgres"),
          owner_{server_.url()},
          pool_(
              {owner_.server, "", "mobilytics_system"},
              {.connections_max = 1, .statement_max = std::chrono::milliseconds(0)}) {
        pg::migrate(owner_, {pg::kMigrations, kMigrations});
        auto tx = pool_.begin();
        backend_ = *tx.run(kBackend).first(
            [](const pg::Row& row) { return row.get<std::int32_t>("pid"); });
    }
    void load(std::span<const std::vector<HeardOnce>> heard) override {
        auto tx = pool_.begin();
        auto rows = tx.copy(kCopy);
        for (std::size_t sensor = 0; sensor < heard.size(); ++sensor) {
            for (const auto& seen : heard[sensor]) {
                rows.row(
                    static_cast<std::int32_t>(sensor), static_cast<std::int64_t>(seen.pseudonym),
                    seen.at, static_cast<std::int16_t>(seen.rssi_dbm));
            }
        }
        rows.finish();
        tx.commit();
    }
    void measure() override {
        auto tx = pool_.begin();
        tx.run(kTuning);
        tx.run(kVisits);
        tx.run(kExposure);
        tx.commit();
    }
    JobTotals totals() override {
        auto tx = pool_.begin();
        return *tx.run(kTotals).first([](const pg::Row& row) {
            constexpr std::array kColumns{
                "visits", "sightings", "dwell_us", "presence_us", "occupancy_max", "bin0", "bin1",
                "bin2",   "bin3",      "bin4",     "bin5",        "bin6",          "bin7"};
            return totals_of([&](std::size_t i) { return row.get<std::int64_t>(kColumns[i]); });
        });
    }
    /// Of the process that serves us; those that write for all are left out.
    double cpu_seconds() const override {
        std::ifstream file("/proc/" + std::to_string(backend_) + "/stat");
        std::string line;
        std::getline(file, line);
        std::istringstream rest(line.substr(line.rfind(')') + 2));
        std::string word;
        for (int i = 0; i < 11; ++i) rest >> word;  // Up to utime, the 14th: see proc(5).
        double user = 0;
        double system = 0;
        rest >> user >> system;
        return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }

  private:
    static constexpr pg::Migration kMigrations[] = {{"measure_bench", "0001_create_tables.sql", R"(
        CREATE SCHEMA measure_bench;
        CREATE TABLE measure_bench.sighting (
            asset int, pseudonym bigint, seen_at timestamptz, rssi_dbm smallint);
        CREATE TABLE measure_bench.visit (
            asset int, pseudonym bigint, first timestamptz, last timestamptz, sightings bigint,
            strongest_dbm smallint, zone smallint);
        CREATE TABLE measure_bench.exposure (
            asset int, bucket timestamptz, visits bigint, visits_carried bigint,
            visits_ended bigint, sightings bigint, dwell_us bigint, presence_us bigint,
            occupancy_max bigint, bin0 bigint, bin1 bigint, bin2 bigint, bin3 bigint, bin4 bigint,
            bin5 bigint, bin6 bigint, bin7 bigint, devices bigint);
        GRANT USAGE ON SCHEMA measure_bench TO mobilytics_system;
        GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA measure_bench TO mobilytics_system;)"}};
    static constexpr pg::Query kBackend{"measure_bench.backend", "SELECT pg_backend_pid() AS pid"};
    static constexpr pg::Query kCopy{
        "measure_bench.copy", "COPY measure_bench.sighting FROM STDIN (FORMAT binary)"};
    static constexpr pg::Query kTuning{"measure_bench.tuning", R"(
        SELECT set_config('work_mem', '512MB', true), set_config('jit', 'off', true),
            set_config('max_parallel_workers_per_gather', '0', true))"};
    static constexpr pg::Query kVisits{"measure_bench.visits", R"(
        INSERT INTO measure_bench.visit
        WITH marked AS (
            SELECT asset, pseudonym, seen_at, rssi_dbm,
                coalesce(seen_at - lag(seen_at) OVER of_device > '5 minutes', true) AS begins
            FROM measure_bench.sighting
            WHERE rssi_dbm >= -90
            WINDOW of_device AS (PARTITION BY asset, pseudonym ORDER BY seen_at)),
        numbered AS (
            SELECT asset, pseudonym, seen_at, rssi_dbm,
                sum(begins::int) OVER (
                    PARTITION BY asset, pseudonym ORDER BY seen_at
                    ROWS UNBOUNDED PRECEDING) AS number
            FROM marked)
        SELECT asset, pseudonym, min(seen_at), max(seen_at), count(*), max(rssi_dbm),
            CASE WHEN max(rssi_dbm) >= -60 THEN 0 WHEN max(rssi_dbm) >= -75 THEN 1 ELSE 2 END
        FROM numbered
        GROUP BY asset, pseudonym, number)"};
    static constexpr pg::Query kExposure{"measure_bench.exposure", R"(
        INSERT INTO measure_bench.exposure
        WITH part AS (
            SELECT asset, pseudonym, sightings, bucket,
                date_bin('15 minutes', first, 'epoch') = bucket AS begun,
                (extract(epoch FROM last - first) * 1000000)::bigint AS dwell_us,
                greatest(first, bucket) AS came, least(last, bucket + '15 minutes') AS went,
                last < bucket + '15 minutes' AS leaves
            FROM measure_bench.visit, generate_series(
                date_bin('15 minutes', first, 'epoch'), last, '15 minutes') AS bucket),
        event AS (
            SELECT asset, bucket, came AS moment, 1 AS step FROM part
            UNION ALL
            SELECT asset, bucket, went, -1 FROM part WHERE leaves),
        present AS (
            SELECT asset, bucket, sum(step) OVER (
                PARTITION BY asset, bucket ORDER BY moment, step DESC ROWS UNBOUNDED PRECEDING) AS count
            FROM event),
        occupancy AS (
            SELECT asset, bucket, max(count) AS occupancy_max FROM present GROUP BY asset, bucket)
        SELECT asset, bucket, count(*) FILTER (WHERE begun), count(*) FILTER (WHERE NOT begun),
            count(*) FILTER (WHERE leaves), sum(sightings) FILTER (WHERE begun),
            sum(dwell_us) FILTER (WHERE begun),
            sum((extract(epoch FROM went - came) * 1000000)::bigint), min(occupancy_max),
            count(*) FILTER (WHERE begun AND sightings = 1),
            count(*) FILTER (WHERE begun AND sightings > 1 AND dwell_us < 5e6),
            count(*) FILTER (WHERE begun AND sightings > 1 AND dwell_us >= 5e6 AND dwell_us < 15e6),
            count(*) FILTER (
                WHERE begun AND sightings > 1 AND dwell_us >= 15e6 AND dwell_us < 30e6),
            count(*) FILTER (
                WHERE begun AND sightings > 1 AND dwell_us >= 30e6 AND dwell_us < 60e6),
            count(*) FILTER (
                WHERE begun AND sightings > 1 AND dwell_us >= 60e6 AND dwell_us < 300e6),
            count(*) FILTER (
                WHERE begun AND sightings > 1 AND dwell_us >= 300e6 AND dwell_us < 900e6),
            count(*) FILTER (WHERE begun AND sightings > 1 AND dwell_us >= 900e6),
            count(DISTINCT pseudonym)
        FROM part JOIN occupancy USING (asset, bucket)
        GROUP BY asset, bucket)"};
    static constexpr pg::Query kTotals{"measure_bench.totals", R"(
        SELECT sum(visits)::bigint AS visits, sum(sightings)::bigint AS sightings, sum(dwell_us)::bigint AS dwell_us,
            sum(presence_us)::bigint AS presence_us, sum(occupancy_max)::bigint AS occupancy_max, sum(bin0)::bigint AS bin0,
            sum(bin1)::bigint AS bin1, sum(bin2)::bigint AS bin2, sum(bin3)::bigint AS bin3, sum(bin4)::bigint AS bin4,
            sum(bin5)::bigint AS bin5, sum(bin6)::bigint AS bin6, sum(bin7)::bigint AS bin7
        FROM measure_bench.exposure)"};

    services::PrivatePostgres server_;
    pg::Address owner_;
    pg::SystemPool pool_;
    std::int32_t backend_ = 0;
};

}  // namespace

std::unique_ptr<SqlJob> make_duckdb_job(const std::filesystem::path& folder) {
    return std::make_unique<DuckDbJob>(folder);
}

std::unique_ptr<SqlJob> make_postgres_job(const std::filesystem::path& folder) {
    return std::make_unique<PostgresJob>(folder);
}

}  // namespace mobilytics::measure
