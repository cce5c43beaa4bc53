// Whoever asks everything that may be asked, and subtracts the answers from each other as they
// like, learns of no fewer than k devices.

#include "pipeline/report/disclosure.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/report/report_rules.h"
#include "platform/duckdb/duckdb_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kFloor = 10;
constexpr std::size_t kAssets = 3;
constexpr std::size_t kHours = 3;
constexpr std::size_t kSources = 2;
constexpr std::size_t kAtoms = kAssets * kSources * kHours;

using Mask = std::vector<bool>;
struct Answer {
    Mask of;
    std::int64_t visits = 0;
};

std::size_t atom_of(std::size_t asset, std::size_t source, std::size_t hour) {
    return (asset * kSources + source) * kHours + hour;
}

/// A day of few assets, of which each hour has few visits or many.
class World {
  public:
    explicit World(unsigned seed) {
        std::mt19937 random(seed);
        measure::FactBatch batch;
        batch.position = {1, 1};
        for (std::size_t asset = 0; asset < kAssets; ++asset) {
            auto& facts = batch.assets.emplace_back();
            facts.company = company;
            facts.asset = assets.emplace_back(AssetId::fresh(clock.now()));
            for (std::size_t hour = 0; hour < kHours; ++hour) {
                measure::BucketFacts bucket;
                bucket.start = midnight + std::chrono::hours(8 + hour);
                for (std::size_t source = 0; source < kSources; ++source) {
                    // Half of them below the floor, some nothing at all.
                    const auto count = random() % 3 == 0 ? random() % 40 : random() % 12;
                    counts[atom_of(asset, source, hour)] = static_cast<std::int64_t>(count);
                    if (count > 0) bucket.exposures.push_back(heard(source, count, random));
                }
                facts.buckets.push_back(std::move(bucket));
            }
        }
        store->commit(batch);
    }

    /// What is answered between two hours of the day; 0 and 24 are its ends.
    std::int64_t ask(const store::Filter& filter, std::size_t from, std::size_t to) {
        const std::array ends{
            midnight + std::chrono::hours(from), midnight + std::chrono::hours(to)};
        const auto of = lattice(ends, "UTC", clock.now(), Fineness::hours, kFloor);
        const auto parts = store->snapshot()->blocks(company, filter, of.question);
        return gathered(parts, of, 1, kFloor).at(0).figures.visits;
    }

    static measure::Exposure heard(std::size_t source, std::uint64_t count, std::mt19937& random) {
        measure::Exposure out;
        out.source = source == 0 ? wire::RadioKind::wifi : wire::RadioKind::ble;
        out.motion = measure::Motion::fixed;
        out.visits_begun = static_cast<std::int64_t>(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            out.reach.add(1, (static_cast<std::uint64_t>(random()) << 32) | random());
        }
        return out;
    }

    const Instant midnight = *parse_iso8601("2026-08-21T00:00:00Z");
    ManualClock clock{midnight + 48h};
    const CompanyId company = CompanyId::fresh(clock.now());
    std::vector<AssetId> assets;
    std::array<std::int64_t, kAtoms> counts{};
    duckdb::TemporaryFolder folder;
    std::unique_ptr<store::Store> store =
        store::open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
};

/// Every question of some hours: which atoms it is about, and what it is asked with.
template <class Ask>
std::vector<Answer> all_answers(const World& world, Ask ask) {
    std::vector<Answer> out;
    for (unsigned chosen = 1; chosen < (1U << kAssets); ++chosen) {
        for (std::size_t source = 0; source <= kSources; ++source) {
            store::Filter filter;
            for (std::size_t asset = 0; asset < kAssets; ++asset) {
                if (chosen & (1U << asset)) filter.assets.push_back(world.assets[asset]);
            }
            if (source < kSources) {
                filter.source = source == 0 ? wire::RadioKind::wifi : wire::RadioKind::ble;
            }
            for (std::size_t from = 0; from < kHours; ++from) {
                for (std::size_t to = from + 1; to <= kHours; ++to) {
                    Answer answer{Mask(kAtoms, false), 0};
                    for (std::size_t atom = 0; atom < kAtoms; ++atom) {
                        const auto hour = atom % kHours;
                        const auto its_source = atom / kHours % kSources;
                        const auto asset = atom / kHours / kSources;
                        answer.of[atom] = (chosen & (1U << asset)) != 0 && hour >= from &&
                                          hour < to && (source == kSources || its_source == source);
                    }
                    answer.visits = ask(filter, from, to, answer.of);
                    out.push_back(std::move(answer));
                }
            }
        }
    }
    return out;
}

bool is_within(const Mask& small, const Mask& large) {
    for (std::size_t i = 0; i < small.size(); ++i) {
        if (small[i] && !large[i]) return false;
    }
    return true;
}

/// The difference attack: how many answers, less another that lies within, are 1 to k-1.
std::size_t found_by_differences(const std::vector<Answer>& answers) {
    std::size_t found = 0;
    for (const auto& large : answers) {
        for (const auto& small : answers) {
            const auto rest = large.visits - small.visits;
            if (rest > 0 && rest < kFloor && is_within(small.of, large.of)) ++found;
        }
    }
    return found;
}

/// The linear attack: all answers as equations, solved. How many atoms come out as 1 to k-1.
std::size_t found_by_elimination(const std::vector<Answer>& answers) {
    std::vector<std::vector<double>> rows;
    for (const auto& answer : answers) {
        auto& row = rows.emplace_back(answer.of.begin(), answer.of.end());
        row.push_back(static_cast<double>(answer.visits));
    }
    std::size_t rank = 0;
    for (std::size_t column = 0; column < kAtoms && rank < rows.size(); ++column) {
        auto pivot = rank;
        for (auto i = rank; i < rows.size(); ++i) {
            if (std::abs(rows[i][column]) > std::abs(rows[pivot][column])) pivot = i;
        }
        if (std::abs(rows[pivot][column]) < 1e-9) continue;
        std::swap(rows[rank], rows[pivot]);
        const auto lead = rows[rank][column];
        for (auto& value : rows[rank]) value /= lead;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto times = rows[i][column];
            if (i == rank || std::abs(times) < 1e-12) continue;
            for (std::size_t j = 0; j <= kAtoms; ++j) rows[i][j] -= times * rows[rank][j];
        }
        ++rank;
    }
    std::size_t found = 0;
    for (std::size_t i = 0; i < rank; ++i) {
        const auto others = std::count_if(rows[i].begin(), rows[i].end() - 1, [](double value) {
            return std::abs(value) > 1e-9;
        });
        const auto value = rows[i].back();
        if (others == 1 && value > 0.5 && value < static_cast<double>(kFloor) - 0.5) ++found;
    }
    return found;
}

class Disclosure : public testing::TestWithParam<unsigned> {};

TEST_P(Disclosure, NoAnswersTogetherTellOfFewerThanK) {
    World world(GetParam());
    const auto answers =
        all_answers(world, [&](const auto& filter, std::size_t from, std::size_t to, const Mask&) {
            return world.ask(filter, 8 + from, 8 + to);
        });
    EXPECT_EQ(found_by_differences(answers), 0U);
    EXPECT_EQ(found_by_elimination(answers), 0U);
    // What it rests on: every answer is the sum of what its atoms are told as by themselves, and
    // each of those is nothing, or what it truly is and enough.
    std::array<std::int64_t, kAtoms> told{};
    for (const auto& answer : answers) {
        if (std::count(answer.of.begin(), answer.of.end(), true) != 1) continue;
        const auto atom = static_cast<std::size_t>(
            std::find(answer.of.begin(), answer.of.end(), true) - answer.of.begin());
        told[atom] = answer.visits;
        EXPECT_EQ(answer.visits, world.counts[atom] >= kFloor ? world.counts[atom] : 0);
    }
    for (const auto& answer : answers) {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < kAtoms; ++i) sum += answer.of[i] ? told[i] : 0;
        EXPECT_EQ(answer.visits, sum);
    }
}

TEST_P(Disclosure, ARuleThatLooksAtEachAnswerAloneIsCaught) {
    World world(GetParam());
    const auto answers =
        all_answers(world, [&](const auto&, std::size_t, std::size_t, const Mask& of) {
            std::int64_t sum = 0;
            for (std::size_t i = 0; i < kAtoms; ++i) sum += of[i] ? world.counts[i] : 0;
            return sum >= kFloor ? sum : 0;
        });
    EXPECT_GT(found_by_differences(answers), 0U);
}

TEST_P(Disclosure, ADayThatIsOverIsWhollyThereOrTheSumOfItsHours) {
    World world(GetParam());
    for (const auto& asset : world.assets) {
        for (const auto source : {wire::RadioKind::wifi, wire::RadioKind::ble}) {
            const store::Filter filter{{asset}, source, {}};
            std::int64_t hours = 0;
            for (std::size_t hour = 0; hour < kHours; ++hour) {
                hours += world.ask(filter, 8 + hour, 9 + hour);
            }
            const auto day = world.ask(filter, 0, 24);
            if (hours > 0) {
                EXPECT_EQ(day, hours);
            } else {
                EXPECT_TRUE(day == 0 || day >= kFloor) << day;
            }
        }
    }
    // Of the day before it is over there is nothing but its hours.
    const store::Filter all;
    const auto hours = world.ask(all, 0, 23);
    EXPECT_LE(hours, world.ask(all, 0, 24));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Disclosure, testing::Values(1U, 2U));

TEST(DisclosureRules, TwoAnswersOfDevicesNeverDifferByFewerThanK) {
    for (const std::int64_t floor : {5, 7, 10, 50}) {
        for (std::int64_t less = 0; less < 3 * floor; ++less) {
            for (auto more = less; more < 3 * floor; ++more) {
                if (!may_show(static_cast<double>(less), floor)) continue;
                if (!may_show(static_cast<double>(more), floor)) continue;
                const auto rest = shown_devices(static_cast<double>(more), floor) -
                                  shown_devices(static_cast<double>(less), floor);
                EXPECT_TRUE(rest == 0 || rest >= static_cast<double>(floor)) << less << " " << more;
            }
        }
    }
}

TEST(DisclosureRules, CountsAreRoundedOnceAndTheirQuotientIsOfWhatIsShown) {
    EXPECT_EQ(to_five(0), 0);
    EXPECT_EQ(to_five(12), 10);
    EXPECT_EQ(to_five(13), 15);
    EXPECT_EQ(grid_of(5), 5);
    EXPECT_EQ(grid_of(7), 10);
    EXPECT_EQ(grid_of(50), 50);
    EXPECT_EQ(shown_devices(6, 5), 5);
    EXPECT_EQ(shown_devices(14, 10), 10);
    EXPECT_EQ(shown_devices(11, 25), 0);
    EXPECT_EQ(shown_devices(26, 25), 25);
    const auto told =
        published({.figures = {.visits = 104, .visits_carried = 11, .devices = 52}}, 10);
    EXPECT_EQ(told.visits, 105);
    EXPECT_EQ(told.devices, 50);
    EXPECT_EQ(told.came, 115);
    EXPECT_EQ(told.frequency(), 2.3);
    EXPECT_DOUBLE_EQ(*told.frequency() * told.devices, static_cast<double>(told.came));
}

TEST(DisclosureRules, QuestionsAreTakenToWholeHoursOfTheCompany) {
    const auto at = [](const char* text) { return *parse_iso8601(text); };
    const std::array ends{at("2026-08-21T08:20:00Z"), at("2026-08-21T10:05:00Z")};
    const auto of = lattice(ends, "Asia/Kolkata", at("2026-08-22T00:00:00Z"), Fineness::hours, 10);
    EXPECT_EQ(of.question.boundaries.front(), at("2026-08-21T07:30:00Z"));
    EXPECT_EQ(of.question.boundaries.back(), at("2026-08-21T10:30:00Z"));
    EXPECT_EQ(of.question.slots, (std::vector<std::int64_t>{0, 0, 0}));
    EXPECT_EQ(of.question.is_over, (std::vector<std::int64_t>{0, 0, 0}));
    EXPECT_EQ(of.question.is_first, (std::vector<std::int64_t>{1, 0, 0}));
}

TEST(DisclosureRules, ADayIsOneWholeOnceItIsOver) {
    const auto at = [](const char* text) { return *parse_iso8601(text); };
    const std::array ends{
        at("2026-08-21T00:00:00Z"), at("2026-08-22T00:00:00Z"), at("2026-08-22T12:00:00Z")};
    const auto of = lattice(ends, "UTC", at("2026-08-22T12:00:00Z"), Fineness::hours, 10);
    ASSERT_EQ(of.question.slots.size(), 36U);
    EXPECT_EQ(of.slot_of, (std::vector<std::size_t>{0, 1}));
    EXPECT_EQ(std::count(of.question.is_over.begin(), of.question.is_over.end(), 1), 24);
    EXPECT_EQ(of.question.is_over[23], 1);
    EXPECT_EQ(of.question.is_over[24], 0);
}

}  // namespace
}  // namespace mobilytics::report
