#pragma once
// What our staff see of all companies, in Postgres: read only, as mobilytics_staff.

#include "domains/accounts/backoffice.h"
#include "domains/accounts/paging.h"
#include "platform/pg/pg.h"

namespace mobilytics::accounts {

template <class T>
using Keyed = std::vector<std::pair<T, std::string>>;

Keyed<StaffCompany> select_companies(
    pg::StaffTransaction& tx, const StaffListCompaniesQuery& query, const Sorting& sorting,
    std::int64_t limit);
std::optional<StaffCompany> select_company(pg::StaffTransaction& tx, CompanyId id);
Keyed<StaffPerson> select_people(
    pg::StaffTransaction& tx, const StaffListPeopleQuery& query, const Sorting& sorting,
    std::int64_t limit);
/// Their e-mail.
std::optional<std::string> select_email(pg::StaffTransaction& tx, PersonId id);
Keyed<StaffSession> select_sessions(
    pg::StaffTransaction& tx, const StaffListSessionsQuery& query, const Sorting& sorting,
    std::int64_t limit, Instant now);
std::optional<StaffSession> select_session(pg::StaffTransaction& tx, SessionId id);
Keyed<StaffContact> select_contacts(
    pg::StaffTransaction& tx, const StaffListContactsQuery& query, const Sorting& sorting,
    std::int64_t limit);
Keyed<Impersonation> select_impersonations(
    pg::StaffTransaction& tx, const StaffListImpersonationsQuery& query, const Sorting& sorting,
    std::int64_t limit);
/// Of which company it is.
std::optional<CompanyId> select_company_of(pg::StaffTransaction& tx, ImpersonationId id);

}  // namespace mobilytics::accounts
