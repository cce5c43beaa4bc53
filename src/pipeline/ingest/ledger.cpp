#include "pipeline/ingest/ledger.h"

#include <map>

#include "pipeline/ingest/ingest_store.h"

namespace mobilytics::ingest {

namespace {

std::int64_t count(const SequenceSet& set) { return static_cast<std::int64_t>(set.count()); }

}  // namespace

std::optional<double> ReportCounts::completeness() const {
    const auto all = received + refused + pending + lost + unknown;
    if (all == 0) return std::nullopt;
    return static_cast<double>(received) / static_cast<double>(all);
}

BootLife life_of(const DeviceBoot& boot, Instant now, const LedgerPolicy& policy) {
    const bool left_behind =
        boot.device_heard_at - boot.state.last_received_at >= policy.over_after;
    const bool silent = now - boot.device_heard_at >= policy.silent_max;
    return left_behind || silent ? BootLife::over : BootLife::going_on;
}

ReportCounts counts_between(const DeviceBoot& boot, Instant from, Instant to, BootLife life) {
    auto numbers = numbers_between(boot.state, from, to);
    if (!boot.state.begun_at) {
        const auto heard_at = boot.state.first_received_at;
        if (heard_at >= from && heard_at < to) numbers = wire::SeqRange{1, kSequenceMax};
    }
    if (!numbers) return {};
    const auto gap = gaps(boot.state, life);
    const auto refused = count(boot.state.refused.within(*numbers));
    return {
        count(boot.state.taken.within(*numbers)) - refused, refused,
        count(gap.pending.within(*numbers)), count(gap.lost.within(*numbers)),
        count(gap.unknown.within(*numbers))};
}

std::vector<DeviceCounts> counts_between(
    pg::AnyTransaction& tx, std::span<const DeviceId> devices, Instant from, Instant to,
    Instant now, const LedgerPolicy& policy) {
    std::map<DeviceId, ReportCounts> sums;
    for (const auto& boot : select_boots(tx, devices)) {
        const auto counts = counts_between(boot, from, to, life_of(boot, now, policy));
        auto& sum = sums[boot.key.device];
        sum.received += counts.received;
        sum.refused += counts.refused;
        sum.pending += counts.pending;
        sum.lost += counts.lost;
        sum.unknown += counts.unknown;
    }
    std::vector<DeviceCounts> out;
    out.reserve(devices.size());
    for (const auto device : devices) out.push_back({device, sums[device]});
    return out;
}

}  // namespace mobilytics::ingest
