#include <set>

#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"
#include "domains/accounts/second_factor.h"
#include "platform/audit/history.h"
#include "platform/identity/second_factor.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;
using http::verb;

/// A customer's analyst, and one of our staff with a second factor.
class ImpersonationTest : public DeskTest {
  protected:
    void seed() {
        be_owner();
        join("ann@example.com", "analyst");
        ann = id_of("ann@example.com");
        customer = token;
        const auto house = text(get("session").body.at("companies").at(1), "company_id");
        sign_in(owner_email, kPassword);
        ASSERT_EQ(ask(verb::put, "session/company", {{"company_id", house}}).status, 200U);
        super = token;
        join("sam@example.com", "support");
        sign_in("sam@example.com", kPassword);
        add_factor();
        sam = token;
    }
    void add_factor() {
        const auto begun = post("profile/totp", {{"password", kPassword}});
        ASSERT_EQ(begun.status, 200U);
        constexpr pg::Query pending{"test.pending", R"sql(
            SELECT totp_pending_sealed, person_id FROM accounts.credential
            WHERE totp_pending_sealed IS NOT NULL
        )sql"};
        pg::Connection connection(owner, 0ms);
        secret = *connection.run(pending).first([&](const pg::Row& row) {
            return open_totp(
                seal, row.get<PersonId>("person_id"), row.get<std::string>("totp_pending_sealed"));
        });
        ASSERT_EQ(ask(verb::put, "profile/totp", {{"code", code_now()}}).status, 200U);
    }
    std::string code_now() {
        clock.advance(30s);
        return identity::totp_code(*secret, identity::totp_step(clock.now()));
    }
    http::Reply begin(std::int64_t minutes = 60) {
        token = sam;
        const auto reply = post(
            "backoffice/impersonations", {{"company_id", company.id.str()},
                                          {"person_id", ann},
                                          {"reason", "she sees no figures"},
                                          {"ticket", "T-17"},
                                          {"minutes", minutes},
                                          {"code", code_now()}});
        sam = token;
        return reply;
    }

    std::string ann, customer, super, sam;
    std::optional<Secret<std::string>> secret;
};

TEST_F(ImpersonationTest, StaffSeeWhatThePersonSeesAndChangeNothing) {
    seed();
    const auto begun = begin();
    ASSERT_EQ(begun.status, 201U) << boost::json::serialize(begun.body);
    EXPECT_EQ(begun.body.at("company").at("name"), "Ours");
    EXPECT_EQ(begun.body.at("user").at("role"), "analyst");
    EXPECT_EQ(begun.body.at("user").at("email"), "ann@example.com");
    const auto& banner = begun.body.at("impersonation");
    EXPECT_EQ(banner.at("staff_name"), "Somebody support");
    EXPECT_EQ(banner.at("ticket"), "T-17");
    EXPECT_EQ(banner.at("may_write"), false);
    EXPECT_EQ(banner.at("state"), "running");
    EXPECT_EQ(get("company").body.at("name"), "Ours");
    EXPECT_EQ(get("profile").body.at("email"), "ann@example.com");
    EXPECT_EQ(code(get("invitations")), "role_not_enough");  // What Ann may not, Sam may not.
    EXPECT_EQ(code(get("backoffice/companies")), "role_not_enough");
    EXPECT_EQ(code(ask(verb::patch, "profile", {{"name", "x"}})), "not_while_impersonating");
    EXPECT_EQ(
        code(post("session/password", {{"current", "x"}, {"next", "y"}})),
        "not_while_impersonating");
    EXPECT_EQ(code(ask(verb::delete_, "profile/sessions")), "not_while_impersonating");

    EXPECT_EQ(ask(verb::delete_, "session/impersonation").body.at("user").at("role"), "support");
    EXPECT_EQ(code(get("company")), "role_not_enough");
    EXPECT_EQ(code(ask(verb::delete_, "session/impersonation")), "not_impersonating");
}

TEST_F(ImpersonationTest, TheCustomerSeesItAndEndsIt) {
    seed();
    begin();
    token = customer;
    const auto listed = get("impersonations").body.at("items").as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].at("reason"), "she sees no figures");
    const auto path = "impersonations/" + text(listed[0], "id") + "/consent";
    EXPECT_EQ(ask(verb::put, path, {{"allowed", false}}).body.at("state"), "ended");
    EXPECT_EQ(code(ask(verb::put, path, {{"allowed", true}})), "impersonation_ended");
    token = sam;
    EXPECT_EQ(code(get("company")), "impersonation_not_running");
    EXPECT_EQ(get("session").status, 200U);
    EXPECT_EQ(ask(verb::delete_, "session/impersonation").status, 200U);
    const auto rows = all_rows();
    for (const char* action : {"impersonation_begun", "impersonation_refused"}) {
        EXPECT_NE(rows.find(std::string("<action>accounts.") + action), rows.npos) << action;
    }
}

TEST_F(ImpersonationTest, WhereConsentIsNeededItWaitsForIt) {
    seed();
    token = customer;
    ask(verb::patch, "company", {{"impersonation_consent", "needed"}});
    EXPECT_EQ(begin().body.at("impersonation").at("state"), "waiting");
    EXPECT_EQ(code(get("company")), "impersonation_not_running");
    token = customer;
    const auto id = text(get("impersonations").body.at("items").at(0), "id");
    ask(verb::put, "impersonations/" + id + "/consent", {{"allowed", true}});
    token = sam;
    EXPECT_EQ(get("company").status, 200U);
    token = customer;
    ask(verb::patch, "company", {{"impersonation_consent", "refused"}});
    token = sam;
    ask(verb::delete_, "session/impersonation");
    sam = token;
    EXPECT_EQ(code(begin()), "consent_refused");
}

TEST_F(ImpersonationTest, ItEndsWithItsTime) {
    seed();
    begin(10);
    clock.advance(9min);
    EXPECT_EQ(get("company").status, 200U);
    clock.advance(2min);
    EXPECT_EQ(code(get("company")), "impersonation_not_running");
    EXPECT_EQ(get("session").body.at("impersonation").at("state"), "ended");
    ask(verb::delete_, "session/impersonation");
    sam = token;
    EXPECT_EQ(code(begin(61)), "bad_body");
}

TEST_F(ImpersonationTest, ToWriteTakesSomebodyElse) {
    seed();
    begin();
    token = super;
    const auto id = text(get("backoffice/impersonations").body.at("items").at(0), "id");
    const auto grant = "backoffice/impersonations/" + id + "/write-grant";
    const boost::json::object why{{"reason", "to mend her report"}, {"ticket", "T-17"}};
    token = sam;
    EXPECT_EQ(code(post(grant, why)), "role_not_enough");
    token = super;
    EXPECT_EQ(post(grant, why).body.at("may_write"), true);
    token = sam;
    EXPECT_EQ(get("session").body.at("impersonation").at("may_write"), true);
    EXPECT_EQ(code(ask(verb::patch, "profile", {{"name", "x"}})), "not_while_impersonating");
    EXPECT_EQ(code(post("contacts", {{"name", "x"}})), "role_not_enough");  // Ann is no admin.
    token = super;
    EXPECT_EQ(ask(verb::delete_, "backoffice/impersonations/" + id).status, 204U);
    token = sam;
    EXPECT_EQ(code(get("company")), "impersonation_not_running");
}

TEST_F(ImpersonationTest, ItTakesASecondFactorOfThisMomentAndAPersonOfTheCompany) {
    seed();
    const boost::json::object asked{
        {"company_id", company.id.str()},
        {"person_id", ann},
        {"reason", "she sees no figures"},
        {"ticket", "T-17"},
        {"minutes", 5},
        {"code", "000000"}};
    token = sam;
    EXPECT_EQ(code(post("backoffice/impersonations", asked)), "wrong_code");
    token = super;
    EXPECT_EQ(code(post("backoffice/impersonations", asked)), "second_factor_needed");
    token = customer;
    EXPECT_EQ(code(post("backoffice/impersonations", asked)), "role_not_enough");
    ann = PersonId::fresh(clock.now()).str();
    EXPECT_EQ(code(begin()), "no_such_person");
}

TEST_F(ImpersonationTest, WhatStaffLookAtIsInTheHousesHistory) {
    seed();
    token = sam;
    EXPECT_EQ(get("backoffice/companies").status, 200U);
    EXPECT_EQ(get("backoffice/companies/" + company.id.str()).status, 200U);
    EXPECT_EQ(get("backoffice/companies/" + CompanyId().str()).status, 404U);
    EXPECT_EQ(get("backoffice/impersonations?company_id=" + company.id.str()).status, 200U);
    std::vector<std::string> noted;
    auto tx = pool.begin(*CompanyId::parse(text(get("session").body.at("company"), "id")));
    for (const auto& record : audit::oldest(tx, {}, {}, 1'000)) {
        if (record.action != "accounts.companies_listed" &&
            record.action != "accounts.company_read" &&
            record.action != "accounts.impersonations_listed") {
            continue;
        }
        noted.push_back(
            record.action + " " + (record.target_ids.empty() ? "" : record.target_ids[0]));
    }
    EXPECT_EQ(
        std::set(noted.begin(), noted.end()),
        (std::set<std::string>{
            "accounts.companies_listed ", "accounts.company_read " + company.id.str(),
            "accounts.impersonations_listed " + company.id.str()}));
    EXPECT_EQ(noted.size(), 3U);
}

}  // namespace
}  // namespace mobilytics::accounts
