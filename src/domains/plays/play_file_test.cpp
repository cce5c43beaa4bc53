#include "domains/plays/play_file.h"

#include <gmock/gmock.h>

#include "domains/plays/play_lines.h"

namespace mobilytics::plays {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

Instant at(const char* text) { return *parse_iso8601(text); }

Reading reading() {
    return {
        .format = FileFormat::csv,
        .names = {"face_01900000000070008000000000000001", "North"},
        .versions = {{.from = {}, .to = {}, .digital = true, .loop_s = 60, .spot_s = 10}},
        .covers = {},
        .now = at("2026-08-21T22:00:00Z")};
}
std::vector<std::string> told(const Result<Read>& read) {
    std::vector<std::string> out;
    for (const auto& fault : read.error().faults) out.push_back(fault.pointer + " " + fault.detail);
    return out;
}
std::vector<std::string> found(const Read& read) {
    std::vector<std::string> out;
    for (const auto& one : read.findings) {
        out.push_back(
            std::string(word(one.kind)) + " " + std::to_string(one.count) +
            (one.line ? " from line " + std::to_string(*one.line) : ""));
    }
    return out;
}

TEST(PlayTimes, AnOffsetSaysWhichOfTheRepeatedHoursItIs) {
    EXPECT_EQ(instant_of("2026-08-21T17:00:00-05:00"), at("2026-08-21T22:00:00Z"));
    EXPECT_EQ(instant_of("2026-08-21t17:00:00.25z"), at("2026-08-21T17:00:00.25Z"));
    EXPECT_EQ(instant_of("2026-08-21 17:00:00+05:30"), at("2026-08-21T11:30:00Z"));
    // On 1 November 2026 clocks in Chicago show 01:30 twice.
    EXPECT_EQ(instant_of("2026-11-01T01:30:00-05:00"), at("2026-11-01T06:30:00Z"));
    EXPECT_EQ(instant_of("2026-11-01T01:30:00-06:00"), at("2026-11-01T07:30:00Z"));
    EXPECT_EQ(instant_of("2024-02-29T00:00:00Z"), at("2024-02-29T00:00:00Z"));
    for (const char* bad :
         {"", "2026-08-21T17:00:00", "2026-08-21", "2026-02-29T00:00:00Z", "2026-08-21T24:00:00Z",
          "2026-08-21T17:00:60Z", "2026-08-21T17:00:00-5:00", "2026-08-21T17:00:00-05:00x",
          "2026-08-21T17:00:00.Z", "21.08.2026 17:00:00Z", "2026-8-21T17:00:00Z",
          "2026-08-21T17:00:00+24:00"}) {
        EXPECT_EQ(instant_of(bad), std::nullopt) << bad;
    }
}

TEST(PlayFile, LinesBecomePlaysInTheirOrder) {
    const auto read = read_log(
        "\xEF\xBB\xBF"
        "Start,Duration_s,Creative,Note\r\n"
        "2026-08-21T12:00:10-05:00,10,\"Spring, \"\"big\"\" sale\",x\r\n"
        "\r\n"
        "2026-08-21T17:00:00Z,9.5,Bank,y\r\n"
        "2026-08-21T17:00:00Z,9.5,Bank,again\r\n",
        reading(), {});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->form, LogForm::plays);
    EXPECT_THAT(read->creatives, ElementsAre("Spring, \"big\" sale", "Bank"));
    ASSERT_EQ(read->lines.size(), 2U);
    EXPECT_EQ(read->lines[0].start, at("2026-08-21T17:00:00Z"));
    EXPECT_EQ(read->lines[0].duration_ms, 9500);
    EXPECT_EQ(read->lines[0].creative, 1U);
    EXPECT_EQ(read->lines[0].number, 4U);
    EXPECT_EQ(read->lines[1].number, 2U);
    EXPECT_EQ(read->data_lines, 3);
    EXPECT_EQ(read->repeated, 1);
    EXPECT_EQ(read->from, at("2026-08-21T17:00:00Z"));
    EXPECT_EQ(read->to, at("2026-08-21T17:00:20Z"));
    EXPECT_THAT(
        read->covered,
        ElementsAre(Stretch{at("2026-08-21T17:00:00Z"), at("2026-08-21T17:15:00Z")}));
    EXPECT_THAT(found(*read), ElementsAre("column 1"));
}

TEST(PlayFile, JsonLinesSayTheSame) {
    auto by = reading();
    by.format = FileFormat::json_lines;
    const auto read = read_log(
        R"({"start": "2026-08-21T17:00:00Z", "end": "2026-08-21T17:00:10Z", "campaign": "Bank"})"
        "\n"
        R"({"start": "2026-08-21T17:00:10Z", "duration_s": 10.5, "face": "North", "more": [1]})"
        "\n",
        by, {});
    ASSERT_TRUE(read);
    EXPECT_THAT(read->creatives, ElementsAre("Bank", ""));
    EXPECT_EQ(read->lines[0].duration_ms, 10'000);
    EXPECT_EQ(read->lines[1].duration_ms, 10'500);
    const auto bad = read_log("[1]\n{\"start\": [2]}\n{\"start\": \"x\"}\n", by, {});
    EXPECT_THAT(
        told(bad),
        ElementsAre(
            R"(/lines/1 is to be one object of JSON, {"start": "...", "duration_s": 10})",
            "/lines/2/start is to be text or a number",
            "/lines/3/start is to be a time with its offset, like 2026-08-21T17:00:00-05:00"));
}

TEST(PlayFile, EveryBadLineIsNamedWithItsRemedy) {
    const auto read = read_log(
        "start,duration_s,end,creative\n"
        "2026-08-21T12:00:00,10,,a\n"
        "2026-08-21T17:00:00Z,0,,a\n"
        "2026-08-21T17:00:00Z,,,a\n"
        "2026-08-21T17:00:00Z,10,2026-08-21T17:00:30Z,a\n"
        "2026-08-21T17:00:00Z,,2026-08-21T17:00:00Z,a\n"
        "2026-08-21T22:10:00Z,10,,a\n"
        "2026-08-21T17:00:00Z,10,,\xFF\n"
        "2026-08-21T17:00:00Z,10\n"
        "2026-08-21T17:00:00Z,10,,\"a\n",
        reading(), {});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "bad_log");
    EXPECT_EQ(read.error().message, "9 lines cannot be taken; nothing was changed");
    EXPECT_THAT(
        told(read),
        ElementsAre(
            "/lines/2/start is to be a time with its offset, like 2026-08-21T17:00:00-05:00",
            "/lines/3/duration_s is to be a number of seconds, more than 0 and at most 86400",
            "/lines/4/duration_s is missing: say it, or end",
            "/lines/5/end is not start and duration_s: leave one of them out, or correct it",
            "/lines/6/end is to be later than start, by at most 86400 s",
            "/lines/7/start is in the future: a log says what was played, until now",
            "/lines/8/creative is to be plain text (UTF-8) of at most 200 bytes",
            "/lines/9 has 2 columns, and the header 4: put what holds a separator in quotes",
            "/lines/10 has a quote that does not end before the next column: double it, \"\""));
}

TEST(PlayFile, AHeaderNamesWhatIsNeeded) {
    const auto code = [](const char* file) { return read_log(file, reading(), {}).error().code; };
    EXPECT_EQ(code(""), "bad_log");
    EXPECT_EQ(code("start,creative\n"), "bad_log");
    EXPECT_EQ(code("hour,creative\n"), "bad_log");
    EXPECT_EQ(code("start,start,duration_s\n"), "bad_log");
    std::string many = "start";
    for (int i = 0; i < 200; ++i) many += ",start";
    EXPECT_EQ(
        told(read_log(many + "\n", reading(), {})),
        std::vector<std::string>{"/lines/1 has two columns start: leave one out"});
    EXPECT_EQ(code("start,duration_s\n"), "no_plays");
    EXPECT_TRUE(read_log("start;duration_s\n2026-08-21T17:00:00Z;10\n", reading(), {}));
}

TEST(PlayFile, WhatIsOddIsFoundAndNotRefused) {
    const auto read = read_log(
        "start,duration_s,face\n"
        "2026-08-21T10:00:00Z,10,North\n"
        "2026-08-21T10:00:05Z,10,face_01900000000070008000000000000001\n"
        "2026-08-21T10:01:00Z,61,\n"
        "2026-08-21T10:03:00Z,0.4,North\n"
        "2026-08-21T12:10:00Z,10,North\n"
        "2026-08-21T12:10:00Z,10,South\n",
        reading(), {});
    ASSERT_TRUE(read);
    EXPECT_THAT(
        found(*read), ElementsAre(
                          "gap 1", "overlap 1 from line 3", "longer_than_loop 1 from line 4",
                          "too_short 1 from line 5", "elsewhere 1 from line 7"));
    EXPECT_EQ(read->lines.size(), 4U);
    EXPECT_EQ(read->elsewhere, 1);
    // The two hours between are not known to have been silent.
    EXPECT_THAT(
        read->covered, ElementsAre(
                           Stretch{at("2026-08-21T10:00:00Z"), at("2026-08-21T10:15:00Z")},
                           Stretch{at("2026-08-21T12:00:00Z"), at("2026-08-21T12:15:00Z")}));

    auto by = reading();
    by.covers = Stretch{at("2026-08-21T09:00:00Z"), at("2026-08-21T14:00:00Z")};
    const auto whole = read_log("start,duration_s\n2026-08-21T10:00:00Z,10\n", by, {});
    EXPECT_THAT(whole->covered, ElementsAre(*by.covers));
    EXPECT_THAT(
        told(read_log("start,duration_s\n2026-08-21T14:00:01Z,10\n", by, {})),
        ElementsAre("/lines/2/start is outside of the time that the log is said to cover"));
    EXPECT_EQ(
        read_log("start,duration_s,face\n2026-08-21T10:00:00Z,10,South\n", by, {}).error().code,
        "no_plays");
}

TEST(PlayFile, CountsAreOfWholeHours) {
    const auto read = read_log(
        "hour,plays,creative\n"
        "2026-08-21T10:30:00+05:30,50,a\n"
        "2026-08-21T11:30:00+05:30,0,a\n"
        "2026-08-21T10:30:00+05:30,7,b\n",
        reading(), {});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->form, LogForm::counts);
    ASSERT_EQ(read->lines.size(), 3U);
    EXPECT_EQ(read->lines[0].plays, 50);
    EXPECT_EQ(read->lines[0].duration_ms, 10'000);  // As the face's spot.
    EXPECT_THAT(
        read->covered,
        ElementsAre(Stretch{at("2026-08-21T05:00:00Z"), at("2026-08-21T07:00:00Z")}));
    const auto bad = read_log(
        "hour,plays\n"
        "2026-08-21T10:10:00Z,5\n"
        "2026-08-21T10:00:00Z,5.5\n"
        "2026-08-21T21:00:00Z,5\n"
        "2026-08-21T22:00:00Z,5\n",
        reading(), {});
    EXPECT_THAT(
        told(bad), ElementsAre(
                       "/lines/2/hour is to be the beginning of an hour, like "
                       "2026-08-21T17:00:00-05:00",
                       "/lines/3/plays is to be a whole number from 0 to 3600",
                       "/lines/5/hour is in the future: a log says what was played, until now"));
    EXPECT_EQ(
        told(read_log(
            "hour,plays\n2026-08-21T10:00:00Z,5\n2026-08-21T10:00:00Z,6\n", reading(), {})),
        (std::vector<std::string>{"/lines/3/plays is another count of the same hour than that of "
                                  "line 2: leave one of them out"}));
}

TEST(PlayFile, AFaceHasPlaysOnlyWhileItIsDigital) {
    auto by = reading();
    by.versions = {
        {.from = at("2026-08-01T00:00:00Z"), .to = at("2026-08-10T00:00:00Z"), .digital = false},
        {.from = at("2026-08-10T00:00:00Z"),
         .to = {},
         .digital = true,
         .loop_s = 60,
         .spot_s = 10}};
    EXPECT_THAT(
        told(read_log(
            "start,duration_s\n2026-07-01T00:00:00Z,10\n2026-08-09T00:00:00Z,10\n", by, {})),
        ElementsAre(
            "/lines/2/start is a time at which the face was not there: correct the face, or leave "
            "it out",
            "/lines/3/start is a time at which the face was printed: correct the face, or leave it "
            "out"));
}

TEST(PlayFile, ThereIsAnEndToEverything) {
    const std::string three =
        "start,duration_s,creative\n2026-08-21T10:00:00Z,10,a\n2026-08-21T10:00:10Z,10,b\n"
        "2026-08-21T10:00:20Z,10,c\n";
    EXPECT_TRUE(read_log(three, reading(), {.lines_max = 3}));
    EXPECT_EQ(read_log(three, reading(), {.lines_max = 2}).error().code, "too_many_lines");
    EXPECT_EQ(
        read_log(three, reading(), {.creatives_max = 2}).error().faults.at(0).pointer,
        "/lines/4/creative");
    const std::string long_ago = three + "2020-01-01T00:00:00Z,10,a\n";
    EXPECT_EQ(read_log(long_ago, reading(), {}).error().code, "too_long_a_time");
    const auto long_line = "start,duration_s\n" + std::string(5000, 'x') + "\n";
    EXPECT_EQ(read_log(long_line, reading(), {}).error().faults.size(), 1U);
    const auto few = read_log("start,duration_s\nx,1\nx,1\nx,1\n", reading(), {.faults_max = 2});
    EXPECT_EQ(
        few.error().message, "3 lines cannot be taken; nothing was changed. The first 2 are told");
}

TEST(PlayFile, TextIsUtf8WithoutControlCharacters) {
    EXPECT_TRUE(is_plain("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", 100));
    for (const char* bad :
         {"\x01", "\x7F", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
          "\x80", "\xE2\x82", "\xF5\x80\x80\x80"}) {
        EXPECT_FALSE(is_plain(bad, 100));
    }
    EXPECT_FALSE(is_plain("four", 3));
}

TEST(PlayFile, WhatIsKnownToBeCoveredIsTakenOut) {
    const auto hour = [](int h) { return Instant(std::chrono::hours(h)); };
    const std::vector<Stretch> some{{hour(0), hour(4)}, {hour(6), hour(8)}};
    EXPECT_EQ(without(some, {}), some);
    EXPECT_THAT(
        without(some, {{hour(1), hour(2)}, {hour(3), hour(7)}}),
        ElementsAre(
            Stretch{hour(0), hour(1)}, Stretch{hour(2), hour(3)}, Stretch{hour(7), hour(8)}));
    EXPECT_TRUE(without(some, {{hour(0), hour(9)}}).empty());
}

}  // namespace
}  // namespace mobilytics::plays
