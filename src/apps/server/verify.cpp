#include "apps/server/verify.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "apps/server/foundations.h"
#include "domains/accounts/accounts.h"
#include "foundation/log.h"
#include "foundation/zone.h"
#include "pipeline/ingest/ingest.h"
#include "pipeline/measure/measure.h"
#include "pipeline/store/store.h"

namespace mobilytics::server {

namespace {

using measure::BucketFacts;

/// A folder that is gone afterwards.
class Beside {
  public:
    explicit Beside(const std::filesystem::path& data) : folder_(data / "verify") {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~Beside() {
        std::error_code left_behind;
        std::filesystem::remove_all(folder_, left_behind);
    }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;
    std::filesystem::path file() const { return folder_ / "store.duckdb"; }

  private:
    std::filesystem::path folder_;
};

void copy_dimensions(store::Store& from, store::Store& to, CompanyId company) {
    const auto snapshot = from.snapshot();
    if (const auto known = snapshot->company(company)) to.learn(*known);
    for (const auto& asset : snapshot->assets(company)) to.learn(asset);
    for (const auto& attachment : snapshot->attachments(company)) to.learn(attachment);
}

/// Reads and commits until the stream ends.
std::size_t measure_all(ingest::AcceptedReports& reports, store::Store& into, const Clock& clock) {
    measure::Pipeline pipeline(reports, into, clock, {});
    pipeline.restore();
    std::size_t count = 0;
    for (std::size_t got = 1; got > 0;) {
        got = pipeline.read();
        count += got;
        pipeline.flush();
    }
    return count;
}

/// What is compared: when something was corrected is history, and no fact.
std::map<Instant, BucketFacts> facts_of(store::Store& store, AssetId asset, Instant from) {
    std::map<Instant, BucketFacts> out;
    for (auto& bucket : store.buckets(asset, from, Instant::max())) {
        bucket.corrected = false;
        out.emplace(bucket.start, std::move(bucket));
    }
    return out;
}

/// From when on devices are counted again as they were: a day's count rests on all of the day, so
/// not in one of whose beginning no report is kept any more.
Instant counted_from(store::Store& kept, const store::Asset& asset, Instant first) {
    const auto& zone = asset.dimension.time_zone;
    const auto days = boundaries(
        first, first + std::chrono::days(2), Grain::day, zone_exists(zone) ? zone : "UTC");
    const bool is_cut = !kept.buckets(asset.dimension.asset, days[0], first).empty();
    return is_cut ? days[1] : first;
}

std::string words(std::size_t count, const char* what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

Verified verify(const Settings& settings) {
    const SystemClock clock;
    Foundations foundations(settings);
    accounts::Accounts accounts(foundations.pool(), clock);
    const auto companies = accounts.active_companies();
    if (companies.empty()) return {true, "Nothing was ever installed here.\n"};
    const auto kept = store::open_duckdb_store(settings.data / "store.duckdb", {}, clock);
    const Beside beside(settings.data);
    const auto anew = store::open_duckdb_store(beside.file(), {}, clock);
    for (const auto& company : companies) copy_dimensions(*kept, *anew, company);
    ingest::StoredReports reports(foundations.reading(), foundations.system_address());
    const auto count = measure_all(reports, *anew, clock);

    std::size_t buckets = 0, visits = 0, differing = 0;
    std::string told;
    std::vector<store::Asset> assets;
    for (const auto& company : companies) {
        const auto its = kept->snapshot()->assets(company);
        assets.insert(assets.end(), its.begin(), its.end());
    }
    for (const auto& asset : assets) {
        const auto id = asset.dimension.asset;
        auto mine = facts_of(*anew, id, Instant::min());
        if (mine.empty()) continue;
        const auto theirs = facts_of(*kept, id, mine.begin()->first);
        const Instant counted = counted_from(*kept, asset, mine.begin()->first);
        for (auto& [start, bucket] : mine) {
            ++buckets;
            visits += bucket.visits.size();
            const auto found = theirs.find(start);
            if (found != theirs.end() && start < counted) bucket.counted = found->second.counted;
            if (found != theirs.end() && found->second == bucket) continue;
            ++differing;
            told += asset.code + " " + to_iso8601(start) + ": " +
                    (found == theirs.end() ? "is not kept\n" : "differs\n");
        }
        for (const auto& [start, bucket] : theirs) {
            if (mine.contains(start)) continue;
            ++differing;
            told += asset.code + " " + to_iso8601(start) + ": rests on no report\n";
        }
    }
    told += words(count, "report") + " measured again: " + words(buckets, "bucket") + " and " +
            words(visits, "visit") + " compared, " + words(differing, "bucket") + " differing.\n";
    return {differing == 0, std::move(told)};
}

}  // namespace mobilytics::server
