#include "pipeline/measure/base.h"

#include <algorithm>

#include "pipeline/measure/bucket.h"

namespace mobilytics::measure {

namespace {

void add(Exposure& row, const Exposure& more) {
    row.visits_begun += more.visits_begun;
    row.visits_ended += more.visits_ended;
    row.visits_carried += more.visits_carried;
    row.occupancy_min = std::max(row.occupancy_min, more.occupancy_min);
    row.occupancy_max += more.occupancy_max;
    row.presence_us += more.presence_us;
    row.sightings += more.sightings;
    row.dwell_us += more.dwell_us;
    for (std::size_t i = 0; i < kDwellBins; ++i) row.dwell_bins[i] += more.dwell_bins[i];
    row.reach.unite(more.reach);
}

/// 64 bits over words: at each a product of twice the width, its halves folded.
class Digest {
  public:
    void add(std::uint64_t word) {
        __extension__ using Wide = unsigned __int128;
        const Wide product = Wide{state_ ^ word} * 0x9E3779B97F4A7C15U;
        state_ = static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
        state_ += 0xBF58476D1CE4E5B9U;  // Else nothing stays nothing.
    }
    void add(std::int64_t number) { add(static_cast<std::uint64_t>(number)); }
    void add(Instant at) { add(at.time_since_epoch().count()); }
    void add(std::string_view bytes) {
        add(std::uint64_t{bytes.size()});
        for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(8, bytes.size()))) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data(), std::min(sizeof word, bytes.size()));
            add(word);
        }
    }
    std::uint64_t value() const { return state_; }

  private:
    std::uint64_t state_ = 0;
};

/// Small values, side by side in a word.
std::uint64_t packed(wire::RadioKind source, Motion motion, std::uint64_t more = 0) {
    return more << 16 | static_cast<std::uint64_t>(source) << 8 |
           static_cast<std::uint64_t>(motion);
}

void add(Digest& digest, const Exposure& row) {
    digest.add(packed(row.source, row.motion));
    digest.add(std::uint64_t{row.cell});
    for (const std::int64_t number :
         {row.visits_begun, row.visits_ended, row.visits_carried, row.occupancy_min,
          row.occupancy_max, row.presence_us, row.sightings, row.dwell_us}) {
        digest.add(number);
    }
    for (const std::int64_t count : row.dwell_bins) digest.add(count);
    digest.add(std::string_view(row.reach.bytes()));
}

void add(Digest& digest, const Visit& visit) {
    const auto strongest = static_cast<std::uint8_t>(visit.strongest_dbm);
    digest.add(packed(
        visit.source, visit.motion,
        std::uint64_t{strongest} << 24 | static_cast<std::uint64_t>(visit.zone) << 16 |
            static_cast<std::uint64_t>(visit.address_class) << 8 |
            static_cast<std::uint64_t>(visit.open)));
    digest.add(visit.epoch);
    digest.add(visit.pseudonym);
    digest.add(visit.first);
    digest.add(visit.last);
    digest.add(std::uint64_t{visit.sightings});
    digest.add(std::uint64_t{visit.cell});
}

void add(Digest& digest, const Estimate& estimate) {
    digest.add(std::int64_t{estimate.value_milli});
    digest.add(std::int64_t{estimate.low_milli});
    digest.add(std::int64_t{estimate.high_milli});
    digest.add(static_cast<std::uint64_t>(estimate.basis));
}

void add(Digest& digest, const Counted& counted) {
    add(digest, counted.devices);
    add(digest, counted.ble_devices);
    for (const std::int64_t present_ms : counted.present_ms) digest.add(present_ms);
    digest.add(counted.span_ms);
}

}  // namespace

void add_base(BucketFacts& facts, const BucketFacts& base) {
    if (facts.counted && base.counted) {
        unite(*facts.counted, *base.counted);
    } else {
        facts.counted.reset();
    }
    constexpr auto kWhole = std::chrono::microseconds(kBucket).count();
    auto& coverage = facts.coverage;
    coverage.covered_us = std::min(kWhole, coverage.covered_us + base.coverage.covered_us);
    coverage.heard_until = std::max(coverage.heard_until, base.coverage.heard_until);
    coverage.reports += base.coverage.reports;
    coverage.observations += base.coverage.observations;
    for (std::size_t i = 0; i < kDropReasons; ++i) {
        coverage.dropped[i] += base.coverage.dropped[i];
    }
    for (const Exposure& more : base.exposures) {
        const auto at = std::lower_bound(
            facts.exposures.begin(), facts.exposures.end(), more,
            [](const Exposure& a, const Exposure& b) { return comes_before(a, b); });
        if (at != facts.exposures.end() && !comes_before(more, *at)) {
            add(*at, more);
        } else {
            facts.exposures.insert(at, more);
        }
    }
    facts.visits.insert(facts.visits.end(), base.visits.begin(), base.visits.end());
    std::sort(facts.visits.begin(), facts.visits.end(), [](const Visit& a, const Visit& b) {
        return comes_before(a, b);
    });
}

std::uint64_t digest_of(const BucketFacts& facts) {
    Digest digest;
    digest.add(facts.start);
    digest.add(facts.coverage.covered_us);
    digest.add(facts.coverage.reports);
    digest.add(facts.coverage.observations);
    digest.add(facts.coverage.heard_until);
    for (const std::int64_t count : facts.coverage.dropped) digest.add(count);
    digest.add(std::uint64_t{facts.exposures.size()});
    for (const Exposure& row : facts.exposures) add(digest, row);
    digest.add(std::uint64_t{facts.visits.size()});
    for (const Visit& visit : facts.visits) add(digest, visit);
    digest.add(std::uint64_t{facts.counted.has_value()});
    if (facts.counted) add(digest, *facts.counted);
    return digest.value();
}

}  // namespace mobilytics::measure
