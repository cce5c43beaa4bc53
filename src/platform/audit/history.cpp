#include "platform/audit/history.h"

#include <algorithm>

#include <boost/json/parse.hpp>

#include "platform/pg/pg.h"

namespace mobilytics::audit {

namespace {

constexpr pg::Query kNewest{"audit.newest", R"sql(
    SELECT company_id, id, occurred_at, action, outcome, actor_kind, actor_id, impersonator,
           target_types, target_ids, request_id, trace_id, details::text AS details, position
    FROM audit.trail
    WHERE company_id = $1 AND id > $2 AND id < $3
      AND ($4::text IS NULL OR actor_id = $4 OR impersonator = $4)
      AND ($5::text IS NULL OR action = $5 OR starts_with(action, $5 || '.'))
      AND ($6::text IS NULL OR target_ids @> ARRAY[$6::text])
      AND ($7::text IS NULL OR outcome = $7)
      AND ($8::timestamptz IS NULL OR occurred_at >= $8)
      AND ($9::timestamptz IS NULL OR occurred_at < $9)
      AND ($10::text IS NULL OR position(lower($10) IN lower(concat_ws(' ',
               action, actor_id, impersonator, array_to_string(target_ids, ' '), request_id,
               trace_id, details::text))) > 0)
    ORDER BY id DESC LIMIT $11
)sql"};

constexpr pg::Query kOldest{"audit.oldest", R"sql(
    SELECT company_id, id, occurred_at, action, outcome, actor_kind, actor_id, impersonator,
           target_types, target_ids, request_id, trace_id, details::text AS details, position
    FROM audit.trail
    WHERE company_id = $1 AND id > $2 AND id < $3
      AND ($4::text IS NULL OR actor_id = $4 OR impersonator = $4)
      AND ($5::text IS NULL OR action = $5 OR starts_with(action, $5 || '.'))
      AND ($6::text IS NULL OR target_ids @> ARRAY[$6::text])
      AND ($7::text IS NULL OR outcome = $7)
      AND ($8::timestamptz IS NULL OR occurred_at >= $8)
      AND ($9::timestamptz IS NULL OR occurred_at < $9)
      AND ($10::text IS NULL OR position(lower($10) IN lower(concat_ws(' ',
               action, actor_id, impersonator, array_to_string(target_ids, ' '), request_id,
               trace_id, details::text))) > 0)
    ORDER BY id LIMIT $11
)sql"};

constexpr pg::Query kAcross{"audit.across", R"sql(
    SELECT company_id, id, occurred_at, action, outcome, actor_kind, actor_id, impersonator,
           target_types, target_ids, request_id, trace_id, details::text AS details, position
    FROM audit.trail
    WHERE ($1::uuid IS NULL OR company_id = $1) AND id > $2 AND id < $3
      AND ($4::text IS NULL OR actor_id = $4 OR impersonator = $4)
      AND ($5::text IS NULL OR action = $5 OR starts_with(action, $5 || '.'))
      AND ($6::text IS NULL OR target_ids @> ARRAY[$6::text])
      AND ($7::text IS NULL OR outcome = $7)
      AND ($8::timestamptz IS NULL OR occurred_at >= $8)
      AND ($9::timestamptz IS NULL OR occurred_at < $9)
      AND ($10::text IS NULL OR position(lower($10) IN lower(concat_ws(' ',
               action, actor_id, impersonator, array_to_string(target_ids, ' '), request_id,
               trace_id, details::text))) > 0)
    ORDER BY id DESC LIMIT $11
)sql"};

/// The least id of that millisecond: ids begin with when they were made (RFC 9562, version 7).
EntryId least_id_of(Instant at) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 6 && ms > 0; ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    }
    return EntryId::from_bytes(bytes);
}

/// Of ids: both ends are not of it. So the index is asked for the period alone.
struct Between {
    EntryId low, high;
};
Between between(const Filter& filter, std::optional<EntryId> after, std::optional<EntryId> before) {
    std::array<std::uint8_t, 16> ones{};
    ones.fill(0xFF);
    Between out{EntryId(), EntryId::from_bytes(ones)};
    if (filter.from) out.low = least_id_of(*filter.from);
    if (filter.to) out.high = least_id_of(*filter.to + std::chrono::milliseconds(1));
    if (after) out.low = std::max(out.low, *after);
    if (before) out.high = std::min(out.high, *before);
    return out;
}

Record record_from(const pg::Row& row) {
    Record out;
    out.id = row.get<EntryId>("id");
    out.company = row.get<CompanyId>("company_id");
    out.position = row.optional<std::int64_t>("position");
    out.occurred_at = row.get<Instant>("occurred_at");
    out.action = row.get<std::string>("action");
    out.outcome = row.get<Outcome>("outcome");
    out.actor_kind = row.get<ActorKind>("actor_kind");
    out.actor_id = row.get<std::string>("actor_id");
    out.impersonator = row.get<std::string>("impersonator");
    out.request_id = row.get<std::string>("request_id");
    out.trace_id = row.get<std::string>("trace_id");
    out.target_types = row.get<std::vector<std::string>>("target_types");
    out.target_ids = row.get<std::vector<std::string>>("target_ids");
    if (const auto details = row.optional<std::string>("details")) {
        out.details = boost::json::parse(*details).as_object();
    }
    return out;
}

template <class Transaction>
std::vector<Record> ask(
    Transaction& tx, pg::Query query, std::optional<CompanyId> company, const Filter& filter,
    const Between& ids, std::int64_t count) {
    return tx
        .run(
            query, company, ids.low, ids.high, filter.actor, filter.action, filter.target,
            filter.outcome, filter.from, filter.to, filter.text, count)
        .all(record_from);
}

}  // namespace

std::vector<Record> search(
    pg::Transaction& tx, const Filter& filter, std::optional<EntryId> before, std::int64_t count) {
    return ask(tx, kNewest, tx.company(), filter, between(filter, {}, before), count);
}

std::vector<Record> search(
    pg::StaffTransaction& tx, std::optional<CompanyId> company, const Filter& filter,
    std::optional<EntryId> before, std::int64_t count) {
    return ask(tx, kAcross, company, filter, between(filter, {}, before), count);
}

std::vector<Record> oldest(
    pg::Transaction& tx, const Filter& filter, std::optional<EntryId> after, std::int64_t count) {
    return ask(tx, kOldest, tx.company(), filter, between(filter, after, {}), count);
}

}  // namespace mobilytics::audit
