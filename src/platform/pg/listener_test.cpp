#include "platform/pg/listener.h"

#include <future>

#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::pg {
namespace {

using namespace std::chrono_literals;

constexpr Query kTell{"test.tell", "SELECT pg_notify($1, $2)"};
constexpr Query kCloseListener{"test.close_listener", R"sql(
    SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
    WHERE query LIKE 'LISTEN%' AND datname = current_database()
)sql"};

class ListenerTest : public PostgresTest {
  protected:
    ListenerTest() : PostgresTest({kMigrations}) {}

    void tell(std::string channel, std::string payload) {
        auto tx = pool.begin(CompanyId());
        tx.run(kTell, channel, payload);
        tx.commit();
    }

    Listener listener{as("mobilytics_app"), {"test.one", "test_two"}};
};

TEST_F(ListenerTest, HearsWhatWasCommittedOnItsChannels) {
    EXPECT_TRUE(listener.wait(2s).may_have_missed);  // Its first connection.
    tell("test.one", "a");
    tell("test_other", "not heard");
    tell("test_two", "b");
    std::vector<Notification> heard;
    while (heard.size() < 2) {
        const auto more = listener.wait(2s);
        ASSERT_FALSE(more.notifications.empty());
        heard.insert(heard.end(), more.notifications.begin(), more.notifications.end());
    }
    EXPECT_EQ(heard, (std::vector<Notification>{{"test.one", "a"}, {"test_two", "b"}}));
    pool.begin(CompanyId()).run(kTell, "test.one", "not committed");
    EXPECT_TRUE(listener.wait(20ms).notifications.empty());
}

TEST_F(ListenerTest, ConnectsAgainAndSaysSo) {
    EXPECT_TRUE(listener.wait(2s).may_have_missed);
    Connection connection(owner, 0ms);
    EXPECT_EQ(connection.run(kCloseListener).size(), 1);
    EXPECT_TRUE(listener.wait(5s).may_have_missed);
    tell("test.one", "a");
    EXPECT_EQ(listener.wait(2s).notifications, (std::vector<Notification>{{"test.one", "a"}}));
}

TEST_F(ListenerTest, WaitsNoLongerThanItWasToldThoughTheServerIsAway) {
    Listener nobody({"host=/nonexistent"}, {"test"});
    const auto heard = nobody.wait(150ms);
    EXPECT_FALSE(heard.may_have_missed);
    EXPECT_FALSE(heard.stopped);
}

TEST_F(ListenerTest, StopWakesWhoeverWaits) {
    EXPECT_TRUE(listener.wait(2s).may_have_missed);
    auto waiting = std::async(std::launch::async, [this] { return listener.wait(60s); });
    listener.stop();
    EXPECT_TRUE(waiting.get().stopped);
    EXPECT_TRUE(listener.wait(60s).stopped);
}

}  // namespace
}  // namespace mobilytics::pg
