#include "platform/audit/audit.h"

#include "foundation/json.h"
#include "foundation/origin.h"
#include "platform/audit/changes.h"
#include "platform/crypto/digest.h"
#include "platform/pg/pg.h"

namespace mobilytics::audit {

namespace {

constexpr std::size_t kSaltBytes = 16;

constexpr pg::Query kAppend{"audit.append", R"sql(
    INSERT INTO audit.entry (
        company_id, id, occurred_at, action, outcome, actor_kind, actor_id, impersonator,
        target_types, target_ids, request_id, trace_id, details, salt)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text[], $10::text[], $11, $12, $13::text::json, $14)
)sql"};

/// Only what is there: most entries have no reason, and many no address.
std::string details_of(const Entry& entry, std::string_view salt) {
    boost::json::object out;
    const auto say = [&out](const char* name, const std::string& text) {
        if (!text.empty()) out[name] = text;
    };
    say("address", origin().address);
    say("user_agent", origin().user_agent);
    say("reason", entry.reason);
    boost::json::object names;
    for (const auto& target : entry.targets) {
        if (!target.name.empty()) names[target.id] = target.name;
    }
    if (!names.empty()) out["names"] = std::move(names);
    auto [before, after] = changes_of(entry, salt);
    if (!before.is_null()) out["before"] = std::move(before);
    if (!after.is_null()) out["after"] = std::move(after);
    return json::text(out);
}

}  // namespace

Actor actor_of(const Caller& caller) {
    if (caller.person == PersonId()) return {ActorKind::api_key, ""};
    return {ActorKind::person, caller.person.str()};
}

void append(pg::Transaction& tx, Instant now, const Entry& entry) {
    append(tx, tx.company(), now, entry);
}

void append(pg::AnyTransaction& tx, CompanyId company, Instant now, const Entry& entry) {
    const auto salt = crypto::random_bytes(kSaltBytes);
    std::vector<std::string> types, ids;
    for (const auto& target : entry.targets) {
        types.push_back(target.type);
        ids.push_back(target.id);
    }
    const auto& impersonator = entry.actor.impersonator;
    tx.run(
        kAppend, company, EntryId::fresh(now), now, entry.action, entry.outcome, entry.actor.kind,
        entry.actor.id, impersonator ? impersonator->str() : std::string(), types, ids,
        origin().request, origin().trace, details_of(entry, salt), pg::as_bytes(salt));
}

}  // namespace mobilytics::audit
