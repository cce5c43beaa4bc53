#include "domains/accounts/sight.h"

#include <algorithm>

#include "foundation/json.h"
#include "platform/audit/audit.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kSelectSight{"accounts.select_sight", R"sql(
    SELECT b.company_id AS from_id, b.name AS from_name, b.role, coalesce(t.label, '') AS label,
           coalesce(t.shares, '{}') AS shares
    FROM accounts.session s
    JOIN accounts.company c ON c.company_id = s.company_id AND c.state = 'active'
    JOIN accounts.belongings() b ON b.company_id = s.sight_from
    LEFT JOIN accounts.contract t ON t.company_id = s.company_id AND t.parent_id = s.sight_from
    WHERE s.company_id = $1 AND s.id = $2 AND s.person_id = $3
)sql"};

constexpr pg::Query kSelectOffer{"accounts.select_sight_offered", R"sql(
    SELECT b.company_id AS from_id, b.name AS from_name, b.role, t.label, t.shares
    FROM accounts.contract t
    JOIN accounts.company c ON c.company_id = t.company_id AND c.state = 'active'
    JOIN accounts.belongings() b ON b.company_id = t.parent_id
    WHERE t.company_id = $1
)sql"};

constexpr pg::Query kUpdateSight{"accounts.update_sight", R"sql(
    UPDATE accounts.session SET sight_from = $3
    WHERE id = $1 AND person_id = $2 -- a person's own, of whatever company
)sql"};

constexpr pg::Query kSelectName{"accounts.select_own_name", R"sql(
    SELECT name FROM accounts.person WHERE id = $1 -- a person's own, of no company
)sql"};

/// Who reads figures; not who works for the fleet, nor our own staff.
constexpr Roles kLookers{Role::viewer, Role::analyst, Role::admin, Role::owner};

std::optional<Sight> sight_from(const pg::Rows& rows) {
    const auto found = rows.first([](const pg::Row& row) {
        return std::pair(
            row.get<Role>("role"), Sight{
                                       .from = row.get<CompanyId>("from_id"),
                                       .from_name = row.get<std::string>("from_name"),
                                       .label = row.get<std::string>("label"),
                                       .shares = row.get<std::vector<Share>>("shares")});
    });
    if (!found || !kLookers.has(found->first)) return std::nullopt;
    return found->second;
}

std::string name_of(pg::Transaction& tx, PersonId person) {
    return tx.run(kSelectName, person)
        .first([](const pg::Row& row) { return row.get<std::string>("name"); })
        .value_or("");
}

audit::Entry entry_of(
    pg::Transaction& tx, const char* action, const SessionRow& session, const Sight* sight) {
    audit::Entry out{
        .action = action,
        .actor = {audit::ActorKind::person, session.person.str()},
        .targets = {{"person", session.person.str(), name_of(tx, session.person)}}};
    if (sight != nullptr) {
        out.targets.push_back({"company", sight->from.str(), sight->from_name});
        out.after = {{"shares", json::encode_list(sight->shares, json::kEncode)}};
    }
    return out;
}

}  // namespace

std::optional<Sight> select_sight(pg::Transaction& tx, const SessionRow& session) {
    return sight_from(tx.run(kSelectSight, tx.company(), session.id, session.person));
}

bool begin_sight(pg::Transaction& tx, const SessionRow& session, Instant now) {
    const auto sight = sight_from(tx.run(kSelectOffer, tx.company()));
    const auto more = [](Share one) { return one != Share::profile; };
    if (!sight || !std::ranges::any_of(sight->shares, more)) return false;
    update_sight(tx, session, sight->from);
    audit::append(tx, now, entry_of(tx, "accounts.sight_begun", session, &*sight));
    return true;
}

void update_sight(pg::Transaction& tx, const SessionRow& session, std::optional<CompanyId> from) {
    tx.run(kUpdateSight, session.id, session.person, from);
}

void note_sight_ended(pg::Transaction& tx, const SessionRow& session, Instant now) {
    act_as(tx, session.person);
    audit::append(tx, now, entry_of(tx, "accounts.sight_ended", session, nullptr));
}

Permissions rights_of(const std::vector<Share>& shares) {
    std::vector<std::string> out{"session:read", "session:write", "sessions:write", "profile:read"};
    for (const auto one : shares) {
        switch (one) {
            case Share::profile: break;
            case Share::people: out.insert(out.end(), {"people:read", "company:read"}); break;
            case Share::assets: out.insert(out.end(), {"assets:read", "devices:read"}); break;
            case Share::reports: out.emplace_back("reports:read"); break;
        }
    }
    return *permissions_of(out);
}

Caller caller_of(const Sight& sight, const SessionRow& session, Needs needs) {
    return {
        .company = session.company,
        .role = Role::viewer,
        .person = session.person,
        .scopes = rights_of(sight.shares),
        .needs = needs};
}

void hide_what_is_not_shared(CompanyProfile& company, const Sight& sight) {
    if (std::ranges::find(sight.shares, Share::profile) != sight.shares.end()) return;
    company.name = sight.label;
    company.brand = std::nullopt;
}

}  // namespace mobilytics::accounts
