#pragma once
// The company that one is signed in for, its contract with the one above it, and those below it.

#include "domains/accounts/account_types.h"

namespace mobilytics::accounts {

class Proofs;

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
    std::optional<std::int64_t> suppress_below = {};  // Devices; none: as the installation has it.
    std::optional<Instant> standard_from = {};  // Of a strict one that will be a standard one then.
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
    std::optional<std::int64_t> suppress_below;
};
/// What a company says when it leaves the strict mode.
BOOST_DEFINE_ENUM_CLASS(
    Consequence, devices_known_across_sensors, rows_kept_a_day, notices_to_be_renewed)
struct LooserMode {
    std::string reason;
    std::vector<Consequence> understood;  // All of them.
    std::string password, code;
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

/// Of the transaction's company.
PrivacyMode privacy_mode_of(pg::Transaction& tx);

class Companies {
  public:
    Companies(Ground ground, const crypto::SealedBox& seal, Proofs& proofs)
        : ground_(ground), seal_(seal), proofs_(proofs) {}

    Result<Company> find_company(const Caller& caller);
    /// invalid `bad_time_zone`, `bad_currency`, `bad_color`, `bad_domain`; conflict `domain_taken`;
    /// `second_factor_first`: who demands a second factor of others has one. Who acts for somebody
    /// changes neither that nor the consent: forbidden `not_while_impersonating`. To strict it
    /// turns at once; from strict it does not: conflict `ask_for_standard`.
    Result<Company> change_company(const Caller& caller, const CompanyChange& change);
    /// Of a strict company, by one of its owners: it becomes a standard one with the next local
    /// midnight. 401, 403 and 429 as Proofs has them; forbidden `persons_only`; conflict
    /// `not_strict`, `no_second_factor`; invalid `not_understood`.
    Result<http::Reply> ask_for_standard(const http::Call& call, const LooserMode& asked);
    /// What was asked for, once its time has come. Whether that was now.
    bool take_effect(CompanyId company);
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
    Proofs& proofs_;
};

}  // namespace mobilytics::accounts
