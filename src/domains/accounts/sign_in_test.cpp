// Who gets in, as the application security standard asks it: docs/security.md, chapters 6 and 7.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"
#include "platform/identity/passkey_test.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;
using http::verb;
using testing::Contains;
using testing::IsSupersetOf;

class SignInTest : public DeskTest {
  protected:
    http::Reply demand(const char* rule) {
        return ask(verb::patch, "company", {{"second_factor", rule}});
    }
    /// As Ann, of the company, who has a password alone.
    http::Reply be_ann() { return sign_in("ann@example.com", kPassword); }
};

TEST_F(SignInTest, AResetDoesNotPassByTheSecondFactor) {
    be_owner();
    add_app();
    post("password-reset", {{"email", owner_email}});
    const auto mailed = mails().back().second;
    token.clear();
    ASSERT_EQ(
        post("password-reset/redeem", {{"token", mailed}, {"password", "another four words"}})
            .status,
        204U);
    EXPECT_EQ(sign_in(owner_email, "another four words").body.at("needs"), "second_factor");
    EXPECT_EQ(code(get("company")), "second_factor_needed");
    EXPECT_EQ(post("session/second-factor", {{"code", app_code()}}).status, 200U);
    EXPECT_EQ(notices().back(), "owner@localhost: password_changed ");
}

TEST_F(SignInTest, AResetTakesNoPasswordThatIsTheirName) {
    be_owner();
    post("password-reset", {{"email", owner_email}});
    const auto redeem = [&](const char* password) {
        return post(
            "password-reset/redeem", {{"token", mails().back().second}, {"password", password}});
    };
    EXPECT_EQ(code(redeem("owner@localhost")), "password_common");
    EXPECT_EQ(redeem("another four words").status, 204U);  // What was refused has used nothing up.
}

TEST_F(SignInTest, WhereItIsReachedByTlsItsCookiesAreOfThisHostAlone) {
    Sessions by_tls{ground, seal, proofs, {.secure = true}};
    Passkeys its_passkeys{
        ground, by_tls, proofs, {.party = relying_party(kOrigin), .secure = true}};
    Desk its_desk{by_tls, its_passkeys, profiles,   companies,   people,
                  keys,   backoffice,   its_tokens, no_provider, logos};
    http::Router its_router{
        [this](const http::Shown& shown) { return accounts.authenticate(shown.token); },
        http::RouterConfig{.session_cookie = Sessions::cookie_name(true), .clock = &clock}};
    mount(its_router, its_desk);
    const auto cookie_of = [&](const char* path, const std::string& body) {
        http::Request request{
            .method = verb::post,
            .target = std::string("/api/v1/") + path,
            .body = body,
            .headers = {{"Content-Type", "application/json"}}};
        return std::string(its_router.handle(std::move(request)).headers.get("Set-Cookie"));
    };
    const auto session = cookie_of(
        "session", boost::json::serialize(
                       boost::json::object{{"email", owner_email}, {"password", one_time}}));
    EXPECT_TRUE(session.starts_with("__Host-mobilytics_session=mobs_")) << session;
    const auto ceremony = cookie_of("session/passkey-challenge", "");
    EXPECT_TRUE(ceremony.starts_with("__Host-mobilytics_passkey=")) << ceremony;
    for (const auto& cookie : {session, ceremony}) {
        for (const char* says : {"; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"}) {
            EXPECT_NE(cookie.find(says), cookie.npos) << says;
        }
        EXPECT_EQ(cookie.find("Domain"), cookie.npos);
    }
}

TEST_F(SignInTest, SigningInIsWrittenDownWhetherItWentWellOrNot) {
    sign_in(owner_email, "wrong");
    sign_in("nobody@example.com", "wrong");
    be_owner();
    post("session/password", {{"current", "wrong"}, {"next", kPassword}});
    add_app();
    sign_in(owner_email, kPassword);
    post("session/second-factor", {{"code", "000000"}});
    post("session/second-factor", {{"code", app_code()}});
    ask(verb::delete_, "session");
    const auto written = trail();
    EXPECT_EQ(std::ranges::count(written, "accounts.sign_in_failed failure"), 2);
    EXPECT_EQ(std::ranges::count(written, "accounts.signed_in success"), 2);
    EXPECT_EQ(std::ranges::count(written, "accounts.proof_failed failure"), 2);
    EXPECT_THAT(
        written, IsSupersetOf(
                     {"accounts.password_changed success", "accounts.second_factor_added success",
                      "accounts.second_factor_shown success", "accounts.signed_out success"}));
}

TEST_F(SignInTest, WhoSignsInAnewEndsTheSessionBefore) {
    be_owner();
    const auto before = token;
    // In the browser that has its cookie still.
    ASSERT_EQ(
        code(post("session", {{"email", owner_email}, {"password", "wrong"}})), "wrong_password");
    EXPECT_EQ(get("session").status, 200U);
    ASSERT_EQ(post("session", {{"email", owner_email}, {"password", kPassword}}).status, 201U);
    EXPECT_NE(token, before);
    EXPECT_EQ(get("profile/sessions").body.at("items").as_array().size(), 1U);
    token = before;
    EXPECT_EQ(code(get("session")), "no_session");
}

TEST_F(SignInTest, AnAdministratorEndsSomebodysSessions) {
    be_owner();
    join("ann@example.com", "viewer");
    join("bob@example.com", "admin");
    const auto ann = id_of("ann@example.com");
    const auto me = id_of(owner_email);
    const auto mine = token;
    be_ann();
    const auto hers = token;
    sign_in("bob@example.com", kPassword);
    EXPECT_EQ(code(ask(verb::delete_, "people/" + me + "/sessions")), "role_above_own");
    EXPECT_EQ(ask(verb::delete_, "people/" + ann + "/sessions").status, 204U);
    token = hers;
    EXPECT_EQ(code(get("session")), "no_session");
    EXPECT_EQ(be_ann().status, 201U);  // She is not suspended.
    EXPECT_EQ(code(ask(verb::delete_, "people/" + me + "/sessions")), "role_not_enough");
    token = mine;
    EXPECT_EQ(get("session").status, 200U);
    EXPECT_THAT(trail(), Contains("accounts.sessions_ended success"));
}

TEST_F(SignInTest, ACompanyCanDemandASecondFactor) {
    be_owner();
    join("ann@example.com", "analyst");
    EXPECT_EQ(get("company").body.at("second_factor"), "optional");
    EXPECT_EQ(code(demand("required")), "second_factor_first");
    const auto key = text(
        post("api-keys", {{"name", "k"}, {"role", "viewer"}, {"scopes", {"people:read"}}}).body,
        "secret");
    add_app();
    EXPECT_EQ(demand("required").body.at("second_factor"), "required");
    EXPECT_EQ(get("company").status, 200U);
    const auto mine = token;

    EXPECT_EQ(be_ann().body.at("needs"), "enrol_second_factor");
    EXPECT_FALSE(get("session").body.as_object().contains("second_factors"));
    for (const char* closed : {"company", "people", "profile/sessions"}) {
        EXPECT_EQ(code(get(closed)), "enrol_second_factor_needed") << closed;
    }
    EXPECT_EQ(code(ask(verb::patch, "profile", {{"name", "x"}})), "enrol_second_factor_needed");
    EXPECT_EQ(get("profile").body.at("has_totp"), false);
    EXPECT_EQ(get("profile/passkeys").status, 200U);
    add_app();
    EXPECT_EQ(get("session").body.at("needs"), "nothing");
    EXPECT_EQ(get("company").status, 200U);
    EXPECT_EQ(be_ann().body.at("needs"), "second_factor");
    EXPECT_EQ(code(post("profile/totp", {{"password", kPassword}})), "second_factor_needed");
    EXPECT_EQ(post("session/second-factor", {{"code", app_code()}}).body.at("needs"), "nothing");
    // Who takes it away is asked for another.
    ASSERT_EQ(
        ask(verb::delete_, "profile/totp", {{"password", kPassword}, {"code", app_code()}}).status,
        204U);
    EXPECT_EQ(get("session").body.at("needs"), "enrol_second_factor");

    token = key;
    EXPECT_EQ(get("people").status, 200U);
    token = mine;
    EXPECT_EQ(demand("optional").status, 200U);
    EXPECT_EQ(be_ann().body.at("needs"), "nothing");
}

TEST_F(SignInTest, APasskeyIsBothFactorsWhereTheyAreDemanded) {
    be_owner();
    join("ann@example.com", "analyst");
    add_app();
    ASSERT_EQ(demand("required").status, 200U);
    be_ann();
    identity::TestAuthenticator phone{kOrigin};
    const auto challenge = post("profile/passkeys/challenge", {{"password", kPassword}});
    ASSERT_EQ(challenge.status, 200U);
    const auto options = [](const http::Reply& reply) {
        return boost::json::parse(text(reply.body, "options")).as_object();
    };
    const auto id = [](const http::Reply& reply) { return text(reply.body, "id"); };
    ASSERT_EQ(
        post(
            "profile/passkeys",
            {{"challenge_id", id(challenge)},
             {"credential", boost::json::serialize(phone.create(options(challenge)))},
             {"name", "Phone"}})
            .status,
        201U);
    EXPECT_EQ(get("session").body.at("needs"), "nothing");

    // The password alone is half of it; she cannot add another to get around the one she has.
    EXPECT_EQ(be_ann().body.at("needs"), "second_factor");
    EXPECT_EQ(get("session").body.at("second_factors"), boost::json::array({"passkey"}));
    EXPECT_EQ(
        code(post("profile/passkeys/challenge", {{"password", kPassword}})),
        "second_factor_needed");
    EXPECT_EQ(code(post("session/second-factor", {{"code", "123456"}})), "no_second_factor");
    const auto half = token;
    const auto asked = post("session/passkey-challenge");
    phone.sign_count = 1;
    const auto whole = post(
        "session/passkey", {{"challenge_id", id(asked)},
                            {"credential", boost::json::serialize(phone.get(options(asked)))}});
    ASSERT_EQ(whole.status, 201U);
    EXPECT_EQ(whole.body.at("needs"), "nothing");
    token = half;
    EXPECT_EQ(code(get("session")), "no_session");
}

TEST_F(SignInTest, WhatOneCompanyDemandsAnotherDoesNot) {
    be_owner();
    const auto house = text(get("session").body.at("companies").at(1), "company_id");
    const auto ours = text(get("session").body.at("company"), "id");
    join("ann@example.com", "analyst");
    add_app();
    ASSERT_EQ(demand("required").status, 200U);
    ask(verb::put, "session/company", {{"company_id", house}});
    const auto staff_session = token;
    const auto invited = post("invitations", {{"email", "ann@example.com"}, {"role", "finance"}});
    ASSERT_EQ(invited.status, 201U);
    token.clear();
    ASSERT_EQ(post("invitations/accept", {{"token", mails().back().second}}).status, 200U);
    EXPECT_EQ(be_ann().body.at("needs"), "enrol_second_factor");
    EXPECT_EQ(get("session").body.at("companies").as_array().size(), 2U);
    const auto chosen = ask(verb::put, "session/company", {{"company_id", house}});
    EXPECT_EQ(chosen.body.at("needs"), "nothing");
    EXPECT_EQ(get("backoffice/companies").status, 200U);
    EXPECT_EQ(
        ask(verb::put, "session/company", {{"company_id", ours}}).body.at("needs"),
        "enrol_second_factor");
    // The house demands it as any other.
    token = staff_session;
    ASSERT_EQ(demand("required").status, 200U);
    be_ann();
    ask(verb::put, "session/company", {{"company_id", house}});
    EXPECT_EQ(code(get("backoffice/companies")), "enrol_second_factor_needed");
}

TEST_F(SignInTest, WhoGuessesWhatIsAskedAgainIsSlowed) {
    be_owner();
    const auto recovery = add_app();
    const boost::json::object wrong{{"password", "wrong"}};
    for (const char* path :
         {"profile/totp", "profile/passkeys/challenge", "profile/totp",
          "profile/passkeys/challenge", "profile/totp"}) {
        EXPECT_EQ(code(post(path, wrong)), "wrong_password");
    }
    // Wherever the password is asked, its guesses are counted together.
    const std::vector<std::pair<verb, std::string>> asked{
        {verb::post, "profile/totp"},
        {verb::delete_, "profile/totp"},
        {verb::post, "profile/passkeys/challenge"}};
    for (const auto& [method, path] : asked) {
        const auto reply = ask(method, path, {{"password", kPassword}});
        EXPECT_EQ(reply.status, 429U) << path;
        EXPECT_EQ(reply.headers.get("Retry-After"), "2");
    }
    EXPECT_EQ(
        post("profile/email", {{"email", "new@example.com"}, {"password", kPassword}}).status,
        429U);
    EXPECT_EQ(
        post("session/password", {{"current", kPassword}, {"next", "another four words"}}).status,
        429U);
    address = "192.0.2.8";
    EXPECT_EQ(code(post("profile/totp", {{"password", kPassword}})), "code_needed");
    address = "192.0.2.7";

    // A code is counted for itself: the right password gives no new tries.
    clock.advance(1h);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(
            code(ask(verb::delete_, "profile/totp", {{"password", kPassword}, {"code", "000000"}})),
            "wrong_code");
    }
    EXPECT_EQ(post("profile/recovery-codes", {{"code", "000000"}}).status, 429U);
    EXPECT_EQ(post("session/second-factor", {{"code", recovery.at(0)}}).status, 429U);
    EXPECT_EQ(post("profile/recovery-codes", {{"code", app_code()}}).status, 200U);
}

TEST_F(SignInTest, ACodeThatBeginsAnAppIsNotGuessed) {
    be_owner();
    ASSERT_EQ(post("profile/totp", {{"password", kPassword}}).status, 200U);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(code(ask(verb::put, "profile/totp", {{"code", "000000"}})), "wrong_code");
    }
    EXPECT_EQ(ask(verb::put, "profile/totp", {{"code", "000000"}}).status, 429U);
}

TEST_F(SignInTest, ANewEmailIsOnesOwnOnceItsLinkIsOpened) {
    be_owner();
    const auto change = [&](const char* to, const char* password = kPassword) {
        return post("profile/email", {{"email", to}, {"password", password}});
    };
    EXPECT_EQ(code(change("nobody")), "bad_email");
    EXPECT_EQ(code(change("ann@example.com", "wrong")), "wrong_password");
    ASSERT_EQ(change("first@example.com").status, 202U);
    ASSERT_EQ(change("boss@example.com").status, 202U);
    ASSERT_EQ(confirmations().size(), 2U);
    const auto [first, its_token] = confirmations().at(0);
    const auto [wanted, link] = confirmations().at(1);
    EXPECT_EQ(wanted.to, "boss@example.com");
    EXPECT_EQ(text(get("profile").body, "email"), owner_email);  // Not yet.
    post("password-reset", {{"email", owner_email}});
    const auto reset = mails().back().second;

    const auto mine = token;
    token.clear();
    const auto confirm = [&](const std::string& with) {
        return post("email-change/confirm", {{"token", with}});
    };
    EXPECT_EQ(code(confirm("not this")), "token_unknown");
    EXPECT_EQ(code(confirm(its_token)), "token_unknown");  // Another was asked for since.
    EXPECT_EQ(confirm(link).status, 204U);
    EXPECT_EQ(code(confirm(link)), "token_unknown");
    // What went to the address before opens nothing any more.
    EXPECT_EQ(
        code(post("password-reset/redeem", {{"token", reset}, {"password", "another four words"}})),
        "token_unknown");
    token = mine;
    EXPECT_EQ(get("profile").body.at("email"), "boss@example.com");
    EXPECT_EQ(code(sign_in(owner_email, kPassword)), "wrong_password");
    EXPECT_EQ(sign_in("Boss@example.com", kPassword).status, 201U);
    EXPECT_EQ(
        notices(), (std::vector<std::string>{
                       "owner@localhost: password_changed ",
                       "owner@localhost: email_change_asked first@example.com",
                       "owner@localhost: email_change_asked boss@example.com",
                       "owner@localhost: email_changed boss@example.com"}));
    ASSERT_EQ(change("late@example.com").status, 202U);
    clock.advance(60min);
    EXPECT_EQ(code(confirm(confirmations().back().second)), "token_unknown");
    EXPECT_EQ(all_rows().find(link), std::string::npos);
}

TEST_F(SignInTest, NobodyLearnsWhoseAnEmailIs) {
    be_owner();
    join("ann@example.com", "viewer");
    const auto asked = [&](const char* email) {
        return post("profile/email", {{"email", email}, {"password", kPassword}});
    };
    const auto taken = asked("Ann@example.com");
    EXPECT_EQ(taken.status, 202U);
    EXPECT_EQ(taken.body, asked("free@example.com").body);
    ASSERT_EQ(confirmations().size(), 2U);
    EXPECT_EQ(confirmations().at(0).first.to, "");  // Nobody is mailed.
    EXPECT_EQ(confirmations().at(1).first.to, "free@example.com");

    // Of two who were promised the same the first has it.
    sign_in("ann@example.com", kPassword);
    ASSERT_EQ(asked("free@example.com").status, 202U);
    token.clear();
    const auto confirm = [&](std::size_t which) {
        return post("email-change/confirm", {{"token", confirmations().at(which).second}});
    };
    EXPECT_EQ(confirm(1).status, 204U);
    EXPECT_EQ(code(confirm(2)), "token_unknown");
    EXPECT_EQ(sign_in("ann@example.com", kPassword).status, 201U);
    EXPECT_EQ(sign_in("free@example.com", kPassword).body.at("user").at("role"), "owner");
}

TEST_F(SignInTest, StaffHelpWhoHasLostTheirFactors) {
    be_owner();
    join("ann@example.com", "analyst");
    const auto ann = id_of("ann@example.com");
    const auto me = id_of(owner_email);
    const auto customer = token;
    be_ann();
    add_app();
    const auto hers = token;
    token = customer;
    const auto house = text(get("session").body.at("companies").at(1), "company_id");
    ask(verb::put, "session/company", {{"company_id", house}});
    join("sam@example.com", "support");
    const auto sam = id_of("sam@example.com");
    const auto superuser = token;
    sign_in("sam@example.com", kPassword);
    const auto help = [&](const std::string& person, const std::string& with) {
        return post(
            "backoffice/people/" + person + "/second-factor-reset",
            {{"reason", "she lost her telephone"}, {"ticket", "T-9"}, {"code", with}});
    };
    EXPECT_EQ(code(help(ann, "000000")), "second_factor_needed");
    add_app();
    EXPECT_EQ(code(help(ann, "000000")), "wrong_code");
    EXPECT_EQ(code(help(PersonId::fresh(clock.now()).str(), "000000")), "no_such_person");
    EXPECT_EQ(code(help(sam, app_code())), "not_by_oneself");
    EXPECT_EQ(code(help(me, app_code())), "role_above_own");  // One of our staff.
    ASSERT_EQ(help(ann, app_code()).status, 200U);
    EXPECT_EQ(notices().back(), "ann@example.com: second_factor_reset T-9");

    token = hers;
    EXPECT_EQ(code(get("session")), "no_session");
    EXPECT_EQ(be_ann().body.at("needs"), "nothing");  // By her password, which stays.
    EXPECT_EQ(get("profile").body.at("recovery_codes_left"), 0);
    EXPECT_EQ(get("profile").body.at("has_totp"), false);
    // In the house's history, and in that of whom she works for.
    EXPECT_EQ(std::ranges::count(trail(), "accounts.second_factor_reset success"), 2);
    const auto rows = all_rows();
    EXPECT_NE(rows.find("T-9: she lost her telephone"), rows.npos);

    token = superuser;
    add_app();
    EXPECT_EQ(help(sam, app_code()).status, 200U);  // A superuser does it for one of our staff.
    EXPECT_EQ(sign_in("sam@example.com", kPassword).body.at("needs"), "nothing");
}

TEST_F(SignInTest, WhoActsForSomebodyChangesNotHowTheyGetIn) {
    be_owner();
    const auto now = get("company");
    auto caller = *accounts.authenticate(token);
    caller.impersonation = ActingFor{};
    caller.impersonation->may_write = true;
    CompanyChange change;
    change.second_factor = SecondFactorRule::optional;
    EXPECT_EQ(companies.change_company(caller, change).error().code, "not_while_impersonating");
    change = {};
    change.impersonation_consent = ConsentMode::not_needed;
    EXPECT_EQ(companies.change_company(caller, change).error().code, "not_while_impersonating");
    EXPECT_EQ(get("company").body, now.body);
}

}  // namespace
}  // namespace mobilytics::accounts
