#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "foundation/monotonic.h"
#include "platform/http/http_test.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::http {
namespace {

using std::chrono::milliseconds;

TEST(EventHub, TellsACompanyInOrderAndNobodyElse) {
    EventHub hub;
    const auto ours = CompanyId::fresh(Instant());
    const auto theirs = CompanyId::fresh(Instant());
    const auto one = *hub.subscribe(ours);
    const auto two = *hub.subscribe(theirs);
    hub.publish(ours, "figures", "", "1");
    hub.publish(ours, "figures", "", "2\n3\r\n4");
    EXPECT_EQ(
        one->take(), "event: figures\ndata: 1\n\nevent: figures\ndata: 2\ndata: 3\ndata: 4\n\n");
    EXPECT_EQ(one->take(), "");
    EXPECT_EQ(two->take(), "");
}

TEST(EventHub, OfAKeyOnlyTheLatestWaits) {
    EventHub hub;
    const auto company = CompanyId::fresh(Instant());
    const auto stream = *hub.subscribe(company);
    hub.publish(company, "asset", "a", "a1");
    hub.publish(company, "asset", "b", "b1");
    hub.publish(company, "other", "a", "o1");
    hub.publish(company, "asset", "a", "a2");
    EXPECT_EQ(
        stream->take(),
        "event: asset\ndata: a2\n\nevent: asset\ndata: b1\n\nevent: other\ndata: o1\n\n");
    hub.publish(company, "asset", "a", "a3");
    EXPECT_EQ(stream->take(), "event: asset\ndata: a3\n\n");
}

TEST(EventHub, WhatIsTooMuchIsDroppedFromTheOldestAndSaid) {
    EventHub hub({.queued_max = 2, .queued_bytes_max = 100});
    const auto company = CompanyId::fresh(Instant());
    const auto stream = *hub.subscribe(company);
    for (const char* data : {"1", "2", "3", "4"}) hub.publish(company, "n", data, data);
    EXPECT_EQ(
        stream->take(),
        "event: lost\ndata: {\"events\":2}\n\nevent: n\ndata: 3\n\nevent: n\ndata: 4\n\n");
    hub.publish(company, "n", "", std::string(60, 'x'));
    hub.publish(company, "n", "", std::string(60, 'y'));
    EXPECT_EQ(
        stream->take(),
        "event: lost\ndata: {\"events\":1}\n\nevent: n\ndata: " + std::string(60, 'y') + "\n\n");
}

TEST(EventHub, RefusesOneTooManyAndForgetsWhoHasGone) {
    EventHub hub({.streams_max = 2, .company_streams_max = 1});
    const auto ours = CompanyId::fresh(Instant());
    auto one = *hub.subscribe(ours);
    EXPECT_EQ(hub.subscribe(ours).error().code, "too_many_streams");
    const auto two = *hub.subscribe(CompanyId());
    EXPECT_EQ(
        hub.subscribe(CompanyId::fresh(Instant(milliseconds(1)))).error().code, "too_many_streams");
    one.reset();
    EXPECT_EQ(hub.streams(), 1);
    EXPECT_TRUE(hub.subscribe(ours));
}

TEST(EventHub, TellsOnceUntilItIsTaken) {
    EventHub hub;
    const auto stream = *hub.subscribe(CompanyId());
    int told = 0;
    stream->when_news([&told] { ++told; });
    hub.publish(CompanyId(), "n", "", "1");
    hub.publish(CompanyId(), "n", "", "2");
    EXPECT_EQ(told, 1);
    stream->take();
    hub.publish(CompanyId(), "n", "", "3");
    EXPECT_EQ(told, 2);
    hub.end();
    EXPECT_TRUE(stream->ended());
    EXPECT_FALSE(hub.subscribe(CompanyId()));
}

class StreamTest : public testing::Test {
  protected:
    StreamTest() {
        router.on_raw(
            verb::get, "/events", Role::viewer, [this](const Call& call) -> Result<Reply> {
                TRY(auto subscription, hub.subscribe(call.caller.company));
                subscription->push("start", "", "{}");
                return events(std::move(subscription));
            });
        router.on(verb::get, "/none", kOpen, [](const Call&) -> Result<Reply> {
            return Reply{200, nullptr};
        });
    }

    RunningServer& server(milliseconds heartbeat = std::chrono::seconds(60)) {
        ServerConfig config;
        config.heartbeat = heartbeat;
        config.streams_max = 2;
        config.wait_max = milliseconds(300);
        config.metrics = &registry;
        running = std::make_unique<RunningServer>(config, router);
        return *running;
    }
    std::string look_on(RawClient& client) {
        client.send(request_text("GET /events", "Authorization: Bearer t\r\n"));
        return client.read_until("event: start\ndata: {}\n\n");
    }
    void wait_for_streams(std::size_t count) const {
        const Stopwatch stopwatch;
        while (hub.streams() != count) {
            ASSERT_LT(stopwatch.elapsed(), std::chrono::seconds(10));
            std::this_thread::sleep_for(milliseconds(2));
        }
    }

    const CompanyId company = CompanyId::fresh(Instant(milliseconds(1)));
    std::atomic<bool> may = true;
    metrics::Registry registry;
    EventHub hub;
    Router router{[this](std::string_view token) -> Result<Caller> {
        if (may && token == "t") return Caller{company, Role::viewer};
        return fail(ErrorKind::unauthenticated, "no_session", "sign in");
    }};
    std::unique_ptr<RunningServer> running;
};

TEST_F(StreamTest, SendsWhatIsPublishedInOrderAndEndsWithTheHub) {
    RawClient client(server().port());
    const auto head = look_on(client);
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_NE(head.find("Content-Type: text/event-stream; charset=utf-8\r\n"), head.npos) << head;
    EXPECT_EQ(head.find("Content-Length"), head.npos) << head;
    std::string expected;
    for (int i = 0; i < 500; ++i) {
        hub.publish(company, "n", "", std::to_string(i));
        expected += "event: n\ndata: " + std::to_string(i) + "\n\n";
    }
    hub.publish(CompanyId(), "n", "", "of another company");
    EXPECT_EQ(client.read_exactly(expected.size()), expected);
    hub.end();
    EXPECT_EQ(client.read_all(), "");
    wait_for_streams(0);
}

TEST_F(StreamTest, ASlowReaderIsBoundedAndHoldsUpNobody) {
    server();
    RawClient quick(running->port());
    RawClient slow(running->port(), 4'096);
    look_on(quick);
    look_on(slow);
    const std::string data(50'000, 'x');
    std::size_t read = 0;
    for (int i = 0; i < 400; ++i) {  // 20 MB: more than sockets and queue hold.
        hub.publish(company, "n", "", data);
        read += quick.read_until("\n\n").size();
    }
    EXPECT_EQ(read, 400 * (data.size() + std::string("event: n\ndata: \n\n").size()));
    wait_for_streams(1);  // Whoever does not read at all is cut.
    EXPECT_LT(slow.read_all().size(), 10U << 20);
}

TEST_F(StreamTest, NoticesWhoGoesAndRefusesOneTooMany) {
    server();
    std::optional<RawClient> one(std::in_place, running->port());
    RawClient two(running->port());
    look_on(*one);
    look_on(two);
    RawClient three(running->port());
    three.send(request_text("GET /events", "Authorization: Bearer t\r\n"));
    EXPECT_TRUE(three.read_all().starts_with("HTTP/1.1 503"));
    one.reset();
    wait_for_streams(1);
    RawClient four(running->port());
    look_on(four);
}

TEST_F(StreamTest, BeatsAndEndsWhenItsCallerMayNoLonger) {
    RawClient client(server(milliseconds(50)).port());
    look_on(client);
    EXPECT_EQ(client.read_until("\n\n"), "event: heartbeat\ndata: {}\n\n");
    hub.publish(company, "n", "", "1");
    EXPECT_NE(client.read_until("event: n\ndata: 1\n\n"), "");
    may = false;
    client.read_all();
    wait_for_streams(0);
}

TEST_F(StreamTest, EndsWhenTheServerStops) {
    RawClient client(server().port());
    look_on(client);
    running->stop();
    EXPECT_EQ(client.read_all(), "");
    EXPECT_EQ(hub.streams(), 0);
}

TEST_F(StreamTest, ManyPublishersAtOnce) {
    server();
    RawClient client(running->port());
    look_on(client);
    std::vector<std::thread> publishers;
    for (int p = 0; p < 4; ++p) {
        publishers.emplace_back([this, p] {
            for (int i = 0; i < 500; ++i) {
                hub.publish(company, "n", std::to_string(p), std::to_string(i));
            }
        });
    }
    for (auto& publisher : publishers) publisher.join();
    hub.publish(company, "last", "", "");
    const auto all = client.read_until("event: last\ndata: \n\n");
    // Whatever was replaced meanwhile, the latest of every key has come.
    std::size_t latest = 0;
    for (auto at = all.find("data: 499\n"); at != all.npos; at = all.find("data: 499\n", at + 1)) {
        ++latest;
    }
    EXPECT_EQ(latest, 4);
}

}  // namespace
}  // namespace mobilytics::http
