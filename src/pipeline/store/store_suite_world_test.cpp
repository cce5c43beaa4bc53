// The made-up world, and the answers that one gets by going through it.

#include <algorithm>
#include <cmath>

#include "pipeline/store/store_suite_test.h"

namespace mobilytics::store {

namespace {

using measure::BucketFacts;
using measure::ReachSketch;
using std::chrono::minutes;
using std::chrono::seconds;

/// Some cells about Chicago, of one bigger cell and of its neighbour.
constexpr measure::Cell kCells[] = {
    0x2c1a34567, 0x2c1a34566, 0x2c1a34565, 0x2c1a35000, measure::kNoCell};

bool wanted(const Filter& filter, const measure::Exposure& exposure) {
    return (!filter.source || *filter.source == exposure.source) &&
           (!filter.motion || *filter.motion == exposure.motion);
}

void add(Counted& counted, const measure::Counted& more) {
    ++counted.quarters;
    counted.grid_quarters += more.devices.basis == measure::Basis::grid;
    counted.blind_quarters += more.devices.basis == measure::Basis::blind;
    counted.devices_milli += more.devices.value_milli;
    counted.low_milli += more.devices.low_milli;
    counted.high_milli += more.devices.high_milli;
    counted.ble_milli += more.ble_devices.value_milli;
    counted.ble_low_milli += more.ble_devices.low_milli;
    counted.ble_high_milli += more.ble_devices.high_milli;
    for (std::size_t gate = 0; gate < measure::kGates; ++gate) {
        counted.present_ms[gate] += more.present_ms[gate];
    }
    counted.span_ms += more.span_ms;
}

void add(Figures& figures, const measure::Exposure& exposure) {
    figures.visits += exposure.visits_begun;
    figures.visits_ended += exposure.visits_ended;
    figures.sightings += exposure.sightings;
    figures.presence_us += exposure.presence_us;
    figures.occupancy_max = std::max(figures.occupancy_max, exposure.occupancy_max);
    for (std::size_t i = 0; i < measure::kDwellBins; ++i) {
        figures.dwell_bins[i] += exposure.dwell_bins[i];
    }
    figures.dwell_us += exposure.dwell_us;
}

/// Who was there already counts with the first bucket of a time that begins then or before.
void add_from(
    Figures& figures, const measure::Exposure& exposure, Instant start, Instant time_begins) {
    add(figures, exposure);
    if (start - time_begins < measure::kBucket) figures.visits_carried += exposure.visits_carried;
}

std::optional<std::size_t> slot_of(std::span<const Instant> boundaries, Instant start) {
    const auto after = std::ranges::upper_bound(boundaries, start);
    if (after == boundaries.begin() || after == boundaries.end()) return std::nullopt;
    return static_cast<std::size_t>(after - boundaries.begin() - 1);
}

}  // namespace

std::vector<Instant> quarters(Instant from, int count) {
    std::vector<Instant> out;
    for (int i = 0; i <= count; ++i) out.push_back(from + i * measure::kBucket);
    return out;
}

std::array<std::uint8_t, 16> World::bytes() {
    std::array<std::uint8_t, 16> out;
    for (auto& byte : out) byte = static_cast<std::uint8_t>(random_());
    return out;
}

measure::Exposure World::exposure(std::uint64_t epoch, std::uint64_t devices_max) {
    measure::Exposure out;
    const auto devices = 1 + below(devices_max);
    for (std::uint64_t i = 0; i < devices; ++i) out.reach.add(epoch, below(2 * devices_max));
    out.visits_begun = static_cast<std::int64_t>(below(devices + 1));
    out.visits_ended = static_cast<std::int64_t>(below(devices + 1));
    out.visits_carried = static_cast<std::int64_t>(below(devices + 1));
    out.occupancy_min = static_cast<std::int64_t>(below(3));
    out.occupancy_max = out.occupancy_min + static_cast<std::int64_t>(below(devices));
    out.presence_us = static_cast<std::int64_t>(below(900'000'000));
    out.sightings = static_cast<std::int64_t>(devices + below(100));
    for (std::int64_t i = 0; i < out.visits_begun; ++i) ++out.dwell_bins[below(8)];
    out.dwell_us = static_cast<std::int64_t>(below(1'000'000'000));
    return out;
}

measure::Counted World::counted() {
    const auto upwards = [&](std::int32_t from) {
        return from + static_cast<std::int32_t>(below(9'000));
    };
    measure::Counted out;
    for (auto* const of : {&out.devices, &out.ble_devices}) {
        of->low_milli = upwards(0);
        of->value_milli = upwards(of->low_milli);
        of->high_milli = upwards(of->value_milli);
    }
    out.devices.basis = static_cast<measure::Basis>(below(3));
    for (auto& present_ms : out.present_ms)
        present_ms = static_cast<std::int64_t>(below(9'000'000));
    out.span_ms = static_cast<std::int64_t>(1 + below(900'000));
    return out;
}

measure::Visit World::visit(Instant start, std::uint64_t epoch, std::uint64_t devices_max) {
    measure::Visit out;
    out.source = below(2) == 0 ? wire::RadioKind::wifi : wire::RadioKind::ble;
    out.epoch = epoch;
    // The kind is part of what a pseudonym is made of.
    out.pseudonym = below(devices_max) * 2 + (out.source == wire::RadioKind::ble ? 1 : 0);
    out.address_class = wire::AddressClass::local;
    out.first = start + std::chrono::microseconds(below(900'000'000));
    out.last = out.first + seconds(below(600));
    out.sightings = static_cast<std::uint32_t>(1 + below(9));
    out.strongest_dbm = static_cast<std::int8_t>(-90 + static_cast<int>(below(50)));
    out.zone = measure::Zone::mid;
    out.motion = measure::Motion::parked;
    out.cell = kCells[below(std::size(kCells))];
    out.open = below(2) == 0;
    return out;
}

BucketFacts World::bucket(Instant start, std::uint64_t devices_max) {
    BucketFacts out;
    out.start = start;
    const auto covered = 1 + below(900'000'000);
    out.coverage.covered_us = static_cast<std::int64_t>(covered);
    // With gaps before that or without; sometimes nothing is known of it any more.
    const auto heard = std::chrono::microseconds(covered + below(900'000'001 - covered));
    out.coverage.heard_until = below(8) == 0 ? Instant() : start + heard;
    out.coverage.reports = static_cast<std::int64_t>(below(4));
    out.coverage.observations = static_cast<std::int64_t>(below(1000));
    for (auto& dropped : out.coverage.dropped) dropped = static_cast<std::int64_t>(below(5));
    out.corrected = below(8) == 0;
    if (below(4) != 0) out.counted = counted();
    const auto day = std::chrono::floor<std::chrono::days>(start).time_since_epoch().count();
    const auto epoch = static_cast<std::uint64_t>(day);
    for (const auto source : {wire::RadioKind::wifi, wire::RadioKind::ble}) {
        for (const auto motion : {measure::Motion::parked, measure::Motion::driving}) {
            for (const auto cell : kCells) {
                if (below(3) != 0) continue;
                auto one = exposure(epoch, devices_max);
                one.source = source;
                one.motion = motion;
                one.cell = cell;
                out.exposures.push_back(std::move(one));
            }
        }
    }
    std::ranges::sort(out.exposures, {}, [](const measure::Exposure& one) {
        return std::tuple(one.source, one.motion, one.cell);
    });
    const auto visits = below(devices_max);
    for (std::uint64_t i = 0; i < visits; ++i) out.visits.push_back(visit(start, epoch, 30));
    std::ranges::sort(out.visits, {}, [](const measure::Visit& one) {
        return std::tuple(one.first, one.source, one.pseudonym);
    });
    return out;
}

measure::Route World::route(Instant started) {
    measure::Route out;
    out.started = started;
    out.ended = started + minutes(1 + below(120));
    out.distance_m = static_cast<std::int64_t>(below(50'000));
    out.driving_us = static_cast<std::int64_t>(below(3'600'000'000));
    out.parked_us = static_cast<std::int64_t>(below(3'600'000'000));
    for (int i = 0; i < 5; ++i) {
        out.path.push_back(
            {started + seconds(i), 418'000'000 + static_cast<std::int32_t>(below(1'000'000)),
             -876'000'000 - static_cast<std::int32_t>(below(1'000'000))});
    }
    return out;
}

measure::AssetFacts World::facts(CompanyId company, AssetId asset, Instant start, int count) {
    auto out = facts_of(company, asset);
    for (int i = 0; i < count; ++i) out.buckets.push_back(bucket(start + i * measure::kBucket));
    return out;
}

void Oracle::keep(const measure::FactBatch& batch) {
    for (const auto& facts : batch.assets) {
        const std::pair key(facts.company, facts.asset);
        for (const auto& bucket : facts.buckets) buckets_[key][bucket.start] = bucket;
        if (!facts.routes_from) continue;
        auto& routes = routes_[key];
        routes.erase(routes.lower_bound(*facts.routes_from), routes.end());
        for (const auto& route : facts.routes) routes[route.started] = route;
    }
}

template <class Use>
void Oracle::each_bucket(CompanyId company, const Filter& filter, Use use) const {
    for (const auto& [key, buckets] : buckets_) {
        const auto& assets = filter.assets;
        const bool of = assets.empty() || std::ranges::find(assets, key.second) != assets.end();
        if (key.first != company || !of) continue;
        for (const auto& [start, bucket] : buckets) use(key.second, bucket);
    }
}

template <class Use>
void Oracle::each_exposure(CompanyId company, const Filter& filter, Period period, Use use) const {
    each_bucket(company, filter, [&](AssetId asset, const BucketFacts& bucket) {
        if (bucket.start < period.from || bucket.start >= period.to) return;
        for (const auto& exposure : bucket.exposures) {
            if (wanted(filter, exposure)) use(asset, bucket, exposure);
        }
    });
}

std::vector<Figures> Oracle::figures(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const {
    std::vector<Figures> out(boundaries.size() - 1);
    std::vector<ReachSketch> reach(out.size());
    const auto use = [&](AssetId, const BucketFacts& bucket, const measure::Exposure& exposure) {
        const auto slot = slot_of(boundaries, bucket.start);
        if (!slot) return;
        add_from(out[*slot], exposure, bucket.start, boundaries[*slot]);
        reach[*slot].unite(exposure.reach);
    };
    each_exposure(company, filter, {boundaries.front(), boundaries.back()}, use);
    for (std::size_t i = 0; i < out.size(); ++i) out[i].devices = reach[i].estimate();
    return out;
}

std::vector<AssetFigures> Oracle::figures_by_asset(
    CompanyId company, const Filter& filter, Period period) const {
    std::map<AssetId, std::pair<Figures, ReachSketch>> found;
    each_exposure(
        company, filter, period,
        [&](AssetId asset, const BucketFacts& bucket, const measure::Exposure& exposure) {
            add_from(found[asset].first, exposure, bucket.start, period.from);
            found[asset].second.unite(exposure.reach);
        });
    std::vector<AssetFigures> out;
    for (auto& [asset, pair] : found) {
        pair.first.devices = pair.second.estimate();
        out.push_back({asset, pair.first});
    }
    return out;
}

std::vector<Coverage> Oracle::coverage(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const {
    std::vector<Coverage> out(boundaries.size() - 1);
    std::vector<std::set<AssetId>> heard(out.size());
    each_bucket(company, filter, [&](AssetId asset, const BucketFacts& bucket) {
        const auto slot = slot_of(boundaries, bucket.start);
        if (!slot) return;
        out[*slot].covered_us += bucket.coverage.covered_us;
        out[*slot].reports += bucket.coverage.reports;
        out[*slot].observations += bucket.coverage.observations;
        out[*slot].corrected |= bucket.corrected;
        if (bucket.coverage.reports > 0) heard[*slot].insert(asset);
    });
    for (std::size_t i = 0; i < out.size(); ++i) out[i].assets_heard = std::ssize(heard[i]);
    return out;
}

std::vector<Counted> Oracle::counted(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const {
    std::vector<Counted> out(boundaries.size() - 1);
    each_bucket(company, filter, [&](AssetId, const BucketFacts& bucket) {
        const auto slot = slot_of(boundaries, bucket.start);
        if (slot && bucket.counted) add(out[*slot], *bucket.counted);
    });
    return out;
}

std::vector<CountedBlocks> Oracle::counted_blocks(
    CompanyId company, const Filter& filter, const BlockQuestion& question) const {
    const auto each = [&](auto use) {
        each_bucket(company, filter, [&](AssetId asset, const BucketFacts& bucket) {
            const auto part = slot_of(question.boundaries, bucket.start);
            if (part && bucket.counted) use(asset, *part, *bucket.counted);
        });
    };
    std::map<std::pair<AssetId, std::size_t>, std::int64_t> most;  // In a quarter of a part.
    each([&](AssetId asset, std::size_t part, const measure::Counted& counted) {
        auto& its = most[{asset, part}];
        its = std::max<std::int64_t>(its, counted.devices.value_milli);
    });
    const auto is_few = [&](std::int64_t milli) {
        return milli > 0 && milli + 500 < 1000 * question.devices_min;
    };
    std::set<std::pair<AssetId, std::int64_t>> wholes_of_few;
    for (const auto& [key, milli] : most) {
        if (is_few(milli)) wholes_of_few.insert({key.first, question.wholes[key.second]});
    }
    std::vector<CountedBlocks> out(question.slot_count);
    each([&](AssetId asset, std::size_t part, const measure::Counted& counted) {
        if (question.slots[part] < 0) return;
        auto& slot = out[static_cast<std::size_t>(question.slots[part])];
        const bool hidden = question.all_or_none
                                ? wholes_of_few.contains({asset, question.wholes[part]})
                                : is_few(most.at({asset, part}));
        if (hidden) {
            slot.held_back = true;
        } else {
            add(slot.counted, counted);
        }
    });
    return out;
}

std::vector<AssetSlot> Oracle::slots_by_asset(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const {
    std::map<std::pair<std::size_t, AssetId>, AssetSlot> found;
    each_bucket(company, filter, [&](AssetId asset, const BucketFacts& bucket) {
        const auto slot = slot_of(boundaries, bucket.start);
        if (!slot) return;
        auto& out = found[{*slot, asset}];
        out.slot = *slot;
        out.asset = asset;
        for (const auto& exposure : bucket.exposures) out.visits += exposure.visits_begun;
        out.covered_us += bucket.coverage.covered_us;
        out.observations += bucket.coverage.observations;
        out.corrected |= bucket.corrected;
    });
    std::vector<AssetSlot> out;
    for (const auto& [place, slot] : found) out.push_back(slot);
    return out;
}

std::vector<AssetDropped> Oracle::dropped_by_asset(
    CompanyId company, const Filter& filter, std::span<const Instant> boundaries) const {
    std::map<std::pair<std::size_t, AssetId>, AssetDropped> found;
    each_bucket(company, filter, [&](AssetId asset, const BucketFacts& bucket) {
        const auto slot = slot_of(boundaries, bucket.start);
        if (!slot) return;
        auto& out = found[{*slot, asset}];
        out.slot = *slot;
        out.asset = asset;
        for (std::size_t i = 0; i < out.dropped.size(); ++i) {
            out.dropped[i] += bucket.coverage.dropped[i];
        }
    });
    std::vector<AssetDropped> out;
    for (const auto& [place, slot] : found) out.push_back(slot);
    return out;
}

Frequency Oracle::frequency(CompanyId company, const Filter& filter, Period period) const {
    Frequency out;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t> visits;
    each_bucket(company, filter, [&](AssetId, const BucketFacts& bucket) {
        for (const auto& visit : bucket.visits) {
            if (bucket.start < period.from || bucket.start >= period.to) continue;
            if (filter.source && *filter.source != visit.source) continue;
            if (filter.motion && *filter.motion != visit.motion) continue;
            ++visits[{visit.epoch, visit.pseudonym}];
        }
    });
    for (const auto& [device, count] : visits) {
        const auto bin = std::min(count, std::int64_t{kFrequencyBins}) - 1;
        ++out.devices[static_cast<std::size_t>(bin)];
        out.visits += count;
    }
    each_bucket(company, {}, [&](AssetId, const BucketFacts& bucket) {
        for (const auto& visit : bucket.visits) {
            out.kept_from = std::min(out.kept_from.value_or(visit.first), visit.first);
        }
    });
    return out;
}

Heat Oracle::heat(
    CompanyId company, const Filter& filter, Period period, const HeatQuestion& question) const {
    std::map<measure::Cell, std::pair<HeatCell, ReachSketch>> found;
    each_exposure(
        company, filter, period,
        [&](AssetId, const BucketFacts&, const measure::Exposure& exposure) {
            if (exposure.cell == measure::kNoCell) return;
            const auto cell = exposure.cell >> 2 * (measure::kCellZoom - question.box.zoom);
            if (!question.box.contains(tile_of(cell, question.box.zoom))) return;
            auto& [heat, reach] = found[cell];
            heat.cell = cell;
            heat.visits += exposure.visits_begun;
            heat.presence_us += exposure.presence_us;
            reach.unite(exposure.reach);
        });
    Heat out;
    for (const auto& [cell, pair] : found) {
        const bool enough = std::llround(pair.second.estimate()) >= question.devices_min &&
                            pair.first.visits >= question.devices_min;
        if (enough) out.cells.push_back(pair.first);
        if (!enough) ++out.cells_suppressed;
    }
    return out;
}

std::vector<Trip> Oracle::trips(CompanyId company, const TripQuestion& question) const {
    std::vector<Trip> out;
    for (const auto& [key, routes] : routes_) {
        const auto& assets = question.assets;
        const bool of = assets.empty() || std::ranges::find(assets, key.second) != assets.end();
        if (key.first != company || !of) continue;
        for (const auto& [started, route] : routes) {
            if (started >= question.period.to || route.ended < question.period.from) continue;
            out.push_back({key.second, route});
        }
    }
    std::ranges::sort(
        out, {}, [](const Trip& trip) { return std::tuple(trip.route.started, trip.asset); });
    return out;
}

std::vector<AssetHeard> Oracle::heard(CompanyId company) const {
    std::map<AssetId, Instant> until;
    each_bucket(company, {}, [&](AssetId asset, const BucketFacts& bucket) {
        if (bucket.coverage.heard_until <= bucket.start) return;
        until[asset] = std::max(until[asset], bucket.coverage.heard_until);
    });
    std::vector<AssetHeard> out;
    for (const auto& [asset, instant] : until) out.push_back({asset, instant});
    return out;
}

std::vector<BucketFacts> Oracle::buckets(AssetId asset, Instant from, Instant to) const {
    std::vector<BucketFacts> out;
    for (const auto& [key, buckets] : buckets_) {
        if (key.second != asset) continue;
        for (const auto& [start, bucket] : buckets) {
            if (start >= from && start < to) out.push_back(bucket);
        }
    }
    return out;
}

}  // namespace mobilytics::store
