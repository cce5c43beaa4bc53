#include "domains/accounts/companies.h"

#include <algorithm>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/people_store.h"
#include "domains/accounts/session_store.h"
#include "domains/accounts/told.h"
#include "foundation/json.h"
#include "foundation/zone.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/events/events.h"

namespace mobilytics::accounts {

namespace {

auto no_such_company(CompanyId id) {
    return fail(ErrorKind::not_found, "no_such_company", id.str());
}

Result<> check_time_zone(const std::string& zone) {
    if (zone_exists(zone)) return {};
    return fail(
        ErrorKind::invalid, "bad_time_zone", "a time zone is one of IANA's, like America/Chicago");
}

Result<> check_currency(const std::string& currency) {
    const bool sound = currency.size() == 3 &&
                       std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (sound) return {};
    return fail(ErrorKind::invalid, "bad_currency", "a currency is like USD: ISO 4217");
}

Result<> check_color(const std::string& color) {
    const bool sound = color.size() == 7 && color.front() == '#' &&
                       color.find_first_not_of("0123456789abcdefABCDEF", 1) == color.npos;
    if (sound) return {};
    return fail(ErrorKind::invalid, "bad_color", "a colour is like #1a2b3c");
}

Result<> check_domain(const std::string& domain) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    const bool sound = std::ranges::all_of(domain, good) && domain.find('.') != domain.npos &&
                       domain.find("..") == domain.npos && domain.front() != '.' &&
                       domain.back() != '.' && domain.front() != '-';
    if (sound) return {};
    return fail(ErrorKind::invalid, "bad_domain", "a domain is like reports.example.com");
}

/// Empty text takes it away.
template <class Check>
Result<> change(
    std::optional<std::string>& field, const std::optional<std::string>& to, Check check) {
    if (!to) return {};
    if (to->empty()) {
        field = std::nullopt;
        return {};
    }
    CHECK(check(*to));
    field = to;
    return {};
}

Result<> change(Brand& brand, const BrandChange& to) {
    const auto any = [](const std::string& text) -> Result<> {
        CHECK(checked_name(text));
        return {};
    };
    CHECK(change(brand.name, to.name, any));
    CHECK(change(brand.primary_color, to.primary_color, check_color));
    CHECK(change(brand.accent_color, to.accent_color, check_color));
    CHECK(change(brand.domain, to.domain, check_domain));
    return {};
}

/// Stricter at once; what was to be looser some day will not be.
Result<> change_mode(Company& company, std::optional<PrivacyMode> to) {
    if (!to) return {};
    if (*to == PrivacyMode::standard && company.privacy_mode == PrivacyMode::strict) {
        return fail(
            ErrorKind::conflict, "ask_for_standard",
            "a strict company is loosened by an owner, with a reason and a second factor: "
            "POST /api/v1/company/standard-mode");
    }
    company.privacy_mode = *to;
    company.standard_from = std::nullopt;
    return {};
}

Result<> change(Company& company, const CompanyChange& to) {
    if (to.name) {
        TRY(company.name, checked_name(*to.name));
    }
    if (to.time_zone) {
        CHECK(check_time_zone(*to.time_zone));
        company.time_zone = *to.time_zone;
    }
    if (to.currency) {
        CHECK(check_currency(*to.currency));
        company.currency = *to.currency;
    }
    CHECK(change_mode(company, to.privacy_mode));
    company.suppress_below = to.suppress_below ? to.suppress_below : company.suppress_below;
    company.impersonation_consent =
        to.impersonation_consent.value_or(company.impersonation_consent);
    company.second_factor = to.second_factor.value_or(company.second_factor);
    if (to.brand) CHECK(change(company.brand, *to.brand));
    return {};
}

/// What a company decides about who gets in is for its own people, and not for who acts for them.
Result<> may_change(pg::Transaction& tx, const Caller& caller, const CompanyChange& to) {
    if (caller.impersonation && (to.second_factor || to.impersonation_consent)) {
        return fail(
            ErrorKind::forbidden, "not_while_impersonating", "nobody does this for somebody else");
    }
    if (to.second_factor != SecondFactorRule::required || caller.key) return {};
    const auto member = select_member(tx, caller.person);
    if (member && member->has_second_factor) return {};
    return fail(
        ErrorKind::conflict, "second_factor_first",
        "set up a second factor of your own before you demand one of others");
}

json::value json_of(const Company& company) {
    json::Writer out;
    out.field("name", company.name);
    out.field("time_zone", company.time_zone);
    out.field("currency", company.currency);
    out.field("privacy_mode", company.privacy_mode);
    out.field("impersonation_consent", company.impersonation_consent);
    out.field("second_factor", company.second_factor);
    out.optional("suppress_below", company.suppress_below);
    out.optional("standard_from", company.standard_from);
    out.field("state", company.state);
    out.optional("brand_name", company.brand.name);
    out.optional("brand_domain", company.brand.domain);
    return out.finish();
}

audit::Target target_of(const Company& company) {
    return {"company", company.id.str(), company.name};
}

}  // namespace

Result<Company> Companies::find_company(const Caller& caller) {
    auto tx = ground_.pool.begin(caller.company);
    auto company = select_company(tx);
    if (!company) return no_such_company(caller.company);
    return *std::move(company);
}

Result<Company> Companies::change_company(const Caller& caller, const CompanyChange& to) {
    auto tx = ground_.pool.begin(caller.company);
    auto company = lock_company(tx);
    if (!company) return no_such_company(caller.company);
    const auto before = *company;
    CHECK(may_change(tx, caller, to));
    CHECK(change(*company, to));
    if (!update(tx, *company)) {
        return fail(ErrorKind::conflict, "domain_taken", "another company has this domain");
    }
    tell(tx, *company);
    const auto now = ground_.clock.now();
    if (to.privacy_mode && (before.privacy_mode != company->privacy_mode || before.standard_from)) {
        events::publish(tx, PrivacyModeChanged{company->id, company->privacy_mode, now, "", now});
    }
    audit::append(
        tx, now,
        {.action = "accounts.company_changed",
         .actor = audit::actor_of(caller),
         .targets = {target_of(*company)},
         .before = json_of(before),
         .after = json_of(*company)});
    tx.commit();
    return *std::move(company);
}

Result<Contract> Companies::find_contract(const Caller& caller) {
    auto tx = ground_.pool.begin(caller.company);
    auto contract = select_contract(tx);
    return contract ? *std::move(contract) : Contract{caller.company, {}, {}, {}};
}

Result<Contract> Companies::change_contract(const Caller& caller, const ContractChange& to) {
    auto tx = ground_.pool.begin(caller.company);
    auto contract = select_contract(tx);
    if (!contract) return fail(ErrorKind::not_found, "no_contract", "no company is above this one");
    const auto before = *contract;
    contract->shares = to.shares;
    std::ranges::sort(contract->shares);
    const auto twice = std::ranges::unique(contract->shares);
    contract->shares.erase(twice.begin(), twice.end());
    update(tx, *contract);
    const auto shares = [](const Contract& of) -> json::value {
        return {{"shares", json::encode_list(of.shares, json::kEncode)}};
    };
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.contract_changed",
         .actor = audit::actor_of(caller),
         .targets = {{"company", caller.company.str()}},
         .before = shares(before),
         .after = shares(*contract)});
    tx.commit();
    return *std::move(contract);
}

Result<ChildPage> Companies::list_companies(
    const Caller& caller, const PageRequest& page, const ListCompaniesQuery& query) {
    TRY(const auto after, page.after<CompanyId>());
    auto tx = ground_.pool.begin(caller.company);
    return page_of(select_children(tx, query.q.value_or(""), after, page.limit + 1), page.limit);
}

Result<Child> Companies::find_child(const Caller& caller, CompanyId id) {
    auto tx = ground_.pool.begin(caller.company);
    auto child = select_child(tx, id);
    if (!child) return no_such_company(id);
    return *std::move(child);
}

Result<Child> Companies::add_company(const Caller& caller, const NewCompany& asked) {
    const auto now = ground_.clock.now();
    TRY(const auto email, checked_email(asked.owner_email));
    TRY(const auto name, checked_name(asked.name));
    CHECK(check_time_zone(asked.time_zone));
    CHECK(check_currency(asked.currency));
    TRY(const auto above, find_company(caller));
    if (!may_be_below(above.kind, asked.kind)) {
        return fail(
            ErrorKind::forbidden, "kind_not_below", "a company of that kind is not below this one");
    }
    const Company company{
        .id = CompanyId::fresh(now),
        .parent_id = caller.company,
        .name = name,
        .kind = asked.kind,
        .state = CompanyState::active,
        .time_zone = asked.time_zone,
        .currency = asked.currency,
        .privacy_mode = asked.privacy_mode.value_or(PrivacyMode::standard),
        .synthetic = false,
        .impersonation_consent = ConsentMode::not_needed,
        .second_factor = SecondFactorRule::optional,
        .added_at = now,
        .brand = {}};
    {
        // Behind its own wall: the one above sees of it what the contract says.
        auto tx = ground_.pool.begin(company.id);
        insert(tx, company);
        tell(tx, company);
        invite_to(
            tx, seal_, ground_, company.name,
            {InvitationId::fresh(now), email, Role::owner, now,
             now + ground_.limits.invitation_lives, caller.person});
        audit::append(
            tx, now,
            {.action = "accounts.company_added",
             .actor = audit::actor_of(caller),
             .targets = {target_of(company)},
             .after = json_of(company)});
        tx.commit();
    }
    {
        auto tx = ground_.pool.begin(caller.company);
        begin_contract(tx, company.id, name, now);
        audit::append(
            tx, now,
            {.action = "accounts.company_added_below",
             .actor = audit::actor_of(caller),
             .targets = {target_of(company)}});
        tx.commit();
    }
    return find_child(caller, company.id);
}

Result<ImpersonationPage> Companies::list_impersonations(
    const Caller& caller, const PageRequest& page) {
    TRY(const auto after, page.after<ImpersonationId>());
    auto tx = ground_.pool.begin(caller.company);
    const auto before = page.cursor.empty() ? std::nullopt : std::optional(after);
    return page_of(select_impersonations(tx, before, page.limit + 1), page.limit);
}

Result<Impersonation> Companies::answer_impersonation(
    const Caller& caller, ImpersonationId id, const ConsentAnswer& answer) {
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(caller.company);
    auto one = select_impersonation(tx, id);
    if (!one) return fail(ErrorKind::not_found, "no_such_impersonation", id.str());
    if (one->state == ImpersonationState::ended || now >= one->expires_at) {
        return fail(ErrorKind::conflict, "impersonation_ended", "it is over");
    }
    if (!answer.allowed) {
        one->state = ImpersonationState::ended;
        one->ended_at = now;
    } else if (one->state == ImpersonationState::waiting) {
        one->state = ImpersonationState::running;
    }
    update(tx, *one, std::nullopt);
    audit::append(
        tx, now,
        {.action =
             answer.allowed ? "accounts.impersonation_allowed" : "accounts.impersonation_refused",
         .actor = audit::actor_of(caller),
         .targets = {{"impersonation", id.str(), one->staff_name}}});
    tx.commit();
    return *std::move(one);
}

}  // namespace mobilytics::accounts
