#include "domains/webhooks/webhooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domains/webhooks/delivery_rules.h"
#include "domains/webhooks/signature.h"
#include "domains/webhooks/webhooks_api.h"
#include "domains/webhooks/webhooks_migrations.h"
#include "platform/audit/audit_migrations.h"
#include "platform/events/events_migrations.h"
#include "platform/jobs/jobs_test.h"
#include "platform/services/script_test.h"

namespace mobilytics::webhooks {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(Signature, IsThatOfTheSpecification) {
    // The specification's own example.
    const Secret<std::string> secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    EXPECT_EQ(
        signature({secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    EXPECT_THAT(new_secret().reveal(), testing::StartsWith("whsec_"));
    EXPECT_EQ(new_secret().reveal().size(), 6U + 44U);
}

TEST(DeliveryRules, TheWaitsAreThePublishedOnes) {
    const std::vector<std::chrono::milliseconds> waits{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    for (int number = 1; number <= 9; ++number) {
        const auto wait = waits.at(static_cast<std::size_t>(number - 1));
        EXPECT_EQ(*wait_after(number, 0.5), wait);
        EXPECT_EQ(*wait_after(number, 0), wait * 9 / 10);
        EXPECT_LT(*wait_after(number, 0.999), wait * 11 / 10);
    }
    EXPECT_EQ(wait_after(10, 0.5), std::nullopt);
}

TEST(DeliveryRules, RetryAfterIsSecondsOrADate) {
    const auto now = *parse_iso8601("2026-08-21T09:30:00Z");
    const auto asked = [&](const char* text) {
        return retry_after({429, {{"retry-after", text}}, ""}, now);
    };
    EXPECT_EQ(asked("120"), 120s);
    EXPECT_EQ(asked("Fri, 21 Aug 2026 09:31:00 GMT"), 60s);
    EXPECT_EQ(asked("Fri, 21 Aug 2026 09:29:00 GMT"), 0s);
    EXPECT_EQ(asked("999999999"), 24h);
    EXPECT_EQ(asked("soon"), std::nullopt);
    EXPECT_EQ(retry_after({429, {}, ""}, now), std::nullopt);
}

struct Happened {
    static constexpr std::string_view kName = "test.happened.v1";
    CompanyId company;
    std::string what;
    boost::json::value to_json() const { return {{"company", company.str()}, {"what", what}}; }
    static Happened from_json(const boost::json::value& json) {
        return {
            *CompanyId::parse(json.at("company").as_string()),
            std::string(json.at("what").as_string())};
    }
};

class WebhooksTest : public pg::PostgresTest {
  protected:
    WebhooksTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, jobs::kMigrations,
               webhooks::kMigrations}) {
        use(config());
    }
    static WebhooksConfig config() {
        WebhooksConfig out;
        out.allow_http = true;
        out.egress.allowed = *fetch::networks_of("127.0.0.1");
        out.limits.total_max = 3s;
        return out;
    }
    void use(const WebhooksConfig& used) {
        router.emplace([this](const http::Shown&) -> Result<Caller> { return caller; });
        relay.emplace(system, as("mobilytics_system"), clock);
        webhooks = std::make_unique<Webhooks>(pool, staff, seal, clock, used);
        workers = std::make_unique<jobs::Workers>(
            jobs::Ground{pool, system, as("mobilytics_system"), clock, registry});
        webhooks->offer<Happened>(
            *relay, {"test.happened", "Something happened.", R"({"what":"a"})"},
            [](const Happened& told) -> std::optional<boost::json::object> {
                if (told.what == "secret") return std::nullopt;
                return boost::json::object{{"what", told.what}};
            });
        relay->subscribe<EndpointDisabled>(
            "test", [this](const EndpointDisabled& told) { disabled.push_back(told); });
        webhooks->serve(*workers);
        mount(*router, *webhooks);
    }

    http::Reply ask(http::verb method, std::string target, std::string body = "") {
        return router->handle(
            {method,
             std::move(target),
             "token",
             std::move(body),
             {{"Content-Type", "application/json"}}});
    }
    http::Reply get(std::string target) { return ask(http::verb::get, std::move(target)); }
    http::Reply post(std::string target, std::string body = "") {
        return ask(http::verb::post, std::move(target), std::move(body));
    }
    static std::string text(const http::Reply& reply, const char* field) {
        return std::string(reply.body.at(field).as_string());
    }
    /// An endpoint of the receivers: its path.
    std::string create(const std::string& path, const std::string& types = R"(["*"])") {
        const auto made = post(
            "/api/v1/webhooks",
            R"({"url": "http://127.0.0.1:)" + port + path + R"(", "event_types": )" + types + "}");
        EXPECT_EQ(made.status, 201);
        secret = text(made, "secret");
        return "/api/v1/webhooks/" + std::string(made.body.at("endpoint").at("id").as_string());
    }
    void happens(std::string what, std::optional<CompanyId> where = std::nullopt) {
        {
            auto tx = pool.begin(where.value_or(caller.company));
            events::publish(tx, Happened{tx.company(), std::move(what)});
            tx.commit();
        }
        while (relay->deliver() > 0) continue;
    }
    boost::json::value received() { return boost::json::parse(receivers.line()); }
    boost::json::array attempts(const std::string& path) {
        return get(path + "/attempts").body.at("items").as_array();
    }
    static std::string verdict(
        services::ScriptProcess& witness, const std::string& with, const boost::json::value& got) {
        witness.tell(boost::json::serialize(boost::json::value{
            {"secret", with}, {"headers", got.at("headers")}, {"body", got.at("body")}}));
        return witness.line();
    }

    const services::TemporaryFolder folder;
    services::ScriptProcess receivers{{"/usr/bin/python3", "-B", "tests/webhooks/receivers.py"}};
    const std::string port = receivers.line();
    ManualClock clock{std::chrono::floor<std::chrono::seconds>(SystemClock().now())};
    Caller caller{.company = CompanyId::fresh(clock.now()), .role = Role::admin};
    const CompanyId other = CompanyId::fresh(clock.now());
    const crypto::SealedBox seal{folder.path() / "seal.key"};
    metrics::Registry registry;
    std::vector<EndpointDisabled> disabled;
    std::optional<http::Router> router;
    std::optional<events::Relay> relay;
    std::unique_ptr<Webhooks> webhooks;
    std::unique_ptr<jobs::Workers> workers;
    std::string secret;
};

TEST_F(WebhooksTest, WhatHappensIsToldAndAnIndependentVerifierFindsItGood) {
    services::ScriptProcess witness({"node", "tests/webhooks/verify.mjs"});
    const auto path = create("/ok", R"(["test.happened"])");
    happens("a");
    happens("secret");    // Not for them.
    happens("b", other);  // Not of them.
    EXPECT_EQ(workers->run_due(), 1);
    const auto got = received();
    const auto body = boost::json::parse(got.at("body").as_string());
    EXPECT_EQ(body.at("type"), "test.happened");
    EXPECT_EQ(body.at("timestamp").as_string(), to_iso8601(clock.now()));
    EXPECT_EQ(body.at("data").at("what"), "a");
    EXPECT_EQ(got.at("headers").at("content-type"), "application/json");
    EXPECT_EQ(verdict(witness, secret, got), "good");
    EXPECT_EQ(verdict(witness, new_secret().reveal(), got), "No matching signature found");
    const auto log = attempts(path);
    ASSERT_EQ(log.size(), 1U);
    EXPECT_EQ(log[0].at("outcome"), "delivered");
    EXPECT_EQ(log[0].at("status"), 200);
    EXPECT_EQ(log[0].at("detail"), "thank you");
    EXPECT_EQ(log[0].at("message_id"), got.at("headers").at("webhook-id"));
    EXPECT_EQ(log[0].at("body"), got.at("body"));
    const auto now = get(path);
    EXPECT_EQ(now.body.at("delivered_day"), 1);
    EXPECT_EQ(now.body.at("waiting"), 0);
    EXPECT_EQ(workers->run_due(), 0);
}

TEST_F(WebhooksTest, ANewSecretAndTheOldOneAreBothGoodForADay) {
    services::ScriptProcess witness({"node", "tests/webhooks/verify.mjs"});
    const auto path = create("/ok");
    const auto old = secret;
    const auto rotated = post(path + "/rotate");
    EXPECT_EQ(rotated.status, 200);
    secret = text(rotated, "secret");
    EXPECT_NE(secret, old);
    EXPECT_EQ(post(path + "/test").status, 202);
    workers->run_due();
    const auto got = received();
    EXPECT_EQ(verdict(witness, secret, got), "good");
    EXPECT_EQ(verdict(witness, old, got), "good");
    EXPECT_EQ(boost::json::parse(got.at("body").as_string()).at("type"), "webhooks.test");
    clock.advance(25h);
    // The witness looks at the time as well: only how often it was signed is asked.
    EXPECT_EQ(post(path + "/test").status, 202);
    workers->run_due();
    const auto next = received();
    EXPECT_THAT(
        std::string(next.at("headers").at("webhook-signature").as_string()), Not(HasSubstr(" ")));
}

TEST_F(WebhooksTest, ASecretIsShownOnceAndKeptSealed) {
    const auto path = create("/ok");
    EXPECT_FALSE(get(path).body.as_object().contains("secret"));
    pg::Connection connection(owner, 0ms);
    constexpr pg::Query kAll{
        "test.all", "SELECT json_agg(e)::text AS all FROM webhooks.endpoint e"};
    const auto stored =
        *connection.run(kAll).first([](pg::Row row) { return row.get<std::string>("all"); });
    EXPECT_THAT(stored, Not(HasSubstr(secret.substr(6, 20))));
    EXPECT_THAT(stored, Not(HasSubstr("whsec")));
}

TEST_F(WebhooksTest, WhatFailsIsTriedAgainAtThePublishedTimesAndThenGivenUp) {
    const auto path = create("/error");
    happens("a");
    Instant last = clock.now();
    std::int64_t number = 0;
    for (const auto wait : {5s, 300s, 1800s, 7200s, 18000s, 36000s, 50400s, 72000s, 86400s}) {
        workers->run_due();
        const auto newest = attempts(path)[0];
        EXPECT_EQ(newest.at("number").as_int64(), ++number);
        EXPECT_EQ(newest.at("outcome"), "refused");
        const auto next = *parse_iso8601(newest.at("next_at").as_string());
        EXPECT_GE(next - last, wait * 9 / 10);
        EXPECT_LE(next - last, wait * 11 / 10 + 1s);
        clock.advance(next - clock.now() + 1ms);
        last = clock.now();
    }
    workers->run_due();
    const auto log = attempts(path);
    ASSERT_EQ(log.size(), 10U);
    EXPECT_EQ(log[0].at("number"), 10);
    EXPECT_FALSE(log[0].as_object().contains("next_at"));
    EXPECT_EQ(get(path).body.at("waiting"), 0);
    // All are of one message, known again by its id.
    const auto id = received().at("headers").at("webhook-id");
    for (int i = 1; i < 10; ++i) EXPECT_EQ(received().at("headers").at("webhook-id"), id);
    auto tx = system.begin();
    for (const auto& depth : jobs::Queue(clock).depths(tx)) EXPECT_EQ(depth.discarded, 0);
}

TEST_F(WebhooksTest, WhoFailsForDaysIsDisabledAndItIsTold) {
    const auto path = create("/error");
    for (int day = 0; day < 6; ++day) {
        happens("a");
        workers->run_due();
        clock.advance(24h);
    }
    while (relay->deliver() > 0) continue;
    EXPECT_EQ(text(get(path), "state"), "disabled_by_failures");
    ASSERT_EQ(disabled.size(), 1U);
    EXPECT_EQ(disabled[0].company, caller.company);
    EXPECT_EQ(disabled[0].state, EndpointState::disabled_by_failures);
    happens("b");
    const auto before = attempts(path).size();
    workers->run_due();
    EXPECT_EQ(attempts(path).size(), before);
    EXPECT_EQ(post(path + "/test").status, 409);
    // Enabled again, what waited is sent.
    const auto waiting = get(path).body.at("waiting").as_int64();
    EXPECT_GT(waiting, 0);
    EXPECT_EQ(
        ask(http::verb::patch, path,
            R"({"enabled": true, "url": "http://127.0.0.1:)" + port + R"(/ok"})")
            .status,
        200);
    workers->run_due();
    clock.advance(24h);
    workers->run_due();
    EXPECT_EQ(get(path).body.at("waiting"), 0);
    EXPECT_FALSE(get(path).body.as_object().contains("failing_since"));
}

TEST_F(WebhooksTest, GoneIsGone) {
    const auto path = create("/gone");
    happens("a");
    EXPECT_EQ(workers->run_due(), 1);
    EXPECT_EQ(text(get(path), "state"), "disabled_by_receiver");
    EXPECT_EQ(attempts(path)[0].at("outcome"), "gone");
    EXPECT_FALSE(attempts(path)[0].as_object().contains("next_at"));
}

TEST_F(WebhooksTest, HoweverTheyAnswerItIsWrittenDown) {
    struct Case {
        const char* path;
        const char* outcome;
    };
    for (const auto& [path, outcome] :
         {Case{"/busy", "too_many"},
          {"/redirect", "redirected"},
          {"/huge", "too_large"},
          {"/slow", "no_answer"},
          {"/hangup", "no_answer"}}) {
        const auto endpoint = create(path);
        EXPECT_EQ(post(endpoint + "/test").status, 202);
        workers->run_due();
        const auto log = attempts(endpoint);
        ASSERT_EQ(log.size(), 1U);
        EXPECT_EQ(log[0].at("outcome"), outcome) << path;
        const auto next = *parse_iso8601(log[0].at("next_at").as_string());
        if (std::string_view(path) == "/busy") {
            EXPECT_EQ(next - clock.now(), 600s);  // What it asked for.
        } else {
            EXPECT_LE(next - clock.now(), 6s);
        }
        EXPECT_EQ(ask(http::verb::delete_, endpoint).status, 204);
    }
    EXPECT_EQ(received().at("path"), "/busy");
    EXPECT_EQ(received().at("path"), "/redirect");
    EXPECT_EQ(received().at("path"), "/huge");  // And not /ok: nothing was followed.
}

TEST_F(WebhooksTest, AMessageIsReplayed) {
    const auto path = create("/flaky");
    happens("a");
    workers->run_due();
    for (int i = 0; i < 2; ++i) {
        clock.advance(6min);
        workers->run_due();
    }
    const auto log = attempts(path);
    ASSERT_EQ(log.size(), 3U);
    EXPECT_EQ(log[0].at("outcome"), "delivered");
    const auto id = std::string(log[0].at("id").as_string());
    const auto sent = post("/api/v1/webhook-attempts/" + id + "/replay");
    EXPECT_EQ(sent.status, 202);
    EXPECT_EQ(sent.body.at("message_id"), log[0].at("message_id"));
    clock.advance(1s);  // What is of one instant has no order.
    workers->run_due();
    EXPECT_EQ(attempts(path)[0].at("number"), 4);
    const auto failed = get(path + "/attempts?failed=true&limit=1");
    EXPECT_EQ(failed.body.at("items").as_array().size(), 1U);
    EXPECT_EQ(failed.body.at("items").at(0).at("number"), 2);
    const auto next = get(path + "/attempts?failed=true&cursor=" + text(failed, "next_cursor"));
    EXPECT_EQ(next.body.at("items").at(0).at("number"), 1);
    EXPECT_EQ(post("/api/v1/webhook-attempts/" + AttemptId().str() + "/replay").status, 404);
}

TEST_F(WebhooksTest, OnlyWhatIsOfThePublicInternetAndSpeaksTls) {
    use({});
    const auto code = [this](const std::string& url) {
        const auto reply =
            post("/api/v1/webhooks", R"({"url": ")" + url + R"(", "event_types": ["*"]})");
        EXPECT_EQ(reply.status, 422);
        return text(reply, "code");
    };
    EXPECT_EQ(code("http://example.com/hook"), "not_https");
    EXPECT_EQ(code("ftp://example.com/hook"), "bad_url");
    EXPECT_EQ(code("https://user:password@example.com/"), "bad_url");
    EXPECT_EQ(code("https://127.0.0.1/hook"), "address_refused");
    EXPECT_EQ(code("https://[::ffff:10.0.0.1]/hook"), "address_refused");
    EXPECT_EQ(code("https://169.254.169.254/latest/meta-data"), "address_refused");
    // A name is looked at when it is connected to.
    const auto made =
        post("/api/v1/webhooks", R"({"url": "https://localhost/", "event_types": ["*"]})");
    ASSERT_EQ(made.status, 201);
    const auto path =
        "/api/v1/webhooks/" + std::string(made.body.at("endpoint").at("id").as_string());
    post(path + "/test");
    workers->run_due();
    EXPECT_EQ(attempts(path)[0].at("outcome"), "address_refused");
}

TEST_F(WebhooksTest, ACompanySeesItsOwnOnly) {
    const auto path = create("/ok");
    happens("a");
    workers->run_due();
    const auto attempt = std::string(attempts(path)[0].at("id").as_string());
    caller.company = other;
    EXPECT_EQ(get(path).status, 404);
    EXPECT_EQ(get(path + "/attempts").status, 404);
    EXPECT_EQ(post(path + "/test").status, 404);
    EXPECT_EQ(post(path + "/rotate").status, 404);
    EXPECT_EQ(ask(http::verb::delete_, path).status, 404);
    EXPECT_EQ(ask(http::verb::patch, path, R"({"enabled": false})").status, 404);
    EXPECT_EQ(post("/api/v1/webhook-attempts/" + attempt + "/replay").status, 404);
    EXPECT_TRUE(get("/api/v1/webhooks").body.at("items").as_array().empty());
    caller.role = Role::viewer;
    EXPECT_EQ(get("/api/v1/webhooks").status, 403);
    EXPECT_EQ(get("/api/v1/backoffice/webhooks").status, 403);
}

TEST_F(WebhooksTest, StaffSeeWhatGoesWhereAndNotWhatIsSaid) {
    const auto path = create("/ok");
    happens("a");
    workers->run_due();
    const auto of_company = caller.company;
    caller = {.company = other, .role = Role::support};
    const auto all = get("/api/v1/backoffice/webhooks");
    ASSERT_EQ(all.body.at("items").as_array().size(), 1U);
    EXPECT_EQ(all.body.at("items").at(0).at("company_id").as_string(), of_company.str());
    EXPECT_EQ(all.body.at("items").at(0).at("delivered_day"), 1);
    EXPECT_TRUE(get("/api/v1/backoffice/webhooks?state=disabled_by_company")
                    .body.at("items")
                    .as_array()
                    .empty());
    const auto log =
        get("/api/v1/backoffice/webhooks/" + path.substr(path.rfind('/') + 1) + "/attempts");
    ASSERT_EQ(log.body.at("items").as_array().size(), 1U);
    EXPECT_FALSE(log.body.at("items").at(0).as_object().contains("body"));
    EXPECT_FALSE(log.body.at("items").at(0).as_object().contains("detail"));
}

TEST_F(WebhooksTest, WhatItIsToldOfIsChosenFromAList) {
    const auto types = get("/api/v1/webhook-event-types");
    ASSERT_EQ(types.body.at("items").as_array().size(), 1U);
    EXPECT_EQ(types.body.at("items").at(0).at("name"), "test.happened");
    const auto refused = post(
        "/api/v1/webhooks", R"({"url": "http://127.0.0.1:9/x", "event_types": ["test.other"]})");
    EXPECT_EQ(text(refused, "code"), "no_such_event_type");
    const auto path = create("/ok");
    const auto changed =
        ask(http::verb::patch, path,
            R"({"description": "ours", "event_types": ["test.happened"], "enabled": false})");
    EXPECT_EQ(text(changed, "state"), "disabled_by_company");
    EXPECT_EQ(text(changed, "description"), "ours");
    constexpr pg::Query kNoted{"test.noted", R"sql(
        SELECT count(*) AS count FROM
            audit.entry WHERE action LIKE 'webhooks.%'
    )sql"};
    pg::Connection connection(owner, 0ms);
    connection.command("test.role", "SET row_security = off");
    EXPECT_EQ(
        connection.run(kNoted).first([](pg::Row row) { return row.get<std::int64_t>("count"); }),
        2);
    for (int i = 1; i < 20; ++i) create("/ok");
    EXPECT_EQ(
        text(
            post("/api/v1/webhooks", R"({"url": "http://127.0.0.1:9/x", "event_types": ["*"]})"),
            "code"),
        "too_many_webhooks");
}

}  // namespace
}  // namespace mobilytics::webhooks
