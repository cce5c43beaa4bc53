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

}  // namespace
}  // namespace mobilytics::ingest
