#include "pipeline/ingest/housekeeping.h"

#include "foundation/log.h"
#include "pipeline/ingest/ingest_store.h"

namespace mobilytics::ingest {

namespace {

constexpr int kHoursAhead = 3;
constexpr std::chrono::hours kFlapsWithin{1};
constexpr std::int64_t kFlapsFrom = 4;  // Boots of one sensor.

constexpr pg::Query kCountUnread{"ingest.count_unread", R"sql(
    SELECT count(*) AS reports FROM ingest.report
    WHERE received_at < $1 AND (transaction, number) > ($2::xid8, $3::bigint)
)sql"};

constexpr pg::Query kDropPartitions{"ingest.drop_partitions", R"sql(
    SELECT ingest.drop_partitions($1) AS dropped
)sql"};

constexpr pg::Query kDropRefused{"ingest.drop_refused", R"sql(
    DELETE FROM ingest.quarantine WHERE last_received_at < $1
)sql"};

// What is refused may hold pseudonyms as well: its bytes go when those of reports do.
constexpr pg::Query kEmptyRefused{"ingest.empty_refused", R"sql(
    UPDATE ingest.quarantine SET content = '' WHERE first_received_at <= $1 AND content <> ''
)sql"};

constexpr pg::Query kBoundRefused{"ingest.bound_refused", R"sql(
    DELETE FROM ingest.quarantine q
    USING (SELECT company_id, device_id, digest FROM ingest.quarantine
           ORDER BY last_received_at DESC, digest OFFSET $1) old
    WHERE q.company_id = old.company_id AND q.device_id = old.device_id AND q.digest = old.digest
)sql"};

constexpr pg::Query kCountRefused{"ingest.count_refused", R"sql(
    SELECT count(*) AS rows FROM ingest.quarantine
)sql"};

constexpr pg::Query kCountFlapping{"ingest.count_flapping", R"sql(
    SELECT count(*) AS sensors FROM (
        SELECT company_id, device_id FROM ingest.boot WHERE first_received_at > $1
        GROUP BY company_id, device_id HAVING count(*) >= $2) often
)sql"};

constexpr pg::Query kDropLosses{"ingest.drop_losses", R"sql(
    DELETE FROM ingest.loss l USING ingest.boot b
    WHERE b.last_received_at < $1 AND l.company_id = b.company_id
      AND l.device_id = b.device_id AND l.boot_id = b.boot_id
)sql"};

constexpr pg::Query kDropBoots{"ingest.drop_boots", R"sql(
    DELETE FROM ingest.boot WHERE last_received_at < $1
)sql"};

}  // namespace

void Housekeeping::note_read(StreamPosition up_to) {
    const std::lock_guard lock(mutex_);
    read_up_to_ = up_to;
}

void Housekeeping::keep(Instant now) {
    for (int ahead = 0; ahead < kHoursAhead; ++ahead) {
        auto tx = pool_.begin();
        open_partition(tx, now + std::chrono::hours(ahead));
        tx.commit();
    }
    drop_reports(now);
    drop_refused(now);
    drop_boots(now);
    count_flapping(now);
}

void Housekeeping::drop_reports(Instant now) {
    // A whole hour goes once its first report is too old, so that none is kept longer.
    const auto newest = now - retention_.reports;
    std::optional<StreamPosition> read_up_to;
    {
        const std::lock_guard lock(mutex_);
        read_up_to = read_up_to_;
    }
    auto tx = pool_.begin();
    std::int64_t unread = 0;
    if (read_up_to) {
        const auto end = std::chrono::floor<std::chrono::hours>(newest) + std::chrono::hours(1);
        const auto reports = [](const pg::Row& row) { return row.get<std::int64_t>("reports"); };
        unread = *tx.run(kCountUnread, Instant(end), read_up_to->transaction, read_up_to->number)
                      .first(reports);
    }
    const auto dropped = tx.run(kDropPartitions, newest).first([](const pg::Row& row) {
        return row.get<std::int64_t>("dropped");
    });
    tx.commit();
    if (*dropped > 0) log::info("report_partitions_dropped", {{"partitions", *dropped}});
    if (unread == 0) return;
    metrics_.dropped_unread.Increment(static_cast<double>(unread));
    log::error("reports_dropped_unread", {{"reports", unread}});
}

void Housekeeping::drop_refused(Instant now) {
    auto tx = pool_.begin();
    tx.run(kDropRefused, now - retention_.refused);
    tx.run(kEmptyRefused, now - retention_.reports);
    tx.run(kBoundRefused, retention_.refused_rows_max);
    const auto rows = tx.run(kCountRefused).first([](const pg::Row& row) {
        return row.get<std::int64_t>("rows");
    });
    tx.commit();
    metrics_.quarantined.Set(static_cast<double>(*rows));
}

void Housekeeping::count_flapping(Instant now) {
    auto tx = pool_.begin();
    const auto sensors = tx.run(kCountFlapping, now - kFlapsWithin, kFlapsFrom);
    metrics_.flapping.Set(static_cast<double>(
        *sensors.first([](const pg::Row& row) { return row.get<std::int64_t>("sensors"); })));
}

void Housekeeping::drop_boots(Instant now) {
    auto tx = pool_.begin();
    tx.run(kDropLosses, now - retention_.boots);
    tx.run(kDropBoots, now - retention_.boots);
    tx.commit();
}

}  // namespace mobilytics::ingest
