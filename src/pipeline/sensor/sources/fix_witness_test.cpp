// Where we think vehicles were is where gpsd thinks, and the same in every form that a track has.

#include <cmath>
#include <csignal>
#include <thread>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include "pipeline/sensor/sources/gpsd_source.h"
#include "pipeline/sensor/sources/open.h"
#include "pipeline/sensor/sources/real_data_test.h"

extern char** environ;  // NOLINT: POSIX's own declaration.

namespace mobilytics::sensor {
namespace {

using std::chrono::milliseconds;

struct Track {
    std::vector<Fix> fixes;
    FixCounts counts;
};

Track read_track(const std::filesystem::path& file) {
    Track out;
    const auto source = open_fixes(file).value();
    Fix fix;
    Step step = Step::ready;
    while ((step = source->next(fix, milliseconds(0))) == Step::ready) out.fixes.push_back(fix);
    EXPECT_EQ(step, Step::end) << source->failure().message;
    out.counts = source->counts();
    return out;
}

TEST(FixWitness, ATrackIsTheSameInAllItsForms) {
    SKIP_WITHOUT_REAL_DATA();
    const auto folder = *real_data() / "gps_comma2k19_sf";
    const Track csv = read_track(folder / "ublox_10hz.csv");
    const Track gpx = read_track(folder / "ublox_10hz.gpx");
    const Track nmea = read_track(folder / "ublox_10hz.nmea");
    ASSERT_EQ(csv.fixes.size(), 579U);
    ASSERT_EQ(gpx.fixes.size(), 579U);
    ASSERT_EQ(nmea.fixes.size(), 579U);
    EXPECT_EQ(nmea.counts, (FixCounts{579, {}}));
    for (std::size_t i = 0; i < csv.fixes.size(); ++i) {
        const Fix& expected = csv.fixes[i];
        EXPECT_EQ(gpx.fixes[i].at, expected.at);
        EXPECT_EQ(gpx.fixes[i].latitude_e7, expected.latitude_e7);
        EXPECT_EQ(gpx.fixes[i].longitude_e7, expected.longitude_e7);
        // NMEA was written with hundredths of seconds and of knots and 10^-5 minutes.
        const Fix& rounded = nmea.fixes[i];
        EXPECT_LT(expected.at - rounded.at, milliseconds(10));
        EXPECT_GE(expected.at - rounded.at, milliseconds(0));
        EXPECT_LE(std::abs(rounded.latitude_e7 - expected.latitude_e7), 1);
        EXPECT_LE(std::abs(rounded.longitude_e7 - expected.longitude_e7), 1);
        EXPECT_LE(std::abs(int(*rounded.speed_cm_s) - int(*expected.speed_cm_s)), 1);
        EXPECT_EQ(rounded.heading_cdeg, expected.heading_cdeg);
    }
}

/// gpsd's fixes, by time. It moves old dates by 1024 weeks, so time is told within those.
std::multimap<std::int64_t, boost::json::object> gpsdecode(const std::filesystem::path& file) {
    std::multimap<std::int64_t, boost::json::object> out;
    for (const std::string& line : lines_of("gpsdecode < " + quoted(file))) {
        const auto value = boost::json::parse(line);
        const auto& object = value.as_object();
        if (object.at("class") != "TPV" || !object.contains("lat") || !object.contains("time")) {
            continue;
        }
        auto time = std::string(object.at("time").as_string());
        time.insert(time.size() - 1, "000");
        const auto at = parse_iso8601(time).value();
        out.emplace(at.time_since_epoch() % std::chrono::weeks(1024) / milliseconds(1), object);
    }
    return out;
}

TEST(FixWitness, LogsOfReceiversAreReadAsGpsdReadsThem) {
    SKIP_WITHOUT_REAL_DATA();
    const std::map<std::string, std::size_t> known{
        {"bt451", 13},
        {"garmin15x", 7},
        {"haicom-305N", 68},
        {"humminbird-M37", 17},
        {"nmea-fuzzy-cases", 14},
        {"quectel-L70", 16},
        {"quectel-l76k-nmea", 150},
        {"ublox-neo-m9n-nmea", 61}};
    std::size_t compared = 0;
    for (const auto& file : files_in(*real_data() / "gps_nmea_gpsd", ".log")) {
        SCOPED_TRACE(file);
        const Track ours = read_track(file);
        EXPECT_EQ(ours.fixes.size() + ours.counts.of(FixDrop::time_back), known.at(file.stem()));
        const auto theirs = gpsdecode(file);
        std::size_t found = 0;
        for (const Fix& fix : ours.fixes) {
            const auto key = fix.at.time_since_epoch() % std::chrono::weeks(1024) / milliseconds(1);
            const auto [begin, end] = theirs.equal_range(key);
            if (begin == end) continue;
            ++found;
            const bool same = std::any_of(begin, end, [&](const auto& entry) {
                const auto& tpv = entry.second;
                return std::abs(tpv.at("lat").as_double() * 1e7 - fix.latitude_e7) < 1 &&
                       std::abs(tpv.at("lon").as_double() * 1e7 - fix.longitude_e7) < 1 &&
                       (!tpv.contains("speed") || !fix.speed_cm_s ||
                        std::abs(tpv.at("speed").as_double() * 100 - *fix.speed_cm_s) < 1);
            });
            EXPECT_TRUE(same) << to_iso8601(fix.at);
        }
        // It leaves out the first, of which it has not yet seen the whole cycle.
        EXPECT_GE(found + 1, ours.fixes.size());
        compared += found;
    }
    EXPECT_EQ(compared, 328U);
}

TEST(FixWitness, AGpsdOfItsOwnFeedsUs) {
    SKIP_WITHOUT_REAL_DATA();
    const auto log = *real_data() / "gps_nmea_gpsd" / "quectel-l76k-nmea.log";
    const std::string path = log;
    const std::array<const char*, 10> arguments{"gpsfake", "-q",    "-1",         "-c",   "0.01",
                                                "-P",      "12987", path.c_str(), nullptr};
    pid_t child = 0;
    ASSERT_EQ(
        posix_spawnp(
            &child, "gpsfake", nullptr, nullptr, const_cast<char* const*>(arguments.data()),
            environ),
        0);
    GpsdSource source({.host = "127.0.0.1", .port = 12987});
    std::vector<Fix> fixes;
    Fix fix;
    for (int waits = 0; waits < 5000 && fixes.size() < 20;) {
        const Step step = source.next(fix, milliseconds(200));
        if (step == Step::ready) fixes.push_back(fix);
        if (step == Step::idle) ++waits;
    }
    kill(child, SIGINT);
    waitpid(child, nullptr, 0);
    const Track whole = read_track(log);
    EXPECT_EQ(fixes.size(), 20U);
    std::size_t found = 0;
    for (const Fix& heard : fixes) {
        const auto at = std::ranges::find(whole.fixes, heard.at, &Fix::at);
        if (at == whole.fixes.end()) continue;
        ++found;
        EXPECT_EQ(at->latitude_e7, heard.latitude_e7);
        EXPECT_EQ(at->longitude_e7, heard.longitude_e7);
    }
    EXPECT_EQ(found, fixes.size());
}

}  // namespace
}  // namespace mobilytics::sensor
