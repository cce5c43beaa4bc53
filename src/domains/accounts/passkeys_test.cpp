#include "domains/accounts/passkeys.h"

#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"
#include "domains/accounts/passkey_store.h"
#include "domains/accounts/personal_data.h"
#include "platform/identity/passkey_test.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;
using http::verb;
using identity::TestAuthenticator;

TEST(RelyingParty, IsANameThatBrowsersReachUsBy) {
    const auto party = [](const char* url) -> std::string {
        const auto made = relying_party(url);
        return made ? made->id + ' ' + made->origins.at(0) : "none";
    };
    EXPECT_EQ(party("https://ooh.example"), "ooh.example https://ooh.example");
    EXPECT_EQ(party("https://OOH.example:443/"), "ooh.example https://ooh.example");
    EXPECT_EQ(party("https://ooh.example:8443"), "ooh.example https://ooh.example:8443");
    EXPECT_EQ(party("http://localhost:8080"), "localhost http://localhost:8080");
    for (const char* bad :
         {"", "ooh.example", "http://ooh.example", "http://127.0.0.1:8080", "https://192.0.2.1",
          "https://[2001:db8::1]:8443", "ftp://ooh.example", "https://"}) {
        EXPECT_EQ(party(bad), "none") << bad;
    }
}

class PasskeysTest : public DeskTest {
  protected:
    /// The options that a challenge came with, and its id.
    struct Asked {
        std::string id;
        json::object options;
    };
    static Asked asked_of(const http::Reply& reply) {
        EXPECT_EQ(reply.status, 200U) << boost::json::serialize(reply.body);
        return {
            text(reply.body, "id"), boost::json::parse(text(reply.body, "options")).as_object()};
    }
    Asked ask_to_add() {
        return asked_of(post("profile/passkeys/challenge", {{"password", kPassword}}));
    }
    Asked ask_to_sign_in() { return asked_of(post("session/passkey-challenge")); }
    http::Reply add(const Asked& asked, const json::object& credential, const char* name) {
        return post(
            "profile/passkeys", {{"challenge_id", asked.id},
                                 {"credential", boost::json::serialize(credential)},
                                 {"name", name}});
    }
    http::Reply add(TestAuthenticator& with, const char* name = "Phone") {
        const auto asked = ask_to_add();
        return add(asked, with.create(asked.options), name);
    }
    http::Reply sign_in_with(const Asked& asked, const json::object& credential) {
        return post(
            "session/passkey",
            {{"challenge_id", asked.id}, {"credential", boost::json::serialize(credential)}});
    }
    http::Reply sign_in_with(TestAuthenticator& with) {
        token.clear();
        const auto asked = ask_to_sign_in();
        ++with.sign_count;
        return sign_in_with(asked, with.get(asked.options));
    }
    TestAuthenticator phone{kOrigin};
};

TEST_F(PasskeysTest, WhoHasOneSignsInWithoutAPassword) {
    be_owner();
    EXPECT_EQ(get("sign-in-ways").body.at("passkey"), true);
    const auto added = add(phone);
    ASSERT_EQ(added.status, 201U) << boost::json::serialize(added.body);
    EXPECT_EQ(added.body.at("name"), "Phone");
    EXPECT_FALSE(added.body.as_object().contains("used_at"));
    EXPECT_EQ(get("profile").body.at("passkeys"), 1);
    EXPECT_EQ(get("session").body.at("user").at("has_second_factor"), true);
    EXPECT_EQ(get("session").body.at("second_factors"), boost::json::array({"passkey"}));

    clock.advance(1min);
    const auto opened = sign_in_with(phone);
    ASSERT_EQ(opened.status, 201U) << boost::json::serialize(opened.body);
    EXPECT_EQ(opened.body.at("needs"), "nothing");
    EXPECT_EQ(text(opened.body.at("user"), "email"), owner_email);
    EXPECT_EQ(browser, "");  // Its cookie is gone again.
    EXPECT_EQ(get("company").status, 200U);
    EXPECT_TRUE(get("profile/passkeys").body.at("items").at(0).as_object().contains("used_at"));
    // The password alone still opens: this company asks for no second factor.
    EXPECT_EQ(sign_in(owner_email, kPassword).body.at("needs"), "nothing");
    EXPECT_EQ(notices().back(), "owner@localhost: passkey_added Phone");
}

TEST_F(PasskeysTest, AChallengeIsForOneBrowserOnceAndForFiveMinutes) {
    be_owner();
    ASSERT_EQ(add(phone).status, 201U);
    const auto mine = token;
    token.clear();
    auto asked = ask_to_sign_in();
    const auto first = browser;
    phone.sign_count = 1;
    const auto answer = phone.get(asked.options);
    browser = "another";
    EXPECT_EQ(code(sign_in_with(asked, answer)), "wrong_passkey");
    browser.clear();
    EXPECT_EQ(code(sign_in_with(asked, answer)), "wrong_passkey");
    browser = first;
    EXPECT_EQ(sign_in_with(asked, answer).status, 201U);
    token.clear();
    browser = first;
    EXPECT_EQ(code(sign_in_with(asked, answer)), "wrong_passkey");  // Used.

    asked = ask_to_sign_in();
    phone.sign_count = 2;
    clock.advance(5min);
    EXPECT_EQ(code(sign_in_with(asked, phone.get(asked.options))), "wrong_passkey");

    // One to sign in with adds nothing, and one of somebody else neither.
    TestAuthenticator other{kOrigin};
    token = mine;
    const auto made = other.create(ask_to_add().options);
    token.clear();
    asked = ask_to_sign_in();
    token = mine;
    EXPECT_EQ(code(add(asked, made, "x")), "wrong_challenge");
    asked = ask_to_add();
    const auto credential = other.create(asked.options);
    join("ann@example.com", "viewer");
    const auto its = browser;
    sign_in("ann@example.com", kPassword);
    browser = its;
    EXPECT_EQ(code(add(asked, credential, "x")), "wrong_challenge");
    token = mine;
    EXPECT_EQ(get("profile").body.at("passkeys"), 1);
}

TEST_F(PasskeysTest, WhoeverLiesIsAnsweredTheSame) {
    be_owner();
    ASSERT_EQ(add(phone).status, 201U);
    TestAuthenticator thief{kOrigin};
    thief.create(ask_to_add().options);  // So that it knows whose it pretends to be.
    thief.credential_id = phone.credential_id;
    const auto lie = [&](auto TestAuthenticator::* said, const auto& wrongly) {
        const auto right = phone.*said;
        phone.*said = wrongly;
        EXPECT_EQ(code(sign_in_with(phone)), "wrong_passkey");
        EXPECT_EQ(token, "");
        phone.*said = right;
    };
    lie(&TestAuthenticator::origin, "https://evil.example");
    lie(&TestAuthenticator::party_id, "evil.example");
    lie(&TestAuthenticator::flags, 0x01U);  // Nobody verified.
    lie(&TestAuthenticator::credential_id, "nobody's credential");
    lie(&TestAuthenticator::deed, "webauthn.create");
    EXPECT_EQ(code(sign_in_with(thief)), "wrong_passkey");
    ASSERT_EQ(sign_in_with(phone).status, 201U);
    phone.sign_count -= 1;  // A copy, which is behind.
    EXPECT_EQ(code(sign_in_with(phone)), "wrong_passkey");
    const auto rows = all_rows();
    for (const char* why :
         {"wrong_origin", "wrong_relying_party", "user_not_verified", "wrong_signature",
          "sign_count_regressed"}) {
        EXPECT_NE(rows.find(why), rows.npos) << why;  // For whoever looks into the history.
    }
}

TEST_F(PasskeysTest, ToAddOrRemoveOneTakesThePasswordAndTheAppsCode) {
    be_owner();
    EXPECT_EQ(code(post("profile/passkeys/challenge", {{"password", "wrong"}})), "wrong_password");
    ASSERT_EQ(add(phone).status, 201U);
    EXPECT_EQ(code(add(phone)), "passkey_taken");
    const auto recovery = add_app();
    EXPECT_EQ(code(post("profile/passkeys/challenge", {{"password", kPassword}})), "code_needed");
    const auto path =
        "profile/passkeys/" + text(get("profile/passkeys").body.at("items").at(0), "id");
    EXPECT_EQ(ask(verb::patch, path, {{"name", "Old phone"}}).body.at("name"), "Old phone");
    EXPECT_EQ(code(ask(verb::patch, path, {{"name", " "}})), "bad_name");
    EXPECT_EQ(code(ask(verb::delete_, path, {{"password", kPassword}})), "code_needed");
    const auto with_code = [&](const std::string& its) {
        return ask(verb::delete_, path, {{"password", kPassword}, {"code", its}});
    };
    EXPECT_EQ(code(with_code("000000")), "wrong_code");
    EXPECT_EQ(with_code(app_code()).status, 204U);
    EXPECT_EQ(code(with_code(recovery.at(0))), "no_such_passkey");
    EXPECT_EQ(get("profile").body.at("passkeys"), 0);
    EXPECT_EQ(get("profile").body.at("recovery_codes_left"), 10);
    EXPECT_EQ(get("session").body.at("user").at("has_second_factor"), true);  // The app.
    EXPECT_EQ(code(sign_in_with(phone)), "wrong_passkey");
    EXPECT_EQ(notices().back(), "owner@localhost: passkey_removed Old phone");
}

TEST_F(PasskeysTest, TheLastWayInIsNotRemoved) {
    be_owner();
    ASSERT_EQ(add(phone).status, 201U);
    const auto path =
        "profile/passkeys/" + text(get("profile/passkeys").body.at("items").at(0), "id");
    // Whoever came without a password.
    pg::Connection superuser(owner, 0ms);
    constexpr pg::Query forget{
        "test.forget", "UPDATE accounts.credential SET password_hash = NULL"};
    superuser.run(forget);
    EXPECT_EQ(code(ask(verb::delete_, path, {{"password", kPassword}})), "last_way_in");
    EXPECT_EQ(get("profile").body.at("passkeys"), 1);
    EXPECT_EQ(sign_in_with(phone).status, 201U);
}

TEST_F(PasskeysTest, ANewOneEndsAllOtherSessions) {
    be_owner();
    const auto first = token;
    sign_in(owner_email, kPassword);
    ASSERT_EQ(add(phone).status, 201U);
    EXPECT_EQ(get("session").status, 200U);
    token = first;
    EXPECT_EQ(code(get("session")), "no_session");
}

TEST_F(PasskeysTest, TheirNumberIsLimited) {
    be_owner();
    for (int i = 0; i < 20; ++i) {
        TestAuthenticator one{kOrigin};
        ASSERT_EQ(add(one).status, 201U) << i;
        clock.advance(10s);  // So often and no more.
    }
    EXPECT_EQ(
        code(post("profile/passkeys/challenge", {{"password", kPassword}})), "too_many_passkeys");
}

TEST_F(PasskeysTest, WhereThereIsNoNameThereAreNone) {
    be_owner();
    Passkeys nowhere{ground, sessions, proofs, {}};
    Desk without{sessions, nowhere,    profiles,   companies,   people,
                 keys,     backoffice, its_tokens, no_provider, logos};
    http::Router its_router{
        [this](const http::Shown& shown) { return accounts.authenticate(shown.token); },
        http::RouterConfig{.clock = &clock}};
    mount(its_router, without);
    for (const char* path : {"session/passkey-challenge", "profile/passkeys/challenge"}) {
        http::Request request{
            .method = verb::post,
            .target = std::string("/api/v1/") + path,
            .body = R"({"password": "x"})",
            .headers = {{"Content-Type", "application/json"}}};
        request.headers.add("Authorization", "Bearer " + token);
        EXPECT_EQ(code(its_router.handle(std::move(request))), "passkeys_unavailable") << path;
    }
}

TEST_F(PasskeysTest, ATransactionSeesThoseOfItsPersonAlone) {
    be_owner();
    ASSERT_EQ(add(phone).status, 201U);
    constexpr pg::Query all{"test.all_passkeys", "SELECT name FROM accounts.passkey"};
    const auto me = PersonId::parse(text(get("profile").body, "id"));
    auto tx = pool.begin(company.id);
    EXPECT_EQ(tx.run(all).size(), 0);
    act_as(tx, PersonId::fresh(clock.now()));
    EXPECT_EQ(tx.run(all).size(), 0);
    act_as(tx, *me);
    EXPECT_EQ(tx.run(all).size(), 1);
}

TEST_F(PasskeysTest, TheyAreTakenAlongAndErased) {
    be_owner();
    join("ann@example.com", "viewer");
    const auto ann = id_of("ann@example.com");
    const auto mine = token;
    sign_in("ann@example.com", kPassword);
    ASSERT_EQ(add(phone, "Ann's phone").status, 201U);
    token = mine;
    const privacy::Subject subject{*PersonId::parse(ann)};
    const auto places = [&] {
        auto tx = pool.begin(company.id);
        std::vector<std::string> out;
        for (const auto& one : holder().take_along(tx, subject)) {
            if (text(one, "place") == "accounts.passkey") out.push_back(text(one, "name"));
        }
        return out;
    };
    EXPECT_EQ(places(), std::vector<std::string>{"Ann's phone"});
    {
        auto tx = pool.begin(company.id);
        ASSERT_TRUE(holder().erase(tx, subject, clock.now()));
        tx.commit();
    }
    EXPECT_EQ(all_rows().find("Ann's phone</name>"), std::string::npos);
    EXPECT_EQ(code(sign_in_with(phone)), "wrong_passkey");
}

}  // namespace
}  // namespace mobilytics::accounts
