#include "pipeline/measure/bucket.h"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

namespace mobilytics::measure {

using std::chrono::microseconds;

namespace {

constexpr std::int64_t kBucketUs = microseconds(kBucket).count();

std::uint32_t row_of(const Visit& visit, std::vector<Exposure>& rows) {
    for (std::size_t i = rows.size(); i-- > 0;) {
        const Exposure& row = rows[i];
        if (row.source == visit.source && row.motion == visit.motion && row.cell == visit.cell) {
            return static_cast<std::uint32_t>(i);
        }
    }
    auto& row = rows.emplace_back();
    row.source = visit.source;
    row.motion = visit.motion;
    row.cell = visit.cell;
    return static_cast<std::uint32_t>(rows.size() - 1);
}

void gather(
    LaneState& state, const Venue& venue, const Rules& rules, Instant current, BucketDraft& draft) {
    const auto touches = [&](const Visit& visit) {
        return visit.first < draft.end && visit.last >= draft.start;
    };
    const auto take = [&](const Visits& visits) {
        for (const Visit& visit : visits) {
            if (touches(visit)) draft.present.push_back(&visit);
        }
    };
    for (const auto& sealed : state.sealed) take(*sealed);
    take(state.closed);

    draft.open.reserve(state.visits.size());  // They stay where they are.
    const bool is_past = draft.end < current;
    const auto slots = static_cast<std::uint32_t>(state.visits.slots().size());
    for (std::uint32_t slot = 0; slot < slots; ++slot) {
        const OpenVisit& open = state.visits[slot];
        if (open.state != VisitState::open && open.state != VisitState::closed) continue;
        if (open.first >= draft.end || open.last < draft.start) continue;
        Visit visit = visit_at(state, venue, rules, slot);
        const auto shown = state.shown.find(slot);
        if (shown != state.shown.end()) {
            visit.motion = shown->second.motion;
            visit.cell = shown->second.cell;
            if (is_past && visit.open) {
                visit.last = shown->second.last;
                visit.sightings = shown->second.sightings;
                visit.strongest_dbm = shown->second.strongest_dbm;
                visit.zone = zone_of(visit.strongest_dbm, rules);
            }
        }
        if (!touches(visit)) continue;
        draft.open.push_back(visit);
        draft.present.push_back(&draft.open.back());
    }
    std::sort(draft.present.begin(), draft.present.end(), [](const Visit* a, const Visit* b) {
        return comes_before(*a, *b);
    });
}

using RowNumbers = std::vector<std::uint64_t>;

std::uint64_t of_row(std::uint32_t row, std::uint32_t number) {
    return std::uint64_t{row} << 32 | number;
}

void put_in_order(RowNumbers& numbers) {
    if (!std::is_sorted(numbers.begin(), numbers.end())) {
        std::sort(numbers.begin(), numbers.end());
    }
}

/// The part of a row, from `from` on; `from` is then where the next one begins.
std::span<const std::uint64_t> take_row(
    const RowNumbers& numbers, std::size_t& from, std::uint32_t row) {
    const std::size_t begin = from;
    while (from < numbers.size() && numbers[from] >> 32 == row) ++from;
    return std::span(numbers).subspan(begin, from - begin);
}

/// Devices present, from moment to moment; at one moment who comes is there before who leaves.
void sweep(
    std::span<const std::uint64_t> comings, std::span<const std::uint64_t> goings,
    std::int64_t until_us, Exposure& row) {
    std::int64_t count = 0;
    std::int64_t since_us = 0;
    std::int64_t least = -1;
    const auto stood_until = [&](std::int64_t at_us) {
        if (std::min(at_us, until_us) > since_us && (least < 0 || count < least)) least = count;
        since_us = at_us;
    };
    const auto moment = [](std::uint64_t number) {
        return static_cast<std::int64_t>(number & 0xFFFF'FFFF);
    };
    auto coming = comings.begin();
    auto going = goings.begin();
    while (coming != comings.end() || going != goings.end()) {
        const bool comes = going == goings.end() || (coming != comings.end() && *coming <= *going);
        const std::int64_t at_us = moment(comes ? *coming++ : *going++);
        if (at_us != since_us) stood_until(at_us);
        count += comes ? 1 : -1;
        row.occupancy_max = std::max(row.occupancy_max, count);
    }
    stood_until(until_us);
    row.occupancy_min = least >= 0 ? least : count;
}

}  // namespace

std::size_t dwell_bin(const Visit& visit) {
    if (visit.sightings <= 1) return 0;
    const auto dwell = visit.last - visit.first;
    std::size_t bin = 1;
    for (const int bound_s : kDwellBoundsS) {
        if (dwell < std::chrono::seconds(bound_s)) break;
        ++bin;
    }
    return bin;
}

void count_dwell(BucketDraft& draft) {
    auto& rows = draft.facts.exposures;
    draft.facts.visits.reserve(draft.present.size());
    for (const Visit* const present : draft.present) {
        const Visit& visit = *present;
        draft.row.push_back(row_of(visit, rows));
        Exposure& row = rows[draft.row.back()];
        if (!visit.open && visit.last < draft.end) ++row.visits_ended;
        if (visit.first < draft.start) {
            ++row.visits_carried;
            continue;
        }
        ++row.visits_begun;
        ++row.dwell_bins[dwell_bin(visit)];
        row.dwell_us += (visit.last - visit.first).count();
        row.sightings += visit.sightings;
        draft.facts.visits.push_back(visit);
    }
}

void count_occupancy(BucketDraft& draft) {
    static_assert(kBucketUs < std::int64_t{1} << 32, "an offset fits beside the row");
    const auto since_start = [&](Instant at) {
        return static_cast<std::uint32_t>((at - draft.start).count());
    };
    auto& rows = draft.facts.exposures;
    for (std::size_t i = 0; i < draft.present.size(); ++i) {
        const Visit& visit = *draft.present[i];
        const Instant from = std::max(visit.first, draft.start);
        const Instant to = std::min(visit.last, draft.end);
        rows[draft.row[i]].presence_us += (to - from).count();
        draft.comings.push_back(of_row(draft.row[i], since_start(from)));
        if (visit.last < draft.end) draft.goings.push_back(of_row(draft.row[i], since_start(to)));
    }
    put_in_order(draft.comings);
    put_in_order(draft.goings);
    const std::int64_t until_us = (draft.until - draft.start).count();
    std::size_t coming = 0;
    std::size_t going = 0;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto comings = take_row(draft.comings, coming, row);
        sweep(comings, take_row(draft.goings, going, row), until_us, rows[row]);
    }
}

void count_reach(BucketDraft& draft) {
    for (std::size_t i = 0; i < draft.present.size(); ++i) {
        const Visit& visit = *draft.present[i];
        const auto entry = ReachSketch::entry_of(visit.epoch, visit.pseudonym);
        draft.devices.push_back(of_row(draft.row[i], entry));
    }
    put_in_order(draft.devices);
    std::size_t device = 0;
    for (std::uint32_t row = 0; row < draft.facts.exposures.size(); ++row) {
        draft.facts.exposures[row].reach.add_sorted(take_row(draft.devices, device, row));
    }
}

bool comes_before(const Exposure& a, const Exposure& b) {
    return std::tie(a.source, a.motion, a.cell) < std::tie(b.source, b.motion, b.cell);
}

bool comes_before(const Visit& a, const Visit& b) {
    return std::tie(a.first, a.source, a.pseudonym, a.epoch, a.last) <
           std::tie(b.first, b.source, b.pseudonym, b.epoch, b.last);
}

BucketFacts facts_of(
    LaneState& state, const Venue& venue, const Rules& rules, Instant bucket, Instant current,
    BucketDraft& draft, Tally& tally) {
    draft.start = bucket;
    draft.end = bucket + kBucket;
    draft.until = std::clamp(state.heard_until, draft.start, draft.end);
    draft.open.clear();
    draft.present.clear();
    draft.row.clear();
    draft.comings.clear();
    draft.goings.clear();
    draft.devices.clear();
    draft.facts = {};
    draft.facts.start = bucket;
    if (const auto* heard = state.find_heard(bucket)) {
        draft.facts.coverage = heard->coverage;
        draft.facts.counted = heard->counted;
        if (bucket == current && !venue.moving && rules.count_devices) {  // It goes on.
            draft.facts.counted = state.crowds.counted(bucket, heard->coverage.heard_until);
        }
    }
    gather(state, venue, rules, current, draft);
    run_steps(kBucketSteps, draft, tally);
    auto& facts = draft.facts;
    std::sort(facts.exposures.begin(), facts.exposures.end(), [](const auto& a, const auto& b) {
        return comes_before(a, b);
    });
    ++tally.buckets;
    return std::move(facts);
}

}  // namespace mobilytics::measure
