#include "platform/mqtt/mqtt.h"

#include <csignal>
#include <deque>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/monotonic.h"
#include "platform/mqtt/backoff.h"
#include "platform/services/private_mosquitto_test.h"

namespace mobilytics::mqtt {
namespace {

using namespace std::chrono_literals;

constexpr auto kSoon = 10s;
const std::string kOther(32, 'f');

/// What was put in on one thread is taken out on another.
template <class T>
class Box {
  public:
    void put(T what) {
        {
            const std::lock_guard lock(mutex_);
            all_.push_back(std::move(what));
        }
        changed_.notify_all();
    }
    std::optional<T> take(std::chrono::milliseconds wait_max = kSoon) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, wait_max, [this] { return !all_.empty(); })) return {};
        auto out = std::move(all_.front());
        all_.pop_front();
        return out;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<T> all_;
};

struct Received {
    std::string topic, payload;
    bool retained = false;
    friend bool operator==(const Received&, const Received&) = default;
};

/// A client, and what it was told.
struct Party {
    explicit Party(ClientConfig config)
        : client(
              std::move(config),
              {.received =
                   [this](const Message& message) {
                       received.put(
                           {std::string(message.topic),
                            {message.payload.begin(), message.payload.end()},
                            message.retained});
                   },
               .connected = [this](bool session_kept) { connected.put(session_kept); },
               .disconnected = [this](const std::string& why) { disconnected.put(why); }}) {}

    PublishResult publish(const std::string& topic, const std::string& payload) {
        return client.publish(
            topic, payload, false, [this](Outcome outcome, const std::string& why) {
                outcomes.put(std::string(word(outcome)) + (why.empty() ? "" : ": " + why));
            });
    }

    Box<Received> received;
    Box<bool> connected;
    Box<std::string> disconnected, outcomes;
    Client client;
};

class MqttTest : public testing::Test {
  protected:
    static services::TestBroker& test() {
        static services::TestBroker broker;
        return broker;
    }
    /// Of each test another, for the broker remembers.
    static std::string fresh_name() {
        static int last = 0;
        const auto digits = std::to_string(++last);
        return std::string(32 - digits.size(), '0') + digits;
    }
    static ClientConfig config(const std::string& name, std::vector<std::string> topics) {
        const auto files = test().client(name);
        return {
            .port = test().port(),
            .trust = Trust{files.authority, files.certificate, files.key},
            .client_id = name,
            .topics = std::move(topics),
            .pause_first = 20ms,
            .pause_max = 200ms};
    }
    ClientConfig device() const { return config(name, {acks}); }
    static ClientConfig gateway() {
        return config(std::string(services::kGatewayName), {"$share/ingest/mob/v1/+/reports"});
    }

    const std::string name = fresh_name();
    const std::string reports = "mob/v1/" + name + "/reports";
    const std::string acks = "mob/v1/" + name + "/ack";
};

TEST_F(MqttTest, AReportGoesUpAndItsAcknowledgementComesDown) {
    Party up(device()), down(gateway());
    ASSERT_EQ(up.connected.take(), false);
    ASSERT_EQ(down.connected.take(), false);
    const std::string bytes("\0\xff\n", 3);
    ASSERT_EQ(up.publish(reports, bytes), PublishResult::taken);
    EXPECT_EQ(up.outcomes.take(), "acknowledged");
    EXPECT_EQ(down.received.take(), (Received{reports, bytes}));
    ASSERT_EQ(down.client.publish(acks, "ack", true), PublishResult::taken);
    EXPECT_EQ(up.received.take(), (Received{acks, "ack"}));
    Party late(device());  // It takes over from the first, and learns what was retained.
    EXPECT_EQ(late.received.take(), (Received{acks, "ack", true}));
    EXPECT_EQ(up.disconnected.take(), "The connection was lost.");
}

TEST_F(MqttTest, WhatTheBrokerForbidsIsRefusedWithItsReason) {
    Party up(device());
    ASSERT_TRUE(up.client.wait_until_connected(kSoon));
    up.publish("mob/v1/" + kOther + "/reports", "not mine");
    EXPECT_EQ(up.outcomes.take(), "refused: Not authorized");
    up.publish("not/#/a/topic", "");
    EXPECT_EQ(up.outcomes.take(), "refused: Invalid function arguments provided.");
    EXPECT_EQ(up.client.figures().in_flight, 0U);
}

TEST_F(MqttTest, ComesBackAfterTheBrokerWasKilled) {
    Party up(device());
    ASSERT_TRUE(up.connected.take());
    test().broker().server().signal(SIGSTOP);  // So that it cannot acknowledge.
    ASSERT_EQ(up.publish(reports, "one"), PublishResult::taken);
    test().broker().server().signal(SIGKILL);
    EXPECT_THAT(*up.outcomes.take(), testing::StartsWith("lost: "));
    EXPECT_NE(*up.disconnected.take(), "");
    ASSERT_TRUE(up.connected.take());
    ASSERT_EQ(up.publish(reports, "two"), PublishResult::taken);
    EXPECT_EQ(up.outcomes.take(), "acknowledged");
    const auto figures = up.client.figures();
    EXPECT_EQ(figures.connections_total, 2U);
    EXPECT_EQ(figures.in_flight, 0U);
    EXPECT_EQ(figures.last_trouble, "");
}

TEST_F(MqttTest, TakesNoMoreThanItMayHaveInFlight) {
    auto narrow = device();
    narrow.in_flight_max = 2;
    narrow.payload_bytes_max = 3;
    Party up(narrow);
    EXPECT_EQ(Party(narrow).publish(reports, "a"), PublishResult::not_connected);
    ASSERT_TRUE(up.client.wait_until_connected(kSoon));
    test().broker().server().signal(SIGSTOP);
    EXPECT_EQ(up.publish(reports, "a"), PublishResult::taken);
    EXPECT_EQ(up.publish(reports, "b"), PublishResult::taken);
    EXPECT_EQ(up.publish(reports, "c"), PublishResult::full);
    EXPECT_EQ(up.publish(reports, "long"), PublishResult::too_large);
    test().broker().server().signal(SIGCONT);
    EXPECT_EQ(up.outcomes.take(), "acknowledged");
    EXPECT_EQ(up.outcomes.take(), "acknowledged");
    EXPECT_EQ(up.publish(reports, "d"), PublishResult::taken);
    EXPECT_EQ(up.outcomes.take(), "acknowledged");
}

TEST_F(MqttTest, TheLargestEnvelopeGoesThrough) {
    Party up(device()), down(gateway());
    ASSERT_TRUE(up.client.wait_until_connected(kSoon));
    ASSERT_TRUE(down.client.wait_until_connected(kSoon));
    const std::string large(4 << 20, 'x');
    ASSERT_EQ(up.publish(reports, large), PublishResult::taken);
    EXPECT_EQ(up.outcomes.take(), "acknowledged");
    EXPECT_EQ(down.received.take(), (Received{reports, large}));
}

TEST_F(MqttTest, ASessionKeepsWhatComesWhileItIsAway) {
    auto kept = device();
    kept.session_expiry = 60s;
    {
        Party first(kept);
        ASSERT_TRUE(first.connected.take());
    }
    Party down(gateway());
    ASSERT_TRUE(down.client.wait_until_connected(kSoon));
    ASSERT_EQ(down.publish(acks, "kept"), PublishResult::taken);
    EXPECT_EQ(down.outcomes.take(), "acknowledged");
    Party again(kept);
    EXPECT_EQ(again.connected.take(), true);
    EXPECT_EQ(again.received.take(), (Received{acks, "kept"}));
    Party forgets(device());
    EXPECT_EQ(forgets.connected.take(), false);
}

TEST_F(MqttTest, ItsWillIsDoneWhenItIsGoneWithoutAGoodbye) {
    Party down(gateway());
    ASSERT_TRUE(down.client.wait_until_connected(kSoon));
    auto mortal = device();
    mortal.will = Will{reports, "gone"};
    {
        Party polite(mortal);
        ASSERT_TRUE(polite.client.wait_until_connected(kSoon));
    }
    Party up(mortal);
    ASSERT_TRUE(up.connected.take());
    ASSERT_EQ(up.publish(reports, "here"), PublishResult::taken);
    EXPECT_EQ(down.received.take(), (Received{reports, "here"}));  // Nothing of the first.
    up.client.reconnect("tried");
    EXPECT_EQ(up.disconnected.take(), "tried");
    EXPECT_EQ(down.received.take(), (Received{reports, "gone"}));
    EXPECT_TRUE(up.connected.take());
}

TEST_F(MqttTest, ASlowReceiverLosesNothingAndEachMessageGoesToOneOfAGroup) {
    constexpr int kCount = 200;
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, int> times;
    bool open = false;
    const Handlers slow{.received = [&](const Message& message) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, kSoon, [&] { return open; });
        ++times[std::string(message.payload.begin(), message.payload.end())];
        changed.notify_all();
    }};
    auto other = gateway();
    other.client_id = "mobilytics-gateway-2";
    const Client one(gateway(), slow), two(other, slow);
    Party up(device());
    ASSERT_TRUE(one.wait_until_connected(kSoon));
    ASSERT_TRUE(two.wait_until_connected(kSoon));
    ASSERT_TRUE(up.client.wait_until_connected(kSoon));
    for (int i = 0; i < kCount; ++i) {
        while (up.publish(reports, std::to_string(i)) == PublishResult::full) {
            ASSERT_EQ(up.outcomes.take(), "acknowledged");
        }
    }
    std::unique_lock lock(mutex);
    open = true;
    changed.notify_all();
    EXPECT_TRUE(changed.wait_for(lock, kSoon, [&] { return times.size() == kCount; }));
    for (const auto& [payload, count] : times) EXPECT_EQ(count, 1) << payload;
    lock.unlock();
    EXPECT_GT(one.figures().received_total, 0U);
    EXPECT_GT(two.figures().received_total, 0U);
}

TEST_F(MqttTest, SaysWhyItCannotConnect) {
    const auto why = [](const ClientConfig& config) {
        Party party(config);
        auto out = *party.disconnected.take();
        EXPECT_FALSE(party.client.figures().connected);
        EXPECT_EQ(party.client.figures().last_trouble, out);
        return out;
    };
    services::TestBroker elsewhere;
    auto foreign = device();
    foreign.trust->authority = elsewhere.client(name).authority;
    EXPECT_THAT(why(foreign), testing::HasSubstr("certificate verify failed"));
    auto misnamed = device();
    misnamed.host = "127.0.0.2";
    EXPECT_THAT(why(misnamed), testing::HasSubstr("127.0.0.2"));
    auto nowhere = device();
    nowhere.port = 1;
    EXPECT_EQ(why(nowhere), "127.0.0.1:1: Connection refused");
    auto keyless = device();
    keyless.trust->key = "/nonexistent";
    EXPECT_EQ(why(keyless), "cannot read /nonexistent");
    auto stranger = device();
    const auto strange = elsewhere.client(name);
    stranger.trust->certificate = strange.certificate;
    stranger.trust->key = strange.key;
    EXPECT_NE(why(stranger), "");
    EXPECT_THROW(Client({.client_id = ""}, {}), std::invalid_argument);
}

TEST_F(MqttTest, ABrokerThatDoesNotAnswerIsGivenUp) {
    test().broker().server().signal(SIGSTOP);
    auto impatient = device();
    impatient.connect_max = 100ms;
    {
        Party up(impatient);
        EXPECT_EQ(up.disconnected.take(), "the broker did not answer in time");
    }
    test().broker().server().signal(SIGCONT);
}

RC_GTEST_PROP(Backoff, IsDrawnEvenlyBelowALimitThatDoubles, (std::uint64_t seed)) {
    Backoff backoff(1s, 300s, seed);
    for (int round = 0; round < 2; ++round) {
        std::chrono::milliseconds limit = 1s;
        for (int i = 0; i < 20; ++i) {
            const auto next = backoff.next();
            RC_ASSERT(next >= 0ms);
            RC_ASSERT(next <= limit);
            limit = std::min<std::chrono::milliseconds>(2 * limit, 300s);
        }
        backoff.reset();
    }
}

}  // namespace
}  // namespace mobilytics::mqtt
