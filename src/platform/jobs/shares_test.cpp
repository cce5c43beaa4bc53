#include "platform/jobs/shares.h"

#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mobilytics::jobs {
namespace {

CompanyId company(std::uint8_t number) {
    std::array<std::uint8_t, 16> bytes{};
    bytes[15] = number;
    return CompanyId::from_bytes(bytes);
}

Room room(std::int64_t slots, std::map<std::string, Room::OfKind> kinds) {
    return {slots * Room::kSlot, std::move(kinds), {}};
}

std::map<CompanyId, std::int64_t> by_company(const std::vector<Share>& given) {
    std::map<CompanyId, std::int64_t> out;
    for (const auto& share : given) out[share.lane.company] += share.count;
    return out;
}

TEST(Shares, CompaniesAreGivenAlikeHoweverManyKindsTheyHave) {
    std::vector<Lane> lanes;
    for (const auto* kind : {"a", "b", "c"}) lanes.push_back({kind, Priority::normal, company(1)});
    lanes.push_back({"a", Priority::normal, company(2)});
    Turns turns;
    const auto given =
        by_company(shares(lanes, room(8, {{"a", {100}}, {"b", {100}}, {"c", {100}}}), {}, turns));
    EXPECT_EQ(given.at(company(1)), 4);
    EXPECT_EQ(given.at(company(2)), 4);
}

TEST(Shares, WhoRunsMuchWaits) {
    const std::vector<Lane> lanes{
        {"a", Priority::normal, company(1)}, {"a", Priority::normal, company(2)}};
    Turns turns;
    const auto given = by_company(shares(lanes, room(4, {{"a", {100}}}), {{company(1), 3}}, turns));
    EXPECT_EQ(given.at(company(2)), 4 - given.at(company(1)));
    EXPECT_EQ(given.at(company(1)), 1);
}

TEST(Shares, TheUrgentGoFirst) {
    const std::vector<Lane> lanes{
        {"a", Priority::low, company(1)}, {"a", Priority::urgent, company(2)}};
    Turns turns;
    const auto given = shares(lanes, room(2, {{"a", {100}}}), {}, turns);
    ASSERT_EQ(given.size(), 1U);
    EXPECT_EQ(given[0].lane.company, company(2));
    EXPECT_EQ(given[0].count, 2);
}

TEST(Shares, WhoseTurnIsLongestAgoComesNext) {
    const std::vector<Lane> lanes{
        {"a", Priority::normal, company(1)},
        {"a", Priority::normal, company(2)},
        {"a", Priority::normal, company(3)}};
    Turns turns;
    std::vector<CompanyId> order;
    for (int i = 0; i < 6; ++i) {
        order.push_back(shares(lanes, room(1, {{"a", {100}}}), {}, turns).at(0).lane.company);
    }
    EXPECT_EQ(
        order, (std::vector<CompanyId>{
                   company(1), company(2), company(3), company(1), company(2), company(3)}));
}

TEST(Shares, ABatchTakesOneThread) {
    const std::vector<Lane> lanes{{"many", Priority::normal, company(1)}};
    Turns turns;
    const auto given = shares(lanes, room(2, {{"many", {1'000'000, "", 500}}}), {}, turns);
    ASSERT_EQ(given.size(), 1U);
    EXPECT_EQ(given[0].count, 1'000);
}

RC_GTEST_PROP(Shares, NoLimitIsExceededAndNoRoomLeftOver, ()) {
    std::map<std::string, Room::OfKind> kinds;
    for (const auto* name : {"a", "b", "c", "d"}) {
        kinds[name] = {
            *rc::gen::inRange<std::int64_t>(0, 20), *rc::gen::element<std::string>("", "v", "w"),
            *rc::gen::element(1, 1, 4)};
    }
    auto all = room(*rc::gen::inRange<std::int64_t>(0, 30), kinds);
    all.vendors = {{"v", *rc::gen::inRange<std::int64_t>(0, 10)}, {"w", 1'000}};
    std::vector<Lane> lanes;
    const auto count = *rc::gen::inRange(0, 30);
    for (int i = 0; i < count; ++i) {
        lanes.push_back(
            {*rc::gen::element<std::string>("a", "b", "c", "d", "unknown"),
             static_cast<Priority>(*rc::gen::inRange(0, 4)),
             company(static_cast<std::uint8_t>(*rc::gen::inRange(1, 6)))});
    }
    std::sort(lanes.begin(), lanes.end());
    lanes.erase(std::unique(lanes.begin(), lanes.end()), lanes.end());
    Turns turns;
    const auto given = shares(lanes, all, {}, turns);

    std::map<std::string, std::int64_t> of_kind, of_vendor;
    std::int64_t slots = 0;
    for (const auto& share : given) {
        RC_ASSERT(share.count > 0);
        const auto& kind = kinds.at(share.lane.kind);
        of_kind[share.lane.kind] += share.count;
        of_vendor[kind.vendor] += share.count;
        slots += share.count * (Room::kSlot / kind.batch_max);
    }
    RC_ASSERT(slots <= all.slots);
    for (const auto& [name, kind] : kinds) RC_ASSERT(of_kind[name] <= kind.jobs);
    for (const auto& [name, most] : all.vendors) RC_ASSERT(of_vendor[name] <= most);
    // Whatever lane is left has no room: of its kind, of its vendor, or of threads.
    for (const auto& lane : lanes) {
        const auto kind = kinds.find(lane.kind);
        if (kind == kinds.end()) continue;
        const auto& [jobs, vendor, batch_max] = kind->second;
        RC_ASSERT(
            of_kind[lane.kind] == jobs || slots + Room::kSlot / batch_max > all.slots ||
            (!vendor.empty() && of_vendor[vendor] == all.vendors.at(vendor)));
    }
}

}  // namespace
}  // namespace mobilytics::jobs
