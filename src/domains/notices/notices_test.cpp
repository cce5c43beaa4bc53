#include "domains/notices/notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domains/notices/notices_api.h"
#include "domains/notices/notices_migrations.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/crypto/files.h"
#include "platform/jobs/jobs_test.h"
#include "platform/mail/mail.h"
#include "platform/mail/mail_migrations.h"
#include "platform/services/child_process.h"

namespace mobilytics::notices {
namespace {

using namespace std::chrono_literals;
using boost::json::array;
using boost::json::object;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

mail::Templates templates() {
    mail::Templates out;
    out.add(
        {.name = "notices.notice",
         .subject = "{{title}}",
         .text = "{{name}} {{text}} {{times}} {{link}} {{stop}}",
         .html = "{{name}} {{text}} {{times}} {{link}} {{stop}}",
         .examples = {
             {"name", "a"},
             {"title", "a"},
             {"text", "a"},
             {"times", "a"},
             {"link", "a"},
             {"stop", "a"}}});
    return out;
}

class NoticesTest : public pg::PostgresTest {
  protected:
    NoticesTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, jobs::kMigrations, mail::kMigrations,
               notices::kMigrations}) {
        notices.serve(workers);
        mount_all(router, notices);
    }
    Member member(const char* name, Role role) const {
        return {PersonId::fresh(clock.now()), std::string(name) + "@example.com", name, role};
    }
    void as(const Member& who) {
        caller = {.company = company, .role = who.role, .person = who.person};
    }
    News silent(const std::string& what, const std::string& sensor = "device_1") const {
        return {
            .kind = "sensor_silent",
            .what = what,
            .target = sensor,
            .title = "North gate has fallen silent",
            .text = "Nothing has come (" + what + ").",
            .link = "/assets"};
    }
    /// To whom and what, the oldest first.
    std::vector<std::string> mailed() {
        std::vector<std::string> out;
        auto tx = system.begin();
        const auto page = *outbox.list(tx, {}, {}, "written_at");
        for (const auto& each : page.items) {
            out.push_back(
                each.to.substr(0, each.to.find('@')) + ": " + outbox.find(tx, each.id)->text);
        }
        return out;
    }
    /// Who has mail, since it was asked last.
    std::vector<std::string> receivers() {
        std::vector<std::string> out;
        auto all = mailed();
        for (auto at = seen; at < all.size(); ++at)
            out.push_back(all[at].substr(0, all[at].find(':')));
        seen = all.size();
        clock.advance(1s);  // What comes next is the newest.
        return out;
    }
    http::Reply ask(http::verb method, std::string target, std::string body = "") {
        return router.handle(
            {.method = method,
             .target = std::move(target),
             .body = std::move(body),
             .headers = {{"Content-Type", "application/json"}}});
    }
    std::vector<std::string> chosen(const http::Reply& reply) {
        std::vector<std::string> out;
        for (const auto& each : reply.body.at("items").as_array()) {
            if (each.at("mailed").as_bool()) out.emplace_back(each.at("kind").as_string());
        }
        return out;
    }
    http::Reply choose(const array& kinds) {
        return ask(
            http::verb::put, "/api/v1/profile/notices",
            boost::json::serialize(object{{"mailed", kinds}}));
    }

    const services::TemporaryFolder folder;
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId company = CompanyId::fresh(clock.now());
    const Member olga = member("olga", Role::owner), vic = member("vic", Role::viewer),
                 otto = member("otto", Role::operator_);
    Caller caller;
    const crypto::SealedBox seal{folder.path() / "seal.key"};
    const mail::Outbox outbox{seal, clock, templates()};
    metrics::Registry registry;
    Notices notices{
        {pool, seal, clock, outbox,
         [this](CompanyId of) {
             return of == company ? std::vector{olga, vic, otto} : std::vector<Member>();
         }},
        {.public_url = "https://mobilytics.example"}};
    jobs::Workers workers{{pool, system, PostgresTest::as("mobilytics_system"), clock, registry}};
    http::Router router{[this](const auto&) -> Result<Caller> { return caller; }};
    std::size_t seen = 0;
};

TEST_F(NoticesTest, WhoUsuallyWantsItIsToldAndNobodyElse) {
    notices.tell(company, silent("event 1"));
    EXPECT_THAT(receivers(), UnorderedElementsAre("olga", "otto"));
    notices.tell(
        company, {.kind = "webhook_disabled",
                  .what = "event 2",
                  .target = "webhook_1",
                  .title = "Messages have stopped",
                  .text = "It is gone.",
                  .link = "/settings/webhooks"});
    EXPECT_THAT(receivers(), ElementsAre("olga"));
    EXPECT_THAT(
        mailed().back(), HasSubstr("olga It is gone.  https://mobilytics.example/settings/webhooks "
                                   "https://mobilytics.example/unsubscribe#token="));
    auto export_ready = silent("event 3");
    export_ready.kind = "export_ready";
    export_ready.only = vic.person;  // Who may not be told of such.
    notices.tell(company, export_ready);
    EXPECT_TRUE(receivers().empty());
}

TEST_F(NoticesTest, WhatIsToldTwiceIsOneMail) {
    notices.tell(company, silent("event 1"));
    notices.tell(company, silent("event 1"));
    clock.advance(2h);
    notices.tell(company, silent("event 1"));
    workers.run_due();
    EXPECT_EQ(receivers().size(), 2U);
}

TEST_F(NoticesTest, WhatFlapsIsOneMailAnHourAndCounted) {
    as(otto);
    EXPECT_EQ(choose({}).status, 200U);
    for (int i = 0; i < 100; ++i) {
        notices.tell(company, silent("event " + std::to_string(i)));
        clock.advance(30s);
        workers.run_due();
    }
    // At once; and at the end of the hour what has come since, of which the newest is told.
    EXPECT_THAT(receivers(), ElementsAre("olga"));
    clock.advance(10min);
    workers.run_due();
    EXPECT_THAT(receivers(), ElementsAre("olga"));
    EXPECT_THAT(mailed().back(), HasSubstr("This has happened 99 times since the last mail"));
    EXPECT_THAT(mailed().back(), HasSubstr("(event 99)"));
    // Another is another's, and after a quiet hour it is told at once again.
    notices.tell(company, silent("event 100", "device_2"));
    EXPECT_THAT(receivers(), ElementsAre("olga"));
    clock.advance(61min);
    workers.run_due();
    EXPECT_TRUE(receivers().empty());
    notices.tell(company, silent("event 101"));
    EXPECT_THAT(receivers(), ElementsAre("olga"));
    EXPECT_THAT(mailed().back(), testing::Not(HasSubstr("times")));
}

TEST_F(NoticesTest, EachChoosesAndSecurityIsNoChoice) {
    as(vic);
    const auto usual = ask(http::verb::get, "/api/v1/profile/notices");
    EXPECT_THAT(chosen(usual), ElementsAre("security"));
    EXPECT_EQ(usual.body.at("items").as_array().size(), 6U);  // Nothing of what a viewer may not.
    EXPECT_EQ(
        usual.body.at("items").at(5),
        (object{
            {"kind", "security"},
            {"group", "Security"},
            {"title", "Your password, factors or e-mail were changed"},
            {"about", "You are always told."},
            {"mailed", true},
            {"usual", true},
            {"settable", false}}));
    EXPECT_THAT(chosen(choose({"sensor_silent"})), ElementsAre("sensor_silent", "security"));
    for (const auto* bad : {"webhook_disabled", "security", "weather"}) {
        const auto refused = choose({bad});
        EXPECT_EQ(refused.status, 422U) << bad;
        EXPECT_EQ(refused.body.at("code"), "no_such_notice");
    }
    as(olga);
    EXPECT_EQ(chosen(ask(http::verb::get, "/api/v1/profile/notices")).size(), 8U);
    EXPECT_THAT(chosen(choose({"webhook_disabled"})), ElementsAre("webhook_disabled", "security"));
    notices.tell(company, silent("event 1"));
    EXPECT_THAT(receivers(), UnorderedElementsAre("vic", "otto"));
    auto tx = pool.begin(company);
    EXPECT_EQ(audit::oldest(tx, {}, {}, 10).at(0).action, "notices.chosen");
}

TEST_F(NoticesTest, AChoiceIsOfOneCompany) {
    as(olga);
    choose({});
    caller.company = CompanyId::fresh(clock.now());
    EXPECT_EQ(chosen(ask(http::verb::get, "/api/v1/profile/notices")).size(), 8U);
}

TEST_F(NoticesTest, OneClickUnsubscribesFromThisKindAlone) {
    const auto token = notices.token_of(company, otto.person, "sensor_silent");
    const auto path = "/api/v1/notices/unsubscribe/";
    caller = {};  // Whoever asks.
    const auto done = ask(http::verb::post, path + token, "List-Unsubscribe=One-Click");
    EXPECT_EQ(done.status, 200U);
    // What is no token of ours is answered alike, and does nothing.
    for (const auto& bad : {std::string("00"), token.substr(2), token + "00"}) {
        EXPECT_EQ(ask(http::verb::post, path + bad).status, 200U);
    }
    EXPECT_EQ(ask(http::verb::get, path + token).status, 405U);  // A scanner that follows links.
    notices.tell(company, silent("event 1"));
    EXPECT_THAT(receivers(), ElementsAre("olga"));
    as(otto);
    EXPECT_THAT(
        chosen(ask(http::verb::get, "/api/v1/profile/notices")),
        ElementsAre("sensor_revoked", "certificate_ends", "security"));
}

TEST_F(NoticesTest, WhoIsErasedLeavesNothing) {
    as(vic);
    choose({"sensor_silent"});
    auto news = silent("event 1", vic.person.str());
    notices.tell(company, news);
    auto tx = pool.begin(company);
    const privacy::Subject subject{vic.person, vic.email, {}};
    EXPECT_EQ(holder().take_along(tx, subject).size(), 5U);
    const auto erased = *holder().erase(tx, subject, clock.now());
    EXPECT_EQ(erased.at(0).place, "notices.choice");
    EXPECT_EQ(erased.at(0).erased, 5);
    EXPECT_EQ(erased.at(1).erased, 1);
    EXPECT_TRUE(holder().take_along(tx, subject).empty());
}

}  // namespace
}  // namespace mobilytics::notices
