// docs/protocol.md says what the code does: limits, words, the frame written out.

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "pipeline/wire/report_test.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::wire {
namespace {

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// From one heading to the next.
std::string section(const std::string& heading) {
    const auto document = content("docs/protocol.md");
    const auto start = document.find("\n## " + heading);
    EXPECT_NE(start, std::string::npos) << heading;
    return document.substr(start, document.find("\n## ", start + 4) - start);
}

TEST(ProtocolDocument, HasTheLimitsOfTheCode) {
    const std::vector<std::pair<std::string, std::uint64_t>> limits{
        {"bytes of a body as sent", kFrameBodyBytesMax},
        {"bytes of a body unpacked", kFramePlainBytesMax},
        {"bytes of an envelope", kEnvelopeBytesMax},
        {"frames in an envelope", kFramesPerEnvelopeMax},
        {"observations in a report", kObservationsMax},
        {"positions in a report", kPositionsMax},
        {"anchors in a report", kAnchorsMax},
        {"losses in a report", kLossesMax},
        {"reasons in health", kDropCountsMax},
        {"bytes of a version or a reason (visible ASCII without quotes and backslashes)",
         kWordBytesMax},
        {"microseconds of a window", static_cast<std::uint64_t>(kWindowMax.count())},
        {"seq", kSeqMax},
        {"first microsecond of `started_us` that is too late (2200-01-01)",
         static_cast<std::uint64_t>(kInstantEnd.time_since_epoch().count())},
        {"first microsecond of `started_mono_us` that is too late", kMonotonicEndUs},
        {"bytes of an ack", kAckBytesMax},
        {"ranges of a kind in an ack", kAckRangesMax},
    };
    const auto table = section("11. Limits");
    for (const auto& [what, value] : limits) {
        const auto row = "\n| " + what + " | " + std::to_string(value) + " |\n";
        EXPECT_NE(table.find(row), std::string::npos) << row;
    }
    // And no others: two lines of a table are its head.
    const auto rows = static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n'));
    std::size_t in_table = 0;
    for (std::size_t at = table.find("\n| "); at != table.npos; at = table.find("\n| ", at + 1)) {
        ++in_table;
    }
    EXPECT_EQ(in_table, limits.size() + 1) << rows;
}

TEST(ProtocolDocument, NamesEveryReasonToRefuse) {
    const auto table = section("12. Errors");
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<RejectReason>>([&](auto one) {
        EXPECT_NE(table.find("\n| `" + std::string(one.name) + "` |"), std::string::npos)
            << one.name;
    });
}

TEST(ProtocolDocument, NamesEveryClockState) {
    const auto table = section("7. Clocks");
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<ClockState>>([&](auto one) {
        const auto row = "\n| " + std::to_string(static_cast<int>(one.value)) + " " + one.name;
        EXPECT_NE(table.find(row), std::string::npos) << row;
    });
}

TEST(ProtocolDocument, WritesOutTheGoldenFrame) {
    const auto text = section("2. Frame and envelope");
    const auto start = text.find("    4d590100");
    ASSERT_NE(start, std::string::npos);
    std::string written;
    // Of each line what stands before two spaces and the explanation, without single ones.
    for (auto rest = text.substr(start); rest.starts_with("    ");) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.erase(0, line.size() + 1);
        const auto first = line.find_first_not_of(' ');
        for (const char c : line.substr(first, line.find("  ", first) - first)) {
            if (c != ' ') written += c;
        }
    }
    std::string golden;
    const auto frame = content("tests/golden/frames/two_sightings.bin");
    for (const auto byte : as_bytes(frame)) {
        golden += "0123456789abcdef"[byte >> 4];
        golden += "0123456789abcdef"[byte & 0xF];
    }
    EXPECT_EQ(written, golden);
}

}  // namespace
}  // namespace mobilytics::wire
