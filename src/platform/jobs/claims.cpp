#include "platform/jobs/claims.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::jobs {

namespace {

constexpr std::int64_t kNoLimit = 1'000'000'000;
constexpr std::size_t kTurnsMax = 10'000;  // Companies remembered; then all begin anew.

}  // namespace

Claims::Round Claims::take(WorkerId worker, std::int64_t slots) {
    Round round;
    auto tx = system_.begin();
    lock_claims(tx);
    round.alive = hold_alive(tx, worker);
    if (!round.alive) return round;
    const auto running = select_running(tx);
    const auto free = room(tx, running, slots, round);
    std::map<CompanyId, std::int64_t> of_company;
    for (const auto& each : running) of_company[each.company] += each.count;
    if (turns_.size() > kTurnsMax) turns_.clear();
    const auto given = shares(lanes(tx, free), free, std::move(of_company), turns_);
    if (!given.empty()) round.jobs = claim(tx, given, worker, clock_.now());
    std::map<std::string, double> asked;
    for (const auto& job : round.jobs) {
        const auto& vendor = kinds_.at(job.kind).options.vendor;
        if (const auto found = vendors_.find(vendor);
            found != vendors_.end() && found->second.per_second > 0) {
            asked[vendor] += 1;
        }
    }
    for (const auto& [vendor, count] : asked) take_tokens(tx, vendor, count);
    tx.commit();
    return round;
}

Room Claims::room(
    pg::SystemTransaction& tx, const std::vector<Running>& running, std::int64_t slots,
    Round& round) const {
    Room out;
    out.slots = slots * Room::kSlot;
    for (const auto& [vendor, limits] : vendors_) {
        auto& left = out.vendors[vendor];
        left = limits.concurrency_max > 0 ? limits.concurrency_max : kNoLimit;
        if (limits.per_second <= 0) continue;
        const auto tokens = fill_tokens(tx, vendor, limits.per_second, limits.burst, clock_.now());
        left = std::min(left, static_cast<std::int64_t>(std::floor(tokens)));
        if (tokens >= 1) continue;
        const std::chrono::milliseconds wait(
            static_cast<std::int64_t>(std::ceil(1000 * (1 - tokens) / limits.per_second)));
        round.again_in = std::min(round.again_in.value_or(wait), wait);
    }
    for (const auto& [name, kind] : kinds_) {
        const auto& options = kind.options;
        out.kinds[name] = {
            options.concurrency_max > 0 ? options.concurrency_max : kNoLimit, options.vendor,
            kind.batch_max};
        if (!options.vendor.empty()) out.vendors.try_emplace(options.vendor, kNoLimit);
    }
    for (const auto& each : running) {
        const auto kind = out.kinds.find(each.kind);
        if (kind == out.kinds.end()) continue;  // Of a process that knows more than we do.
        kind->second.jobs -= each.count;
        if (!kind->second.vendor.empty()) out.vendors[kind->second.vendor] -= each.count;
    }
    // What cannot be taken is not even looked for.
    for (auto kind = out.kinds.begin(); kind != out.kinds.end();) {
        const auto& vendor = kind->second.vendor;
        const bool full =
            kind->second.jobs <= 0 || (!vendor.empty() && out.vendors.at(vendor) <= 0);
        round.limited = round.limited || full;
        kind = full ? out.kinds.erase(kind) : std::next(kind);
    }
    return out;
}

std::vector<Lane> Claims::lanes(pg::SystemTransaction& tx, const Room& room) {
    if (room.kinds.empty()) return {};
    std::map<std::string, LaneStart> from;
    for (const auto& [name, kind] : room.kinds) from[name] = starts_[name];
    auto found = select_lanes(tx, from, lanes_max_);
    std::map<std::string, std::pair<std::int64_t, LaneStart>> seen;
    for (const auto& lane : found) {
        auto& [count, last] = seen[lane.kind];
        ++count;
        last = {lane.priority, lane.company};
    }
    // More than we look at: the next look goes on there, and at the end begins anew.
    for (const auto& [name, kind] : room.kinds) {
        const auto& [count, last] = seen[name];
        starts_[name] = count == lanes_max_ ? last : LaneStart{};
    }
    return found;
}

}  // namespace mobilytics::jobs
