#include <csignal>
#include <numeric>
#include <random>

#include "pipeline/ingest/ingest_test.h"

namespace mobilytics::ingest {
namespace {

constexpr std::uint64_t kReportsEach = 80;

/// What a sensor does with its spool: sends what is not settled, again and again, and forgets what
/// is.
class Uplink {
  public:
    explicit Uplink(SensorBoot sensor) : sensor_(std::move(sensor)) {}

    DeviceId device() const { return sensor_.device; }
    void hear(const wire::Ack& ack) {
        {
            const std::lock_guard lock(mutex_);
            if (ack.cumulative_seq > 0) settled_.insert({1, ack.cumulative_seq});
            for (const auto& range : ack.settled) settled_.insert(range);
        }
        changed_.notify_all();
    }
    std::uint64_t settled() {
        const std::lock_guard lock(mutex_);
        return settled_.count();
    }
    /// Until all is settled.
    void run(Ingest& ingest, std::uint32_t seed) {
        std::mt19937 random(seed);
        for (;;) {
            std::vector<std::uint64_t> rest;
            {
                const std::lock_guard lock(mutex_);
                for (std::uint64_t seq = 1; seq <= kReportsEach && rest.size() < 8; ++seq) {
                    if (!settled_.contains(seq)) rest.push_back(seq);
                }
            }
            if (rest.empty()) return;
            std::ranges::shuffle(rest, random);
            std::string envelope;
            for (const auto seq : rest) envelope += sensor_.frame(seq);
            ingest.offer(sensor_.device, envelope, 100ms);
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, 100ms);
        }
    }

  private:
    const SensorBoot sensor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    SequenceSet settled_;
};

std::uint64_t settled_by(std::uint64_t sum, const std::unique_ptr<Uplink>& uplink) {
    return sum + uplink->settled();
}

TEST(Outage, WhateverIsKilledNothingAckedIsLostAndNothingIsKeptTwice) {
    services::PrivatePostgres postgres;
    const pg::Address owner{postgres.url()};
    pg::migrate(owner, {pg::kMigrations, kMigrations});
    auto address = owner;
    address.user = "mobilytics_system";
    pg::SystemPool system(address, {.connections_max = 12});
    ManualClock clock(kNow);
    metrics::Registry registry;
    auto ingest = std::make_unique<Ingest>(system, clock, registry, IngestConfig());

    const auto company = CompanyId::fresh(SystemClock().now());
    std::vector<std::unique_ptr<Uplink>> uplinks;
    for (int i = 0; i < 4; ++i) {
        SensorBoot sensor{DeviceId::fresh(SystemClock().now())};
        ingest->learn({company, sensor.device, true, kNow});
        uplinks.push_back(std::make_unique<Uplink>(sensor));
    }
    ingest->answer_with([&](DeviceId device, const wire::Ack& ack) {
        for (const auto& uplink : uplinks) {
            if (uplink->device() == device) uplink->hear(ack);
        }
    });
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < uplinks.size(); ++i) {
        threads.emplace_back([&, i] { uplinks[i]->run(*ingest, static_cast<std::uint32_t>(i)); });
    }
    std::mt19937 random(20260821);
    for (std::uint64_t progress = 20; progress < 300; progress += 20 + random() % 40) {
        while (std::accumulate(uplinks.begin(), uplinks.end(), std::uint64_t{0}, settled_by) <
               progress) {
            std::this_thread::sleep_for(1ms);
        }
        if (random() % 2 == 0) {
            postgres.server().signal(SIGKILL);
            continue;
        }
        try {  // Only the conversations, at whatever point they are.
            pg::Connection connection(owner, 0ms);
            connection.command(
                "test.terminate",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = 'mobilytics_system'");
        } catch (const Unavailable&) {  // It is still starting again.
        }
    }
    for (auto& thread : threads) thread.join();
    ingest.reset();

    pg::Connection connection(owner, 0ms);
    const auto rows = connection.command(
        "test.count",
        "SELECT count(*) || ' ' || count(DISTINCT (device_id, boot_id, seq)) AS answer "
        "FROM ingest.report");
    const auto answer = [](const pg::Row& row) { return row.get<std::string>("answer"); };
    EXPECT_EQ(rows.first(answer), "320 320");
    const auto states = connection.command(
        "test.states", "SELECT string_agg(DISTINCT taken::text, ' ') AS answer FROM ingest.boot");
    EXPECT_EQ(states.first(answer), "{[1,81)}");
}

class BackPressureTest : public IngestTest {
  protected:
    static IngestConfig small() {
        auto config = quick();
        config.waiting = {.bytes_max = 200'000, .parcels_max = 50};
        config.pause_max = 4s;
        return config;
    }
    BackPressureTest() : IngestTest(small()) {}
};

TEST_F(BackPressureTest, WhilePostgresIsHeldUpMemoryIsBoundedAndThenAllGoesOn) {
    SensorBoot sensor{add_device()};
    sensor.observations = 300;
    pg::Connection holder(owner, 0ms);
    holder.command("test.hold", "BEGIN; LOCK TABLE ingest.boot IN ACCESS EXCLUSIVE MODE");
    std::uint64_t taken = 0, turned = 0;
    for (std::uint64_t seq = 1; seq <= 200; ++seq) {
        const auto no = running().offer(sensor.device, sensor.frame(seq), 0ms);
        EXPECT_EQ(no ? no->reason : DropReason::queue_full, DropReason::queue_full);
        (no ? turned : taken) += 1;
        EXPECT_LE(running().filled(), 1.0);
    }
    EXPECT_EQ(taken + turned, 200U);
    EXPECT_GT(taken, 20U);
    EXPECT_LE(taken, 50U);
    EXPECT_GT(running().filled(), 0.9);
    EXPECT_EQ(counted("mobilytics_ingest_dropped_total{reason=\"queue_full\"}"), turned);
    EXPECT_EQ(running().deliver(sensor.device, sensor.frame(1), 0ms).error().retry_after, 4s);

    holder.command("test.release", "ROLLBACK");
    // One more, as soon as there is room: behind all the others, for its device has one committer.
    while (!running().deliver(sensor.device, sensor.frame(1), 20s)) {
    }
    EXPECT_EQ(kept().size(), taken);
    EXPECT_EQ(running().filled(), 0.0);
}

TEST_F(BackPressureTest, WhatIsSmallOnTheWayAndLargeInMemoryWaitsToBeExamined) {
    ingest.reset();
    config.examined.bytes_max = 100'000;
    const SensorBoot sensor{add_device()};
    std::string envelope;
    for (std::uint64_t seq = 1; seq <= 40; ++seq) {
        auto report = sensor.report(seq);
        // The same loss again and again: it takes no room, until it is unpacked.
        report.losses.assign(wire::kLossesMax, {boot_of(1), 1, 1, wire::LossReason::spool_age});
        wire::append_frame(envelope, report);
    }
    EXPECT_LT(envelope.size(), 20'000U);
    pg::Connection holder(owner, 0ms);
    holder.command("test.hold", "BEGIN; LOCK TABLE ingest.boot IN ACCESS EXCLUSIVE MODE");
    for (int i = 0; i < 5; ++i) {
        EXPECT_FALSE(running().offer(sensor.device, envelope, 0ms).has_value());
    }
    holder.command("test.release", "ROLLBACK");
    EXPECT_EQ(deliver(sensor.device, sensor.frame(41)).cumulative_seq, 41U);
    EXPECT_EQ(kept().size(), 41U);
    EXPECT_EQ(ask("SELECT count(*) AS answer FROM ingest.loss"), "1");
}

TEST_F(BackPressureTest, WhoWaitsForRoomGetsIt) {
    const SensorBoot sensor{add_device()};
    pg::Connection holder(owner, 0ms);
    holder.command("test.hold", "BEGIN; LOCK TABLE ingest.boot IN ACCESS EXCLUSIVE MODE");
    std::uint64_t seq = 1;
    while (!running().offer(sensor.device, sensor.frame(seq), 0ms)) ++seq;
    std::thread waiting(
        [&] { EXPECT_FALSE(running().offer(sensor.device, sensor.frame(seq), 60s).has_value()); });
    holder.command("test.release", "ROLLBACK");
    waiting.join();
    running().deliver(sensor.device, sensor.frame(seq), 20s);
    EXPECT_EQ(kept().size(), seq);
}

TEST(Advice, SlowsSensorsDownAsTheQueueFills) {
    const auto at = [](double filled) { return advice_at(filled, 256, 4000ms); };
    EXPECT_EQ(at(0).window_max, 256U);
    EXPECT_EQ(at(0.49).window_max, 256U);
    EXPECT_EQ(at(0.5).window_max, 32U);
    EXPECT_EQ(at(0.5).retry_after, 0ms);
    EXPECT_EQ(at(0.75).retry_after, 3000ms);
    EXPECT_EQ(at(1.0).retry_after, 4000ms);
    EXPECT_EQ(advice_at(1.0, 4, 1ms).window_max, 1U);
}

}  // namespace
}  // namespace mobilytics::ingest
