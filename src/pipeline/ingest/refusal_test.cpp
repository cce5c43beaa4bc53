#include "pipeline/ingest/ingest_test.h"

namespace mobilytics::ingest {
namespace {

using wire::RejectReason;

class RefusalTest : public IngestTest {
  protected:
    using IngestTest::IngestTest;

    /// "reason times size seq" of every row, in the order of reason and number.
    std::string quarantine() {
        return ask(
            "SELECT coalesce(string_agg(concat_ws(' ', reason, times, size, seq), ', ' "
            "ORDER BY reason, seq), '') AS answer FROM ingest.quarantine");
    }
    double refused(RejectReason reason) {
        return counted(
            "mobilytics_ingest_refused_total{reason=\"" + std::string(word(reason)) + "\"}");
    }
};

/// A plain frame whose body has these bytes behind the report's own.
std::string frame_with(const wire::Report& report, const std::string& more) {
    std::string frame;
    wire::append_frame(frame, report, wire::Compress::no);
    frame += more;
    const auto put = [&](std::size_t at, std::uint32_t number) {
        for (std::size_t i = 0; i < 4; ++i) frame[at + i] = static_cast<char>(number >> (8 * i));
    };
    const auto body = static_cast<std::uint32_t>(frame.size() - wire::kFrameHeaderBytes);
    put(4, body);
    put(8, body);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(frame.data());
    put(12, wire::crc32c({begin + wire::kFrameHeaderBytes, body}));
    return frame;
}

TEST_F(RefusalTest, APoisonReportIsSettledAndKeptApart) {
    const SensorBoot sensor{add_device()};
    auto foreign = sensor.report(5);
    foreign.key.device = DeviceId::fresh(kNow);
    const std::string bad[] = {
        frame_with(sensor.report(1), "\x30\x81\xAD\xE2\x04"),  // A window above 10 s.
        frame_with(sensor.report(2), "\x42\x03\x32\x01\x01"),  // Columns of two lengths.
        frame_with(sensor.report(3), "\x38\x09"),              // No such state of a clock.
        frame_with(sensor.report(4), "\x52\x03\x0A\x01\x07"),  // A version that is no word.
        text_of(foreign),
        // Two to the 52nd microseconds since its start, and one.
        frame_with(sensor.report(6), "\x28\x81\x80\x80\x80\x80\x80\x80\x08"),
    };
    const RejectReason reasons[] = {RejectReason::bad_window,     RejectReason::bad_columns,
                                    RejectReason::bad_time,       RejectReason::bad_message,
                                    RejectReason::foreign_device, RejectReason::bad_time};
    std::uint64_t seq = 0;
    for (const auto& frame : bad) {
        const auto ack = deliver(sensor.device, frame);
        const auto reason = std::string(word(reasons[seq]));
        ++seq;
        EXPECT_EQ(ack.cumulative_seq, seq);  // The device goes on.
        EXPECT_EQ(ack.rejected, (std::vector<wire::Rejection>{{{seq, seq}, reason}}));
    }
    EXPECT_EQ(deliver(sensor.device, sensor.frame(7)).cumulative_seq, 7U);
    const auto size = [&](int at) { return std::to_string(bad[at].size()); };
    EXPECT_EQ(
        quarantine(), "bad_columns 1 " + size(1) + " 2, bad_message 1 " + size(3) +
                          " 4, bad_time 1 " + size(2) + " 3, bad_time 1 " + size(5) +
                          " 6, bad_window 1 " + size(0) + " 1, foreign_device 1 " + size(4) + " 5");
    EXPECT_EQ(refused(RejectReason::bad_time), 2);
    EXPECT_EQ(refused(RejectReason::foreign_device), 1);
    EXPECT_EQ(kept().size(), 1U);
    EXPECT_EQ(ask("SELECT refused::text AS answer FROM ingest.boot"), "{[1,7)}");

    // Again: acked again, and kept no second time.
    EXPECT_EQ(deliver(sensor.device, bad[0]).rejected.size(), 1U);
    EXPECT_EQ(refused(RejectReason::bad_window), 1);
    EXPECT_EQ(ask("SELECT sum(times) AS answer FROM ingest.quarantine"), "6");
}

TEST_F(RefusalTest, WhatCannotBeNamedIsCountedAndKeptOnce) {
    const SensorBoot sensor{add_device()};
    const std::string garbage = "GET / HTTP/1.1\r\n\r\n";
    for (int i = 0; i < 3; ++i) {
        const auto outcome = running().deliver(sensor.device, garbage, 20s);
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->acks.size(), 0U);
        EXPECT_EQ(outcome->unnamed, std::vector{RejectReason::bad_magic});
    }
    EXPECT_EQ(quarantine(), "bad_magic 3 18");
    EXPECT_EQ(refused(RejectReason::bad_magic), 3);
    EXPECT_EQ(
        ask("SELECT content = 'GET / HTTP/1.1\r\n\r\n'::bytea AS answer "
            "FROM ingest.quarantine"),
        "t");
}

TEST_F(RefusalTest, EveryReasonOfAFrameHasItsRow) {
    const SensorBoot sensor{add_device()};
    const auto good = sensor.frame(1);
    auto version = good, checksum = good, large = good, packed = good;
    version[2] = 9;
    checksum.back() = static_cast<char>(checksum.back() ^ 1);
    large[7] = 0x7F;
    packed = frame_with(sensor.report(1), "");
    packed[3] = 1;  // It says that it is compressed, and is not.
    for (const auto& bad :
         {std::string("no frame at all!"), version, good.substr(0, 20), checksum, large, packed,
          frame_with(sensor.report(1), std::string("\x18\0", 2)),  // Number 0.
          std::string("MY\1", 3) + std::string(13, '\0')}) {       // A frame of nothing.
        const auto outcome = running().deliver(sensor.device, bad, 20s);
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->unnamed.size(), 1U);
    }
    EXPECT_EQ(
        ask("SELECT string_agg(reason, ' ' ORDER BY reason) AS answer FROM ingest.quarantine"),
        "bad_checksum bad_compression bad_identity bad_magic bad_seq too_large truncated "
        "unknown_version");
    EXPECT_EQ(deliver(sensor.device, good).cumulative_seq, 1U);  // None of that was settled.
}

TEST_F(RefusalTest, WhatIsHeardWithASaltThatWasDestroyedIsNotTaken) {
    SensorBoot sensor{add_device()};
    sensor.begun = clock.now() - 1h;
    auto& ingest = running();
    // Before the salt's end, and within the grace after it: what was heard stands.
    ingest.learn(RevokedEpoch{company, id_of(0x30), clock.now() - 10min});
    EXPECT_EQ(deliver(sensor.device, sensor.frame(1)).cumulative_seq, 1U);
    sensor.begun = clock.now() - 6min;
    sensor.boot = boot_of(1);
    EXPECT_TRUE(deliver(sensor.device, sensor.frame(1)).rejected.empty());
    // After that: settled, so that the sensor forgets it, and nothing of it is kept.
    sensor.begun = clock.now() - 4min;
    sensor.boot = boot_of(2);
    const auto ack = deliver(sensor.device, sensor.frame(1));
    EXPECT_EQ(ack.cumulative_seq, 1U);
    ASSERT_EQ(ack.rejected.size(), 1U);
    EXPECT_EQ(ack.rejected[0].reason, "revoked_epoch");
    EXPECT_EQ(ask("SELECT count(*) AS answer FROM ingest.report"), "2");
    EXPECT_EQ(ask("SELECT max(length(content)) AS answer FROM ingest.quarantine"), "0");
    // A window in which nothing was heard has no salt, and is taken.
    sensor.boot = boot_of(3);
    sensor.observations = 0;
    EXPECT_TRUE(deliver(sensor.device, sensor.frame(1)).rejected.empty());
    EXPECT_EQ(refused(RejectReason::revoked_epoch), 1);
}

TEST_F(RefusalTest, OfMuchGarbageTheBeginningIsKept) {
    config.retention.refused_bytes_max = 100;
    config.retention.refused_rows_per_s = 0.5;
    config.retention.refused_rows_max = 3;
    const SensorBoot sensor{add_device()};
    for (int i = 0; i < 20; ++i) {
        const auto garbage = std::string(1000, 'x') + std::to_string(i);
        running().deliver(sensor.device, std::to_string(i) + garbage, 20s);
        clock.advance(1s);
    }
    EXPECT_EQ(refused(RejectReason::bad_magic), 20);
    const auto kept_rows = std::stoi(ask("SELECT count(*) AS answer FROM ingest.quarantine"));
    EXPECT_EQ(counted("mobilytics_ingest_quarantine_not_kept_total"), 20 - kept_rows);
    EXPECT_EQ(kept_rows, 5);
    EXPECT_EQ(
        ask("SELECT max(length(content)) || ' ' || max(size) AS answer FROM ingest.quarantine"),
        "100 1002");
    running().keep_house();
    EXPECT_EQ(
        ask("SELECT string_agg(left(convert_from(content, 'UTF8'), 1), '' "
            "ORDER BY last_received_at) AS answer FROM ingest.quarantine"),
        "234");
    EXPECT_EQ(counted("mobilytics_ingest_quarantine_rows"), 3);
    clock.advance(24h);
    running().keep_house();
    EXPECT_EQ(
        ask("SELECT sum(length(content)) || ' ' || sum(times) AS answer FROM ingest.quarantine"),
        "0 3");
    clock.advance(24h * 31);
    running().keep_house();
    EXPECT_EQ(counted("mobilytics_ingest_quarantine_rows"), 0);
}

TEST_F(RefusalTest, WhatPostgresWillNotHaveDoesNotBlockTheDevice) {
    const SensorBoot sensor{add_device()}, other{add_device()};
    ask("CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.seq = 3 THEN RAISE EXCEPTION USING ERRCODE = '22021'; END IF; RETURN NEW; END $$; "
        "CREATE TRIGGER poison BEFORE INSERT ON ingest.report FOR EACH ROW "
        "EXECUTE FUNCTION poison(); SELECT 1 AS answer");
    config.group.wait_max = 200ms;
    restart();
    std::thread beside(
        [&] { EXPECT_EQ(deliver(other.device, other.frame(1)).cumulative_seq, 1U); });
    running().offer(sensor.device, sensor.envelope(1, 5), 1s);
    beside.join();
    const auto ack = deliver(sensor.device, sensor.frame(6));
    EXPECT_EQ(ack.cumulative_seq, 6U);
    EXPECT_EQ(quarantine(), "bad_message 1 " + std::to_string(sensor.frame(3).size()) + " 3");
    EXPECT_EQ(kept().size(), 6U);
}

TEST_F(RefusalTest, WhatIsOurFaultIsNotRefused) {
    const SensorBoot sensor{add_device()};
    running();
    ask("REVOKE INSERT ON ingest.report FROM mobilytics_system; SELECT 1 AS answer");
    const auto turned = running().deliver(sensor.device, sensor.frame(1), 20s);
    ASSERT_FALSE(turned);
    EXPECT_EQ(turned.error().reason, DropReason::stopping);
    EXPECT_EQ(quarantine(), "");
    ask("GRANT INSERT ON ingest.report TO mobilytics_system; SELECT 1 AS answer");
    EXPECT_EQ(deliver(sensor.device, sensor.frame(1)).cumulative_seq, 1U);
    EXPECT_EQ(counted("mobilytics_ingest_dropped_total{reason=\"failed\"}"), 1);
}

TEST_F(RefusalTest, ADeviceThatSendsTooMuchIsAskedToWait) {
    config.device_rate = {.bytes_per_s = 100, .burst_bytes = 1000};
    const SensorBoot sensor{add_device()}, other{add_device()};
    ASSERT_TRUE(running().deliver(sensor.device, std::string(900, 'x'), 20s));
    const auto turned = running().deliver(sensor.device, std::string(900, 'x'), 20s);
    ASSERT_FALSE(turned);
    EXPECT_EQ(turned.error().reason, DropReason::rate_limited);
    EXPECT_GT(turned.error().retry_after, 6s);
    EXPECT_LE(turned.error().retry_after, 8s);
    EXPECT_TRUE(running().deliver(other.device, std::string(900, 'x'), 20s));
    EXPECT_EQ(counted("mobilytics_ingest_dropped_total{reason=\"rate_limited\"}"), 1);
    const auto large =
        running().deliver(other.device, std::string(wire::kEnvelopeBytesMax + 1, 'x'), 20s);
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().reason, DropReason::too_large);
}

}  // namespace
}  // namespace mobilytics::ingest
