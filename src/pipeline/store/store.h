#pragma once
// Remembers what was measured, and answers questions about it. One interface, one shared suite of
// tests (store_suite_test.h); each engine is a folder.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"
#include "pipeline/measure/measure.h"
#include "pipeline/store/calibrations.h"  // IWYU pragma: export
#include "pipeline/store/cells.h"         // IWYU pragma: export
#include "pipeline/store/faces.h"         // IWYU pragma: export
#include "pipeline/store/figures.h"       // IWYU pragma: export
#include "pipeline/store/region_index.h"  // IWYU pragma: export
#include "pipeline/store/regions.h"       // IWYU pragma: export
#include "pipeline/store/sensitive.h"     // IWYU pragma: export

namespace mobilytics::store {

struct Company {
    CompanyId id;
    std::string time_zone = "UTC";    // IANA.
    bool synthetic = false;           // Its data were made for a demonstration.
    bool strict = false;              // Rows about one device go within minutes.
    std::int64_t suppress_below = 0;  // Devices; 0: as the installation has it.
    friend bool operator==(const Company&, const Company&) = default;
};

/// What an asset is, for measuring and for reading.
struct Asset {
    measure::AssetDimension dimension;
    std::string code;
    std::string name;
    std::string kind;  // The business's word: "billboard".
    bool retired = false;
    friend bool operator==(const Asset&, const Asset&) = default;
};

struct Limits {
    std::chrono::hours visits_kept{24};  // By when they were, and by when they came.
    /// Of strict companies, after their last sighting; with five minutes between rounds: half an
    /// hour at most.
    std::chrono::minutes strict_visits_kept{20};
    std::chrono::days routes_kept{3 * 365};
    std::chrono::hours settled_after{24};  // Whole UTC days older than this are put in order.
    std::int64_t memory_bytes_max = std::int64_t{1} << 30;  // Of the engine's buffers.
    int threads = 2;                                        // For questions and commits, in all.
    std::size_t readers_max = 8;                            // Snapshots at a time.
    std::chrono::milliseconds reader_wait_max{2000};        // For one to come free.
    std::chrono::milliseconds question_max{10'000};         // Then it is given up.
};

/// One view of all that is kept, as it was when it was taken: what is asked of it agrees. For one
/// thread, and not for long. Every question names its company, and sees nothing of another. Throws
/// Unavailable for what may pass.
class Snapshot {
  public:
    virtual ~Snapshot() = default;

    virtual std::optional<Company> company(CompanyId company) = 0;
    /// As they stand, retired ones too, ordered by id.
    virtual std::vector<Asset> assets(CompanyId company) = 0;
    /// All there ever were, ordered by (device, from).
    virtual std::vector<measure::Attachment> attachments(CompanyId company) = 0;
    /// What its assets are calibrated by, and when; of the company itself first, then by asset.
    virtual std::vector<Calibrations> calibrations(CompanyId company) = 0;
    /// Every version there ever was, ordered by (face, from).
    virtual std::vector<Face> faces(CompanyId company) = 0;

    /// Up to when each asset was heard, in what is committed; ordered by asset.
    virtual std::vector<AssetHeard> heard(CompanyId company) = 0;
    /// The latest of those; none before the first fact.
    virtual std::optional<Instant> as_of(CompanyId company) = 0;

    /// For each pair of neighbours in `boundaries` (ascending), what the buckets that begin between
    /// them hold together: sums, and different devices.
    virtual std::vector<Figures> figures(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) = 0;
    /// The same of each asset over one period, ordered by asset; not of those without any.
    virtual std::vector<AssetFigures> figures_by_asset(
        CompanyId company, const Filter& filter, Period period) = 0;
    /// Sums of blocks, a slot each; and of each asset, ordered by asset.
    virtual std::vector<BlockFigures> blocks(
        CompanyId company, const Filter& filter, const BlockQuestion& question) = 0;
    virtual std::vector<AssetBlocks> blocks_by_asset(
        CompanyId company, const Filter& filter, const BlockQuestion& question) = 0;
    /// As figures(), of how much was heard at all. The filter's source and motion mean nothing.
    virtual std::vector<Coverage> coverage(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) = 0;

    /// As figures(), of devices behind changing addresses. Of the filter, the assets mean
    /// something.
    virtual std::vector<Counted> counted(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) = 0;
    /// The same of blocks: the parts of the question are hours, or all or none of their quarters.
    virtual std::vector<CountedBlocks> counted_blocks(
        CompanyId company, const Filter& filter, const BlockQuestion& question) = 0;

    /// How each asset was heard between each pair of neighbours, ordered by (slot, asset). The
    /// filter's source and motion mean nothing.
    virtual std::vector<AssetSlot> slots_by_asset(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) = 0;
    /// The same, of what was not counted and why.
    virtual std::vector<AssetDropped> dropped_by_asset(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries) = 0;

    /// How many devices came how often, of the visits that began in the period and are kept.
    virtual Frequency frequency(CompanyId company, const Filter& filter, Period period) = 0;

    /// The cells in which nothing is counted: no other answer has anything of them.
    virtual SensitiveCells sensitive(CompanyId company) = 0;

    /// The cells of a box that at least `devices_min` different devices were in.
    virtual Heat heat(
        CompanyId company, const Filter& filter, Period period, const HeatQuestion& question) = 0;

    /// The newest version of each set, without its regions, by id.
    virtual std::vector<RegionSet> region_sets(CompanyId company) = 0;
    /// A version of a set, the newest unless one is named; null where there is none.
    virtual std::shared_ptr<const RegionIndex> regions(
        CompanyId company, RegionSetId set, std::optional<std::int64_t> version) = 0;
    /// The cells in which anything was heard, ascending; kNoCell too, where places were not known.
    virtual std::vector<measure::Cell> cells(
        CompanyId company, const Filter& filter, Period period) = 0;
    /// As figures(), of the cells of each group; by slot and group, those alone that have any.
    virtual std::vector<GroupFigures> figures_of_cells(
        CompanyId company, const Filter& filter, std::span<const Instant> boundaries,
        const CellGroups& groups) = 0;

    /// Trips that have a part in the period, the oldest first, at most `count`.
    virtual std::vector<Trip> trips(
        CompanyId company, const TripQuestion& question, std::size_t count) = 0;
    /// Of the trips that have a part in the period, that part: see trip_part.h.
    virtual TripSums trip_sums(CompanyId company, const TripQuestion& question) = 0;
};

/// What a commit brought, for those who wait for news.
struct News {
    std::vector<CompanyId> companies;  // Each once.
};

/// What a round of maintenance did.
struct Maintained {
    std::int64_t visits_forgotten = 0;
    std::int64_t checkpoints_forgotten = 0;
    std::int64_t routes_forgotten = 0;
    std::int64_t days_settled = 0;
    friend bool operator==(const Maintained&, const Maintained&) = default;
};

/// For any thread. Commits wait for each other, and for nobody else.
class Store : public measure::FactPort {
  public:
    /// Throws Unavailable, when as many as may are being read.
    virtual std::unique_ptr<Snapshot> snapshot() = 0;

    /// What the business tells. Each is told as often as it likes: the last counts, the same again
    /// changes nothing.
    virtual void learn(const Company& company) = 0;
    virtual void learn(const Asset& asset) = 0;
    /// Known by (company, device, from): its end or its asset may come later.
    virtual void learn(const measure::Attachment& attachment) = 0;
    /// A version that is older than the one that is known changes nothing.
    virtual void learn(const RegionSet& set) = 0;
    /// Its regions are not known any more; what was measured stays.
    virtual void forget(CompanyId company, RegionSetId set) = 0;
    /// They take the place of those that were known. What was heard in their cells is forgotten,
    /// and what comes of them is not kept; what is taken away begins to count from then on.
    virtual void learn(const SensitivePlaces& places) = 0;
    /// All that is known of this asset, or of the company itself.
    virtual void learn(const Calibrations& calibrations) = 0;
    /// Every version of one face, in their order: they replace what was known of it.
    virtual void learn(std::span<const Face> versions) = 0;

    /// After each commit, on its thread, which must not be held up. One listener; none for none.
    virtual void on_news(std::function<void(const News&)> listener) = 0;

    /// Forgets what has been kept long enough, and puts old facts in order. To be called every few
    /// minutes.
    virtual Maintained maintain() = 0;

    /// All of it, as it is at one moment, into `file`, which is made; others go on meanwhile. It
    /// measures on from its place in the stream, wherever it is opened. Throws, and leaves nothing,
    /// when it cannot, and where there is such a file.
    virtual void copy_to(const std::filesystem::path& file) = 0;
};

/// The engine in process: one file, which is made when it is not there. `clock` must outlive it.
/// Throws Unavailable, when another process has the file open.
std::unique_ptr<Store> open_duckdb_store(
    const std::filesystem::path& file, const Limits& limits, const Clock& clock);

/// A table's rows, whatever their order.
struct TableDigest {
    std::string table;
    std::int64_t rows = 0;
    std::string digest;
    friend bool operator==(const TableDigest&, const TableDigest&) = default;
};
/// What a file of that engine holds.
struct StoreContent {
    std::vector<std::string> migrations;  // Their files, in order.
    ingest::StreamPosition position;
    std::vector<TableDigest> tables;  // Ordered by name.
};
/// Throws Unavailable, when another process has the file open; else what is wrong with it.
StoreContent read_duckdb_content(const std::filesystem::path& file);
/// The last that this program knows: a file that has a later one was made by a newer program.
std::string newest_duckdb_migration();

}  // namespace mobilytics::store
