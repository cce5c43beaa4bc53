#pragma once
// What every engine must pass: store_suite*_test.cpp have the cases, an engine's own test
// instantiates them for itself:
//
//   INSTANTIATE_TEST_SUITE_P(Duckdb, StoreSuite, testing::Values(Engine{...}));

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb_test.h"

namespace mobilytics::store {

struct Engine {
    std::string name;
    /// The store that is kept in this folder, empty at first.
    std::function<std::unique_ptr<Store>(
        const std::filesystem::path& folder, const Limits& limits, const Clock& clock)>
        open;
    friend std::ostream& operator<<(std::ostream& out, const Engine& engine) {
        return out << engine.name;
    }
};

/// Facts of a made-up world, always the same for one seed.
class World {
  public:
    explicit World(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t end) { return random_() % end; }
    CompanyId company() { return CompanyId::from_bytes(bytes()); }
    AssetId asset() { return AssetId::from_bytes(bytes()); }
    DeviceId device() { return DeviceId::from_bytes(bytes()); }

    /// Exposures of some sources, motions and cells, and visits, of some of `devices_max` devices.
    measure::BucketFacts bucket(Instant start, std::uint64_t devices_max = 40);
    measure::Route route(Instant started);
    /// Of `count` buckets from `start` on.
    measure::AssetFacts facts(CompanyId company, AssetId asset, Instant start, int count);

  private:
    std::array<std::uint8_t, 16> bytes();
    measure::Exposure exposure(std::uint64_t epoch, std::uint64_t devices_max);
    measure::Counted counted();
    measure::Visit visit(Instant start, std::uint64_t epoch, std::uint64_t devices_max);
    std::mt19937_64 random_;
};

/// Answers by going through facts one by one: what an engine's answers must equal.
class Oracle {
  public:
    void keep(const measure::FactBatch& batch);

    std::vector<Figures> figures(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const;
    std::vector<AssetFigures> figures_by_asset(
        CompanyId company, const Filter& filter, Period period) const;
    std::vector<Coverage> coverage(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const;
    std::vector<Counted> counted(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const;
    std::vector<CountedBlocks> counted_blocks(
        CompanyId company, const Filter& filter, const BlockQuestion& question) const;
    std::vector<AssetSlot> slots_by_asset(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const;
    std::vector<AssetDropped> dropped_by_asset(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const;
    Frequency frequency(CompanyId company, const Filter& filter, Period period) const;
    Heat heat(
        CompanyId company, const Filter& filter, Period period, const HeatQuestion& question) const;
    std::vector<Trip> trips(CompanyId company, const TripQuestion& question) const;
    std::vector<AssetHeard> heard(CompanyId company) const;
    std::vector<measure::BucketFacts> buckets(AssetId asset, Instant from, Instant to) const;

  private:
    template <class Use>
    void each_bucket(CompanyId company, const Filter& filter, Use use) const;
    template <class Use>
    void each_exposure(CompanyId company, const Filter& filter, Period period, Use use) const;

    std::map<std::pair<CompanyId, AssetId>, std::map<Instant, measure::BucketFacts>> buckets_;
    std::map<std::pair<CompanyId, AssetId>, std::map<Instant, measure::Route>> routes_;
};

class StoreSuite : public testing::TestWithParam<Engine> {
  protected:
    std::unique_ptr<Store> opened() { return GetParam().open(folder.path(), limits, clock); }

    duckdb::TemporaryFolder folder;
    Limits limits;
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const Instant today = *parse_iso8601("2026-08-21T00:00:00Z");
    World world{1};
    const CompanyId company = world.company();
    const CompanyId other = world.company();
};

std::vector<Instant> quarters(Instant from, int count);

/// Empty ones, to be filled.
inline measure::FactBatch batch_at(ingest::StreamPosition position) {
    measure::FactBatch out;
    out.position = position;
    return out;
}
inline measure::AssetFacts facts_of(CompanyId company, AssetId asset) {
    measure::AssetFacts out;
    out.company = company;
    out.asset = asset;
    return out;
}
inline measure::BucketFacts bucket_at(Instant start) {
    measure::BucketFacts out;
    out.start = start;
    return out;
}

}  // namespace mobilytics::store
