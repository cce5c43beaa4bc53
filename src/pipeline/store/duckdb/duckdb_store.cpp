#include "pipeline/store/duckdb/duckdb_store.h"

#include <algorithm>

#include "foundation/log.h"
#include "pipeline/store/duckdb/aggregates.h"
#include "pipeline/store/duckdb/calibration_table.h"
#include "pipeline/store/duckdb/cell_days.h"
#include "pipeline/store/duckdb/copies.h"
#include "pipeline/store/duckdb/days.h"
#include "pipeline/store/duckdb/dimension_table.h"
#include "pipeline/store/duckdb/duckdb_snapshot.h"
#include "pipeline/store/duckdb/face_table.h"
#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/duckdb/maintenance.h"
#include "pipeline/store/duckdb/region_table.h"
#include "pipeline/store/duckdb/sensitive_table.h"
#include "pipeline/store/store_duckdb_migrations.h"

namespace mobilytics::store {

namespace {

duckdb::Settings settings_of(const Limits& limits) {
    return {.memory_bytes_max = limits.memory_bytes_max, .threads = limits.threads};
}

constexpr std::chrono::milliseconds kWatchEvery{250};
constexpr std::chrono::milliseconds kQuietMax{250};

}  // namespace

Readers::Readers(duckdb::Database& database, const Limits& limits)
    : database_(database), limits_(limits), watcher_([this] { watch(); }) {}

Readers::~Readers() {
    {
        const std::lock_guard lock(mutex_);
        VERIFY(busy_.empty());
        end_ = true;
    }
    ending_.notify_one();
    watcher_.join();
}

std::unique_ptr<duckdb::Connection> Readers::take() {
    std::unique_lock lock(mutex_);
    const auto has_one = [this] { return !quiet_ && busy_.size() < limits_.readers_max; };
    if (!freed_.wait_for(lock, limits_.reader_wait_max, has_one)) {
        throw Unavailable("as many as may are reading the store");
    }
    std::unique_ptr<duckdb::Connection> connection;
    if (idle_.empty()) {
        connection = database_.connect();
    } else {
        connection = std::move(idle_.back());
        idle_.pop_back();
    }
    busy_.emplace_back(connection.get(), 0);
    return connection;
}

std::shared_ptr<void> Readers::quiet(std::chrono::milliseconds wait_max) {
    std::unique_lock lock(mutex_);
    quiet_ = true;
    freed_.wait_for(lock, wait_max, [this] { return busy_.empty(); });
    return {nullptr, [this](void*) {
                {
                    const std::lock_guard again(mutex_);
                    quiet_ = false;
                }
                freed_.notify_all();
            }};
}

void Readers::give_back(std::unique_ptr<duckdb::Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(busy_, [&](const auto& one) { return one.first == connection.get(); });
        idle_.push_back(std::move(connection));
    }
    freed_.notify_all();
}

void Readers::watch() {
    std::unique_lock lock(mutex_);
    while (!ending_.wait_for(lock, kWatchEvery, [this] { return end_; })) {
        for (auto& [connection, rounds] : busy_) {
            if (++rounds * kWatchEvery > limits_.question_max) connection->interrupt();
        }
    }
}

DuckdbStore::DuckdbStore(
    const std::filesystem::path& file, const Limits& limits, const Clock& clock)
    : limits_(limits),
      clock_(clock),
      database_(file, settings_of(limits)),
      writer_(database_.connect()),
      readers_(database_, limits) {
    duckdb::migrate(*writer_, kDuckdbMigrations);
    register_aggregates(*writer_);
    set_dimensions();
    sensitive_ = read_sensitive(*writer_);
}

/// `work` in a transaction of the one writer, then what it gave.
template <class Work>
auto DuckdbStore::written(Work work) {
    const std::lock_guard lock(writing_);
    duckdb::Transaction tx(*writer_);
    const auto given = work();
    tx.commit();
    return given;
}

void DuckdbStore::commit(const measure::FactBatch& batch) {
    const Instant now = clock_.now();
    written([&] {
        const auto allowed = without(batch, sensitive_, *dimensions());
        write(
            *writer_, allowed ? *allowed : batch,
            {now - limits_.visits_kept, now - limits_.strict_visits_kept}, now);
        return true;
    });
    News news;
    for (const auto& facts : batch.assets) {
        if (std::ranges::find(news.companies, facts.company) == news.companies.end()) {
            news.companies.push_back(facts.company);
        }
    }
    std::function<void(const News&)> listener;
    {
        const std::lock_guard lock(shared_);
        listener = listener_;
    }
    if (listener && !news.companies.empty()) listener(news);
}

ingest::StreamPosition DuckdbStore::position() {
    const std::lock_guard lock(writing_);
    return read_progress(*writer_).position;
}

std::vector<measure::Checkpoint> DuckdbStore::checkpoints() {
    const std::lock_guard lock(writing_);
    return read_checkpoints(*writer_);
}

std::vector<measure::BucketFacts> DuckdbStore::buckets(AssetId asset, Instant from, Instant to) {
    const std::lock_guard lock(writing_);
    const duckdb::Transaction view(*writer_);
    return read_buckets(*writer_, asset, {from, to});
}

std::shared_ptr<const measure::Dimensions> DuckdbStore::dimensions() {
    const std::lock_guard lock(shared_);
    return dimensions_;
}

void DuckdbStore::set_dimensions() {
    auto dimensions = std::make_shared<const measure::Dimensions>(read_dimensions(*writer_));
    const std::lock_guard lock(shared_);
    dimensions_ = std::move(dimensions);
}

std::unique_ptr<Snapshot> DuckdbStore::snapshot() {
    auto connection = readers_.take();
    return std::make_unique<DuckdbSnapshot>(
        std::move(connection), region_indexes_,
        [this](std::unique_ptr<duckdb::Connection> back) { readers_.give_back(std::move(back)); });
}

void DuckdbStore::learn(const Company& company) {
    written([&] { return write(*writer_, company); });
}

void DuckdbStore::learn(const Asset& asset) {
    const auto known = [&] {
        if (!write(*writer_, asset, clock_.now())) return false;
        const auto its = sensitive_.find(asset.dimension.company);
        if (its != sensitive_.end() && its->second.has(asset.dimension)) {
            forget_heard(*writer_, its->first, its->second);
        }
        return true;
    };
    if (written(known)) {
        const std::lock_guard lock(writing_);
        set_dimensions();
    }
}

void DuckdbStore::learn(const measure::Attachment& attachment) {
    if (written([&] { return write(*writer_, attachment); })) {
        const std::lock_guard lock(writing_);
        set_dimensions();
    }
}

void DuckdbStore::learn(const RegionSet& set) {
    written([&] { return write(*writer_, set); });
}

void DuckdbStore::forget(CompanyId company, RegionSetId set) {
    written([&] {
        forget_regions(*writer_, company, set);
        return true;
    });
}

void DuckdbStore::learn(const SensitivePlaces& places) {
    const std::lock_guard lock(writing_);
    duckdb::Transaction tx(*writer_);
    if (!write(*writer_, places)) return;
    tx.commit();
    sensitive_ = read_sensitive(*writer_);
}

void DuckdbStore::learn(const Calibrations& calibrations) {
    written([&] { return write(*writer_, calibrations); });
}

void DuckdbStore::learn(std::span<const Face> versions) {
    written([&] { return write(*writer_, versions); });
}

void DuckdbStore::on_news(std::function<void(const News&)> listener) {
    const std::lock_guard lock(shared_);
    listener_ = std::move(listener);
}

Maintained DuckdbStore::maintain() {
    const Instant now = clock_.now();
    auto done = written([&] {
        return store::forget(
            *writer_, now - limits_.visits_kept, now - limits_.strict_visits_kept,
            now - limits_.routes_kept);
    });
    while (written([&] { return settle_day(*writer_, now - limits_.settled_after); })) {
        ++done.days_settled;
    }
    while (written([&] { return make_day(*writer_); })) {
    }
    while (written([&] { return make_cell_day(*writer_); })) {
    }
    const std::lock_guard lock(writing_);
    // What was deleted leaves the file only in a checkpoint that no older view needs it after.
    const auto quiet = readers_.quiet(kQuietMax);
    try {
        writer_->command("store.checkpoint", "CHECKPOINT");
    } catch (const Unavailable& late) {
        log::info("store_checkpoint_put_off", {{"why", late.what()}});  // A commit will make it.
    }
    return done;
}

void DuckdbStore::copy_to(const std::filesystem::path& file) {
    const std::lock_guard lock(copying_);
    const bool was_there = std::filesystem::exists(file);
    try {
        // Not a reader's, which is interrupted when it takes long.
        copy(*database_.connect(), file);
    } catch (...) {
        std::error_code ignored;
        if (!was_there) std::filesystem::remove(file, ignored);
        if (!was_there) std::filesystem::remove(file.string() + ".wal", ignored);
        throw;
    }
}

std::unique_ptr<Store> open_duckdb_store(
    const std::filesystem::path& file, const Limits& limits, const Clock& clock) {
    return std::make_unique<DuckdbStore>(file, limits, clock);
}

}  // namespace mobilytics::store
