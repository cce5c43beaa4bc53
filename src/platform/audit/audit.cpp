#include "platform/audit/audit.h"

#include <atomic>

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

/// Version 7 (RFC 9562, section 6.2, methods 3 and 1): behind the milliseconds the rest of the
/// microsecond's, then a count, so that entries of one instant are listed in their order.
EntryId fresh_id(Instant now) {
    static std::atomic<std::uint16_t> count = 0;
    auto bytes = EntryId::fresh(now).bytes();
    const auto us = now.time_since_epoch().count() % 1000;
    const auto fraction = static_cast<std::uint16_t>((us < 0 ? us + 1000 : us) * 4096 / 1000);
    const std::uint16_t number = count++;
    bytes[6] = static_cast<std::uint8_t>(0x70 | fraction >> 8);
    bytes[7] = static_cast<std::uint8_t>(fraction & 0xFF);
    bytes[8] = static_cast<std::uint8_t>(0x80 | number >> 10);
    bytes[9] = static_cast<std::uint8_t>(number >> 2 & 0xFF);
    bytes[10] = static_cast<std::uint8_t>((number & 3) << 6 | (bytes[10] & 0x3F));
    return EntryId::from_bytes(bytes);
}

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
    if (caller.key) return {ActorKind::api_key, caller.key->str()};
    if (caller.person == PersonId()) return {};  // Our own machinery, as for a sensor that joins.
    Actor out{ActorKind::person, caller.person.str()};
    if (caller.impersonation) out.impersonator = caller.impersonation->staff;
    return out;
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
        kAppend, company, fresh_id(now), now, entry.action, entry.outcome, entry.actor.kind,
        entry.actor.id, impersonator ? impersonator->str() : std::string(), types, ids,
        origin().request, origin().trace, details_of(entry, salt), pg::as_bytes(salt));
}

}  // namespace mobilytics::audit
