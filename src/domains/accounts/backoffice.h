#pragma once
// What our own staff see of all companies, and the little that they change there: always with a
// reason, and in the company's own history.

#include "domains/accounts/account_types.h"
#include "domains/accounts/companies.h"
#include "domains/accounts/people.h"

namespace mobilytics::accounts {

struct StaffReason {
    std::string reason, ticket;
};
struct StaffCompany {
    CompanyId id;
    std::optional<CompanyId> parent_id;
    std::optional<std::string> parent_name;
    std::string name;
    CompanyKind kind;
    CompanyState state;
    std::string time_zone, currency;
    PrivacyMode privacy_mode;
    std::int64_t people;
    Instant added_at;
};
using StaffCompanyPage = Page<StaffCompany>;
struct StaffListCompaniesQuery {
    std::optional<std::string> q;
    std::optional<CompanyKind> kind;
    std::optional<CompanyState> state;
    std::optional<std::string> sort;
};
struct StaffCompanyChange {
    CompanyState state;
    std::string reason, ticket;
};
struct StaffPerson {
    PersonId id;
    std::string name, email;
    bool has_second_factor;
    Instant added_at;
    std::optional<Instant> seen_at;
    std::vector<Belonging> companies;
};
using StaffPersonPage = Page<StaffPerson>;
struct StaffListPeopleQuery {
    std::optional<std::string> q;
    std::optional<CompanyId> company_id;
    std::optional<std::string> sort;
};
struct StaffSession {
    SessionId id;
    PersonId person_id;
    std::string person_name;
    CompanyId company_id;
    std::string company_name;
    Instant begun_at, seen_at, expires_at;
    std::string address, user_agent;
};
using StaffSessionPage = Page<StaffSession>;
struct StaffListSessionsQuery {
    std::optional<PersonId> person_id;
    std::optional<CompanyId> company_id;
    std::optional<std::string> sort;
};
struct StaffContact {
    ContactId id;
    CompanyId company_id;
    std::string company_name, name, email, phone, title;
    Instant added_at;
};
using StaffContactPage = Page<StaffContact>;
struct StaffListContactsQuery {
    std::optional<std::string> q;
    std::optional<CompanyId> company_id;
    std::optional<std::string> sort;
};
struct StaffListImpersonationsQuery {
    std::optional<CompanyId> company_id;
    std::optional<std::string> sort;
};

class Backoffice {
  public:
    Backoffice(Ground ground, pg::StaffPool& staff, const crypto::SealedBox& seal)
        : ground_(ground), staff_(staff), seal_(seal) {}

    /// Of all lists: invalid `bad_sort`, `bad_cursor`.
    Result<StaffCompanyPage> staff_list_companies(
        const Caller& caller, const PageRequest& page, const StaffListCompaniesQuery& query);
    /// not_found `no_such_company`.
    Result<StaffCompany> staff_find_company(const Caller& caller, CompanyId id);
    /// Suspended: nobody signs in for it, and its keys open nothing. conflict `is_house`.
    Result<StaffCompany> staff_change_company(
        const Caller& caller, CompanyId id, const StaffCompanyChange& change);
    Result<StaffPersonPage> staff_list_people(
        const Caller& caller, const PageRequest& page, const StaffListPeopleQuery& query);
    /// not_found `no_such_person`.
    Result<Accepted> staff_reset_password(
        const Caller& caller, PersonId id, const StaffReason& why);
    Result<StaffSessionPage> staff_list_sessions(
        const Caller& caller, const PageRequest& page, const StaffListSessionsQuery& query);
    /// not_found `no_such_session`.
    Result<> staff_end_session(const Caller& caller, SessionId id);
    Result<StaffContactPage> staff_list_contacts(
        const Caller& caller, const PageRequest& page, const StaffListContactsQuery& query);
    Result<ImpersonationPage> staff_list_impersonations(
        const Caller& caller, const PageRequest& page, const StaffListImpersonationsQuery& query);
    /// not_found `no_such_impersonation`; conflict `impersonation_ended`; forbidden
    /// `not_by_oneself`.
    Result<Impersonation> grant_impersonation_write(
        const Caller& caller, ImpersonationId id, const StaffReason& why);
    Result<> staff_end_impersonation(const Caller& caller, ImpersonationId id);

  private:
    void note_read(const Caller& caller, const char* action, std::vector<std::string> ids);
    Result<StaffCompany> company_of(CompanyId id);
    std::optional<CompanyId> company_of(ImpersonationId id);

    Ground ground_;
    pg::StaffPool& staff_;
    const crypto::SealedBox& seal_;
};

}  // namespace mobilytics::accounts
