#include "domains/accounts/sight.h"

#include <gtest/gtest.h>

#include "domains/accounts/authorization_test.h"

namespace mobilytics::accounts {
namespace {

using http::verb;

/// A company above, and one below it whose contract says what may be seen.
class SightTest : public AuthorizationTest {
  protected:
    SightTest() {
        be_owner();
        seed_other();
        child = foreign["company_id"];
        parent = token;
        EXPECT_EQ(sign_in(std::string(kMarker) + "@example.com", kPassword).status, 201U);
        child_owner = token;
        token = parent;
    }
    void share(std::initializer_list<boost::json::value_ref> shares) {
        const auto mine = std::exchange(token, child_owner);
        const auto changed =
            ask(verb::put, "company/contract", {{"shares", boost::json::array(shares)}});
        EXPECT_EQ(changed.status, 200U) << boost::json::serialize(changed.body);
        token = mine;
    }
    http::Reply go_to(const std::string& company) {
        return ask(verb::put, "session/company", {{"company_id", company}});
    }
    /// What the child's own trail says.
    std::vector<std::string> trail() {
        return trail_of(*CompanyId::parse(child), "accounts.sight");
    }

    std::string child, parent, child_owner;
};

TEST_F(SightTest, WithoutAShareThereIsNoWayIn) {
    const auto before = everything();
    for (const auto& company : {child, CompanyId::fresh(clock.now()).str()}) {
        const auto refused = go_to(company);
        EXPECT_EQ(refused.status, 404U);
        EXPECT_EQ(code(refused), "no_such_company");
    }
    EXPECT_EQ(everything(), before);
    share({"profile"});  // Which its own page shows.
    EXPECT_EQ(go_to(child).status, 404U);
    EXPECT_EQ(trail(), std::vector<std::string>());
}

TEST_F(SightTest, WhatIsSharedIsSeenAndNoMore) {
    share({"people"});
    const auto there = go_to(child);
    ASSERT_EQ(there.status, 200U) << boost::json::serialize(there.body);
    EXPECT_EQ(text(there.body.at("company"), "id"), child);
    EXPECT_EQ(there.body.at("user").at("role"), "viewer");
    EXPECT_EQ(there.body.at("sight").at("company"), "Ours");
    EXPECT_EQ(text(there.body.at("sight"), "company_id"), company.id.str());
    EXPECT_EQ(there.body.at("sight").at("shares"), boost::json::array{"people"});
    EXPECT_EQ(get("people").body.at("items").as_array().size(), 1U);
    EXPECT_EQ(get("company").status, 200U);
    for (const char* closed : {"contacts", "companies", "company/contract", "api-keys"}) {
        const auto refused = get(closed);
        EXPECT_EQ(refused.status, 403U) << closed;
    }
    const auto me = text(get("session").body.at("user"), "id");
    EXPECT_EQ(trail(), std::vector<std::string>{"accounts.sight_begun " + me + " success"});

    // Back again; the other company has it in its history.
    ASSERT_EQ(go_to(company.id.str()).status, 200U);
    EXPECT_FALSE(get("session").body.as_object().contains("sight"));
    EXPECT_EQ(get("session").body.at("user").at("role"), "owner");
    EXPECT_EQ(
        trail(),
        (std::vector<std::string>{
            "accounts.sight_begun " + me + " success", "accounts.sight_ended " + me + " success"}));
}

TEST_F(SightTest, ItsNameIsToldWhereTheProfileIsShared) {
    share({"reports"});
    auto there = go_to(child);
    ASSERT_EQ(there.status, 200U);
    // As the company above calls it, whatever it calls itself.
    const auto mine = std::exchange(token, child_owner);
    ASSERT_EQ(
        ask(verb::patch, "company",
            {{"name", "Its own name"}, {"brand", {{"primary_color", "#112233"}}}})
            .status,
        200U);
    token = mine;
    EXPECT_EQ(text(get("session").body.at("company"), "name"), std::string(kMarker) + " company");
    EXPECT_FALSE(get("session").body.at("company").as_object().contains("brand"));
    EXPECT_EQ(get("company").status, 403U);
    share({"reports", "profile"});
    EXPECT_EQ(get("session").body.at("company").at("name"), "Its own name");
}

TEST_F(SightTest, AShareThatIsWithdrawnEndsAtOnce) {
    share({"people"});
    ASSERT_EQ(go_to(child).status, 200U);
    EXPECT_EQ(get("people").status, 200U);
    share({"reports"});
    EXPECT_EQ(code(get("people")), "scope_missing");
    share({});
    const auto withdrawn = get("session");
    EXPECT_EQ(withdrawn.status, 200U);
    EXPECT_TRUE(withdrawn.body.at("sight").at("shares").as_array().empty());
    for (const auto& [method, pattern, access] : router.routes()) {
        if (!access.asks_who() || access.word() == "person") continue;
        EXPECT_EQ(call(method, pattern, foreign, token).status, 403U) << pattern;
    }
    ASSERT_EQ(go_to(company.id.str()).status, 200U);
    EXPECT_EQ(get("people").status, 200U);
}

TEST_F(SightTest, WhoMayNoMoreInTheCompanyAboveSeesNothingBelow) {
    join("ana@example.com", "analyst");
    const auto ana = id_of("ana@example.com");
    share({"people"});
    const auto mine = token;
    ASSERT_EQ(sign_in("ana@example.com", kPassword).status, 201U);
    ASSERT_EQ(go_to(child).status, 200U);
    const auto hers = std::exchange(token, mine);
    ASSERT_EQ(ask(verb::patch, "people/" + ana, {{"role", "operator"}}).status, 200U);
    token = hers;
    EXPECT_EQ(get("people").status, 401U);  // The fleet's work is in one's own company.
    token = mine;
    ASSERT_EQ(ask(verb::patch, "people/" + ana, {{"role", "viewer"}}).status, 200U);
    token = hers;
    EXPECT_EQ(get("people").status, 200U);
    token = mine;
    ASSERT_EQ(ask(verb::patch, "people/" + ana, {{"state", "suspended"}}).status, 200U);
    token = hers;
    EXPECT_EQ(get("people").status, 401U);
}

TEST_F(SightTest, OurOwnStaffHaveNoSightByContract) {
    // The first company is below the house, and shares all it can.
    ASSERT_EQ(
        ask(verb::put, "company/contract", {{"shares", {"people", "assets", "reports"}}}).status,
        200U);
    const auto house = text(get("session").body.at("companies").at(1), "company_id");
    join("staff@example.com", "viewer");
    ASSERT_EQ(go_to(house).status, 200U);
    join("support@example.com", "support");
    ASSERT_EQ(sign_in("support@example.com", kPassword).status, 201U);
    EXPECT_EQ(go_to(company.id.str()).status, 404U);
}

TEST_F(SightTest, NothingIsChangedThereWhateverIsTried) {
    share({"profile", "people", "assets", "reports"});
    const auto home = token;
    ASSERT_EQ(go_to(child).status, 200U);
    const auto looking = token;
    ASSERT_NE(looking, home);
    int refused = 0, seen = 0;
    const auto before = everything();
    for (const auto& [method, pattern, access] : router.routes()) {
        if (!access.asks_who() || pattern.starts_with("/api/v1/session")) continue;
        if (ends_something_of_ones_own(method, pattern)) continue;
        SCOPED_TRACE(std::string(to_string(method)) + " " + pattern);
        const auto reply = call(method, pattern, foreign, looking);
        if (method != verb::get) {
            EXPECT_GE(reply.status, 400U);
            ++refused;
        } else if (reply.status == 200) {
            ++seen;
        }
        EXPECT_EQ(everything(), before);
    }
    EXPECT_GT(refused, 25);
    EXPECT_GT(seen, 4);
    token = looking;
    EXPECT_EQ(code(post("tokens", {{"scopes", {"people:read"}}})), "scope_missing");
    // Its people see nothing of ours by it.
    token = child_owner;
    EXPECT_EQ(go_to(company.id.str()).status, 404U);
}

}  // namespace
}  // namespace mobilytics::accounts
