#include "domains/webhooks/webhooks_test.h"

#include <gmock/gmock.h>

#include "domains/webhooks/signature.h"

namespace mobilytics::webhooks {
namespace {

using testing::HasSubstr;
using testing::Not;

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

TEST_F(WebhooksTest, ListsAreSortedAndPaged) {
    std::vector<std::string> made;
    for (const auto* where : {"/b", "/c", "/a"}) {
        made.push_back(create(where));
        clock.advance(1s);
    }
    const auto urls = [this](std::string sort) {
        std::vector<std::string> out;
        std::string cursor;
        do {
            const auto page =
                get("/api/v1/webhooks?limit=1&sort=" + sort +
                    (cursor.empty() ? "" : "&cursor=" + cursor));
            EXPECT_EQ(page.status, 200);
            for (const auto& each : page.body.at("items").as_array()) {
                const std::string url(each.at("url").as_string());
                out.push_back(url.substr(url.rfind('/') + 1));
            }
            const auto* next = page.body.as_object().if_contains("next_cursor");
            cursor = next ? std::string(next->as_string()) : "";
        } while (!cursor.empty());
        return out;
    };
    EXPECT_EQ(urls("url"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(urls("-url"), (std::vector<std::string>{"c", "b", "a"}));
    EXPECT_EQ(urls("created_at"), (std::vector<std::string>{"b", "c", "a"}));
    EXPECT_EQ(urls("-created_at"), (std::vector<std::string>{"a", "c", "b"}));
    EXPECT_EQ(text(get("/api/v1/webhooks?sort=secret"), "code"), "bad_sort");
    const auto page = get("/api/v1/webhooks?limit=1&sort=url");
    EXPECT_EQ(
        text(get("/api/v1/webhooks?sort=-url&cursor=" + text(page, "next_cursor")), "code"),
        "bad_cursor");

    happens("x");
    workers->run_due();
    clock.advance(6s);
    workers->run_due();
    const auto first = get(made[0] + "/attempts?sort=begun_at&limit=1");
    EXPECT_EQ(first.body.at("items").at(0).at("number"), 1);
    const auto second =
        get(made[0] + "/attempts?sort=begun_at&limit=1&cursor=" + text(first, "next_cursor"));
    EXPECT_EQ(second.body.at("items").at(0).at("number"), 2);
    EXPECT_EQ(get(made[0] + "/attempts").body.at("items").at(0).at("number"), 2);
    EXPECT_EQ(text(get(made[0] + "/attempts?sort=url"), "code"), "bad_sort");
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
