#include "domains/accounts/accounts_test.h"

namespace mobilytics::accounts {
namespace {

using http::verb;

class PrivacyModesTest : public DeskTest {
  protected:
    http::Reply set(const std::string& mode) {
        return ask(verb::patch, "company", {{"privacy_mode", mode}});
    }
    boost::json::object wish() {
        return {
            {"reason", "Reach across sites was agreed with our data protection officer."},
            {"understood",
             {"devices_known_across_sensors", "rows_kept_a_day", "notices_to_be_renewed"}},
            {"password", kPassword},
            {"code", app ? app_code() : "000000"}};
    }
    http::Reply ask_for_standard(const boost::json::object& wanted) {
        return post("company/standard-mode", wanted);
    }
    std::string mode() { return text(get("company").body, "privacy_mode"); }
};

TEST_F(PrivacyModesTest, ToStrictIsAtOnce) {
    be_owner();
    EXPECT_EQ(mode(), "standard");
    EXPECT_EQ(set("strict").status, 200U);
    EXPECT_EQ(mode(), "strict");
    EXPECT_EQ(accounts.find_company({company.id, Role::viewer})->privacy_mode, PrivacyMode::strict);
}

TEST_F(PrivacyModesTest, ToStandardTakesAnOwnerTwoFactorsAReasonAndAMidnight) {
    be_owner();
    EXPECT_EQ(code(ask_for_standard(wish())), "no_second_factor");
    add_app();
    EXPECT_EQ(code(ask_for_standard(wish())), "not_strict");
    ASSERT_EQ(set("strict").status, 200U);
    EXPECT_EQ(code(set("standard")), "ask_for_standard");

    auto vague = wish();
    vague["reason"] = "because";
    EXPECT_EQ(ask_for_standard(vague).status, 422U);
    auto hasty = wish();
    hasty["understood"] = boost::json::array{"rows_kept_a_day"};
    const auto refused = ask_for_standard(hasty);
    EXPECT_EQ(code(refused), "not_understood");
    EXPECT_EQ(refused.body.at("errors").as_array().size(), 2U);
    auto guessed = wish();
    guessed["password"] = "another password";
    EXPECT_EQ(code(ask_for_standard(guessed)), "wrong_password");
    EXPECT_EQ(mode(), "strict");
    EXPECT_FALSE(get("company").body.as_object().contains("standard_from"));

    clock.advance(std::chrono::minutes(1));
    const auto asked = ask_for_standard(wish());
    ASSERT_EQ(asked.status, 202U) << boost::json::serialize(asked.body);
    // Midnight in Chicago.
    EXPECT_EQ(text(asked.body, "standard_from"), "2026-08-22T05:00:00.000000Z");
    EXPECT_EQ(mode(), "strict");
    EXPECT_FALSE(companies.take_effect(company.id));
    clock.advance(*parse_iso8601("2026-08-22T05:00:00Z") - clock.now());
    EXPECT_TRUE(companies.take_effect(company.id));
    EXPECT_FALSE(companies.take_effect(company.id));
    EXPECT_EQ(mode(), "standard");

    auto tx = pool.begin(company.id);
    std::vector<boost::json::object> told;
    for (const auto& one : audit::oldest(tx, {}, {}, 1'000)) {
        if (!one.action.starts_with("accounts.standard_mode")) continue;
        told.push_back(*one.details);
        told.back()["action"] = one.action;
    }
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].at("action"), "accounts.standard_mode_asked");
    EXPECT_EQ(told[0].at("after").at("reason"), wish().at("reason"));
    EXPECT_EQ(told[0].at("after").at("standard_from"), "2026-08-22T05:00:00.000000Z");
    EXPECT_EQ(told[1].at("action"), "accounts.standard_mode_began");
    EXPECT_EQ(told[1].at("before").at("privacy_mode"), "strict");
    EXPECT_EQ(told[1].at("after").at("privacy_mode"), "standard");
}

TEST_F(PrivacyModesTest, WhatWasAskedForIsCalledOff) {
    be_owner();
    add_app();
    ASSERT_EQ(set("strict").status, 200U);
    ASSERT_EQ(ask_for_standard(wish()).status, 202U);
    ASSERT_EQ(set("strict").status, 200U);
    clock.advance(std::chrono::hours(48));
    EXPECT_FALSE(companies.take_effect(company.id));
    EXPECT_EQ(accounts.find_company({company.id, Role::viewer})->privacy_mode, PrivacyMode::strict);
}

TEST_F(PrivacyModesTest, NobodyButAnOwnerAsksForIt) {
    be_owner();
    ASSERT_EQ(set("strict").status, 200U);
    join("ann@example.com", "admin");
    ASSERT_EQ(sign_in("ann@example.com", kPassword).status, 201U);
    EXPECT_EQ(ask_for_standard(wish()).status, 403U);
}

TEST_F(PrivacyModesTest, TheFloorOfACompanyHasBounds) {
    be_owner();
    EXPECT_FALSE(get("company").body.as_object().contains("suppress_below"));
    EXPECT_EQ(ask(verb::patch, "company", {{"suppress_below", 4}}).status, 422U);
    EXPECT_EQ(ask(verb::patch, "company", {{"suppress_below", 51}}).status, 422U);
    EXPECT_EQ(ask(verb::patch, "company", {{"suppress_below", 25}}).status, 200U);
    EXPECT_EQ(get("company").body.at("suppress_below"), 25);
    EXPECT_EQ(accounts.find_company({company.id, Role::viewer})->suppress_below, 25);
}

}  // namespace
}  // namespace mobilytics::accounts
