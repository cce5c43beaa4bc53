#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;
using http::verb;

TEST_F(DeskTest, SomebodyIsInvitedJoinsAndLeaves) {
    be_owner();
    EXPECT_EQ(code(post("invitations", {{"email", "nobody"}, {"role", "viewer"}})), "bad_email");
    EXPECT_EQ(
        code(post("invitations", {{"email", "a@example.com"}, {"role", "support"}})),
        "role_of_other_kind");
    const auto invited = post("invitations", {{"email", "ann@example.com"}, {"role", "analyst"}});
    ASSERT_EQ(invited.status, 201U);
    EXPECT_EQ(
        code(post("invitations", {{"email", "Ann@example.com"}, {"role", "viewer"}})),
        "already_invited");
    const auto [mail, mailed] = mails().back();
    EXPECT_EQ(mail.to, "ann@example.com");
    EXPECT_EQ(mail.company_name, "Ours");

    const auto mine = token;
    token.clear();
    const auto seen = post("invitations/look", {{"token", mailed}});
    EXPECT_EQ(
        boost::json::serialize(seen.body),
        R"({"email":"ann@example.com","company_name":"Ours","role":"analyst","needs_password":true})");
    EXPECT_EQ(code(post("invitations/accept", {{"token", mailed}})), "name_missing");
    EXPECT_EQ(
        post("invitations/accept", {{"token", mailed}, {"name", "Ann"}, {"password", kPassword}})
            .status,
        200U);
    EXPECT_EQ(code(post("invitations/look", {{"token", mailed}})), "token_unknown");
    EXPECT_EQ(sign_in("ann@example.com", kPassword).body.at("user").at("role"), "analyst");
    EXPECT_EQ(code(get("invitations")), "role_not_enough");
    EXPECT_EQ(ask(verb::delete_, "membership").status, 204U);
    EXPECT_EQ(code(sign_in("ann@example.com", kPassword)), "no_company");

    token = mine;
    EXPECT_EQ(get("people").body.at("items").as_array().size(), 1U);
}

TEST_F(DeskTest, AnInvitationIsWithdrawnOrGetsTooOld) {
    be_owner();
    const auto invited = post("invitations", {{"email", "ann@example.com"}, {"role", "viewer"}});
    EXPECT_EQ(get("invitations").body.at("items").as_array().size(), 1U);
    EXPECT_EQ(ask(verb::delete_, "invitations/" + text(invited.body, "id")).status, 204U);
    EXPECT_EQ(code(post("invitations/look", {{"token", mails().back().second}})), "token_unknown");
    post("invitations", {{"email", "ann@example.com"}, {"role", "viewer"}});
    clock.advance(24h * 7);
    EXPECT_EQ(code(post("invitations/look", {{"token", mails().back().second}})), "token_unknown");
    ASSERT_EQ(sign_in(owner_email, kPassword).status, 201U);
    EXPECT_EQ(get("invitations").body.at("items").as_array().size(), 0U);
    EXPECT_EQ(post("invitations", {{"email", "ann@example.com"}, {"role", "viewer"}}).status, 201U);
}

TEST_F(DeskTest, WhoIsSuspendedIsOutAtOnce) {
    be_owner();
    join("ann@example.com", "analyst");
    const auto mine = token;
    const auto ann = id_of("ann@example.com");
    sign_in("ann@example.com", kPassword);
    const auto hers = token;
    token = mine;
    const auto reply = ask(verb::patch, "people/" + ann, {{"state", "suspended"}});
    EXPECT_EQ(reply.body.at("state"), "suspended");
    token = hers;
    EXPECT_EQ(code(get("session")), "no_session");
    EXPECT_EQ(code(sign_in("ann@example.com", kPassword)), "no_company");
    token = mine;
    ask(verb::patch, "people/" + ann, {{"state", "active"}});
    EXPECT_EQ(sign_in("ann@example.com", kPassword).status, 201U);
}

TEST_F(DeskTest, ACompanyIsNeverWithoutAnOwner) {
    be_owner();
    const auto me = id_of(owner_email);
    EXPECT_EQ(code(ask(verb::patch, "people/" + me, {{"role", "viewer"}})), "last_owner");
    EXPECT_EQ(code(ask(verb::patch, "people/" + me, {{"state", "suspended"}})), "last_owner");
    EXPECT_EQ(code(ask(verb::delete_, "people/" + me)), "last_owner");
    EXPECT_EQ(code(ask(verb::delete_, "membership")), "last_owner");
    EXPECT_EQ(get("people/" + me).body.at("role"), "owner");

    join("ann@example.com", "admin");
    const auto ann = id_of("ann@example.com");
    EXPECT_EQ(post("company/owner", {{"person_id", ann}}).status, 204U);
    EXPECT_EQ(get("people/" + ann).body.at("role"), "owner");
    EXPECT_EQ(get("people/" + me).body.at("role"), "admin");
    EXPECT_EQ(code(ask(verb::patch, "people/" + ann, {{"role", "viewer"}})), "role_above_own");
    EXPECT_EQ(code(ask(verb::delete_, "people/" + ann)), "role_above_own");
    EXPECT_EQ(code(post("company/owner", {{"person_id", me}})), "role_not_enough");
}

TEST_F(DeskTest, PeopleAreSortedFilteredAndPaged) {
    be_owner();
    for (const char* name : {"c", "a", "b"}) {
        clock.advance(1s);
        join(std::string(name) + "@example.com", "viewer");
    }
    const auto emails = [&](const std::string& query) {
        std::string out, cursor;
        do {
            const auto page = get("people?limit=2" + query + cursor).body;
            for (const auto& one : page.at("items").as_array()) {
                out += text(one, "email").substr(0, 1);
            }
            const auto* next = page.as_object().if_contains("next_cursor");
            cursor = next == nullptr ? "" : "&cursor=" + std::string(next->as_string());
        } while (!cursor.empty());
        return out;
    };
    EXPECT_EQ(emails("&sort=email"), "abco");
    EXPECT_EQ(emails("&sort=-email"), "ocba");
    EXPECT_EQ(emails("&sort=joined_at"), "ocab");
    EXPECT_EQ(emails("&sort=email&role=viewer"), "abc");
    EXPECT_EQ(emails("&sort=email&q=B%40EX"), "b");
    EXPECT_EQ(code(get("people?sort=age")), "bad_sort");
    EXPECT_EQ(code(get("people?cursor=00")), "bad_cursor");
}

TEST_F(DeskTest, ACompanyBelowIsSeenAsFarAsItsContractSays) {
    be_owner();
    const boost::json::object asked{
        {"name", "Below"},
        {"kind", "advertiser"},
        {"time_zone", "Europe/Madrid"},
        {"currency", "EUR"},
        {"owner_email", "boss@example.com"}};
    const auto made = post("companies", asked);
    ASSERT_EQ(made.status, 201U) << boost::json::serialize(made.body);
    const auto child = text(made.body, "id");
    EXPECT_EQ(made.body.at("label"), "Below");
    EXPECT_FALSE(made.body.as_object().contains("profile"));
    EXPECT_TRUE(made.body.at("shares").as_array().empty());
    auto house = asked;
    house["kind"] = "operator";
    EXPECT_EQ(code(post("companies", house)), "kind_not_below");

    const auto mine = token;
    token.clear();
    post(
        "invitations/accept",
        {{"token", mails().back().second}, {"name", "Boss"}, {"password", kPassword}});
    ASSERT_EQ(sign_in("boss@example.com", kPassword).status, 201U);
    EXPECT_EQ(text(get("company").body, "parent_id"), company.id.str());
    EXPECT_EQ(get("company/contract").body.at("parent_name"), "Ours");
    EXPECT_EQ(
        ask(verb::put, "company/contract", {{"shares", {"profile", "profile"}}})
            .body.at("shares")
            .as_array()
            .size(),
        1U);
    const auto theirs = token;
    token = mine;
    EXPECT_EQ(get("companies/" + child).body.at("profile").at("time_zone"), "Europe/Madrid");
    EXPECT_EQ(get("companies").body.at("items").as_array().size(), 1U);
    token = theirs;
    EXPECT_EQ(get("companies").body.at("items").as_array().size(), 0U);
    EXPECT_EQ(code(get("companies/" + company.id.str())), "no_such_company");
}

TEST_F(DeskTest, ACompanyHasABrandOfItsOwn) {
    be_owner();
    const auto change = [&](const boost::json::object& brand) {
        return ask(verb::patch, "company", {{"brand", brand}});
    };
    EXPECT_EQ(code(change({{"primary_color", "red"}})), "bad_color");
    EXPECT_EQ(code(change({{"domain", "no domain"}})), "bad_domain");
    const auto done = change({{"primary_color", "#1a2b3c"}, {"domain", "ads.example.com"}});
    EXPECT_EQ(done.body.at("brand").at("domain"), "ads.example.com");
    EXPECT_EQ(get("session").body.at("company").at("brand").at("primary_color"), "#1a2b3c");
    EXPECT_FALSE(change({{"domain", ""}}).body.at("brand").as_object().contains("domain"));
    EXPECT_EQ(code(ask(verb::patch, "company", {{"time_zone", "Mars"}})), "bad_time_zone");
    EXPECT_EQ(code(ask(verb::patch, "company", {{"currency", "usd"}})), "bad_currency");
}

TEST_F(DeskTest, ContactsAreKeptWithoutALogin) {
    be_owner();
    const auto made = post("contacts", {{"name", "Cleo"}, {"email", "cleo@example.com"}});
    ASSERT_EQ(made.status, 201U);
    const auto path = "contacts/" + text(made.body, "id");
    EXPECT_EQ(ask(verb::patch, path, {{"phone", "+1 555 0100"}}).body.at("phone"), "+1 555 0100");
    EXPECT_EQ(get("contacts?q=cle").body.at("items").as_array().size(), 1U);
    EXPECT_EQ(ask(verb::delete_, path).status, 204U);
    EXPECT_EQ(code(ask(verb::delete_, path)), "no_such_contact");
    EXPECT_EQ(get("contacts").body.at("items").as_array().size(), 0U);
}

TEST_F(DeskTest, AKeyOpensWhatItsScopesSayAndFromWhere) {
    be_owner();
    const auto mine = token;
    const auto made = post(
        "api-keys", {{"name", "reader"},
                     {"role", "viewer"},
                     {"scopes", {"people:read"}},
                     {"networks", {"192.0.2.0/24"}}});
    ASSERT_EQ(made.status, 201U) << boost::json::serialize(made.body);
    const auto secret = text(made.body, "secret");
    const auto path = "api-keys/" + text(made.body.at("key"), "id");
    EXPECT_TRUE(secret.starts_with(text(made.body.at("key"), "prefix") + "_"));
    EXPECT_TRUE(secret.starts_with("mob_live_"));

    token = secret;
    EXPECT_EQ(get("people").status, 200U);
    EXPECT_EQ(code(get("company")), "scope_missing");
    EXPECT_EQ(code(get("profile")), "role_not_enough");
    EXPECT_EQ(code(post("contacts", {{"name", "x"}})), "role_not_enough");
    address = "198.51.100.1";
    EXPECT_EQ(code(get("people")), "address_not_allowed");
    address = "192.0.2.7";

    token = mine;
    const auto listed = get("api-keys").body.at("items").at(0);
    EXPECT_TRUE(listed.as_object().contains("used_at"));
    EXPECT_EQ(boost::json::serialize(listed).find(secret.substr(42)), std::string::npos);
    const auto rotated = post(path + "/rotate", {{"overlap_hours", 1}});
    ASSERT_EQ(rotated.status, 200U);
    token = text(rotated.body, "secret");
    EXPECT_EQ(get("people").status, 200U);
    token = secret;
    EXPECT_EQ(get("people").status, 200U);
    clock.advance(61min);
    EXPECT_EQ(code(get("people")), "no_session");
    token = mine;
    EXPECT_EQ(ask(verb::delete_, path).status, 204U);
    EXPECT_EQ(code(post(path + "/rotate", {{"overlap_hours", 1}})), "api_key_revoked");
    token = text(rotated.body, "secret");
    EXPECT_EQ(code(get("people")), "no_session");
}

TEST_F(DeskTest, AKeyIsRefusedThatWouldBeMoreThanItsMaker) {
    be_owner();
    join("ann@example.com", "admin");
    sign_in("ann@example.com", kPassword);
    const auto add = [&](const boost::json::object& change) {
        boost::json::object asked{{"name", "k"}, {"role", "viewer"}, {"scopes", {"people:read"}}};
        for (const auto& [field, value] : change) asked[field] = value;
        return code(post("api-keys", asked));
    };
    EXPECT_EQ(add({{"role", "owner"}}), "role_above_own");
    EXPECT_EQ(add({{"role", "support"}}), "role_of_other_kind");
    EXPECT_EQ(add({{"scopes", {"people"}}}), "bad_permission");
    EXPECT_EQ(add({{"networks", {"here"}}}), "bad_network");
    EXPECT_EQ(add({{"expires_at", "2026-08-21T09:30:00Z"}}), "already_expired");
    EXPECT_EQ(add({}), "");
    EXPECT_EQ(get("api-keys").body.at("items").as_array().size(), 1U);
}

}  // namespace
}  // namespace mobilytics::accounts
