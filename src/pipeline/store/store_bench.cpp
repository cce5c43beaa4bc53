// How long each question takes at 1, 10 and (--full) 100 million visits' worth of exposure, and
// commits, settling and forgetting beside them.
//
//   pipeline_store_bench [--full] [--json] [--folder DIR] [--only NAME|regions]
//
// Prints name,value,unit,bar,met: the middle of some runs, the bar that DESIGN.md section 8 sets
// (empty where it sets none), and whether it is met.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>

#include <boost/json.hpp>
#include <unistd.h>

#include "foundation/monotonic.h"
#include "foundation/zone.h"
#include "pipeline/store/region_bench.h"
#include "pipeline/store/store.h"

namespace mobilytics::store {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t kAssets = 1000;
constexpr std::int64_t kVisitsADay = 9'100'000;
constexpr int kBucketsADay = 96;
constexpr auto kZone = "America/Chicago";
const Instant kFirstDay = *parse_iso8601("2026-08-01T05:00:00Z");  // Midnight there.

class StillClock final : public Clock {
  public:
    Instant now() const override { return now_; }
    void set(Instant now) { now_ = now; }

  private:
    Instant now_ = kFirstDay;
};

struct Line {
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<double> bar;
};

class Table {
  public:
    explicit Table(bool json) : json_(json) {
        if (!json_) std::puts("name,value,unit,bar,met");
    }
    void add(const Line& line) {
        const bool met = !line.bar || line.value <= *line.bar;
        if (json_) {
            boost::json::object out{
                {"name", line.name}, {"value", line.value}, {"unit", line.unit}};
            out["bar"] = line.bar ? boost::json::value(*line.bar) : boost::json::value();
            out["met"] = line.bar ? boost::json::value(met) : boost::json::value();
            std::puts(boost::json::serialize(out).c_str());
        } else {
            const auto bar = line.bar ? std::to_string(static_cast<int>(*line.bar)) : "";
            const char* verdict = !line.bar ? "" : met ? "met" : "missed";
            std::printf(
                "%s,%.2f,%s,%s,%s\n", line.name.c_str(), line.value, line.unit.c_str(), bar.c_str(),
                verdict);
        }
        std::fflush(stdout);
    }

  private:
    bool json_;
};

double milliseconds_of(const std::function<void()>& work) {
    const Stopwatch watch;
    work();
    return std::chrono::duration<double, std::milli>(watch.elapsed()).count();
}

/// The middle of some runs, the first of which does not count.
double middle_of_runs(const std::function<void()>& work) {
    work();
    std::vector<double> runs;
    for (int i = 0; i < 7; ++i) runs.push_back(milliseconds_of(work));
    std::ranges::sort(runs);
    return runs[3];
}

AssetId asset_of(std::size_t number) {
    return AssetId::from_bytes(
        {0, 1, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)});
}

/// Days of a city of 1 000 sensors with 9.1 million visits each: one in five moves.
class City {
  public:
    CompanyId company = CompanyId::from_bytes({7});

    /// The first quarters of an hour of a day, of some assets; visits too where they are wanted.
    measure::FactBatch day(
        std::int64_t day, std::size_t first_asset, std::size_t assets, int quarters, bool visits) {
        measure::FactBatch batch;
        batch.position = {static_cast<std::uint64_t>(day), first_asset};
        for (std::size_t i = first_asset; i < first_asset + assets; ++i) {
            measure::AssetFacts facts;
            facts.company = company;
            facts.asset = asset_of(i);
            for (int quarter = 0; quarter < quarters; ++quarter) {
                facts.buckets.push_back(bucket(day, i, quarter, visits));
            }
            batch.assets.push_back(std::move(facts));
        }
        return batch;
    }

  private:
    /// A device comes to some assets that day: about twice, of six million that there are.
    static constexpr std::uint64_t kDevices = 6'000'000;
    static constexpr std::int64_t kVisitsABucket =
        kVisitsADay / static_cast<std::int64_t>(kAssets) / kBucketsADay;

    measure::BucketFacts bucket(
        std::int64_t day, std::size_t asset, int quarter, bool with_visits) {
        measure::BucketFacts out;
        out.start = kFirstDay + days(day) + quarter * measure::kBucket;
        out.coverage.covered_us = 890'000'000;
        out.coverage.reports = 450;
        out.coverage.observations = 12'000;
        const bool moving = asset % 5 == 0;
        const int cells = moving ? 6 : 1;
        for (const auto source : {wire::RadioKind::wifi, wire::RadioKind::ble}) {
            for (int cell = 0; cell < cells; ++cell) {
                exposure(out, day, asset, source, moving, cell, cells, with_visits);
            }
        }
        if (!moving) out.counted = counted();
        std::ranges::sort(out.visits, {}, [](const measure::Visit& visit) {
            return std::tuple(visit.first, visit.source, visit.pseudonym);
        });
        return out;
    }

    /// Devices behind changing addresses of a quarter.
    measure::Counted counted() {
        measure::Counted out;
        const auto devices = static_cast<std::int32_t>(20'000 + random_() % 40'000);
        out.devices = {.value_milli = devices, .low_milli = devices / 2, .high_milli = devices * 2};
        out.ble_devices = out.devices;
        for (auto& gate : out.present_ms) gate = devices * 300;
        out.span_ms = 900'000;
        return out;
    }

    void exposure(
        measure::BucketFacts& out, std::int64_t day, std::size_t asset, wire::RadioKind source,
        bool moving, int cell, int cells, bool with_visits) {
        measure::Exposure one;
        one.source = source;
        one.motion = !moving         ? measure::Motion::fixed
                     : cell % 3 == 0 ? measure::Motion::parked
                                     : measure::Motion::driving;
        const auto place = (asset * 31 + static_cast<std::size_t>(cell) * 7) % 4096;
        one.cell = 0x2c1a34000 + (moving ? (place + random_() % 512) % 4096 : place);
        const auto visits = std::max<std::int64_t>(1, (kVisitsABucket / 2 + cell % 2) / cells);
        one.visits_begun = visits;
        one.visits_ended = visits;
        one.sightings = visits * 11;
        one.occupancy_max = visits / 3 + 1;
        one.presence_us = visits * 40'000'000;
        one.dwell_us = visits * 40'000'000;
        for (std::int64_t i = 0; i < visits; ++i) {
            ++one.dwell_bins[random_() % measure::kDwellBins];
            visit(out, one, day, with_visits);
        }
        out.exposures.push_back(std::move(one));
    }

    void visit(
        measure::BucketFacts& out, measure::Exposure& one, std::int64_t day, bool with_visits) {
        const auto epoch = static_cast<std::uint64_t>(day);
        const auto device = random_() % kDevices * 2 + (one.source == wire::RadioKind::ble ? 1 : 0);
        one.reach.add(epoch, device);
        if (!with_visits) return;
        measure::Visit visit;
        visit.source = one.source;
        visit.epoch = epoch;
        visit.pseudonym = device;
        visit.first = out.start + std::chrono::microseconds(random_() % 900'000'000);
        visit.last = visit.first + std::chrono::seconds(40);
        visit.sightings = 11;
        visit.motion = one.motion;
        visit.cell = one.cell;
        out.visits.push_back(visit);
    }

    std::mt19937_64 random_{1};
};

class Bench {
  public:
    Bench(
        const std::filesystem::path& folder, Table& table, std::string size, std::string_view only)
        : only_(only),
          file_(folder / ("store" + size + ".duckdb")),
          table_(table),
          store_(open_duckdb_store(file_, limits(), clock_)),
          size_(std::move(size)) {
        store_->learn(Company{city_.company, kZone, false});
    }
    ~Bench() {
        store_.reset();
        std::filesystem::remove(file_);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    /// So many quarters of an hour from the first day on: committed, then settled.
    void fill(int quarters) {
        double commit_ms = 0;
        for (int left = quarters; left > 0; left -= kBucketsADay, ++days_) {
            clock_.set(kFirstDay + days(days_ + 1) + hours(1));
            for (std::size_t asset = 0; asset < kAssets; asset += 100) {
                const auto batch =
                    city_.day(days_, asset, 100, std::min(left, kBucketsADay), false);
                commit_ms += milliseconds_of([&] { store_->commit(batch); });
            }
        }
        clock_.set(kFirstDay + days(days_ + 1) + hours(1));
        const auto settle_ms = milliseconds_of([&] { store_->maintain(); });
        add("store_commit_quarter", commit_ms / quarters, "ms", {});
        add("store_settle_quarter", settle_ms / quarters, "ms", {});
        const auto bytes = static_cast<double>(std::filesystem::file_size(file_));
        add("store_file", bytes / (1 << 20), "MB", {});
    }

    void ask() {
        const Period all{kFirstDay, kFirstDay + days(days_)};
        const Period day{kFirstDay, kFirstDay + days(1)};  // The first is whole.
        Filter two_hundred;
        for (std::size_t i = 0; i < 200; ++i) two_hundred.assets.push_back(asset_of(i * 5));
        const auto company = city_.company;
        const auto question = [&](const char* name, std::optional<double> bar, auto ask_it) {
            if (std::string_view(name).find(only_) == std::string_view::npos) return;
            add(name, middle_of_runs([&] {
                    const auto view = store_->snapshot();
                    ask_it(*view);
                }),
                "ms", bar);
        };
        const std::array whole{all.from, all.to};
        const std::array one_day{day.from, day.to};
        const auto by_day = boundaries(all.from, all.to, Grain::day, kZone);
        const auto by_hour = boundaries(day.from, day.to, Grain::hour, kZone);
        const auto by_quarter = boundaries(day.from, day.to, Grain::quarter, kZone);
        question("query_overview", 200, [&](Snapshot& view) {
            view.figures(company, {}, whole);
            view.coverage(company, {}, whole);
            view.trip_sums(company, {all, {}, {}});
            view.as_of(company);
        });
        question("query_exposure_days", 200, [&](Snapshot& view) {
            view.figures(company, {}, by_day);
            view.coverage(company, {}, by_day);
        });
        question("query_exposure_hours_of_a_day", 200, [&](Snapshot& view) {
            view.figures(company, {}, by_hour);
            view.coverage(company, {}, by_hour);
        });
        question("query_exposure_quarters_of_a_day", 200, [&](Snapshot& view) {
            view.figures(company, {}, by_quarter);
            view.coverage(company, {}, by_quarter);
        });
        question("query_reach_200_assets_a_day", 20, [&](Snapshot& view) {
            view.figures(company, two_hundred, one_day);
        });
        question("query_reach_200_assets_all_days", 2000, [&](Snapshot& view) {
            view.figures(company, two_hundred, by_day);
        });
        question("query_reach_by_asset", 2000, [&](Snapshot& view) {
            view.figures_by_asset(company, {}, all);
        });
        question("query_reach_by_asset_a_day", 200, [&](Snapshot& view) {
            view.figures_by_asset(company, {}, day);
        });
        question("query_heatmap", 2000, [&](Snapshot& view) {
            view.heat(company, {}, all, {{15, 0, 0, 32767, 32767}, 10});
        });
        question("query_heatmap_a_day", 200, [&](Snapshot& view) {
            view.heat(company, {}, day, {{15, 0, 0, 32767, 32767}, 10});
        });
        // As answers are told: sums of blocks, each of an hour or, by quarters, of all of its
        // quarters.
        question("query_told_overview", 200, [&](Snapshot& view) {
            view.blocks(company, {}, blocks_of(all, Grain::hour, 24));
        });
        question("query_told_hours_of_a_day", 200, [&](Snapshot& view) {
            view.blocks(company, {}, blocks_of(day, Grain::hour, 1));
        });
        question("query_told_quarters_of_a_day", 200, [&](Snapshot& view) {
            view.blocks(company, {}, blocks_of(day, Grain::quarter, 1));
        });
        question("query_told_reach_200_assets_a_day", 20, [&](Snapshot& view) {
            view.blocks(company, two_hundred, blocks_of(day, Grain::hour, 24));
        });
        question("query_told_reach_200_assets_all_days", 2000, [&](Snapshot& view) {
            view.blocks(company, two_hundred, blocks_of(all, Grain::hour, 24));
        });
        question("query_told_by_asset", 2000, [&](Snapshot& view) {
            view.blocks_by_asset(company, {}, blocks_of(all, Grain::hour, 24));
        });
        question(
            "query_counted_days", 200, [&](Snapshot& view) { view.counted(company, {}, by_day); });
        question("query_told_counted", 200, [&](Snapshot& view) {
            view.counted_blocks(company, {}, blocks_of(all, Grain::hour, 24));
        });
        question("query_told_counted_hours_of_a_day", 200, [&](Snapshot& view) {
            view.counted_blocks(company, {}, blocks_of(day, Grain::hour, 1));
        });
        question("query_freshness", 200, [&](Snapshot& view) { view.heard(company); });
    }

    /// One day that has not settled, with its 9.1 million visits.
    void ask_of_today() {
        const auto day = days_;
        clock_.set(kFirstDay + days(day + 1));
        double commit_ms = 0;
        for (std::size_t asset = 0; asset < kAssets; asset += 100) {
            const auto batch = city_.day(day, asset, 100, kBucketsADay, true);
            commit_ms += milliseconds_of([&] { store_->commit(batch); });
        }
        add("store_commit_day_with_visits", commit_ms, "ms", {});
        const Period today{kFirstDay + days(day), kFirstDay + days(day + 1)};
        const std::array boundaries{today.from, today.to};
        Filter two_hundred;
        for (std::size_t i = 0; i < 200; ++i) two_hundred.assets.push_back(asset_of(i * 5));
        add("query_frequency_9m_visits",
            middle_of_runs([&] { store_->snapshot()->frequency(city_.company, {}, today); }), "ms",
            500);
        add("query_reach_200_assets_today", middle_of_runs([&] {
                store_->snapshot()->figures(city_.company, two_hundred, boundaries);
            }),
            "ms", {});
        add("query_overview_today", middle_of_runs([&] {
                const auto view = store_->snapshot();
                view->figures(city_.company, {}, boundaries);
                view->coverage(city_.company, {}, boundaries);
            }),
            "ms", 200);
        live_commits(day + 1);
        clock_.set(kFirstDay + days(day + 3));
        add("store_forget_and_settle", milliseconds_of([&] { store_->maintain(); }), "ms", {});
    }

  private:
    std::string_view only_;  // In the names of what is asked.

    /// Slots of so many parts; wholes are days of hours, or hours of quarters.
    static BlockQuestion blocks_of(Period period, Grain grain, std::int64_t parts_a_slot) {
        BlockQuestion out;
        out.all_or_none = grain == Grain::quarter;
        out.boundaries = boundaries(period.from, period.to, grain, kZone);
        const auto parts = std::ssize(out.boundaries) - 1;
        for (std::int64_t part = 0; part < parts; ++part) {
            out.wholes.push_back(part / (out.all_or_none ? 4 : 24));
            out.slots.push_back(part / parts_a_slot);
            out.is_over.push_back(out.all_or_none || parts_a_slot < 24 ? 0 : 1);
            out.is_first.push_back(part % parts_a_slot == 0 ? 1 : 0);
        }
        out.slot_count = static_cast<std::size_t>(out.slots.back() + 1);
        return out;
    }

    static Limits limits() {
        Limits limits;
        limits.memory_bytes_max = std::int64_t{4} << 30;
        return limits;
    }
    void add(const std::string& name, double value, const char* unit, std::optional<double> bar) {
        table_.add({name + size_, value, unit, bar});
    }

    /// As in life: the bucket that is running, of every asset, again and again.
    void live_commits(std::int64_t day) {
        clock_.set(kFirstDay + days(day) + hours(1));
        const auto batch = city_.day(day, 0, kAssets, 1, true);
        add("store_commit_live_1000_assets", middle_of_runs([&] { store_->commit(batch); }), "ms",
            {});
    }

    std::filesystem::path file_;
    Table& table_;
    StillClock clock_;
    City city_;
    std::unique_ptr<Store> store_;
    std::int64_t days_ = 0;
    std::string size_;
};

int run(int argc, char** argv) {
    bool full = false;
    bool json = false;
    std::string_view only;
    std::filesystem::path folder = std::filesystem::temp_directory_path();
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        if (arg == "--full") full = true;
        if (arg == "--json") json = true;
        if (arg == "--only" && i + 1 < argc) only = argv[++i];
        if (arg == "--folder" && i + 1 < argc) folder = argv[++i];
    }
    folder /= "mobilytics_store_bench_" + std::to_string(getpid());
    std::filesystem::create_directories(folder);
    Table table(json);
    if (only.empty() || only == "regions") {
        bench_regions(folder, [&](const std::string& name, double value, const char* unit) {
            table.add({name, value, unit, {}});
        });
    }
    if (only == "regions") {
        std::filesystem::remove_all(folder);
        return 0;
    }
    // As many quarters of an hour as have 1, 10 and 100 million visits.
    for (const auto& [size, quarters] :
         {std::pair("_1m", 11), std::pair("_10m", 106), std::pair("_100m", 1056)}) {
        if (quarters > 106 && !full) break;
        Bench bench(folder, table, size, only);
        bench.fill(quarters);
        bench.ask();
    }
    if (only.empty()) Bench(folder, table, "", only).ask_of_today();
    std::filesystem::remove_all(folder);
    return 0;
}

}  // namespace
}  // namespace mobilytics::store

int main(int argc, char** argv) { return mobilytics::store::run(argc, argv); }
