#pragma once
// The company that one is signed in for, its contract with the one above it, and those below it.

#include "domains/accounts/account_types.h"

namespace mobilytics::accounts {

struct Company {
    CompanyId id;
    std::optional<CompanyId> parent_id;
    std::string name;
    CompanyKind kind;
    CompanyState state;
    std::string time_zone, currency;
    PrivacyMode privacy_mode;
    bool synthetic;
    ConsentMode impersonation_consent;
    SecondFactorRule second_factor;
    Instant added_at;
    Brand brand;
};
/// Of what is there; empty text takes away.
struct BrandChange {
    std::optional<std::string> name, primary_color, accent_color, domain;
};
struct CompanyChange {
    std::optional<std::string> name, time_zone, currency;
    std::optional<PrivacyMode> privacy_mode;
    std::optional<ConsentMode> impersonation_consent;
    std::optional<SecondFactorRule> second_factor;
    std::optional<BrandChange> brand;
};
struct Contract {
    CompanyId company_id;
    std::optional<CompanyId> parent_id;
    std::optional<std::string> parent_name;
    std::vector<Share> shares;
};
struct ContractChange {
    std::vector<Share> shares;
};
/// A company below; `profile` only where its contract shares it.
struct Child {
    CompanyId id;
    std::string label;  // As the company above calls it.
    CompanyKind kind;
    CompanyState state;
    std::vector<Share> shares;
    Instant added_at;
    std::optional<CompanyProfile> profile;
};
using ChildPage = Page<Child>;
struct NewCompany {
    std::string name;
    CompanyKind kind;
    std::string time_zone, currency;
    std::optional<PrivacyMode> privacy_mode;
    std::string owner_email;
};
struct ListCompaniesQuery {
    std::optional<std::string> q;
};

/// One of our staff, who sees what a person of a company sees.
struct Impersonation {
    ImpersonationId id;
    CompanyId company_id;
    std::string company_name;
    PersonId person_id;
    std::string person_name;
    PersonId staff_id;
    std::string staff_name, reason, ticket;
    bool may_write;
    ImpersonationState state;
    Instant begun_at, expires_at;
    std::optional<Instant> ended_at;
};
using ImpersonationPage = Page<Impersonation>;
struct ConsentAnswer {
    bool allowed;
};

class Companies {
  public:
    Companies(Ground ground, const crypto::SealedBox& seal) : ground_(ground), seal_(seal) {}

    Result<Company> find_company(const Caller& caller);
    /// invalid `bad_time_zone`, `bad_currency`, `bad_color`, `bad_domain`; conflict `domain_taken`;
    /// `second_factor_first`: who demands a second factor of others has one. Who acts for somebody
    /// changes neither that nor the consent: forbidden `not_while_impersonating`.
    Result<Company> change_company(const Caller& caller, const CompanyChange& change);
    Result<Contract> find_contract(const Caller& caller);
    /// not_found `no_contract`, of a company that has none above it.
    Result<Contract> change_contract(const Caller& caller, const ContractChange& change);
    Result<ChildPage> list_companies(
        const Caller& caller, const PageRequest& page, const ListCompaniesQuery& query);
    /// forbidden `kind_not_below`; those of change_company.
    Result<Child> add_company(const Caller& caller, const NewCompany& asked);
    /// not_found `no_such_company`.
    Result<Child> find_child(const Caller& caller, CompanyId id);

    Result<ImpersonationPage> list_impersonations(const Caller& caller, const PageRequest& page);
    /// not_found `no_such_impersonation`; conflict `impersonation_ended`.
    Result<Impersonation> answer_impersonation(
        const Caller& caller, ImpersonationId id, const ConsentAnswer& answer);

  private:
    Ground ground_;
    const crypto::SealedBox& seal_;
};

}  // namespace mobilytics::accounts
