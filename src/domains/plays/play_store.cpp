#include "domains/plays/play_store.h"

#include <boost/json.hpp>

namespace mobilytics::plays {

namespace {

constexpr std::int64_t kErasedAtOnce = 100'000;
constexpr auto kQuarter = std::chrono::minutes(15);

#define MOB_LOG_COLUMNS                                                                     \
    "id, face_id, source, form, made_by, made_at, from_at, to_at, lines, plays, repeated, " \
    "elsewhere, covered_s, findings::text AS findings"

constexpr pg::Query kTryLock{"plays.try_lock", R"sql(
    SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 14)) AS company_locked
)sql"};
constexpr pg::Query kUsage{"plays.usage", R"sql(
    SELECT count(*) AS logs, coalesce(sum(plays) FILTER (WHERE form = 'plays'), 0)::bigint AS plays
    FROM plays.log WHERE company_id = $1
)sql"};
constexpr pg::Query kInsert{"plays.insert", R"sql(
    INSERT INTO plays.log (company_id, id, face_id, source, sha256, form, made_by, made_at, from_at,
                           to_at, lines, plays, repeated, elsewhere, covered_s, findings)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::text::jsonb)
)sql"};
constexpr pg::Query kInsertStretches{"plays.insert_stretches", R"sql(
    INSERT INTO plays.stretch (company_id, face_id, log_id, from_at, to_at)
    SELECT $1, $2, $3, given.* FROM unnest($4::timestamptz[], $5::timestamptz[]) AS given
)sql"};
constexpr pg::Query kSelect{
    "plays.select",
    "SELECT " MOB_LOG_COLUMNS " FROM plays.log WHERE company_id = $1 AND face_id = $2 AND id = $3"};
constexpr pg::Query kSelectSame{
    "plays.select_same", "SELECT " MOB_LOG_COLUMNS
                         " FROM plays.log WHERE company_id = $1 AND face_id = $2 AND sha256 = $3"};
constexpr pg::Query kSelectBefore{
    "plays.select_before", "SELECT " MOB_LOG_COLUMNS
                           " FROM plays.log WHERE company_id = $1 AND face_id = $2"
                           " AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"};
constexpr pg::Query kErasePlays{"plays.erase_plays", R"sql(
    DELETE FROM plays.play WHERE company_id = $1 AND face_id = $2 AND ctid = ANY (ARRAY(
        SELECT ctid FROM plays.play
        WHERE company_id = $1 AND face_id = $2 AND log_id = $3 AND start_at >= $4 AND start_at <= $5
        LIMIT $6))
)sql"};
constexpr pg::Query kEraseQuarters{"plays.erase_quarters", R"sql(
    DELETE FROM plays.quarter
    WHERE company_id = $1 AND face_id = $2 AND log_id = $3
      AND quarter_at > $4::timestamptz - interval '15 minutes' AND quarter_at <= $5
)sql"};
constexpr pg::Query kEraseStretches{"plays.erase_stretches", R"sql(
    DELETE FROM plays.stretch WHERE company_id = $1 AND face_id = $2 AND log_id = $3
)sql"};
constexpr pg::Query kErase{
    "plays.erase", "DELETE FROM plays.log WHERE company_id = $1 AND id = $2"};

// Each is looked up by itself: a table that has just been filled has no statistics, and joins of it
// are planned as if it were small.
constexpr pg::Query kKnown{"plays.known", R"sql(
    SELECT given.n - 1 AS place
    FROM unnest($3::timestamptz[], $4::text[]) WITH ORDINALITY AS given (start_at, creative, n)
    CROSS JOIN LATERAL (
        SELECT 1 FROM plays.play
        WHERE company_id = $1 AND face_id = $2 AND start_at = given.start_at
          AND creative = given.creative
        LIMIT 1
    ) AS known
    ORDER BY given.n
)sql"};
constexpr pg::Query kInsertPlays{"plays.insert_plays", R"sql(
    WITH added AS (
        INSERT INTO plays.play (company_id, face_id, start_at, creative, log_id, duration_ms)
        SELECT $1, $2, given.start_at, given.creative, $3, given.duration_ms
        FROM unnest($4::timestamptz[], $5::text[], $6::bigint[])
             AS given (start_at, creative, duration_ms)
        RETURNING start_at, creative, duration_ms
    )
    INSERT INTO plays.quarter AS known (company_id, face_id, quarter_at, creative, log_id, plays,
                                        airtime_ms)
    SELECT $1, $2, date_bin('15 minutes', start_at, 'epoch'::timestamptz), creative, $3,
           count(*), sum(duration_ms)::bigint
    FROM added GROUP BY 3, creative
    ON CONFLICT (company_id, face_id, quarter_at, creative, log_id) DO UPDATE
    SET plays = known.plays + excluded.plays,
        airtime_ms = known.airtime_ms + excluded.airtime_ms
)sql"};
constexpr pg::Query kInsertQuarters{"plays.insert_quarters", R"sql(
    INSERT INTO plays.quarter (company_id, face_id, quarter_at, creative, log_id, plays, airtime_ms)
    SELECT $1, $2, given.quarter_at, given.creative, $3, given.plays, given.airtime_ms
    FROM unnest($4::timestamptz[], $5::text[], $6::bigint[], $7::bigint[])
         AS given (quarter_at, creative, plays, airtime_ms)
)sql"};
constexpr pg::Query kCounted{"plays.counted", R"sql(
    SELECT known.plays
    FROM unnest($3::timestamptz[], $4::text[]) WITH ORDINALITY AS given (hour_at, creative, n)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(plays), 0)::bigint AS plays FROM plays.quarter
        WHERE company_id = $1 AND face_id = $2 AND quarter_at >= given.hour_at
          AND quarter_at < given.hour_at + interval '1 hour' AND creative = given.creative
    ) AS known
    ORDER BY given.n
)sql"};

constexpr pg::Query kOtherForm{
    "plays.other_form",
    "SELECT " MOB_LOG_COLUMNS
    " FROM plays.log WHERE company_id = $1 AND face_id = $2 AND form <> $3 AND EXISTS ("
    "SELECT 1 FROM plays.stretch AS known"
    " JOIN unnest($4::timestamptz[], $5::timestamptz[]) AS given (from_at, to_at)"
    " ON known.from_at < given.to_at AND given.from_at < known.to_at"
    " WHERE known.company_id = $1 AND known.face_id = $2 AND known.log_id = log.id)"
    " ORDER BY id LIMIT 1"};
constexpr pg::Query kOverfull{"plays.overfull", R"sql(
    SELECT count(*) AS quarters
    FROM unnest($3::timestamptz[], $4::bigint[]) AS given (quarter_at, airtime_ms)
    JOIN LATERAL (
        SELECT sum(airtime_ms)::bigint AS airtime_ms FROM plays.quarter
        WHERE company_id = $1 AND face_id = $2 AND quarter_at = given.quarter_at
    ) AS known ON known.airtime_ms + given.airtime_ms > 900000
)sql"};

constexpr pg::Query kPlaysOf{"plays.plays_of", R"sql(
    SELECT width_bucket(quarter_at, $3::timestamptz[]) AS slot, creative,
           sum(plays)::bigint AS plays, sum(airtime_ms)::bigint AS airtime_ms
    FROM plays.quarter
    WHERE company_id = $1 AND face_id = $2 AND quarter_at >= $4 AND quarter_at < $5
    GROUP BY slot, creative ORDER BY slot, creative
)sql"};
constexpr pg::Query kStretchesOf{"plays.stretches_of", R"sql(
    SELECT from_at, to_at FROM plays.stretch
    WHERE company_id = $1 AND face_id = $2 AND from_at < $4 AND to_at > $3 ORDER BY from_at
)sql"};
constexpr pg::Query kImportedAt{"plays.imported_at", R"sql(
    SELECT made_at FROM plays.log AS one
    WHERE company_id = $1 AND face_id = $2 AND EXISTS (
        SELECT 1 FROM plays.stretch
        WHERE company_id = $1 AND face_id = $2 AND log_id = one.id AND from_at < $4 AND to_at > $3)
    ORDER BY made_at DESC LIMIT 1
)sql"};

std::string text_of(const std::vector<PlayFinding>& findings) {
    boost::json::array out;
    for (const auto& one : findings) {
        boost::json::object item{
            {"kind", word(one.kind)}, {"count", one.count}, {"detail", one.detail}};
        if (one.line) item["line"] = *one.line;
        out.push_back(std::move(item));
    }
    return boost::json::serialize(out);
}

std::vector<PlayFinding> findings_of(const std::string& text) {
    std::vector<PlayFinding> out;
    const auto all = boost::json::parse(text);
    for (const auto& one : all.as_array()) {
        const auto kind = from_word<PlayFindingKind>(std::string_view(one.at("kind").as_string()));
        VERIFY(kind);
        const auto* line = one.as_object().if_contains("line");
        out.push_back(
            {*kind, one.at("count").to_number<std::int64_t>(),
             line != nullptr ? std::optional(line->to_number<std::int64_t>()) : std::nullopt,
             std::string(one.at("detail").as_string())});
    }
    return out;
}

PlayLog log_from(const pg::Row& row) {
    return {
        .id = row.get<PlayLogId>("id"),
        .face_id = row.get<FaceId>("face_id"),
        .source = row.get<std::string>("source"),
        .form = row.get<LogForm>("form"),
        .made_by = row.get<PersonId>("made_by"),
        .made_at = row.get<Instant>("made_at"),
        .from = row.get<Instant>("from_at"),
        .to = row.get<Instant>("to_at"),
        .lines = row.get<std::int64_t>("lines"),
        .plays = row.get<std::int64_t>("plays"),
        .repeated = row.get<std::int64_t>("repeated"),
        .elsewhere = row.get<std::int64_t>("elsewhere"),
        .covered_s = row.get<std::int64_t>("covered_s"),
        .findings = findings_of(row.get<std::string>("findings"))};
}

struct Keys {
    std::vector<Instant> starts;
    std::vector<std::string> creatives;
};
Keys keys_of(const std::vector<std::string>& creatives, std::span<const Line> lines) {
    Keys out;
    for (const auto& line : lines) {
        out.starts.push_back(line.start);
        out.creatives.push_back(creatives.at(line.creative));
    }
    return out;
}

struct Ends {
    std::vector<Instant> from, to;
};
Ends ends_of(const std::vector<Stretch>& stretches) {
    Ends out;
    for (const auto& one : stretches) {
        out.from.push_back(one.from);
        out.to.push_back(one.to);
    }
    return out;
}

}  // namespace

bool try_lock(pg::Transaction& tx) {
    return *tx.run(kTryLock, tx.company()).first([](const pg::Row& row) {
        return row.get<bool>("company_locked");
    });
}

Usage usage_of(pg::Transaction& tx) {
    return *tx.run(kUsage, tx.company()).first([](const pg::Row& row) {
        return Usage{row.get<std::int64_t>("logs"), row.get<std::int64_t>("plays")};
    });
}

void insert(pg::Transaction& tx, const PlayLog& log, const std::string& sha256) {
    tx.run(
        kInsert, tx.company(), log.id, log.face_id, log.source, sha256, log.form, *log.made_by,
        log.made_at, log.from, log.to, log.lines, log.plays, log.repeated, log.elsewhere,
        log.covered_s, text_of(log.findings));
}

void insert_stretches(
    pg::Transaction& tx, const PlayLog& log, const std::vector<Stretch>& covered) {
    const auto ends = ends_of(covered);
    tx.run(kInsertStretches, tx.company(), log.face_id, log.id, ends.from, ends.to);
}

std::optional<PlayLog> select(pg::Transaction& tx, FaceId face, PlayLogId id) {
    return tx.run(kSelect, tx.company(), face, id).first(log_from);
}

std::optional<PlayLog> select_same(pg::Transaction& tx, FaceId face, const std::string& sha256) {
    return tx.run(kSelectSame, tx.company(), face, sha256).first(log_from);
}

std::vector<PlayLog> select_before(
    pg::Transaction& tx, FaceId face, std::optional<PlayLogId> before, std::int64_t count) {
    return tx.run(kSelectBefore, tx.company(), face, before, count).all(log_from);
}

void erase(pg::Transaction& tx, const PlayLog& log) {
    // In parts, each of which ends in time.
    while (tx.run(kErasePlays, tx.company(), log.face_id, log.id, log.from, log.to, kErasedAtOnce)
               .touched() == kErasedAtOnce) {
    }
    tx.run(kEraseQuarters, tx.company(), log.face_id, log.id, log.from, log.to);
    tx.run(kEraseStretches, tx.company(), log.face_id, log.id);
    tx.run(kErase, tx.company(), log.id);
}

std::vector<std::size_t> known(
    pg::Transaction& tx, FaceId face, const std::vector<std::string>& creatives,
    std::span<const Line> lines) {
    const auto [starts, labels] = keys_of(creatives, lines);
    return tx.run(kKnown, tx.company(), face, starts, labels).all([](const pg::Row& row) {
        return static_cast<std::size_t>(row.get<std::int64_t>("place"));
    });
}

void insert_plays(
    pg::Transaction& tx, const PlayLog& log, const std::vector<std::string>& creatives,
    std::span<const Line> lines) {
    const auto [starts, labels] = keys_of(creatives, lines);
    std::vector<std::int64_t> durations;
    for (const auto& line : lines) durations.push_back(line.duration_ms);
    tx.run(kInsertPlays, tx.company(), log.face_id, log.id, starts, labels, durations);
}

void insert_counts(
    pg::Transaction& tx, const PlayLog& log, const std::vector<std::string>& creatives,
    std::span<const Line> lines) {
    std::vector<Instant> quarters;
    std::vector<std::string> labels;
    std::vector<std::int64_t> plays, airtimes;
    for (const auto& line : lines) {
        for (int i = 0; i < 4; ++i) {
            // Whole plays, and together as many as there were.
            const std::int64_t of_it = line.plays * (i + 1) / 4 - line.plays * i / 4;
            if (of_it == 0) continue;
            quarters.push_back(line.start + i * kQuarter);
            labels.push_back(creatives.at(line.creative));
            plays.push_back(of_it);
            airtimes.push_back(of_it * line.duration_ms);
        }
    }
    if (quarters.empty()) return;
    tx.run(kInsertQuarters, tx.company(), log.face_id, log.id, quarters, labels, plays, airtimes);
}

std::vector<std::int64_t> counted(
    pg::Transaction& tx, FaceId face, const std::vector<std::string>& creatives,
    std::span<const Line> lines) {
    const auto [hours, labels] = keys_of(creatives, lines);
    return tx.run(kCounted, tx.company(), face, hours, labels).all([](const pg::Row& row) {
        return row.get<std::int64_t>("plays");
    });
}

std::optional<PlayLog> other_form(
    pg::Transaction& tx, const PlayLog& log, const std::vector<Stretch>& covered) {
    const auto ends = ends_of(covered);
    return tx.run(kOtherForm, tx.company(), log.face_id, log.form, ends.from, ends.to)
        .first(log_from);
}

std::int64_t overfull(pg::Transaction& tx, FaceId face, std::span<const Airtime> more) {
    std::vector<Instant> quarters;
    std::vector<std::int64_t> airtimes;
    for (const auto& one : more) {
        quarters.push_back(one.quarter);
        airtimes.push_back(one.airtime_ms);
    }
    return *tx.run(kOverfull, tx.company(), face, quarters, airtimes).first([](const pg::Row& row) {
        return row.get<std::int64_t>("quarters");
    });
}

std::vector<SlotPlays> plays_of(pg::Transaction& tx, FaceId face, std::span<const Instant> slots) {
    const std::vector<Instant> ends(slots.begin(), slots.end());
    return tx.run(kPlaysOf, tx.company(), face, ends, slots.front(), slots.back())
        .all([](const pg::Row& row) {
            return SlotPlays{
                .slot = static_cast<std::size_t>(row.get<std::int64_t>("slot") - 1),
                .creative = row.get<std::string>("creative"),
                .plays = row.get<std::int64_t>("plays"),
                .airtime_s = static_cast<double>(row.get<std::int64_t>("airtime_ms")) / 1000};
        });
}

std::vector<Stretch> stretches_of(pg::Transaction& tx, FaceId face, const Stretch& within) {
    return tx.run(kStretchesOf, tx.company(), face, within.from, within.to)
        .all([](const pg::Row& row) {
            return Stretch{row.get<Instant>("from_at"), row.get<Instant>("to_at")};
        });
}

std::optional<Instant> imported_at(pg::Transaction& tx, FaceId face, const Stretch& within) {
    return tx.run(kImportedAt, tx.company(), face, within.from, within.to)
        .first([](const pg::Row& row) { return row.get<Instant>("made_at"); });
}

}  // namespace mobilytics::plays
