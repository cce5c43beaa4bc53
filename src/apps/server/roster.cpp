#include "apps/server/roster.h"

#include <map>

#include "domains/accounts/people.h"
#include "domains/fleet/fleet.h"
#include "pipeline/ingest/whereabouts.h"

namespace mobilytics::server {

namespace {

/// All pages of a list, of one after the other.
template <class Ask, class Take>
void each_of(const Ask& ask, const Take& take) {
    PageRequest page{.cursor = {}, .limit = PageRequest::kLimitMax};
    for (;;) {
        const auto some = ask(page);
        if (!some) return;
        for (const auto& one : some->items) take(one);
        if (!some->next_cursor) return;
        page.cursor = *some->next_cursor;
    }
}

}  // namespace

std::vector<notices::Member> members_of(accounts::People& people, CompanyId company) {
    const Caller caller{.company = company, .role = Role::owner};
    const accounts::ListPeopleQuery query{
        .q = {}, .role = {}, .state = accounts::MemberState::active, .sort = {}};
    std::vector<notices::Member> out;
    each_of(
        [&](const PageRequest& page) { return people.list_people(caller, page, query); },
        [&out](const auto& member) {
            out.push_back({member.id, member.email, member.name, member.role});
        });
    return out;
}

std::vector<KnownSensor> sensors_of(fleet::Fleet& fleet, pg::Pool& pool, CompanyId company) {
    const Caller caller{.company = company, .role = Role::owner};
    std::map<DeviceId, Instant> heard;
    {
        auto tx = pool.begin(company);
        for (const auto& each : ingest::device_whereabouts(tx)) heard[each.device] = each.heard_at;
    }
    std::vector<KnownSensor> out;
    each_of(
        [&](const PageRequest& page) { return fleet.list_devices(caller, page); },
        [&](const auto& device) {
            if (device.state != fleet::DeviceState::active) return;
            const auto at = heard.find(device.id);
            out.push_back(
                {device.id, device.name,
                 at == heard.end() ? std::nullopt : std::optional(at->second),
                 device.certificate_expires_at});
        });
    return out;
}

}  // namespace mobilytics::server
