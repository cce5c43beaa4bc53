#pragma once
// Who did what: one entry for each change and each sensitive read, written in the transaction that
// it tells of. Entries are only ever added; what seals and proves them is in sealer.h and verify.h,
// what searches them in history.h. See docs/audit.md.
//
//   audit::append(tx, clock_.now(), {.action = "assets.asset_retired",
//                                    .actor = audit::actor_of(caller),
//                                    .targets = {{"asset", id.str(), asset.code}},
//                                    .before = json_of(before),
//                                    .after = json_of(after)});
//
// Address, user agent, request and trace come of the thread's Origin, which the router sets.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/vocabulary.h"

namespace mobilytics::pg {
class AnyTransaction;
class Transaction;
}  // namespace mobilytics::pg

namespace mobilytics::audit {

struct AuditEntry {
    static constexpr std::string_view kIdPrefix = "audit";
};
using EntryId = Id<AuditEntry>;

BOOST_DEFINE_ENUM_CLASS(ActorKind, person, api_key, device, system)
BOOST_DEFINE_ENUM_CLASS(Outcome, success, failure, denied)

struct Actor {
    ActorKind kind = ActorKind::system;
    std::string id =
        {};  // "person_0190…", "api_key_0190…", "device_0190…"; of the system its part.
    /// Who of our staff acted in the place of `id`.
    std::optional<PersonId> impersonator = {};
};

/// Who calls: a person, whoever acts in their place, or a key.
Actor actor_of(const Caller& caller);

/// What it was done to.
struct Target {
    std::string type;       // "asset"
    std::string id;         // "asset_0190…"
    std::string name = {};  // As people called it then. May be empty.
};

struct Entry {
    std::string action;  // "accounts.role_changed": the area, what became of what. Never changes.
    Actor actor;
    std::vector<Target> targets = {};
    /// Of what is an object on both sides, what differs is kept. A field whose name speaks of a
    /// password, secret, token, private key or recovery code, and those that `secrets` names, are
    /// replaced by a salted hash, at any depth: that it changed can be seen, and not what it is.
    boost::json::value before = nullptr, after = nullptr;
    std::vector<std::string> secrets = {};
    std::string reason = {};  // As the actor gave it.
    Outcome outcome = Outcome::success;
};

/// More than this of before and after is not kept, but its size and hash.
inline constexpr std::size_t kChangesBytesMax = 64 << 10;

/// Of this transaction's company. `now` of the clock that the caller was given.
void append(pg::Transaction& tx, Instant now, const Entry& entry);
/// For what works across companies: the system's transactions, and those of our staff.
void append(pg::AnyTransaction& tx, CompanyId company, Instant now, const Entry& entry);

}  // namespace mobilytics::audit
