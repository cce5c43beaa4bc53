#include "pipeline/ingest/ingest_test.h"

namespace mobilytics::ingest {
namespace {

using wire::RejectReason;

TEST_F(IngestTest, AReportIsKeptAndAckedOnce) {
    const SensorBoot sensor{add_device()};
    const auto ack = deliver(sensor.device, sensor.frame(1));
    EXPECT_EQ(ack.boot, sensor.boot);
    EXPECT_EQ(ack.cumulative_seq, 1U);
    EXPECT_EQ(ack.settled, std::vector<wire::SeqRange>());
    EXPECT_EQ(ack.window_max, 256U);
    EXPECT_EQ(ack.retry_after, 0ms);
    EXPECT_EQ(ack.server, kNow);

    const auto all = stream();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].report, sensor.report(1));
    EXPECT_EQ(all[0].company, company);
    EXPECT_EQ(all[0].received_at, kNow);
    EXPECT_EQ(all[0].started, sensor.begun + 2s);
    EXPECT_FALSE(all[0].time_uncertain);

    EXPECT_EQ(deliver(sensor.device, sensor.frame(1)).cumulative_seq, 1U);
    EXPECT_EQ(stream().size(), 1U);
    EXPECT_EQ(counted("mobilytics_ingest_reports_total{outcome=\"accepted\"}"), 1);
    EXPECT_EQ(counted("mobilytics_ingest_reports_total{outcome=\"duplicate\"}"), 1);
    EXPECT_EQ(counted("mobilytics_ingest_observations_total"), 2);
}

TEST_F(IngestTest, WhatCameIsKnownAfterARestart) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.envelope(1, 3));
    deliver(sensor.device, sensor.envelope(6, 7));
    restart();
    const auto ack = deliver(sensor.device, sensor.envelope(1, 7));
    EXPECT_EQ(ack.cumulative_seq, 7U);
    EXPECT_EQ(kept().size(), 7U);
    EXPECT_EQ(counted("mobilytics_ingest_reports_total{outcome=\"accepted\"}"), 2);
    EXPECT_EQ(counted("mobilytics_ingest_reports_total{outcome=\"duplicate\"}"), 5);
    EXPECT_EQ(ask("SELECT taken::text AS answer FROM ingest.boot"), "{[1,8)}");
}

TEST_F(IngestTest, AGapIsNotSettled) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.envelope(1, 2));
    const auto ack = deliver(sensor.device, sensor.envelope(5, 6));
    EXPECT_EQ(ack.cumulative_seq, 2U);
    EXPECT_EQ(ack.settled, (std::vector<wire::SeqRange>{{5, 6}}));
}

TEST_F(IngestTest, AskingTellsWhatIsSettled) {
    const SensorBoot sensor{add_device()};
    EXPECT_EQ(running().ack(sensor.device, sensor.boot)->cumulative_seq, 0U);
    deliver(sensor.device, sensor.envelope(1, 4));
    EXPECT_EQ(running().ack(sensor.device, sensor.boot)->cumulative_seq, 4U);
    EXPECT_EQ(running().ack(DeviceId::fresh(kNow), sensor.boot), std::nullopt);
}

TEST_F(IngestTest, TheSameAtOnceByManyIsKeptOnce) {
    const SensorBoot sensor{add_device()};
    // Another process, which knows nothing of this one but what Postgres says.
    metrics::Registry other_registry;
    Ingest other(system, clock, other_registry, config);
    std::vector<std::thread> senders;
    for (int i = 0; i < 8; ++i) {
        senders.emplace_back([&, i] {
            for (std::uint64_t seq = 1; seq <= 20; seq += 4) {
                auto& one = i % 2 == 0 ? *ingest : other;
                EXPECT_TRUE(one.deliver(sensor.device, sensor.envelope(seq, seq + 3), 20s));
            }
        });
    }
    for (auto& sender : senders) sender.join();
    EXPECT_EQ(kept().size(), 20U);
    EXPECT_EQ(running().ack(sensor.device, sensor.boot)->cumulative_seq, 20U);
    const auto accepted = std::string("mobilytics_ingest_reports_total{outcome=\"accepted\"}");
    const auto mine = counted(accepted);
    const auto text = other_registry.text();
    const auto at = text.find(accepted);
    EXPECT_EQ(mine + std::stod(text.substr(at + accepted.size())), 20);
}

TEST_F(IngestTest, WhoMayNotSendIsTurnedAway) {
    const SensorBoot stranger{DeviceId::fresh(kNow)};
    const auto turned = running().deliver(stranger.device, stranger.frame(1), 20s);
    ASSERT_FALSE(turned);
    EXPECT_EQ(turned.error().reason, DropReason::unknown_device);

    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.frame(1));
    running().learn({company, sensor.device, false, kNow + 1s});
    EXPECT_FALSE(running().deliver(sensor.device, sensor.frame(2), 20s));
    running().learn({company, sensor.device, true, kNow});  // It is older news.
    EXPECT_FALSE(running().deliver(sensor.device, sensor.frame(2), 20s));
    restart();
    EXPECT_FALSE(running().deliver(sensor.device, sensor.frame(2), 20s));
    EXPECT_EQ(counted("mobilytics_ingest_dropped_total{reason=\"unknown_device\"}"), 1);
    EXPECT_EQ(kept().size(), 1U);
    EXPECT_EQ(ask("SELECT count(*) AS answer FROM ingest.quarantine"), "0");
}

TEST_F(IngestTest, ALossSettlesWhatWillNeverCome) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.envelope(1, 2));
    auto report = sensor.report(6);
    report.losses = {{sensor.boot, 3, 4, wire::LossReason::spool_full}};
    const auto ack = deliver(sensor.device, text_of(report));
    EXPECT_EQ(ack.cumulative_seq, 4U);
    EXPECT_EQ(ack.settled, (std::vector<wire::SeqRange>{{6, 6}}));
    EXPECT_EQ(
        ask("SELECT first_seq || '-' || last_seq || ' ' || reason AS answer FROM ingest.loss"),
        "3-4 spool_full");
    auto tx = system.begin();
    const DeviceId devices[] = {sensor.device};
    EXPECT_EQ(
        counts_between(tx, devices, sensor.begun, sensor.begun + 1h, kNow),
        (std::vector<DeviceCounts>{{sensor.device, {3, 0, 1, 2, 0}}}));
}

TEST_F(IngestTest, AnAnchorMovesTheBootsEarlierReports) {
    SensorBoot sensor{add_device()};
    sensor.clock_state = wire::ClockState::floor;
    sensor.clock_error = -5h;
    deliver(sensor.device, sensor.envelope(1, 3));
    for (const auto& one : stream()) EXPECT_TRUE(one.time_uncertain);
    const auto before = stream().back().position;

    auto report = sensor.report(4);
    report.anchors = {{7'000'000, sensor.begun + 7s, wire::ClockState::ntp, 1000}};
    deliver(sensor.device, text_of(report));
    const auto all = stream();
    ASSERT_EQ(all.size(), 4U);
    for (const auto& one : all) {
        const auto seq = one.report.key.seq;
        EXPECT_FALSE(one.time_uncertain);
        EXPECT_EQ(one.started, sensor.begun + std::chrono::seconds(2 * seq));
        EXPECT_EQ(one.moved_from.size(), seq == 4 ? 0U : 1U);
        EXPECT_GT(one.position, before);  // It comes again, for who has read it already.
    }
    EXPECT_EQ(counted("mobilytics_ingest_retimed_total"), 3);
    // The first of the three: with the two that came after it, it had to be over at kNow - 4s.
    EXPECT_EQ(all[0].report.key.seq, 1U);
    EXPECT_EQ(all[0].moved_from, std::vector{kNow - 6s});

    StoredReports reports(system, as("mobilytics_system"));
    const DeviceId devices[] = {sensor.device};
    const auto again =
        reports.read_again(devices, sensor.begun + 4s, sensor.begun + 8s, all.back().position);
    ASSERT_EQ(again.size(), 2U);
    EXPECT_EQ(again[0].report.key.seq, 2U);
    EXPECT_EQ(again[1].report.key.seq, 3U);
    EXPECT_EQ(reports.read_again(devices, sensor.begun, kNow, before).size(), 0U);
}

TEST_F(IngestTest, TheTimesAreTheSameWhicheverCameFirst) {
    SensorBoot sensor{add_device()};
    sensor.clock_state = wire::ClockState::unset;
    std::vector<std::string> envelopes;
    for (std::uint64_t seq = 1; seq <= 6; ++seq) {
        auto report = sensor.report(seq);
        if (seq == 3) {  // A battery clock, half an hour off; later a time server.
            report.anchors = {{6'000'000, kNow - 30min, wire::ClockState::rtc, 0}};
        }
        if (seq == 5) {
            report.anchors = {{10'000'000, sensor.begun + 10s, wire::ClockState::ntp, 0}};
        }
        envelopes.push_back(text_of(report));
    }
    std::vector<Instant> expected;
    for (std::uint64_t seq = 1; seq <= 6; ++seq) {
        expected.push_back(sensor.begun + std::chrono::seconds(2 * seq));
    }
    for (const auto& order :
         {std::vector{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {4, 2, 0, 1, 3, 5}}) {
        const SensorBoot again{add_device()};
        for (const auto at : order) {
            auto report = sensor.report(static_cast<std::uint64_t>(at) + 1);
            if (at == 2) report.anchors = {{6'000'000, kNow - 30min, wire::ClockState::rtc, 0}};
            if (at == 4) {
                report.anchors = {{10'000'000, sensor.begun + 10s, wire::ClockState::ntp, 0}};
            }
            report.key.device = again.device;
            deliver(again.device, text_of(report));
        }
        std::vector<Instant> started;
        for (const auto& one : kept()) {
            if (one.device == again.device) started.push_back(one.started);
        }
        EXPECT_EQ(started, expected);
    }
}

TEST_F(IngestTest, ADevicesLastWordIsKeptAndNothingOlderReplacesIt) {
    SensorBoot sensor{add_device()};
    auto report = sensor.report(2);
    report.positions = {
        {0, 418'781'136, -876'297'982, 312, 27'000, std::nullopt},
        {1'000'000, 418'781'200, -876'297'900, 320, std::nullopt, 500}};
    report.health = wire::Health{"0.1.0", 60, 1, 2, 3, {{"bad_fcs", 4}}, 5, 6, 7};
    deliver(sensor.device, text_of(report));
    report = sensor.report(1);
    report.positions = {{0, 1, 2, 3, 4, 5}};
    report.health = wire::Health{"0.0.9", 30, 0, 0, 0, {}, 0, 0, 0};
    clock.advance(10s);
    deliver(sensor.device, text_of(report));
    EXPECT_EQ(
        ask("SELECT concat_ws(' ', latitude_e7, longitude_e7, speed_cm_s, heading_cdeg, "
            "accuracy_cm, version, health->'frames_dropped'->>'bad_fcs') AS answer "
            "FROM ingest.device_state"),
        "418781200 -876297900 320 500 0.1.0 4");
    const auto at = [&](const std::string& column) {
        return ask(
            "SELECT (extract(epoch FROM " + column +
            ") * 1000000)::bigint AS answer FROM ingest.device_state");
    };
    const auto micros = [](Instant instant) {
        return std::to_string(instant.time_since_epoch().count());
    };
    EXPECT_EQ(at("position_at"), micros(sensor.begun + 5s));
    EXPECT_EQ(at("last_event_at"), micros(sensor.begun + 6s));
    EXPECT_EQ(at("last_heard_at"), micros(kNow + 10s));
}

TEST_F(IngestTest, ACompanySeesItsOwnDevicesOnly) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.frame(1));
    constexpr pg::Query kAll{"test.all", "SELECT device_id FROM ingest.device_state"};
    EXPECT_EQ(pool.begin(company).run(kAll).size(), 1);
    EXPECT_EQ(pool.begin(CompanyId::fresh(kNow)).run(kAll).size(), 0);
    constexpr pg::Query kReports{"test.reports", "SELECT seq FROM ingest.report"};
    EXPECT_THROW(pool.begin(company).run(kReports), pg::Failure);
}

}  // namespace
}  // namespace mobilytics::ingest
