#pragma once
// Questions, as DuckDB answers them.

#include <functional>
#include <memory>

#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

class RegionIndexes;

class DuckdbSnapshot final : public Snapshot {
  public:
    /// `give_back` takes the connection, when this is over.
    using GiveBack = std::function<void(std::unique_ptr<duckdb::Connection>)>;
    DuckdbSnapshot(
        std::unique_ptr<duckdb::Connection> connection, RegionIndexes& indexes, GiveBack give_back);
    ~DuckdbSnapshot() override;

    std::optional<Company> company(CompanyId company) override;
    std::vector<Asset> assets(CompanyId company) override;
    std::vector<measure::Attachment> attachments(CompanyId company) override;
    std::vector<Calibrations> calibrations(CompanyId company) override;
    std::vector<Face> faces(CompanyId company) override;
    std::vector<AssetHeard> heard(CompanyId company) override;
    std::optional<Instant> as_of(CompanyId company) override;
    std::vector<Figures> figures(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) override;
    std::vector<AssetFigures> figures_by_asset(
        CompanyId company, const Filter& filter, Period period) override;
    std::vector<BlockFigures> blocks(
        CompanyId company, const Filter& filter, const BlockQuestion& question) override;
    std::vector<AssetBlocks> blocks_by_asset(
        CompanyId company, const Filter& filter, const BlockQuestion& question) override;
    std::vector<Coverage> coverage(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) override;
    std::vector<Counted> counted(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) override;
    std::vector<CountedBlocks> counted_blocks(
        CompanyId company, const Filter& filter, const BlockQuestion& question) override;
    std::vector<AssetSlot> slots_by_asset(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) override;
    std::vector<AssetDropped> dropped_by_asset(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) override;
    Frequency frequency(CompanyId company, const Filter& filter, Period period) override;
    SensitiveCells sensitive(CompanyId company) override;
    Heat heat(CompanyId company, const Filter& filter, Period period, const HeatQuestion& question)
        override;
    std::vector<RegionSet> region_sets(CompanyId company) override;
    std::shared_ptr<const RegionIndex> regions(
        CompanyId company, RegionSetId set, std::optional<std::int64_t> version) override;
    std::vector<measure::Cell> cells(
        CompanyId company, const Filter& filter, Period period) override;
    std::vector<GroupFigures> figures_of_cells(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries,
        const CellGroups& groups) override;
    std::vector<Trip> trips(
        CompanyId company, const TripQuestion& question, std::size_t count) override;
    TripSums trip_sums(CompanyId company, const TripQuestion& question) override;

  private:
    std::unique_ptr<duckdb::Connection> connection_;
    RegionIndexes& indexes_;
    GiveBack give_back_;
    std::optional<duckdb::Transaction> view_;
};

/// The first and the last word that a filter lets through.
template <WordEnum Enum>
std::pair<Enum, Enum> words_between(const std::optional<Enum>& wanted, Enum first, Enum last) {
    return wanted ? std::pair(*wanted, *wanted) : std::pair(first, last);
}

}  // namespace mobilytics::store
