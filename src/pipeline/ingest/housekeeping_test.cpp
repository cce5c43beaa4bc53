#include "pipeline/ingest/housekeeping.h"

#include <boost/json/parse.hpp>

#include "pipeline/ingest/herald.h"
#include "pipeline/ingest/ingest_test.h"

namespace mobilytics::ingest {
namespace {

class HousekeepingTest : public IngestTest {
  protected:
    std::string partitions() {
        return ask(
            "SELECT string_agg(right(inhrelid::regclass::text, 10), ' ' ORDER BY 1) AS answer "
            "FROM pg_inherits WHERE inhparent = 'ingest.report'::regclass");
    }
};

TEST_F(HousekeepingTest, ThePartitionsOfTheNextHoursAreThere) {
    running();
    EXPECT_EQ(partitions(), "2026082109 2026082110 2026082111");
    clock.advance(1h);
    running().keep_house();
    running().keep_house();
    EXPECT_EQ(partitions(), "2026082109 2026082110 2026082111 2026082112");
}

TEST_F(HousekeepingTest, NoReportIsKeptLongerThanItsTime) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.frame(1));
    const auto first = stream().front().position;
    clock.advance(1h);
    deliver(sensor.device, sensor.frame(2));
    running().note_read(first);
    // It is 9:30 when the first comes; its hour goes before it is a day old.
    clock.advance(22h + 29min);
    running().keep_house();
    EXPECT_EQ(kept().size(), 2U);
    clock.advance(1min);
    running().keep_house();
    ASSERT_EQ(kept().size(), 1U);
    EXPECT_EQ(kept().front().seq, 2U);
    EXPECT_EQ(counted("mobilytics_ingest_dropped_unread_total"), 0);
    clock.advance(1h);
    running().keep_house();
    EXPECT_EQ(kept().size(), 0U);
    EXPECT_EQ(counted("mobilytics_ingest_dropped_unread_total"), 1);
    // What is sent again is still known.
    EXPECT_EQ(deliver(sensor.device, sensor.envelope(1, 2)).cumulative_seq, 2U);
    EXPECT_EQ(kept().size(), 0U);
}

TEST_F(HousekeepingTest, ASensorThatBeginsAnewAgainAndAgainIsCounted) {
    const auto restless = add_device(), steady = add_device();
    const auto flapping = [&] {
        running().keep_house();
        return counted("mobilytics_ingest_flapping_sensors");
    };
    for (int i = 0; i < 3; ++i) {
        const SensorBoot again{restless, boot_of(i)};
        deliver(restless, again.frame(1));
        clock.advance(10min);
    }
    const SensorBoot once{steady, boot_of(0)};
    for (std::uint64_t seq = 1; seq < 6; ++seq) deliver(steady, once.frame(seq));
    EXPECT_EQ(flapping(), 0);
    const SensorBoot fourth{restless, boot_of(3)};
    deliver(restless, fourth.frame(1));
    EXPECT_EQ(flapping(), 1);
    clock.advance(31min);
    EXPECT_EQ(flapping(), 0);  // The first of the four is more than an hour old.
}

TEST_F(HousekeepingTest, AReportAfterAGapInTimeFindsItsPartition) {
    const SensorBoot sensor{add_device()};
    clock.advance(24h * 100);
    EXPECT_EQ(deliver(sensor.device, sensor.frame(1)).cumulative_seq, 1U);
    clock.advance(-24h * 200);
    EXPECT_EQ(deliver(sensor.device, sensor.frame(2)).cumulative_seq, 2U);
    EXPECT_EQ(kept().size(), 2U);
}

TEST_F(HousekeepingTest, BootsOfLongAgoAreForgotten) {
    const SensorBoot sensor{add_device()};
    deliver(sensor.device, sensor.frame(1));
    clock.advance(config.retention.boots - 1h);
    running().keep_house();
    EXPECT_EQ(ask("SELECT count(*) AS answer FROM ingest.boot"), "1");
    clock.advance(2h);
    running().keep_house();
    EXPECT_EQ(ask("SELECT count(*) AS answer FROM ingest.boot"), "0");
}

TEST_F(HousekeepingTest, TheLiveMapIsToldWhereADeviceIs) {
    config.live_every = 1ms;
    const SensorBoot sensor{add_device()};
    pg::Listener listener(as("mobilytics_app"), {kLiveChannel});
    EXPECT_TRUE(listener.wait(10s).may_have_missed);
    auto report = sensor.report(1);
    report.positions = {{500'000, 418'781'136, -876'297'982, 312, 27'000, std::nullopt}};
    deliver(sensor.device, text_of(report));
    const auto heard = listener.wait(10s);
    ASSERT_EQ(heard.notifications.size(), 1U);
    EXPECT_EQ(
        boost::json::parse(heard.notifications[0].payload),
        (boost::json::value{
            {"devices", boost::json::array{boost::json::object{
                            {"company", company.uuid()},
                            {"device", sensor.device.uuid()},
                            {"heard_at_us", kNow.time_since_epoch().count()},
                            {"position_at_us", (sensor.begun + 2500ms).time_since_epoch().count()},
                            {"latitude_e7", 418'781'136},
                            {"longitude_e7", -876'297'982},
                            {"speed_cm_s", 312},
                            {"heading_cdeg", 27'000}}}}}));
}

TEST(Herald, TellsOfManyDevicesInAFewMessages) {
    std::map<DeviceId, DeviceNews> devices;
    EXPECT_EQ(live_payloads(devices).size(), 0U);
    for (int i = 0; i < 10'000; ++i) {
        auto id = id_of(0);
        id[0] = static_cast<std::uint8_t>(i >> 8);
        id[1] = static_cast<std::uint8_t>(i);
        auto& news = devices[DeviceId::from_bytes(id)];
        news.heard_at = kNow;
        news.whereabouts = Whereabouts{kNow, {0, -1'800'000'000, 1'800'000'000, 1, 35'999, 1}};
        if (i != 500) continue;
        std::size_t told = 0;
        for (const auto& payload : live_payloads(devices)) {
            EXPECT_LT(payload.size(), 8000U);
            told += boost::json::parse(payload).at("devices").as_array().size();
        }
        EXPECT_EQ(told, devices.size());
    }
    const auto payloads = live_payloads(devices);
    EXPECT_EQ(payloads.size(), kLivePayloadsMax);
    EXPECT_EQ(payloads.back(), R"({"more":true})");
}

}  // namespace
}  // namespace mobilytics::ingest
