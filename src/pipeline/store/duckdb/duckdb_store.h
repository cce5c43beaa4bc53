#pragma once
// The engine in process: one DuckDB file. One connection writes, a pool of others reads.

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "pipeline/store/region_index.h"
#include "pipeline/store/store.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// Connections for snapshots. One that takes too long is interrupted.
class Readers {
  public:
    Readers(duckdb::Database& database, const Limits& limits);
    /// Every connection must be back.
    ~Readers();
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    /// Throws Unavailable, when none comes free in time.
    std::unique_ptr<duckdb::Connection> take();
    void give_back(std::unique_ptr<duckdb::Connection> connection);

    /// While what it gives lives, nobody takes any. Waits so long for those that were taken.
    std::shared_ptr<void> quiet(std::chrono::milliseconds wait_max);

  private:
    void watch();

    duckdb::Database& database_;
    const Limits limits_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::condition_variable ending_;
    std::vector<std::unique_ptr<duckdb::Connection>> idle_;
    std::vector<std::pair<duckdb::Connection*, int>> busy_;  // And for how many rounds of watch().
    bool quiet_ = false;
    bool end_ = false;
    std::thread watcher_;
};

class DuckdbStore final : public Store {
  public:
    DuckdbStore(const std::filesystem::path& file, const Limits& limits, const Clock& clock);

    void commit(const measure::FactBatch& batch) override;
    ingest::StreamPosition position() override;
    std::vector<measure::Checkpoint> checkpoints() override;
    std::vector<measure::BucketFacts> buckets(AssetId asset, Instant from, Instant to) override;
    std::shared_ptr<const measure::Dimensions> dimensions() override;

    std::unique_ptr<Snapshot> snapshot() override;
    void learn(const Company& company) override;
    void learn(const Asset& asset) override;
    void learn(const measure::Attachment& attachment) override;
    void learn(const RegionSet& set) override;
    void forget(CompanyId company, RegionSetId set) override;
    void learn(const SensitivePlaces& places) override;
    void learn(const Calibrations& calibrations) override;
    void learn(std::span<const Face> versions) override;
    void on_news(std::function<void(const News&)> listener) override;
    Maintained maintain() override;
    void copy_to(const std::filesystem::path& file) override;

  private:
    template <class Work>
    auto written(Work work);
    void set_dimensions();

    const Limits limits_;
    const Clock& clock_;
    duckdb::Database database_;
    std::mutex writing_;  // Its holder has writer_.
    std::unique_ptr<duckdb::Connection> writer_;
    Readers readers_;
    SensitiveByCompany sensitive_;  // As its table has it; writing_ guards it.
    RegionIndexes region_indexes_;
    std::mutex copying_;
    std::mutex shared_;  // Of the two below; never held for long.
    std::shared_ptr<const measure::Dimensions> dimensions_;
    std::function<void(const News&)> listener_;
};

}  // namespace mobilytics::store
