// Positions as text, and what is believed of them.

#include "pipeline/sensor/decode/fix_parser.h"

#include <gtest/gtest.h>

#include "pipeline/sensor/decode/fix_text.h"

namespace mobilytics::sensor {
namespace {

struct Parsed {
    std::vector<Fix> fixes;
    FixCounts counts;
    std::string problem;
};

Parsed parse(FixParser& parser, std::string_view text, std::size_t chunk = 7) {
    Parsed out;
    for (bool last = false; !last && out.problem.empty();) {
        const std::string_view part = text.substr(0, chunk);
        text.remove_prefix(part.size());
        last = text.empty();
        const auto read = parser.read(part, last, out.fixes);
        if (!read) out.problem = read.error().code;
    }
    out.counts = parser.counts();
    return out;
}

Instant at(std::string_view text) { return parse_iso8601(text).value(); }

std::string sentence(std::string_view body) {
    unsigned sum = 0;
    for (const char c : body) sum ^= static_cast<unsigned char>(c);
    std::array<char, 8> end{};
    std::snprintf(end.data(), end.size(), "*%02X\r\n", sum);
    return "$" + std::string(body) + end.data();
}

TEST(Nmea, AnRmcIsAFix) {
    const auto parsed = parse(
        *nmea_parser(),
        "$GPRMC,161448.29,A,3743.25986,N,12228.33832,W,15.21,2.14,020818,,,A*7B\r\n");
    ASSERT_EQ(parsed.fixes.size(), 1U);
    EXPECT_EQ(
        parsed.fixes[0],
        (Fix{at("2018-08-02T16:14:48.290000Z"), 377'209'977, -1'224'723'053, 782, 214, {}}));
    EXPECT_EQ(parsed.counts.fixes, 1U);
}

TEST(Nmea, AnyTalkerIsHeardAndADeviationIsItsAccuracy) {
    const auto parsed = parse(
        *nmea_parser(), sentence("GNGST,120000,1,,,,3.0,4.0,5.0") +
                            sentence("GNRMC,120001,A,1000.0,S,02000.0,E,,,010124,,,A"));
    ASSERT_EQ(parsed.fixes.size(), 1U);
    EXPECT_EQ(
        parsed.fixes[0],
        (Fix{at("2024-01-01T12:00:01.000000Z"), -100'000'000, 200'000'000, {}, {}, 500}));
}

TEST(Nmea, WithoutRmcAPositionTakesItsDateFromZdaAndItsSpeedFromVtg) {
    const auto parsed = parse(
        *nmea_parser(), sentence("GPGGA,235958,4149.0,N,08740.0,W,1,8,1,200,M,,M,,") +
                            sentence("GPZDA,235958,31,12,2023,00,00") +
                            sentence("GPVTG,90.5,T,,M,1.0,N,36.0,K") +
                            sentence("GPGGA,235959,4149.0,N,08740.0,W,1,8,1,200,M,,M,,") +
                            sentence("GNGNS,235959.5,4149.0,N,08740.0,W,AN,8,1,200,,,") +
                            sentence("GNGNS,235959.7,4149.0,N,08740.0,W,NN,8,1,200,,,"));
    ASSERT_EQ(parsed.fixes.size(), 2U);
    EXPECT_EQ(
        parsed.fixes[0],
        (Fix{at("2023-12-31T23:59:59.000000Z"), 418'166'667, -876'666'667, 1000, 9050, {}}));
    EXPECT_EQ(parsed.counts.of(FixDrop::no_time), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::no_position), 1U);
}

TEST(Nmea, WhatCannotBeBelievedIsCounted) {
    const std::string good = sentence("GPRMC,120000,A,1000.0,N,02000.0,E,,,010124,,,A");
    std::string broken = good;
    broken[20] = '9';
    const auto parsed = parse(
        *nmea_parser(), "# a comment\r\n\r\nno sentence\r\n" + good + broken + "$GPRMC,1*\n" +
                            "noise" + sentence("GPRMC,120001,A,1000.0,N,02000.0,E,,,010124,,,A") +
                            sentence("GPRMC,120002,V,1000.0,N,02000.0,E,,,010124,,,A") +
                            sentence("GPRMC,120003,A,1000.0,N,02000.0,E,,,010124,,,N") +
                            sentence("GPRMC,120004,A,0000.0,N,00000.0,E,,,010124,,,A") +
                            sentence("GPRMC,120005,A,9100.0,N,02000.0,E,,,010124,,,A") +
                            sentence("GPRMC,120006,A,1060.0,N,02000.0,E,,,010124,,,A") +
                            sentence("GPRMC,120007,A,1000.0,N,02000.0,E,,,,,,A") +
                            sentence("GPRMC,120008,A,1000.0,N,02000.0,E,,,310224,,,A") +
                            sentence("GPRMC,120000,A,1000.0,N,02000.0,E,,,010124,,,A") +
                            sentence("GPRMC,120000,A,1000.0,N,02000.0,E,,,010180,,,A") +
                            std::string(5000, 'x') + "\n" + sentence("PUBX,00") + "!AIVDM,1\n");
    EXPECT_EQ(parsed.fixes.size(), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::garbage), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::bad_checksum), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::no_position), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::null_island), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::off_earth), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::no_time), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::time_back), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::bad_time), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::too_long), 1U);
}

TEST(Nmea, ALeapSecondIsTheNextMinutesFirst) {
    const auto parsed =
        parse(*nmea_parser(), sentence("GPRMC,235960,A,1000.0,N,02000.0,E,,,311216,,,A"));
    ASSERT_EQ(parsed.fixes.size(), 1U);
    EXPECT_EQ(parsed.fixes[0].at, at("2017-01-01T00:00:00.000000Z"));
}

TEST(Nmea, AWeekThatRolledOverIsMovedToItsPlaceWhereThereIsAFloor) {
    // 2026-08-21 minus 1024 weeks.
    const std::string text = sentence("GPRMC,093000,A,1000.0,N,02000.0,E,,,050107,,,A");
    EXPECT_EQ(parse(*nmea_parser(), text).fixes.at(0).at, at("2007-01-05T09:30:00.000000Z"));
    const auto floored = nmea_parser({at("2024-01-01T00:00:00.000000Z")});
    EXPECT_EQ(parse(*floored, text).fixes.at(0).at, at("2026-08-21T09:30:00.000000Z"));
}

TEST(FixFilter, TimeThatWentBackIsBelievedAfterAMinuteOfIt) {
    FixFilter filter;
    RawFix raw;
    raw.latitude_deg = 10;
    raw.at = at("2030-01-01T00:00:00.000000Z");
    EXPECT_TRUE(filter.check(raw));
    raw.at = at("2024-01-01T00:00:00.000000Z");
    for (int i = 0; i < 60; ++i) {
        EXPECT_FALSE(filter.check(raw)) << i;
        *raw.at += std::chrono::seconds(1);
    }
    EXPECT_TRUE(filter.check(raw));
    EXPECT_FALSE(filter.check(raw));
    EXPECT_EQ(filter.counts().of(FixDrop::time_back), 61U);
}

TEST(Gpsd, ATpvIsAFix) {
    const auto parsed = parse(
        *gpsd_parser(),
        R"({"class":"VERSION","release":"3.22"})"
        "\r\n"
        R"({"class":"TPV","mode":1})"
        "\r\n"
        R"({"class":"TPV","mode":3,"time":"2026-08-21T09:30:00.500Z","lat":41.5,"lon":-87.25,)"
        R"("speed":3.25,"track":359.999,"eph":12.5})"
        "\n"
        R"({"class":"TPV","mode":3,"lat":41.5,"lon":-87.25})"
        "\n"
        R"({"class":"TPV","mode":3,"time":"2026-08-21T09:30:01Z","lat":"41.5","lon":-87.25})"
        "\n[[[[[[[[[[[[\n");
    ASSERT_EQ(parsed.fixes.size(), 1U);
    EXPECT_EQ(
        parsed.fixes[0],
        (Fix{at("2026-08-21T09:30:00.500000Z"), 415'000'000, -872'500'000, 325, 0, 1250}));
    EXPECT_EQ(parsed.counts.of(FixDrop::no_position), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::no_time), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::off_earth), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::garbage), 1U);
}

TEST(Csv, ColumnsAreFoundByTheirNames) {
    const auto parsed = parse(
        *csv_fix_parser(),
        "\xEF\xBB\xBF\"Bearing_deg\";Name;Speed (km/h);LNG;Latitude;Time\n"
        "90;\"a; \"\"b\"\"\";36;-87.5;41.5;2026-08-21 04:30:00.25-05:00\n"
        ";c;;-87.5;41.5;1787304601\n"
        ";d;x;-87.5;41.5;1787304602500\n"
        ";e;x;-87.5;41.5;1787304603500000\n"
        ";f;x;-87.5;41.5;1787304604.5\n"
        ";g;x;;;1787304605\n"
        ";h;x;-87.5;x;1787304605\n"
        ";i;x;-87.5;41.5;yesterday\n"
        ";j;x;-87.5;41.5;\n"
        "short\n");
    ASSERT_EQ(parsed.fixes.size(), 5U);
    EXPECT_EQ(
        parsed.fixes[0],
        (Fix{at("2026-08-21T09:30:00.250000Z"), 415'000'000, -875'000'000, 1000, 9000, {}}));
    EXPECT_EQ(parsed.fixes[1].at, at("2026-08-21T09:30:01.000000Z"));
    EXPECT_EQ(parsed.fixes[2].at, at("2026-08-21T09:30:02.500000Z"));
    EXPECT_EQ(parsed.fixes[3].at, at("2026-08-21T09:30:03.500000Z"));
    EXPECT_EQ(parsed.fixes[4].at, at("2026-08-21T09:30:04.500000Z"));
    EXPECT_EQ(parsed.counts.of(FixDrop::no_position), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::garbage), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::bad_time), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::no_time), 1U);
}

TEST(Csv, WithoutItsColumnsItIsRefused) {
    EXPECT_EQ(parse(*csv_fix_parser(), "a,b,c\n1,2,3\n").problem, "no_columns");
}

TEST(Gpx, TrackPointsAreFixes) {
    const auto parsed = parse(
        *gpx_parser(),
        R"(<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">)"
        R"(<metadata><time>2020-01-01T00:00:00Z</time></metadata><wpt lat="1" lon="2"/>)"
        R"(<trk><trkseg><trkpt lat="41.5" lon="-87.25"><ele>3</ele>)"
        R"(<time>2026-08-21T09:30:00.5Z</time><extensions><x:TrackPointExtension>)"
        R"(<x:speed>2.5</x:speed><x:course>180</x:course></x:TrackPointExtension></extensions>)"
        R"(</trkpt><trkpt lat="91" lon="0"><time>2026-08-21T09:30:01Z</time></trkpt>)"
        R"(<trkpt lat="1" lon="2"/><trkpt lat="1" lon="2"><time>noon</time></trkpt>)"
        R"(<trkpt lon="2"><time>2026-08-21T09:30:02Z</time></trkpt></trkseg></trk></gpx>)");
    EXPECT_EQ(parsed.problem, "");
    ASSERT_EQ(parsed.fixes.size(), 1U);
    EXPECT_EQ(
        parsed.fixes[0],
        (Fix{at("2026-08-21T09:30:00.500000Z"), 415'000'000, -872'500'000, 250, 18000, {}}));
    EXPECT_EQ(parsed.counts.of(FixDrop::off_earth), 2U);
    EXPECT_EQ(parsed.counts.of(FixDrop::no_time), 1U);
    EXPECT_EQ(parsed.counts.of(FixDrop::bad_time), 1U);
}

TEST(Gpx, WhatIsNotGpxIsRefused) {
    EXPECT_EQ(parse(*gpx_parser(), "<kml></kml>").problem, "not_gpx");
    EXPECT_EQ(parse(*gpx_parser(), "").problem, "not_gpx");
    EXPECT_EQ(parse(*gpx_parser(), "<gpx><trk>").problem, "bad_gpx");
    EXPECT_EQ(
        parse(*gpx_parser(), R"(<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx>&a;</gpx>)").problem,
        "not_gpx");
    EXPECT_EQ(
        parse(*gpx_parser(), "<gpx><trk>" + std::string(3 << 20, 'x'), 1 << 16).problem, "bad_gpx");
    std::string deep = "<gpx>";
    for (int i = 0; i < 100; ++i) deep += "<a>";
    EXPECT_EQ(parse(*gpx_parser(), deep).problem, "bad_gpx");
}

TEST(FixParser, WhereAChunkEndsMakesNoDifference) {
    const std::string nmea = sentence("GPRMC,120000,A,1000.0,N,02000.0,E,1,2,010124,,,A") +
                             sentence("GPRMC,120001,A,1000.0,N,02000.0,E,1,2,010124,,,A");
    const std::string csv = "time,lat,lon\n1787304601,1,2\n1787304602,1,2";
    const std::string gpx =
        R"(<gpx><trkpt lat="1" lon="2"><time>2026-08-21T09:30:02Z</time></trkpt></gpx>)";
    for (const std::string& text : {nmea, csv, gpx}) {
        const auto whole = parse(*fix_parser_for(text), text, text.size());
        EXPECT_FALSE(whole.fixes.empty());
        for (std::size_t chunk = 1; chunk < text.size(); ++chunk) {
            const auto parsed = parse(*fix_parser_for(text), text, chunk);
            EXPECT_EQ(parsed.fixes, whole.fixes) << chunk;
            EXPECT_EQ(parsed.counts, whole.counts) << chunk;
        }
    }
}

TEST(FixText, TimesAreRead) {
    EXPECT_EQ(read_iso_time("2026-08-21T09:30Z"), at("2026-08-21T09:30:00.000000Z"));
    EXPECT_EQ(read_iso_time("2026-08-21 09:30:01"), at("2026-08-21T09:30:01.000000Z"));
    EXPECT_EQ(read_iso_time("2026-08-21T09:30:01.1234567+0130"), at("2026-08-21T08:00:01.123456Z"));
    EXPECT_EQ(read_iso_time("2026-08-21"), std::nullopt);
    EXPECT_EQ(read_iso_time("2026-02-30T00:00:00Z"), std::nullopt);
    EXPECT_EQ(read_iso_time("2026-08-21T24:00:00Z"), std::nullopt);
    EXPECT_EQ(read_iso_time("2026-08-21T00:00:00Zx"), std::nullopt);
    EXPECT_EQ(read_epoch("1e9"), std::nullopt);
    EXPECT_EQ(read_epoch("-1"), std::nullopt);
    EXPECT_EQ(read_epoch("1787304602500000000"), at("2026-08-21T09:30:02.500000Z"));
    EXPECT_EQ(read_number("nan"), std::nullopt);
    EXPECT_EQ(read_number("1.5x"), std::nullopt);
    EXPECT_EQ(read_number("1e400"), std::nullopt);
}

}  // namespace
}  // namespace mobilytics::sensor
