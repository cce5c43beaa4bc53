#include "pipeline/sensor/agent/recorder.h"

#include <gtest/gtest.h>

namespace mobilytics::sensor {
namespace {

constexpr std::uint64_t kSecond = 1'000'000;
constexpr std::string_view kZone = "America/Chicago";
/// Monotonic 0 is 12:00 in Chicago.
const TimeBase kNoon{
    parse_iso8601("2026-08-21T17:00:00Z")->time_since_epoch().count(), wire::ClockState::ntp};
const DeviceId kDevice = DeviceId::from_bytes({1});

Sighting phone(std::uint8_t last) {
    Sighting out;
    out.address = {0xDA, 0xA1, 0x19, 0, 0, last};
    out.address_class = wire::AddressClass::local;
    out.rssi_dbm = static_cast<std::int8_t>(-40 - last);
    out.channel = 6;
    out.sequence = last;
    return out;
}

Fix fix(std::int32_t latitude_e7) {
    Fix out;
    out.latitude_e7 = latitude_e7;
    return out;
}

struct Bench {
    explicit Bench(RecorderLimits limits = {}, OptOutList opt_out = {}, TimeBase base = kNoon)
        : recorder(kDevice, salts, std::move(opt_out), limits, 0, base) {}
    std::vector<wire::Report> advance(std::uint64_t now_us, TimeBase base = kNoon) {
        std::vector<wire::Report> out;
        recorder.advance(now_us, base, out);
        return out;
    }
    std::vector<wire::Report> finish(std::uint64_t now_us) {
        std::vector<wire::Report> out;
        recorder.finish(now_us, out);
        return out;
    }
    Salts salts{wire::SaltMode::strict, std::string(kZone)};
    Recorder recorder;
};

using Offsets = std::vector<std::uint32_t>;
Offsets offsets(const wire::Report& report) {
    Offsets out;
    for (const auto& row : report.observations.rows) out.push_back(row.at_us);
    return out;
}

TEST(Recorder, ClosesAWindowOfTwoSecondsAfterItsGrace) {
    Bench bench;
    bench.recorder.hear(1'500'000, phone(2));
    bench.recorder.hear(200'000, phone(1));  // Heard by another radio, told later.
    EXPECT_TRUE(bench.advance(2'499'999).empty());
    bench.recorder.hear(2'100'000, phone(3));
    const auto reports = bench.advance(2'500'000);
    ASSERT_EQ(reports.size(), 1u);
    const auto& report = reports[0];
    EXPECT_EQ(report.key.device, kDevice);
    EXPECT_EQ(to_iso8601(report.started), "2026-08-21T17:00:00.000000Z");
    EXPECT_EQ(report.duration.count(), 2'000'000);
    EXPECT_EQ(report.clock_state, wire::ClockState::ntp);
    EXPECT_EQ(offsets(report), (Offsets{200'000, 1'500'000}));
    EXPECT_EQ(report.observations[0].rssi_dbm, -41);
    EXPECT_EQ(report.observations[1].rssi_dbm, -42);
    const Pseudonymiser with(bench.salts.of(*LocalDay::parse("2026-08-21")));
    EXPECT_EQ(report.observations.salt_epoch, with.salt().epoch);
    EXPECT_EQ(
        report.observations[0].pseudonym, with.pseudonym(wire::RadioKind::wifi, phone(1).address));
    const auto next = bench.advance(4'500'000);
    ASSERT_EQ(next.size(), 1u);
    EXPECT_EQ(next[0].started_mono_us, 2 * kSecond);
    EXPECT_EQ(offsets(next[0]), Offsets{100'000});
}

TEST(Recorder, TilesTimeWithoutGapsAlsoWhereNothingIsHeard) {
    Bench bench;
    std::vector<wire::Report> reports;
    bench.recorder.advance(17 * kSecond, kNoon, reports);
    bench.recorder.hear(17 * kSecond, phone(1));
    bench.recorder.advance(30 * kSecond, kNoon, reports);
    bench.recorder.finish(31 * kSecond, reports);
    std::uint64_t end = 0;
    std::vector<std::int64_t> durations;
    for (const auto& report : reports) {
        EXPECT_EQ(report.started_mono_us, end);
        end += static_cast<std::uint64_t>(report.duration.count());
        durations.push_back(report.duration.count() / 1'000);
    }
    EXPECT_EQ(end, 31 * kSecond);
    EXPECT_EQ(durations, (std::vector<std::int64_t>{10'000, 7'000, 2'000, 10'000, 2'000}));
    EXPECT_EQ(reports[2].observations.size(), 1u);
}

TEST(Recorder, DropsWhatComesAfterItsWindowAndWhatHasNotHappened) {
    Bench bench;
    bench.recorder.hear(100, phone(1));
    bench.advance(3 * kSecond);
    bench.recorder.hear(1'999'999, phone(2));
    bench.recorder.hear(9 * kSecond, phone(3));
    const auto& dropped = bench.recorder.dropped();
    EXPECT_EQ(dropped[static_cast<std::size_t>(RecordDrop::too_late)], 1u);
    EXPECT_EQ(dropped[static_cast<std::size_t>(RecordDrop::too_early)], 1u);
    EXPECT_EQ(bench.recorder.recorded(), 1u);
}

TEST(Recorder, PassesOverWhoOptedOut) {
    Bench bench({}, *OptOutList::parse("da:a1:19:00:00:02"));
    bench.recorder.hear(1, phone(1));
    bench.recorder.hear(2, phone(2));
    EXPECT_EQ(bench.finish(kSecond).at(0).observations.size(), 1u);
    EXPECT_EQ(bench.recorder.dropped()[0], 1u);
}

TEST(Recorder, PassesOverWhoIsOnTheCompanysListFromTheNextFrameOn) {
    CompanyOptOuts company({});
    OptOutList opt_out;
    opt_out.follow(company);
    Bench bench({}, opt_out);
    auto listed = phone(1);
    listed.address = {0xA4, 0x83, 0xE7, 1, 2, 3};
    bench.recorder.hear(1, listed);
    struct Desk final : OptOutPort {
        Result<std::optional<ToldOptOuts>> opt_outs(const std::string&) override {
            const Secret<std::string> key(std::string(32, 'k'));
            const auto whole = crypto::Hmac(key).of(Address{0xA4, 0x83, 0xE7, 1, 2, 3});
            ToldOptOuts out{"a1", key, {{}}};
            std::copy_n(whole.begin(), out.digests[0].size(), out.digests[0].begin());
            return std::optional(std::move(out));
        }
    } desk;
    company.refresh(desk, 0);
    bench.recorder.hear(2, listed);
    bench.recorder.hear(3, phone(2));
    EXPECT_EQ(offsets(bench.finish(kSecond).at(0)), (Offsets{1, 3}));
    EXPECT_EQ(bench.recorder.dropped()[0], 1u);
}

TEST(Recorder, EndsAWindowEarlyThatHasTooMuch) {
    RecorderLimits limits;
    limits.sightings_max = 3;
    Bench bench(limits);
    for (std::uint64_t i = 0; i < 7; ++i) bench.recorder.hear(100'000 * i, phone(1));
    const auto reports = bench.advance(3 * kSecond);
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].duration.count(), 300'000);
    EXPECT_EQ(reports[0].observations.size(), 3u);
    EXPECT_EQ(reports[1].duration.count(), 300'000);
    const auto last = bench.finish(3 * kSecond);
    EXPECT_EQ(offsets(last.at(0)), Offsets{0});
}

TEST(Recorder, DropsWhatIsTooMuchForOneMicrosecond) {
    RecorderLimits limits;
    limits.sightings_max = 3;
    Bench bench(limits);
    for (int i = 0; i < 5; ++i) bench.recorder.hear(0, phone(1));
    EXPECT_EQ(bench.finish(kSecond).at(0).observations.size(), 3u);
    EXPECT_EQ(bench.recorder.dropped()[static_cast<std::size_t>(RecordDrop::too_many)], 2u);
}

TEST(Recorder, PutsFixesIntoTheirWindows) {
    Bench bench;
    bench.recorder.hear(10, phone(1));
    bench.recorder.locate(500'000, fix(1));
    bench.recorder.locate(2'500'000, fix(2));
    const auto first = bench.advance(3 * kSecond);
    bench.recorder.locate(1'900'000, fix(3));  // Late, but it says where we are.
    const auto rest = bench.finish(4 * kSecond);
    ASSERT_EQ(first.at(0).positions.size(), 1u);
    EXPECT_EQ(first[0].positions[0].at_us, 500'000u);
    ASSERT_EQ(rest.at(0).positions.size(), 2u);
    EXPECT_EQ(rest[0].positions[0].latitude_e7, 2);
    EXPECT_EQ(rest[0].positions[1].latitude_e7, 3);
    EXPECT_EQ(rest[0].positions[1].at_us, 500'000u);
}

TEST(Recorder, BeginsAnEpochAndAWindowAtLocalMidnight) {
    const TimeBase evening{
        parse_iso8601("2026-08-22T04:59:59Z")->time_since_epoch().count(), wire::ClockState::ntp};
    Bench bench({}, {}, evening);
    bench.recorder.hear(500'000, phone(1));
    bench.recorder.hear(1'200'000, phone(1));
    std::vector<wire::Report> reports;
    bench.recorder.finish(2 * kSecond, reports);
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(to_iso8601(reports[1].started), "2026-08-22T05:00:00.000000Z");
    EXPECT_EQ(offsets(reports[0]), Offsets{500'000});
    EXPECT_EQ(offsets(reports[1]), Offsets{200'000});
    EXPECT_NE(reports[0].observations.salt_epoch, reports[1].observations.salt_epoch);
    EXPECT_NE(reports[0].observations[0].pseudonym, reports[1].observations[0].pseudonym);
}

TEST(Recorder, BeginsAnEpochAndAWindowWhenTheCompanysSaltComes) {
    struct Vault final : SaltPort {
        Result<InForce> in_force() override {
            return InForce{wire::SaltMode::standard, {wire::SaltEpoch{9}}};
        }
        Result<Salt> fetch(LocalDay) override {
            Salt salt{{9}, wire::SaltMode::standard, Secret<std::string>(std::string(32, 's'))};
            return salt;
        }
    } vault;
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    Recorder recorder(kDevice, salts, {}, {}, 0, kNoon);
    std::vector<wire::Report> reports;
    recorder.hear(100'000, phone(1));
    recorder.hear(300'000, phone(1));
    EXPECT_TRUE(salts.fetch_wanted(vault, kNoon.wall(0), 0));
    recorder.advance(400'000, kNoon, reports);
    recorder.hear(500'000, phone(1));
    recorder.finish(kSecond, reports);
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].observations.salt_mode, wire::SaltMode::strict);
    EXPECT_EQ(reports[0].observations.size(), 2u);
    EXPECT_EQ(reports[1].observations.salt_mode, wire::SaltMode::standard);
    EXPECT_EQ(reports[1].observations.salt_epoch, (wire::SaltEpoch{9}));
    EXPECT_EQ(reports[1].started_mono_us, 300'001u);
}

TEST(Recorder, BeginsAWindowWhenTheClockSteps) {
    Bench bench;
    bench.recorder.hear(100'000, phone(1));
    auto later = kNoon;
    later.offset_us += 3'600 * 1'000'000ll;
    const auto before = bench.advance(1'000'000, later);
    ASSERT_EQ(before.size(), 1u);
    EXPECT_EQ(before[0].duration.count(), 1'000'000);
    EXPECT_EQ(to_iso8601(before[0].started), "2026-08-21T17:00:00.000000Z");
    bench.recorder.hear(1'500'000, phone(1));
    const auto after = bench.finish(2 * kSecond);
    ASSERT_EQ(after.size(), 1u);
    EXPECT_EQ(to_iso8601(after[0].started), "2026-08-21T18:00:01.000000Z");
}

TEST(Recorder, OfARecordingSaysNothingOfTimesWhenNobodyListened) {
    RecorderLimits limits;
    limits.gap_max = std::chrono::minutes(10);
    limits.grace = std::chrono::milliseconds(0);
    Bench bench(limits);
    std::vector<wire::Report> reports;
    const std::uint64_t much_later = 3 * 3'600 * kSecond;
    bench.recorder.hear(100, phone(1));
    bench.recorder.advance(3 * kSecond, kNoon, reports);
    bench.recorder.advance(much_later, kNoon, reports);
    bench.recorder.hear(much_later, phone(1));
    bench.recorder.finish(much_later + kSecond, reports);
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[1].started_mono_us, much_later);
}

}  // namespace
}  // namespace mobilytics::sensor
