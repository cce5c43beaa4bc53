#include "domains/accounts/backoffice.h"

#include "domains/accounts/company_store.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/sessions.h"
#include "domains/accounts/staff_store.h"
#include "domains/accounts/told.h"
#include "platform/audit/audit.h"

namespace mobilytics::accounts {

namespace {

std::string reason_of(const std::string& reason, const std::string& ticket) {
    return ticket + ": " + reason;
}

auto no_such_impersonation(ImpersonationId id) {
    return fail(ErrorKind::not_found, "no_such_impersonation", id.str());
}

}  // namespace

void Backoffice::note_read(const Caller& caller, const char* action, std::vector<std::string> ids) {
    // Into the house's own history: what staff look at across companies.
    auto tx = ground_.pool.begin(caller.company);
    audit::Entry entry{.action = action, .actor = audit::actor_of(caller)};
    for (auto& id : ids) entry.targets.push_back({"company", std::move(id)});
    audit::append(tx, ground_.clock.now(), entry);
    tx.commit();
}

Result<StaffCompanyPage> Backoffice::staff_list_companies(
    const Caller& caller, const PageRequest& page, const StaffListCompaniesQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"name", "kind", "state", "added_at"}));
    StaffCompanyPage out;
    {
        auto tx = staff_.begin();
        out =
            sorted_page(select_companies(tx, query, sorting, page.limit + 1), page.limit, sorting);
    }
    note_read(caller, "accounts.companies_listed", {});
    return out;
}

Result<StaffCompany> Backoffice::staff_find_company(const Caller& caller, CompanyId id) {
    TRY(auto company, company_of(id));
    note_read(caller, "accounts.company_read", {id.str()});
    return company;
}

Result<StaffCompany> Backoffice::company_of(CompanyId id) {
    auto tx = staff_.begin();
    auto company = select_company(tx, id);
    if (!company) return fail(ErrorKind::not_found, "no_such_company", id.str());
    return *std::move(company);
}

Result<StaffCompany> Backoffice::staff_change_company(
    const Caller& caller, CompanyId id, const StaffCompanyChange& change) {
    {
        auto tx = ground_.pool.begin(id);
        auto company = lock_company(tx);
        if (!company) return fail(ErrorKind::not_found, "no_such_company", id.str());
        if (company->kind == CompanyKind::house) {
            return fail(ErrorKind::conflict, "is_house", "the house is not suspended");
        }
        const auto before = company->state;
        company->state = change.state;
        VERIFY(update(tx, *company));
        tell(tx, *company);
        audit::append(
            tx, ground_.clock.now(),
            {.action = "accounts.company_state_changed",
             .actor = audit::actor_of(caller),
             .targets = {{"company", id.str(), company->name}},
             .before = {{"state", word(before)}},
             .after = {{"state", word(change.state)}},
             .reason = reason_of(change.reason, change.ticket)});
        tx.commit();
    }
    return company_of(id);
}

Result<StaffPersonPage> Backoffice::staff_list_people(
    const Caller& caller, const PageRequest& page, const StaffListPeopleQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"name", "email", "added_at"}));
    StaffPersonPage out;
    {
        auto tx = staff_.begin();
        out = sorted_page(select_people(tx, query, sorting, page.limit + 1), page.limit, sorting);
    }
    note_read(
        caller, "accounts.people_listed",
        query.company_id ? std::vector{query.company_id->str()} : std::vector<std::string>());
    return out;
}

Result<Accepted> Backoffice::staff_reset_password(
    const Caller& caller, PersonId id, const StaffReason& why) {
    std::optional<std::string> email;
    {
        auto tx = staff_.begin();
        email = select_email(tx, id);
    }
    if (!email) return fail(ErrorKind::not_found, "no_such_person", id.str());
    {
        auto tx = ground_.pool.begin(caller.company);
        audit::append(
            tx, ground_.clock.now(),
            {.action = "accounts.password_reset_begun",
             .actor = audit::actor_of(caller),
             .targets = {{"person", id.str()}},
             .reason = reason_of(why.reason, why.ticket)});
        tx.commit();
    }
    send_reset(ground_, seal_, *email);
    return Accepted{};
}

Result<StaffSessionPage> Backoffice::staff_list_sessions(
    const Caller& caller, const PageRequest& page, const StaffListSessionsQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"begun_at", "seen_at"}));
    StaffSessionPage out;
    {
        auto tx = staff_.begin();
        out = sorted_page(
            select_sessions(tx, query, sorting, page.limit + 1, ground_.clock.now()), page.limit,
            sorting);
    }
    note_read(
        caller, "accounts.sessions_listed",
        query.company_id ? std::vector{query.company_id->str()} : std::vector<std::string>());
    return out;
}

Result<> Backoffice::staff_end_session(const Caller& caller, SessionId id) {
    std::optional<StaffSession> session;
    {
        auto tx = staff_.begin();
        session = select_session(tx, id);
    }
    const auto gone = [&] { return fail(ErrorKind::not_found, "no_such_session", id.str()); };
    if (!session) return gone();
    auto tx = ground_.pool.begin(session->company_id);
    if (!delete_session(tx, id)) return gone();
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.session_ended",
         .actor = audit::actor_of(caller),
         .targets = {
             {"session", id.str()}, {"person", session->person_id.str(), session->person_name}}});
    tx.commit();
    return {};
}

Result<StaffContactPage> Backoffice::staff_list_contacts(
    const Caller& caller, const PageRequest& page, const StaffListContactsQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"name", "email", "added_at"}));
    StaffContactPage out;
    {
        auto tx = staff_.begin();
        out = sorted_page(select_contacts(tx, query, sorting, page.limit + 1), page.limit, sorting);
    }
    note_read(
        caller, "accounts.contacts_listed",
        query.company_id ? std::vector{query.company_id->str()} : std::vector<std::string>());
    return out;
}

Result<ImpersonationPage> Backoffice::staff_list_impersonations(
    const Caller& caller, const PageRequest& page, const StaffListImpersonationsQuery& query) {
    TRY(const auto sorting, sorting_of(query.sort, page, {"begun_at"}));
    ImpersonationPage out;
    {
        auto tx = staff_.begin();
        out = sorted_page(
            select_impersonations(tx, query, sorting, page.limit + 1), page.limit, sorting);
    }
    note_read(
        caller, "accounts.impersonations_listed",
        query.company_id ? std::vector{query.company_id->str()} : std::vector<std::string>());
    return out;
}

std::optional<CompanyId> Backoffice::company_of(ImpersonationId id) {
    auto tx = staff_.begin();
    return select_company_of(tx, id);
}

Result<Impersonation> Backoffice::grant_impersonation_write(
    const Caller& caller, ImpersonationId id, const StaffReason& why) {
    const auto now = ground_.clock.now();
    const auto company = company_of(id);
    if (!company) return no_such_impersonation(id);
    auto tx = ground_.pool.begin(*company);
    auto one = select_impersonation(tx, id);
    if (!one) return no_such_impersonation(id);
    if (one->staff_id == caller.person) {
        return fail(ErrorKind::forbidden, "not_by_oneself", "somebody else grants this");
    }
    if (one->state == ImpersonationState::ended || now >= one->expires_at) {
        return fail(ErrorKind::conflict, "impersonation_ended", "it is over");
    }
    one->may_write = true;
    update(tx, *one, caller.person);
    audit::append(
        tx, now,
        {.action = "accounts.impersonation_write_granted",
         .actor = audit::actor_of(caller),
         .targets = {{"impersonation", id.str(), one->person_name}},
         .reason = reason_of(why.reason, why.ticket)});
    tx.commit();
    return *std::move(one);
}

Result<> Backoffice::staff_end_impersonation(const Caller& caller, ImpersonationId id) {
    const auto now = ground_.clock.now();
    const auto company = company_of(id);
    if (!company) return no_such_impersonation(id);
    auto tx = ground_.pool.begin(*company);
    auto one = select_impersonation(tx, id);
    if (!one) return no_such_impersonation(id);
    if (one->state == ImpersonationState::ended) return {};
    one->state = ImpersonationState::ended;
    one->ended_at = std::min(now, one->expires_at);
    update(tx, *one, std::nullopt);
    audit::append(
        tx, now,
        {.action = "accounts.impersonation_ended",
         .actor = audit::actor_of(caller),
         .targets = {{"impersonation", id.str(), one->person_name}}});
    tx.commit();
    return {};
}

}  // namespace mobilytics::accounts
