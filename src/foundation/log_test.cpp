#include "foundation/log.h"

#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "foundation/clock.h"

namespace mobilytics::log {
namespace {

template <class Do>
std::vector<Fields> lines_of(Do what) {
    testing::internal::CaptureStderr();
    what();
    std::istringstream all(testing::internal::GetCapturedStderr());
    std::vector<Fields> out;
    for (std::string line; std::getline(all, line);) {
        EXPECT_LT(line.size(), kLineBytesMax);
        out.push_back(boost::json::parse(line).as_object());
    }
    return out;
}

TEST(Log, ALineHasItsFieldsAndThoseOfItsScope) {
    const auto lines = lines_of([] {
        const Scope scope({{"company", "company_1"}});
        warning("test_scope", {{"count", 2}});
    });
    ASSERT_EQ(lines.size(), 1U);
    const auto at = parse_iso8601(std::string(lines[0].at("at").as_string()));  // UTC, or none.
    ASSERT_TRUE(at);
    EXPECT_LT(std::chrono::abs(SystemClock().now() - *at), std::chrono::minutes(10));
    EXPECT_EQ(lines[0].at("level"), "warning");
    EXPECT_EQ(lines[0].at("event"), "test_scope");
    EXPECT_EQ(lines[0].at("company"), "company_1");
    EXPECT_EQ(lines[0].at("count"), 2);
}

TEST(Log, WhatIsBelowTheLevelIsNotWritten) {
    const auto lines = lines_of([] {
        set_level(Level::error);
        warning("test_level");
        error("test_level");
        set_level(Level::info);
    });
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].at("level"), "error");
}

TEST(Log, ALineThatIsTooLongLosesItsLongestField) {
    const auto lines = lines_of(
        [] { info("test_long", {{"short", "kept"}, {"long", std::string(kLineBytesMax, '"')}}); });
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].at("short"), "kept");
    EXPECT_EQ(lines[0].at("long"), "too long: 8192 bytes");
}

TEST(Log, WhateverIsSaidALineStaysOne) {
    const std::string said = "a\r\n{\"event\":\"forged\"}\n\x1b[2J\u2028\"";
    const auto lines = lines_of([&] { info("test_said", {{"name", said}}); });
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].at("event"), "test_said");
    EXPECT_EQ(lines[0].at("name"), said);
}

TEST(Log, LinesOfManyThreadsStayWholeAndAFloodIsCounted) {
    const auto lines = lines_of([] {
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([] {
                for (int n = 0; n < 1000; ++n) info("test_flood", {{"n", n}});
            });
        }
        for (auto& thread : threads) thread.join();
    });
    EXPECT_GE(lines.size(), std::size_t{kLinesPerSecondMax});
    EXPECT_LT(lines.size(), 1000U);  // However slow the machine, fewer seconds than twenty.
    for (const auto& line : lines) EXPECT_EQ(line.at("event"), "test_flood");
}

}  // namespace
}  // namespace mobilytics::log
