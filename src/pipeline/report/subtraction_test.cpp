// Whoever subtracts what is told of faces and of devices that were counted: nothing of fewer than k
// comes of it. Every question of a drawn morning is asked, and all pairs are subtracted; the rule
// that looked at each answer alone is asked beside it, and does tell.

#include <numeric>
#include <random>

#include "pipeline/report/disclosure.h"
#include "pipeline/report/face_report_test.h"

namespace mobilytics::report {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kFloor = 10;
constexpr std::size_t kHours = 2;
constexpr std::size_t kQuarters = 4 * kHours;

struct Told {
    std::size_t from = 0, to = 0;  // Quarters.
    double count = 0;
};

/// How many answers, less another one that lies within, are 1 to k-1.
std::size_t found_by_differences(const std::vector<Told>& all, const std::vector<Told>& others) {
    std::size_t found = 0;
    for (const auto& large : all) {
        for (const auto& small : others) {
            const bool within = small.from >= large.from && small.to <= large.to;
            const auto rest = large.count - small.count;
            if (within && rest > 0.5 && rest < kFloor - 0.5) ++found;
        }
    }
    return found;
}

/// Each of the morning's quarters has few or many, and each seed at least one hour of few.
std::array<std::int64_t, kQuarters> drawn(unsigned seed) {
    std::mt19937 random(seed);
    std::array<std::int64_t, kQuarters> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const bool is_full = i / 4 != seed % kHours && random() % 2 == 0;
        out[i] = static_cast<std::int64_t>(is_full ? 12 + random() % 30 : random() % 3);
    }
    return out;
}

template <class Use>
void each_range(Use use) {
    for (std::size_t from = 0; from < kQuarters; ++from) {
        for (auto to = from + 1; to <= kQuarters; ++to) use(from, to);
    }
}

std::int64_t sum(const std::array<std::int64_t, kQuarters>& of, std::size_t from, std::size_t to) {
    return std::accumulate(of.begin() + std::ptrdiff_t(from), of.begin() + std::ptrdiff_t(to), 0LL);
}

using Subtraction = FaceReportTest;

TEST_F(Subtraction, OfFacesNothingOfFewerThanKIsHad) {
    for (const unsigned seed : {1U, 2U}) {
        SCOPED_TRACE(seed);
        const auto counts = drawn(seed);
        face.loop_s = 60;
        face.spot_s = 10;
        face.slots = 6;
        face.lit = store::FaceLight::always;
        face.obstruction = 0;
        learn();
        for (std::size_t i = 0; i < kQuarters; ++i) {
            keep(
                board, noon + i * 15min, static_cast<std::uint64_t>(counts[i]), 1,
                measure::Motion::fixed, 1000 * i);
        }
        std::vector<Told> told, contacts, alone;
        each_range([&](std::size_t from, std::size_t to) {
            const auto span =
                "?from=" + to_iso8601(noon + from * 15min) + "&to=" + to_iso8601(noon + to * 15min);
            const auto reply = ask(span);
            const auto truth = sum(counts, from, to);
            alone.push_back({from, to, truth >= kFloor ? static_cast<double>(truth) : 0});
            // The hours that it is told of, and what there is in those of them that may be shown.
            const auto first = from / 4, last = (to + 3) / 4;
            std::int64_t shown = 0;
            for (auto hour = first; hour < last; ++hour) {
                const auto of = sum(counts, 4 * hour, 4 * hour + 4);
                shown += of >= kFloor ? of : 0;
            }
            EXPECT_EQ(value(reply, "ots").value_or(0), static_cast<double>(to_five(shown)));
            EXPECT_EQ(value(reply, "lts").value_or(0), value(reply, "ots").value_or(0));
            told.push_back({from, to, value(reply, "ots").value_or(0)});
            // 18 s of 3600 of each visit, with each of an hour's 360 plays: 1.8 a visit.
            const auto met =
                reply.as_object().contains("plays") ? reply.at("plays").at("contacts") : 0.0;
            contacts.push_back({from, to, met.to_number<double>() / 1.8});
        });
        EXPECT_EQ(found_by_differences(told, told), 0U);
        EXPECT_EQ(found_by_differences(contacts, contacts), 0U);
        EXPECT_GT(found_by_differences(alone, alone), 0U);
    }
}

TEST_F(Subtraction, OfCountedDevicesNothingOfFewerThanKIsHad) {
    for (const unsigned seed : {1U, 2U}) {
        SCOPED_TRACE(seed);
        const auto counts = drawn(seed);
        measure::FactBatch batch;
        batch.position = {++commits, 1};
        auto& facts = batch.assets.emplace_back();
        facts.company = company;
        facts.asset = board;
        for (std::size_t i = 0; i < kQuarters; ++i) {
            auto& bucket = facts.buckets.emplace_back();
            bucket.start = noon + i * 15min;
            auto& counted = bucket.counted.emplace();
            const auto milli = static_cast<std::int32_t>(1000 * counts[i]);
            counted.devices = {milli, milli, milli, measure::Basis::tracks};
            counted.span_ms = 900'000;
        }
        store->commit(batch);
        const auto devices = [&](std::span<const Instant> ends, Fineness fineness) {
            const auto snapshot = store->snapshot();
            std::vector<double> out;
            for (const auto& one : published_counted(
                     *snapshot, company, {{board}, {}, {}}, ends,
                     {"America/Chicago", clock.now(), kFloor, fineness})) {
                out.push_back(static_cast<double>(one.counted.devices_milli) / 1000);
            }
            return out;
        };
        std::vector<Told> hours, quarters, alone;
        each_range([&](std::size_t from, std::size_t to) {
            const std::array<Instant, 2> ends{noon + from * 15min, noon + to * 15min};
            hours.push_back({from / 4 * 4, (to + 3) / 4 * 4, devices(ends, Fineness::hours)[0]});
            quarters.push_back({from, to, devices(ends, Fineness::quarters)[0]});
            const auto truth = sum(counts, from, to);
            alone.push_back({from, to, truth >= kFloor ? static_cast<double>(truth) : 0});
        });
        EXPECT_EQ(found_by_differences(hours, hours), 0U);
        EXPECT_EQ(found_by_differences(quarters, quarters), 0U);
        EXPECT_EQ(found_by_differences(hours, quarters), 0U);  // What has those has the hour.
        EXPECT_GT(found_by_differences(alone, alone), 0U);
        // An hour is told where so many were there in one of its quarters: else its sum may be of
        // the same few, four times.
        for (std::size_t hour = 0; hour < kHours; ++hour) {
            const std::array<Instant, 2> ends{noon + hour * 1h, noon + (hour + 1) * 1h};
            const auto first = counts.begin() + std::ptrdiff_t(4 * hour);
            const bool is_enough = *std::max_element(first, first + 4) >= kFloor;
            const auto truth = static_cast<double>(sum(counts, 4 * hour, 4 * hour + 4));
            EXPECT_EQ(devices(ends, Fineness::hours)[0], is_enough ? truth : 0);
        }
    }
}

TEST_F(Subtraction, AnHourOfTheSameFewInEachQuarterIsNotCounted) {
    measure::FactBatch batch;
    batch.position = {++commits, 1};
    auto& facts = batch.assets.emplace_back();
    facts.company = company;
    facts.asset = board;
    for (int i = 0; i < 4; ++i) {
        auto& bucket = facts.buckets.emplace_back();
        bucket.start = noon + i * 15min;
        bucket.counted.emplace().devices = {9000, 9000, 9000, measure::Basis::tracks};
    }
    store->commit(batch);
    const std::array<Instant, 2> ends{noon, noon + 1h};
    const auto snapshot = store->snapshot();
    const auto told = published_counted(
        *snapshot, company, {}, ends, {"America/Chicago", clock.now(), kFloor, Fineness::hours});
    EXPECT_EQ(told[0].counted.quarters, 0);
    EXPECT_TRUE(told[0].held_back);
}

}  // namespace
}  // namespace mobilytics::report
