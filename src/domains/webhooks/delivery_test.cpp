#include "domains/webhooks/delivery.h"

#include <set>

#include <gmock/gmock.h>

#include "domains/webhooks/delivery_rules.h"
#include "domains/webhooks/signature.h"
#include "domains/webhooks/webhooks_test.h"

namespace mobilytics::webhooks {
namespace {

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
    EXPECT_EQ(retry_after({503, {{"retry-after", "7"}}, ""}, now), 7s);
    EXPECT_EQ(retry_after({500, {{"retry-after", "7"}}, ""}, now), std::nullopt);
}

TEST(DeliveryRules, WhoFailsAgainAndAgainIsLeftAloneForLonger) {
    EXPECT_EQ(hold_after(4), std::nullopt);
    const std::vector<std::chrono::milliseconds> holds{1min, 2min, 4min, 8min, 16min, 32min, 1h};
    for (std::size_t i = 0; i < holds.size(); ++i) {
        EXPECT_EQ(*hold_after(static_cast<int>(i) + 5), holds[i]);
    }
    EXPECT_EQ(*hold_after(1'000'000), 1h);
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

TEST_F(WebhooksTest, AnEventThatIsDeliveredTwiceIsOneMessage) {
    const auto path = create("/ok");
    const auto second = create("/ok");
    // As the relay does when it has died before it could write down how far it is.
    for (int i = 0; i < 2; ++i) {
        webhooks->tell(caller.company, {"test.happened", {{"what", "a"}}, 17});
        while (workers->run_due() > 0) continue;
    }
    EXPECT_EQ(attempts(path).size(), 1U);
    EXPECT_EQ(attempts(second).size(), 1U);
    webhooks->tell(caller.company, {"test.happened", {{"what", "b"}}, 16});
    workers->run_due();
    const auto log = attempts(path);
    ASSERT_EQ(log.size(), 2U);
    std::set<std::int64_t> sequences;
    for (const auto& each : log) sequences.insert(each.at("sequence").as_int64());
    EXPECT_EQ(sequences, (std::set<std::int64_t>{1, 2}));  // Without a gap.
}

TEST_F(WebhooksTest, MessagesOfAnEndpointGoInTheirOrderAndAreNumbered) {
    const auto path = create("/ok");
    for (const auto* what : {"a", "b", "c", "d"}) happens(what);
    workers->run_due();
    for (std::int64_t sequence = 1; sequence <= 4; ++sequence) {
        EXPECT_EQ(received_sequence(), sequence);
    }
    // What fails lets the others by: then the number tells.
    const auto flaky = create("/flaky", R"(["test.happened"])");
    ask(http::verb::patch, path, R"({"enabled": false})");
    for (const auto* what : {"a", "b", "c"}) happens(what);
    workers->run_due();
    clock.advance(6s);
    workers->run_due();
    std::vector<std::int64_t> order;
    for (int i = 0; i < 5; ++i) order.push_back(received_sequence());
    EXPECT_EQ(order, (std::vector<std::int64_t>{1, 2, 3, 1, 2}));
    EXPECT_EQ(get(flaky).body.at("waiting"), 0);
}

TEST_F(WebhooksTest, WhoFailsIsAskedRarelyAndByOneMessage) {
    const auto broken = create("/error");
    for (int i = 0; i < 8; ++i) happens("a");
    workers->run_due();
    EXPECT_EQ(attempts(broken).size(), 5U);
    EXPECT_EQ(get(broken).body.at("failures_in_row"), 5);
    EXPECT_EQ(text(get(broken), "held_until"), to_iso8601(clock.now() + 1min));
    EXPECT_EQ(get(broken).body.at("waiting"), 8);
    // Others are not held up.
    const auto sound = create("/ok");
    happens("b");
    workers->run_due();
    EXPECT_EQ(attempts(sound).size(), 1U);
    clock.advance(59s);
    workers->run_due();
    EXPECT_EQ(attempts(broken).size(), 5U);
    for (const auto hold : {2min, 4min, 8min}) {
        clock.advance(*parse_iso8601(text(get(broken), "held_until")) - clock.now());
        const auto before = attempts(broken).size();
        workers->run_due();
        EXPECT_EQ(attempts(broken).size(), before + 1);
        EXPECT_EQ(text(get(broken), "held_until"), to_iso8601(clock.now() + hold));
    }
    // Where it is now, it answers: all that waited is sent.
    const auto moved =
        ask(http::verb::patch, broken, R"({"url": "http://127.0.0.1:)" + port + R"(/ok"})");
    EXPECT_FALSE(moved.body.as_object().contains("held_until"));
    workers->run_due();
    EXPECT_EQ(get(broken).body.at("waiting"), 0);
    EXPECT_EQ(get(broken).body.at("failures_in_row"), 0);
}

TEST_F(WebhooksTest, AProbeThatIsTakenLetsTheOthersFollow) {
    const auto path = create("/flaky");
    for (int i = 0; i < 3; ++i) happens("a");
    as_owner("UPDATE webhooks.endpoint SET failures = 4");
    workers->run_due();
    EXPECT_EQ(attempts(path).size(), 1U);
    clock.advance(1min);
    workers->run_due();
    EXPECT_EQ(attempts(path).size(), 2U);
    clock.advance(2min);
    workers->run_due();
    EXPECT_EQ(get(path).body.at("failures_in_row"), 0);
    clock.advance(6min);
    workers->run_due();
    EXPECT_EQ(get(path).body.at("waiting"), 0);
}

TEST_F(WebhooksTest, WhoAsksToBeLeftAloneIs) {
    const auto path = create("/busy");
    for (int i = 0; i < 3; ++i) happens("a");
    workers->run_due();
    EXPECT_EQ(attempts(path).size(), 1U);
    EXPECT_EQ(text(get(path), "held_until"), to_iso8601(clock.now() + 10min));
    clock.advance(10min - 1ms);
    workers->run_due();
    EXPECT_EQ(attempts(path).size(), 1U);
    clock.advance(1ms);
    workers->run_due();
    EXPECT_EQ(attempts(path).size(), 2U);
}

TEST_F(WebhooksTest, WhoLetsUsWaitHoldsNobodyUp) {
    auto few = config();
    few.limits.total_max = 10min;
    few.at_once = 2;
    few.slow_at_once = 1;
    use(few);
    std::vector<std::string> slow;
    for (int i = 0; i < 3; ++i) slow.push_back(create("/held"));
    as_owner("UPDATE webhooks.endpoint SET slow = true");
    for (int i = 0; i < 3; ++i) happens("a");
    const auto ours = std::exchange(caller.company, other);
    const auto sound = create("/ok");
    workers->start();
    EXPECT_EQ(received().at("path"), "/held");  // And stays so.
    happens("b");
    EXPECT_EQ(received().at("path"), "/ok");
    const Deadline patience(60s);
    while (attempts(sound).empty() && !patience.passed()) std::this_thread::sleep_for(2ms);
    EXPECT_EQ(attempts(sound).size(), 1U);
    caller.company = ours;
    for (const auto& path : slow) EXPECT_TRUE(attempts(path).empty());
    receivers.tell("go on");
    for (int i = 0; i < 8; ++i) EXPECT_EQ(received().at("path"), "/held");
    workers->stop();
}

TEST_F(WebhooksTest, WhatNobodySendsIsFoundAgain) {
    const auto path = create("/ok");
    happens("a");
    as_owner(
        "UPDATE webhooks.endpoint SET sender = 'job_gone/1', sender_until = '2100-01-01T00:00Z'");
    workers->run_due();
    EXPECT_TRUE(attempts(path).empty());  // Another is at it, as far as anybody knows.
    as_owner("UPDATE webhooks.endpoint SET sender_until = '2000-01-01T00:00Z'");
    clock.advance(11min);
    workers->run_due();
    EXPECT_EQ(attempts(path).size(), 1U);
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

}  // namespace
}  // namespace mobilytics::webhooks
