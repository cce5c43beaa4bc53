#pragma once
// Sight by contract: a session of somebody of the company above, which sees of a company what its
// contract shares, as a viewer does, and changes nothing. What is shared is looked up anew at each
// request.

#include "domains/accounts/account_types.h"
#include "domains/accounts/session_store.h"

namespace mobilytics::accounts {

struct Sight {
    CompanyId from;  // Their own company, and what it is called.
    std::string from_name;
    std::string label;          // As that one calls the company that is looked into.
    std::vector<Share> shares;  // At this moment; none: it was withdrawn.
};

// In a transaction of the company that is looked into, which acts as the person.

/// None, where the session looks into no company, or its person may no longer.
std::optional<Sight> select_sight(pg::Transaction& tx, const SessionRow& session);
/// False, where no contract shares anything that is worth a look; then nothing is changed.
bool begin_sight(pg::Transaction& tx, const SessionRow& session, Instant now);
/// From which company the session looks; none: into its own.
void update_sight(pg::Transaction& tx, const SessionRow& session, std::optional<CompanyId> from);
void note_sight_ended(pg::Transaction& tx, const SessionRow& session, Instant now);

/// What it may: to read what is shared, and about its own session what anybody may.
Permissions rights_of(const std::vector<Share>& shares);
Caller caller_of(const Sight& sight, const SessionRow& session, Needs needs);
/// Without `profile`, it is known as the company above calls it.
void hide_what_is_not_shared(CompanyProfile& company, const Sight& sight);

}  // namespace mobilytics::accounts
