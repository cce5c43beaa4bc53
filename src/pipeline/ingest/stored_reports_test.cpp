#include "pipeline/ingest/stored_reports.h"

#include <future>

#include "pipeline/ingest/ingest_test.h"

namespace mobilytics::ingest {
namespace {

using StoredReportsTest = IngestTest;

constexpr auto kCopyAsSequence = R"sql(
    INSERT INTO ingest.report (company_id, device_id, boot_id, seq, received_at, started,
        time_uncertain, timed_by, clock_state, started_mono_us, observations, frame)
    SELECT company_id, device_id, boot_id, 99, received_at, started, time_uncertain, timed_by,
           clock_state, started_mono_us, observations, frame
    FROM ingest.report WHERE seq = 1
)sql";

std::vector<std::uint64_t> numbers(const std::vector<AcceptedReport>& reports) {
    std::vector<std::uint64_t> out;
    for (const auto& one : reports) out.push_back(one.report.key.seq);
    return out;
}

TEST_F(StoredReportsTest, AreReadPageByPageInTheirOrder) {
    const SensorBoot sensor{add_device()};
    for (std::uint64_t seq = 1; seq <= 7; seq += 2) {
        deliver(sensor.device, sensor.envelope(seq, seq + 1));
    }
    StoredReports reports(system, as("mobilytics_system"));
    std::vector<std::uint64_t> seen;
    StreamPosition at;
    for (;;) {
        const auto page = reports.read_after(at, 3);
        if (page.empty()) break;
        EXPECT_LE(page.size(), 3U);
        for (const auto& one : page) {
            EXPECT_GT(one.position, at);
            at = one.position;
            seen.push_back(one.report.key.seq);
        }
    }
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(StoredReportsTest, WhatCommitsLateIsNotSteppedOver) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.frame(1));
    StoredReports reports(system, as("mobilytics_system"));
    const auto first = reports.read_after({}, 10);
    ASSERT_EQ(numbers(first), std::vector<std::uint64_t>{1});

    pg::Connection slow(as("mobilytics_system"), 0ms);
    slow.command("test.begin", "BEGIN");
    slow.command("test.insert", kCopyAsSequence);  // Takes its place in the stream, and waits.
    deliver(sensor.device, sensor.frame(2));       // Takes a later place, and is committed.
    EXPECT_EQ(reports.read_after(first.back().position, 10).size(), 0U);
    slow.command("test.commit", "COMMIT");

    const auto rest = reports.read_after(first.back().position, 10);
    ASSERT_EQ(rest.size(), 2U);
    EXPECT_LT(rest[0].position, rest[1].position);
    EXPECT_EQ(rest[1].report.key.seq, 2U);  // The late one came before.
}

TEST_F(StoredReportsTest, WhatIsRolledBackHoldsUpNobody) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.frame(1));
    {
        pg::Connection slow(as("mobilytics_system"), 0ms);
        slow.command("test.begin", "BEGIN");
        slow.command("test.insert", kCopyAsSequence);
        deliver(sensor.device, sensor.frame(2));
        slow.command("test.rollback", "ROLLBACK");
    }
    EXPECT_EQ(numbers(stream()), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(StoredReportsTest, NothingIsMissedWhileManyWriteAndOneReads) {
    std::vector<SensorBoot> sensors;
    for (int i = 0; i < 6; ++i) sensors.push_back({add_device()});
    constexpr std::uint64_t kEach = 25;
    std::vector<std::thread> writers;
    for (const auto& sensor : sensors) {
        writers.emplace_back([this, &sensor] {
            for (std::uint64_t seq = 1; seq <= kEach; ++seq) {
                EXPECT_TRUE(ingest->deliver(sensor.device, sensor.frame(seq), 20s));
            }
        });
    }
    StoredReports reports(system, as("mobilytics_system"));
    std::set<std::pair<DeviceId, std::uint64_t>> seen;
    std::size_t read = 0;
    StreamPosition at;
    while (read < kEach * sensors.size()) {
        const auto page = reports.read_after(at, 10);
        if (page.empty()) reports.wait_for_more(1s);
        for (const auto& one : page) {
            EXPECT_GT(one.position, at);
            at = one.position;
            seen.emplace(one.report.key.device, one.report.key.seq);
            ++read;
        }
    }
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(seen.size(), kEach * sensors.size());
    EXPECT_EQ(reports.read_after(at, 10).size(), 0U);
}

TEST_F(StoredReportsTest, WhoWaitsIsWokenByACommit) {
    const SensorBoot sensor{add_device()};
    StoredReports reports(system, as("mobilytics_system"));
    reports.wait_for_more(10s);  // Connects.
    auto woken = std::async(std::launch::async, [&] {
        const Stopwatch stopwatch;
        reports.wait_for_more(60s);
        return stopwatch.elapsed();
    });
    deliver(sensor.device, sensor.frame(1));
    EXPECT_LT(woken.get(), 30s);
    reports.stop();
    reports.wait_for_more(60s);
}

}  // namespace
}  // namespace mobilytics::ingest
