#include "platform/events/events.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "platform/events/events_migrations.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::events {
namespace {

struct Told {
    static constexpr std::string_view kName = "test.told.v1";
    std::string word;
    boost::json::value to_json() const { return {{"word", word}}; }
    static Told from_json(const boost::json::value& json) {
        return {std::string(json.at("word").as_string())};
    }
};

constexpr pg::Query kDead{"test.dead", "SELECT why FROM events.dead_letter"};
constexpr pg::Query kKept{"test.kept", "SELECT number FROM events.outbox"};

class EventsTest : public pg::PostgresTest {
  protected:
    EventsTest() : PostgresTest({pg::kMigrations, kMigrations}) {}

    void tell(const std::string& word) {
        auto tx = pool.begin(company);
        publish(tx, Told{word});
        tx.commit();
    }
    std::unique_ptr<Relay> relay(const std::string& subscriber, RelayConfig config = {}) {
        auto out = std::make_unique<Relay>(system, as("mobilytics_system"), clock, config);
        out->subscribe<Told>(subscriber, [this](const Told& told) {
            if (told.word == refused) throw std::runtime_error("not this one");
            const std::lock_guard lock(mutex);
            heard.push_back(told.word);
            changed.notify_all();
        });
        return out;
    }

    ManualClock clock{SystemClock().now()};
    const CompanyId company = CompanyId::fresh(clock.now());
    std::string refused;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> heard;
};

TEST_F(EventsTest, AreToldOnceInTheOrderOfCommitsAndOnlyWhenCommitted) {
    {
        auto undone = pool.begin(company);
        publish(undone, Told{"undone"});
    }
    tell("first");
    tell("second");
    EXPECT_EQ(relay("ear")->deliver(), 2);
    EXPECT_EQ(relay("ear")->deliver(), 0);
    EXPECT_EQ(heard, (std::vector<std::string>{"first", "second"}));
    EXPECT_EQ(relay("other ear")->deliver(), 2);
}

TEST_F(EventsTest, ATransactionThatCommitsLateIsNotSteppedOver) {
    pg::Pool second(as("mobilytics_app"));
    const auto ear = relay("ear");
    const auto elsewhere = [](auto deed) { return std::async(std::launch::async, deed).get(); };
    {
        auto late = pool.begin(company);
        publish(late, Told{"late"});
        elsewhere([&] {
            auto early = second.begin(company);
            publish(early, Told{"early"});
            early.commit();
        });
        EXPECT_EQ(elsewhere([&] { return ear->deliver(); }), 0);
        late.commit();
    }
    EXPECT_EQ(ear->deliver(), 2);
    EXPECT_EQ(heard, (std::vector<std::string>{"late", "early"}));
}

TEST_F(EventsTest, WhatCannotBeTakenIsSetAsideAfterItsTries) {
    refused = "poison";
    tell("poison");
    tell("next");
    const auto ear = relay("ear", {.tries_max = 3});
    EXPECT_EQ(ear->deliver(), 0);
    EXPECT_EQ(ear->deliver(), 0);
    EXPECT_EQ(ear->deliver(), 2);
    EXPECT_EQ(heard, std::vector<std::string>{"next"});
    auto tx = system.begin();
    EXPECT_EQ(
        tx.run(kDead).all([](const pg::Row& row) { return row.get<std::string>("why"); }),
        std::vector<std::string>{"not this one"});
}

TEST_F(EventsTest, AnEventHasItsNumberAtEachDelivery) {
    std::vector<EventNumber> numbers;
    Relay ear(system, as("mobilytics_system"), clock);
    ear.subscribe_numbered<Told>("ear", [&](const Told&, EventNumber number) {
        numbers.push_back(number);
        if (numbers.size() == 1) throw std::runtime_error("once more");
    });
    tell("first");
    tell("second");
    while (ear.deliver() > 0 || numbers.size() < 3) continue;
    ASSERT_EQ(numbers.size(), 3U);
    EXPECT_EQ(numbers[0], numbers[1]);
    EXPECT_NE(numbers[1], numbers[2]);
}

TEST_F(EventsTest, ARunningRelayIsWokenByACommit) {
    const auto ear = relay("ear", {.look_every = std::chrono::hours(1)});
    ear->start();
    tell("now");
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return !heard.empty(); }));
    lock.unlock();
    ear->stop();
    EXPECT_EQ(heard, std::vector<std::string>{"now"});
}

TEST_F(EventsTest, OldOnesAreForgottenOnceAllHaveThem) {
    tell("old");
    clock.advance(std::chrono::hours(24 * 8));
    const auto ear = relay("ear");
    ear->start();
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return !heard.empty(); }));
    lock.unlock();
    ear->stop();
    auto tx = system.begin();
    EXPECT_EQ(tx.run(kKept).size(), 0);
}

}  // namespace
}  // namespace mobilytics::events
