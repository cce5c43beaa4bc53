#include "pipeline/measure/bucket.h"

#include <algorithm>
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
            if (touches(visit)) draft.present.push_back(visit);
        }
    };
    for (const auto& sealed : state.sealed) take(*sealed);
    take(state.closed);

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
        if (touches(visit)) draft.present.push_back(visit);
    }
}

/// Devices present, from moment to moment: `events` are of one row, offset << 1 | leaves, in the
/// order of time, and who comes before who leaves.
void sweep(
    const std::uint64_t* event, const std::uint64_t* end, std::int64_t until_us, Exposure& row) {
    constexpr std::uint64_t kOffset = (std::uint64_t{1} << 31) - 1;
    std::int64_t count = 0;
    std::int64_t since_us = 0;
    std::int64_t least = -1;
    const auto stood_until = [&](std::int64_t at_us) {
        if (std::min(at_us, until_us) > since_us && (least < 0 || count < least)) least = count;
        since_us = at_us;
    };
    for (; event != end; ++event) {
        const auto at_us = static_cast<std::int64_t>((*event & kOffset) >> 1);
        if (at_us != since_us) stood_until(at_us);
        count += (*event & 1) != 0 ? -1 : 1;
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
    for (const Visit& visit : draft.present) {
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
    static_assert(kBucketUs < std::int64_t{1} << 30, "an offset fits beside the row");
    const auto event = [&](std::size_t i, microseconds offset, bool leaves) {
        const auto at = static_cast<std::uint64_t>(offset.count());
        draft.events.push_back(
            std::uint64_t{draft.row[i]} << 32 | at << 1 | static_cast<std::uint64_t>(leaves));
    };
    for (std::size_t i = 0; i < draft.present.size(); ++i) {
        const Visit& visit = draft.present[i];
        const Instant from = std::max(visit.first, draft.start);
        const Instant to = std::min(visit.last, draft.end);
        draft.facts.exposures[draft.row[i]].presence_us += (to - from).count();
        event(i, from - draft.start, false);
        if (visit.last < draft.end) event(i, visit.last - draft.start, true);
    }
    std::sort(draft.events.begin(), draft.events.end());
    const std::uint64_t* at = draft.events.data();
    const std::uint64_t* const end = at + draft.events.size();
    while (at != end) {
        const auto row = *at >> 32;
        const auto* next = std::find_if(at, end, [&](auto event) { return event >> 32 != row; });
        sweep(at, next, (draft.until - draft.start).count(), draft.facts.exposures[row]);
        at = next;
    }
}

void count_reach(BucketDraft& draft) {
    for (std::size_t i = 0; i < draft.present.size(); ++i) {
        const Visit& visit = draft.present[i];
        draft.facts.exposures[draft.row[i]].reach.add(visit.epoch, visit.pseudonym);
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
    draft.present.clear();
    draft.row.clear();
    draft.events.clear();
    draft.facts = {};
    draft.facts.start = bucket;
    if (const auto* heard = state.find_heard(bucket)) draft.facts.coverage = heard->coverage;
    gather(state, venue, rules, current, draft);
    run_steps(kBucketSteps, draft, tally);
    auto& facts = draft.facts;
    std::sort(facts.exposures.begin(), facts.exposures.end(), [](const auto& a, const auto& b) {
        return comes_before(a, b);
    });
    std::sort(facts.visits.begin(), facts.visits.end(), [](const auto& a, const auto& b) {
        return comes_before(a, b);
    });
    ++tally.buckets;
    return std::move(facts);
}

}  // namespace mobilytics::measure
