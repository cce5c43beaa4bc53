#pragma once
// For tests of measuring, and of what comes after it: reports and facts that live in memory.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/measure/measure.h"

namespace mobilytics::measure {

/// An accepted stream, in the order in which it was given.
class MemoryReports final : public ingest::AcceptedReports {
  public:
    void accept(ingest::AcceptedReport report) {
        report.position = {1, stream_.size() + 1};
        stream_.push_back(std::move(report));
    }
    /// A better time is known of a report: it leaves its place, and comes again at the end.
    void move(const wire::ReportKey& key, Instant started) {
        const auto at = std::find_if(stream_.begin(), stream_.end(), [&](const auto& report) {
            return report.report.key == key && !left_.contains(report.position);
        });
        VERIFY(at != stream_.end());
        auto moved = *at;
        left_.insert(moved.position);
        moved.moved_from.push_back(moved.started);
        moved.started = started;
        accept(std::move(moved));
    }
    /// So many more reads fail.
    void fail(int reads) { failures_ = reads; }

    std::vector<ingest::AcceptedReport> read_after(
        ingest::StreamPosition after, std::size_t reports_max) override {
        may_fail();
        std::vector<ingest::AcceptedReport> out;
        for (std::size_t i = after.number; i < stream_.size() && out.size() < reports_max; ++i) {
            if (!left_.contains(stream_[i].position)) out.push_back(stream_[i]);
        }
        return out;
    }

    std::vector<ingest::AcceptedReport> read_again(
        std::span<const DeviceId> devices, Instant from, Instant to,
        ingest::StreamPosition up_to) override {
        may_fail();
        std::vector<ingest::AcceptedReport> out;
        for (const auto& report : stream_) {
            const auto& device = report.report.key.device;
            const bool wanted = std::find(devices.begin(), devices.end(), device) != devices.end();
            if (!wanted || report.position > up_to || report.received_at < kept_from) continue;
            if (left_.contains(report.position)) continue;
            if (report.started >= from && report.started < to) out.push_back(report);
        }
        std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
            return std::tie(a.started, a.report.key) < std::tie(b.started, b.report.key);
        });
        return out;
    }

    Instant kept_from = Instant::min();  // What was received before is no longer kept.

  private:
    void may_fail() {
        if (failures_ > 0) {
            --failures_;
            throw Unavailable("as the test wants it");
        }
    }
    std::vector<ingest::AcceptedReport> stream_;
    std::set<ingest::StreamPosition> left_;
    int failures_ = 0;
};

/// A store, with the transactions of a real one: a commit is kept as a whole or not at all.
class MemoryFacts final : public FactPort {
  public:
    struct Asset {
        std::map<Instant, BucketFacts> buckets;
        std::map<Instant, Route> routes;
        friend bool operator==(const Asset&, const Asset&) = default;
    };
    enum class Failure { none, before, after };  // Of a commit: not kept, or kept and not told.

    void commit(const FactBatch& batch) override {
        ++commits;
        const Failure failure = std::exchange(next_failure, Failure::none);
        if (failure == Failure::before) throw Unavailable("as the test wants it");
        for (const auto& facts : batch.assets) {
            Asset& asset = assets[facts.asset];
            for (const auto& bucket : facts.buckets) asset.buckets[bucket.start] = bucket;
            if (facts.routes_from) {
                auto& routes = asset.routes;
                routes.erase(routes.lower_bound(*facts.routes_from), routes.end());
            }
            for (const auto& route : facts.routes) asset.routes[route.started] = route;
        }
        for (const auto& checkpoint : batch.checkpoints) kept[checkpoint.asset] = checkpoint;
        stands_at = batch.position;
        if (failure == Failure::after) throw Unavailable("as the test wants it");
    }
    ingest::StreamPosition position() override { return stands_at; }
    std::vector<Checkpoint> checkpoints() override {
        std::vector<Checkpoint> out;
        for (const auto& [asset, checkpoint] : kept) out.push_back(checkpoint);
        return out;
    }
    std::vector<BucketFacts> buckets(AssetId asset, Instant from, Instant to) override {
        std::vector<BucketFacts> out;
        for (const auto& [start, facts] : assets[asset].buckets) {
            if (start >= from && start < to) out.push_back(facts);
        }
        return out;
    }
    std::shared_ptr<const Dimensions> dimensions() override { return dimensions_now; }

    /// Without what depends on when a report came: marks of correction, and buckets that it left.
    std::map<AssetId, Asset> settled() const {
        auto out = assets;
        for (auto& [id, asset] : out) {
            for (auto& [start, facts] : asset.buckets) facts.corrected = false;
            std::erase_if(asset.buckets, [](const auto& bucket) {
                const BucketFacts& facts = bucket.second;
                return facts.coverage == Coverage{} && facts.visits.empty() &&
                       facts.exposures.empty();
            });
        }
        return out;
    }
    void set_dimensions(Dimensions dimensions) {
        dimensions_now = std::make_shared<const Dimensions>(std::move(dimensions));
    }

    std::map<AssetId, Asset> assets;
    std::map<AssetId, Checkpoint> kept;
    ingest::StreamPosition stands_at;
    std::shared_ptr<const Dimensions> dimensions_now = std::make_shared<const Dimensions>();
    Failure next_failure = Failure::none;
    int commits = 0;
};

/// Makes a report as a sensor would.
class ReportBuilder {
  public:
    struct Seen {
        std::uint64_t pseudonym = 0;
        int rssi_dbm = -70;
        wire::RadioKind kind = wire::RadioKind::wifi;
        wire::AddressClass address_class = wire::AddressClass::local;
        std::uint16_t company = 0xFFFF;
        std::uint8_t subtype = 0;
        std::uint32_t coarse = 0;
        std::uint32_t fine = 0;
        std::uint16_t sequence = 0;
    };

    ReportBuilder(
        DeviceId device, std::uint64_t seq, Instant started,
        std::chrono::microseconds duration = std::chrono::seconds(10)) {
        report_.key = {device, wire::BootId{1}, seq};
        report_.started = started;
        report_.duration = duration;
        report_.clock_state = wire::ClockState::ntp;
        report_.observations.salt_mode = wire::SaltMode::standard;
        epoch(1);
    }
    ReportBuilder& epoch(std::uint8_t number) {
        report_.observations.salt_epoch = {0, 0, 0, 0, 0, 0, 0, number};
        return *this;
    }
    /// In the order of time.
    ReportBuilder& seen(std::chrono::microseconds at, const Seen& seen) {
        report_.observations.rows.push_back(
            {.pseudonym = seen.pseudonym,
             .at_us = static_cast<std::uint32_t>(at.count()),
             .coarse_fingerprint = seen.coarse,
             .fine_fingerprint = seen.fine,
             .sequence = seen.sequence,
             .ble_company = seen.company,
             .kind = seen.kind,
             .address_class = seen.address_class,
             .rssi_dbm = static_cast<std::int8_t>(seen.rssi_dbm),
             .channel = 1,
             .ble_subtype = seen.subtype});
        return *this;
    }
    ReportBuilder& at(
        std::chrono::microseconds at, double latitude, double longitude,
        std::optional<std::uint32_t> accuracy_cm = {}) {
        report_.positions.push_back(
            {static_cast<std::uint32_t>(at.count()),
             static_cast<std::int32_t>(latitude * 1e7),
             static_cast<std::int32_t>(longitude * 1e7),
             {},
             {},
             accuracy_cm});
        return *this;
    }
    /// As accepted, received a second after its window's end.
    ingest::AcceptedReport accepted(CompanyId company) const {
        return {
            .position = {},
            .company = company,
            .received_at = report_.started + report_.duration + std::chrono::seconds(1),
            .started = report_.started,
            .time_uncertain = false,
            .report = report_,
            .moved_from = {}};
    }

  private:
    wire::Report report_;
};

}  // namespace mobilytics::measure
