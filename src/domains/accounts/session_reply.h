#pragma once
// A session as the contract has it: what goes beside the cookie.

#include <boost/json/value.hpp>

#include "domains/accounts/people.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/sight.h"

namespace mobilytics::accounts {

struct SessionView {
    SessionState state;
    PersonRow person;        // Who has signed in.
    CompanyProfile company;  // That the session is of, or of whom one acts as.
    std::vector<Belonging> belongings;
    std::optional<Impersonation> impersonation;
    std::optional<Member> acting_as;
    std::optional<Sight> sight;
};

boost::json::value session_json(const SessionView& view, Instant now);

}  // namespace mobilytics::accounts
