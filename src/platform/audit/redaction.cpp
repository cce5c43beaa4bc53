#include "platform/audit/redaction.h"

#include <span>

#include "platform/audit/history.h"
#include "platform/pg/pg.h"

namespace mobilytics::audit {

namespace {

constexpr std::size_t kToldAtOnce = 500;  // Of what one entry says that it blacked out.
constexpr std::int64_t kTakenAtOnce = 1'000;

constexpr pg::Query kAbout{"audit.about", R"sql(
    SELECT id FROM audit.trail
    WHERE company_id = $1 AND details IS NOT NULL
      AND (actor_id = $2 OR impersonator = $2 OR target_ids @> ARRAY[$2::text])
    ORDER BY id
)sql"};

constexpr pg::Query kOlder{"audit.older", R"sql(
    SELECT id FROM audit.sealed
    WHERE company_id = $1 AND id < $2 AND details IS NOT NULL AND occurred_at < $3
    ORDER BY id LIMIT $4
)sql"};

constexpr pg::Query kLeft{"audit.left", R"sql(
    SELECT count(*) AS count FROM audit.trail
    WHERE company_id = $1
      AND (actor_id = $2 OR impersonator = $2 OR target_ids @> ARRAY[$2::text])
)sql"};

constexpr pg::Query kBlackOut{
    "audit.black_out", "SELECT audit.black_out($1, $2::uuid[]) AS touched"};

std::int64_t black_out(
    pg::Transaction& tx, const std::vector<EntryId>& ids, const std::string& why, Instant now) {
    std::int64_t touched = 0;
    for (std::size_t at = 0; at < ids.size(); at += kToldAtOnce) {
        const auto some = std::span(ids).subspan(at, std::min(kToldAtOnce, ids.size() - at));
        Entry entry{
            .action = "audit.details_blacked_out",
            .actor = {ActorKind::system, "audit"},
            .reason = why};
        for (const auto& id : some) entry.targets.push_back({"audit", id.str()});
        append(tx, now, entry);
        touched += *tx.run(kBlackOut, tx.company(), std::vector<EntryId>(some.begin(), some.end()))
                        .first([](const pg::Row& row) { return row.get<std::int64_t>("touched"); });
    }
    return touched;
}

EntryId id_from(const pg::Row& row) { return row.get<EntryId>("id"); }

/// Gives each entry; `but_of`: but for those of this actor.
void tell_of(
    pg::Transaction& tx, const Filter& filter, const std::string& but_of,
    const privacy::Holder::Give& give) {
    std::optional<EntryId> after;
    for (bool more = true; more;) {
        const auto records = oldest(tx, filter, after, kTakenAtOnce);
        more = std::ssize(records) == kTakenAtOnce;
        if (more) after = records.back().id;
        for (const auto& record : records) {
            if (record.actor_id == but_of) continue;
            boost::json::object thing{
                {"place", "audit.sealed"},
                {"id", record.id.str()},
                {"occurred_at", to_iso8601(record.occurred_at)},
                {"action", record.action},
                {"actor", record.actor_id}};
            if (record.details) thing["details"] = *record.details;
            give(thing);
        }
    }
}

}  // namespace

std::int64_t black_out_about(
    pg::Transaction& tx, const std::string& id, const std::string& why, Instant now) {
    return black_out(tx, tx.run(kAbout, tx.company(), id).all(id_from), why, now);
}

std::int64_t black_out_older(
    pg::Transaction& tx, Instant older_than, const std::string& why, Instant now) {
    const auto ids =
        tx.run(kOlder, tx.company(), EntryId::fresh(older_than), older_than, kBlackOutMax)
            .all(id_from);
    return black_out(tx, ids, why, now);
}

privacy::Holder holder() {
    return {
        .name = "audit",
        .of_contacts = true,
        .take_along = {},
        .erase = [](pg::Transaction& tx, const privacy::Subject& subject,
                    Instant now) -> Result<std::vector<privacy::Erased>> {
            const auto id = subject.id();
            const auto gone = black_out_about(tx, id, "gdpr.erasure", now);
            const auto left = tx.run(kLeft, tx.company(), id).first([](const pg::Row& row) {
                return row.get<std::int64_t>("count");
            });
            return std::vector<privacy::Erased>{
                {"audit.sealed", gone, left.value_or(0),
                 "who did what and when, by id, as evidence: GDPR art. 17(3)(b), (e)"}};
        },
        .give_along =
            [](pg::Transaction& tx, const privacy::Subject& subject,
               const privacy::Holder::Give& give) {
                tell_of(tx, {.actor = subject.id()}, "", give);
                // What they did to themselves is there already.
                tell_of(tx, {.target = subject.id()}, subject.id(), give);
            }};
}

privacy::RetentionRule details_rule() {
    using std::chrono::days;
    return {
        .kind = "audit_details",
        .what = "Addresses, user agents, reasons and values in the audit trail",
        .usual = days(730),
        .least = days(90),
        .most = days(3650),
        .enforce = [](pg::Transaction& tx, Instant older_than, Instant now) {
            return black_out_older(tx, older_than, "gdpr.retention", now);
        }};
}

}  // namespace mobilytics::audit
