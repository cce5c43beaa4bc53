#include "domains/calibration/count_store.h"

#include <boost/json.hpp>

namespace mobilytics::calibration {

namespace {

#define MOB_COUNT_COLUMNS                                                                     \
    "id, asset_id, way, state, begun_at, ended_at, start_occupancy, note, begun_by, reason, " \
    "changed_at, people, taps, undone, outside, lowest, counters::text AS counters "

constexpr pg::Query kInsert{"calibration.insert_count", R"sql(
    INSERT INTO calibration.count (company_id, id, asset_id, way, state, begun_at, ended_at,
                                   start_occupancy, client_id, note, begun_by, changed_at, people,
                                   taps, undone, outside, lowest, counters)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, $14, '[]')
    ON CONFLICT (company_id, client_id) DO NOTHING
    RETURNING id
)sql"};

constexpr pg::Query kSelect{
    "calibration.select_count",
    "SELECT " MOB_COUNT_COLUMNS "FROM calibration.count WHERE company_id = $1 AND id = $2"};

constexpr pg::Query kLock{"calibration.lock_count", R"sql(
    SELECT id FROM calibration.count WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kSelectByClient{
    "calibration.select_count_by_client",
    "SELECT " MOB_COUNT_COLUMNS "FROM calibration.count WHERE company_id = $1 AND client_id = $2"};

constexpr pg::Query kSelectSome{
    "calibration.select_counts",
    "SELECT " MOB_COUNT_COLUMNS
    "FROM calibration.count WHERE company_id = $1 AND ($2::uuid IS NULL OR id < $2) "
    "AND ($3::uuid IS NULL OR asset_id = $3) AND ($4::text IS NULL OR state = $4) "
    "ORDER BY id DESC LIMIT $5"};

constexpr pg::Query kSelectEnded{
    "calibration.select_ended",
    "SELECT " MOB_COUNT_COLUMNS
    "FROM calibration.count WHERE company_id = $1 AND asset_id = ANY ($2::uuid[]) "
    "AND state = 'ended' ORDER BY begun_at, id"};

constexpr pg::Query kUpdate{"calibration.update_count", R"sql(
    UPDATE calibration.count
    SET state = $3, begun_at = $4, ended_at = $5, reason = $6, changed_at = $7, people = $8,
        taps = $9, undone = $10, outside = $11, lowest = $12, counters = $13::text::jsonb
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kSelectTaps{"calibration.select_taps", R"sql(
    SELECT id, counter, kind, at, undoes FROM calibration.tap
    WHERE company_id = $1 AND count_id = $2 AND id = ANY ($3::text[])
)sql"};

constexpr pg::Query kSelectAllTaps{"calibration.select_all_taps", R"sql(
    SELECT id, counter, kind, at, undoes FROM calibration.tap
    WHERE company_id = $1 AND count_id = $2 ORDER BY at, id
)sql"};

constexpr pg::Query kInsertTap{"calibration.insert_tap", R"sql(
    INSERT INTO calibration.tap (company_id, count_id, id, counter, kind, at, undoes)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kSelectCorrections{"calibration.select_corrections", R"sql(
    SELECT at, occupancy, reason, made_at, made_by FROM calibration.correction
    WHERE company_id = $1 AND count_id = $2 ORDER BY at
)sql"};

constexpr pg::Query kUpsertCorrection{"calibration.upsert_correction", R"sql(
    INSERT INTO calibration.correction (company_id, count_id, at, occupancy, reason, made_at, made_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (company_id, count_id, at) DO UPDATE
    SET occupancy = excluded.occupancy, reason = excluded.reason, made_at = excluded.made_at,
        made_by = excluded.made_by
)sql"};

constexpr pg::Query kSelectTotals{"calibration.select_totals", R"sql(
    SELECT from_at, to_at, people FROM calibration.total
    WHERE company_id = $1 AND count_id = $2 ORDER BY from_at
)sql"};

constexpr pg::Query kDeleteTotals{"calibration.delete_totals", R"sql(
    DELETE FROM calibration.total WHERE company_id = $1 AND count_id = $2
)sql"};

constexpr pg::Query kInsertTotal{"calibration.insert_total", R"sql(
    INSERT INTO calibration.total (company_id, count_id, from_at, to_at, people)
    VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr pg::Query kCounted{"calibration.select_counted", R"sql(
    SELECT asset_id, count(*) FILTER (WHERE state = 'ended') AS counts,
           (SELECT now.id FROM calibration.count AS now
            WHERE now.company_id = $1 AND now.asset_id = each.asset_id AND now.state = 'counting'
            ORDER BY now.id DESC LIMIT 1) AS counting,
           max(ended_at) FILTER (WHERE state = 'ended') AS last_at
    FROM calibration.count AS each
    WHERE company_id = $1 AND asset_id = ANY ($2::uuid[]) AND state <> 'dismissed'
    GROUP BY asset_id
)sql"};

std::string text_of(const std::vector<Counter>& counters) {
    boost::json::array out;
    for (const auto& each : counters) {
        out.push_back({{"name", each.name}, {"taps", each.taps}, {"at", to_iso8601(each.last_at)}});
    }
    return boost::json::serialize(out);
}

std::vector<Counter> counters_of(const std::string& text) {
    std::vector<Counter> out;
    const auto json = boost::json::parse(text);
    for (const auto& each : json.as_array()) {
        const auto at = parse_iso8601(each.at("at").as_string());
        VERIFY(at);
        out.push_back(
            {std::string(each.at("name").as_string()), each.at("taps").to_number<std::int64_t>(),
             *at});
    }
    return out;
}

Count count_from(const pg::Row& row) {
    Count out;
    out.id = row.get<CountId>("id");
    out.asset_id = row.get<AssetId>("asset_id");
    out.way = row.get<Way>("way");
    out.state = row.get<CountState>("state");
    out.begun_at = row.get<Instant>("begun_at");
    out.ended_at = row.optional<Instant>("ended_at");
    out.start_occupancy = row.get<std::int64_t>("start_occupancy");
    out.people = row.get<double>("people");
    out.taps = row.get<std::int64_t>("taps");
    out.undone = row.get<std::int64_t>("undone");
    out.outside = row.get<std::int64_t>("outside");
    out.lowest = row.get<double>("lowest");
    out.counters = counters_of(row.get<std::string>("counters"));
    out.note = row.optional<std::string>("note");
    out.begun_by = row.get<PersonId>("begun_by");
    out.reason = row.optional<std::string>("reason");
    out.changed_at = row.get<Instant>("changed_at");
    return out;
}

Tap tap_from(const pg::Row& row) {
    return {
        {row.get<std::string>("id"), row.get<TapKind>("kind"), row.get<Instant>("at"),
         row.optional<std::string>("undoes")},
        row.get<std::string>("counter")};
}

}  // namespace

bool insert(pg::Transaction& tx, const Count& count, const std::optional<std::string>& client_id) {
    const auto rows = tx.run(
        kInsert, tx.company(), count.id, count.asset_id, count.way, count.state, count.begun_at,
        count.ended_at, count.start_occupancy, client_id, count.note, *count.begun_by,
        count.changed_at, count.people, count.lowest);
    return rows.size() == 1;
}

std::optional<Count> select_count(pg::Transaction& tx, CountId id, Lock lock) {
    if (lock == Lock::for_update) tx.run(kLock, tx.company(), id);
    return tx.run(kSelect, tx.company(), id).first(count_from);
}

std::optional<Count> select_count(pg::Transaction& tx, const std::string& client_id) {
    return tx.run(kSelectByClient, tx.company(), client_id).first(count_from);
}

std::vector<Count> select_counts(
    pg::Transaction& tx, std::optional<CountId> before, const ListCountsQuery& query,
    std::int64_t limit) {
    return tx.run(kSelectSome, tx.company(), before, query.asset_id, query.state, limit)
        .all(count_from);
}

std::vector<Count> select_ended(pg::Transaction& tx, const std::vector<AssetId>& assets) {
    return tx.run(kSelectEnded, tx.company(), assets).all(count_from);
}

void update(pg::Transaction& tx, const Count& count) {
    tx.run(
        kUpdate, tx.company(), count.id, count.state, count.begun_at, count.ended_at, count.reason,
        count.changed_at, count.people, count.taps, count.undone, count.outside, count.lowest,
        text_of(count.counters));
}

std::vector<Tap> select_taps(
    pg::Transaction& tx, CountId count, const std::vector<std::string>& ids) {
    return tx.run(kSelectTaps, tx.company(), count, ids).all(tap_from);
}

void insert(pg::Transaction& tx, CountId count, const std::vector<Tap>& taps) {
    for (const auto& [tap, counter] : taps) {
        tx.run(kInsertTap, tx.company(), count, tap.id, counter, tap.kind, tap.at, tap.undoes);
    }
}

Ledger select_ledger(pg::Transaction& tx, CountId count) {
    return {
        tx.run(kSelectAllTaps, tx.company(), count).all(tap_from), select_corrections(tx, count)};
}

std::vector<Correction> select_corrections(pg::Transaction& tx, CountId count) {
    return tx.run(kSelectCorrections, tx.company(), count).all([](const pg::Row& row) {
        return Correction{
            row.get<Instant>("at"), row.get<std::int64_t>("occupancy"),
            row.get<std::string>("reason"), row.get<Instant>("made_at"),
            row.get<PersonId>("made_by")};
    });
}

void upsert(pg::Transaction& tx, CountId count, const Correction& correction) {
    tx.run(
        kUpsertCorrection, tx.company(), count, correction.at, correction.occupancy,
        correction.reason, correction.made_at, *correction.made_by);
}

std::vector<Total> select_totals(pg::Transaction& tx, CountId count) {
    return tx.run(kSelectTotals, tx.company(), count).all([](const pg::Row& row) {
        return Total{
            row.get<Instant>("from_at"), row.get<Instant>("to_at"), row.get<double>("people")};
    });
}

void replace(pg::Transaction& tx, CountId count, const std::vector<Total>& totals) {
    tx.run(kDeleteTotals, tx.company(), count);
    for (const auto& total : totals) {
        tx.run(kInsertTotal, tx.company(), count, total.from, total.to, total.people);
    }
}

std::vector<Counted> select_counted(pg::Transaction& tx, const std::vector<AssetId>& assets) {
    return tx.run(kCounted, tx.company(), assets).all([](const pg::Row& row) {
        return Counted{
            row.get<AssetId>("asset_id"), row.get<std::int64_t>("counts"),
            row.optional<CountId>("counting"), row.optional<Instant>("last_at")};
    });
}

}  // namespace mobilytics::calibration
