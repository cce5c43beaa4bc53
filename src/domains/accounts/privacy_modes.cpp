// How a strict company becomes a standard one: slowly, and known to its owners.

#include <algorithm>

#include "domains/accounts/accounts.h"
#include "domains/accounts/companies.h"
#include "domains/accounts/company_store.h"
#include "domains/accounts/person_store.h"
#include "domains/accounts/proofs.h"
#include "domains/accounts/told.h"
#include "foundation/enum_words.h"
#include "foundation/zone.h"
#include "platform/audit/audit.h"
#include "platform/events/events.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

constexpr std::array kConsequences{
    Consequence::devices_known_across_sensors, Consequence::rows_kept_a_day,
    Consequence::notices_to_be_renewed};

Result<> all_understood(const std::vector<Consequence>& understood) {
    std::vector<Fault> faults;
    for (const auto one : kConsequences) {
        if (std::ranges::find(understood, one) == understood.end()) {
            faults.push_back({"/understood", "is to name " + std::string(word(one))});
        }
    }
    if (faults.empty()) return {};
    return tl::unexpected(Error{
        ErrorKind::invalid, "not_understood", "say that what follows is understood",
        std::move(faults)});
}

boost::json::object mode_of(const Company& company, const std::string& reason) {
    boost::json::object out{{"privacy_mode", word(company.privacy_mode)}};
    if (company.standard_from) out["standard_from"] = to_iso8601(*company.standard_from);
    if (!reason.empty()) out["reason"] = reason;
    return out;
}

}  // namespace

PrivacyMode privacy_mode_of(pg::Transaction& tx) {
    const auto company = select_company(tx);
    return company ? company->privacy_mode : PrivacyMode::strict;
}

Result<http::Reply> Companies::ask_for_standard(const http::Call& call, const LooserMode& asked) {
    const auto& caller = call.caller;
    if (caller.key || caller.impersonation) {
        return fail(
            ErrorKind::forbidden, "persons_only",
            "an owner who is signed in does this, nobody else");
    }
    CHECK(all_understood(asked.understood));
    if (auto refused = proofs_.refused(call, {asked.password, asked.code})) {
        return *std::move(refused);
    }
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(caller.company);
    act_as(tx, caller.person);
    const auto credential = select_credential(tx, caller.person);
    if (!credential || !credential->totp_sealed) {
        return fail(
            ErrorKind::conflict, "no_second_factor", "set up an app as your second factor before");
    }
    auto company = lock_company(tx);
    VERIFY(company);
    if (company->privacy_mode != PrivacyMode::strict) {
        return fail(ErrorKind::conflict, "not_strict", "this company is a standard one already");
    }
    const auto before = *company;
    const auto today = local_day(now, company->time_zone);
    company->standard_from = start_of(today.plus(std::chrono::days(1)), company->time_zone);
    update(tx, *company);
    events::publish(
        tx, PrivacyModeChanged{
                company->id, PrivacyMode::standard, *company->standard_from, asked.reason, now});
    audit::append(
        tx, now,
        {.action = "accounts.standard_mode_asked",
         .actor = audit::actor_of(caller),
         .targets = {{"company", company->id.str(), company->name}},
         .before = mode_of(before, ""),
         .after = mode_of(*company, asked.reason)});
    tx.commit();
    return http::Reply{
        .status = 202, .body = {{"standard_from", to_iso8601(*company->standard_from)}}};
}

bool Companies::take_effect(CompanyId id) {
    const auto now = ground_.clock.now();
    auto tx = ground_.pool.begin(id);
    auto company = lock_company(tx);
    if (!company || !company->standard_from || now < *company->standard_from) return false;
    const auto before = *company;
    company->privacy_mode = PrivacyMode::standard;
    company->standard_from = std::nullopt;
    update(tx, *company);
    tell(tx, *company);
    audit::append(
        tx, now,
        {.action = "accounts.standard_mode_began",
         .actor = {audit::ActorKind::system, "housekeeping"},
         .targets = {{"company", company->id.str(), company->name}},
         .before = mode_of(before, ""),
         .after = mode_of(*company, "")});
    tx.commit();
    return true;
}

}  // namespace mobilytics::accounts
