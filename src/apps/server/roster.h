#pragma once
// Who belongs to a company, and which sensors: for what is told of them.

#include <vector>

#include "apps/server/news.h"
#include "domains/notices/notices.h"

namespace mobilytics::accounts {
class People;
}
namespace mobilytics::fleet {
class Fleet;
}

namespace mobilytics::server {

/// Those who are active.
std::vector<notices::Member> members_of(accounts::People& people, CompanyId company);
/// Those that are not revoked.
std::vector<KnownSensor> sensors_of(fleet::Fleet& fleet, pg::Pool& pool, CompanyId company);

}  // namespace mobilytics::server
