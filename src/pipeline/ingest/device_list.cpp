#include "pipeline/ingest/device_list.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::ingest {

namespace {

constexpr pg::Query kSelectDevices{"ingest.select_devices", R"sql(
    SELECT company_id, device_id, accepted, changed_at FROM ingest.device
)sql"};

constexpr pg::Query kUpsertDevice{"ingest.upsert_device", R"sql(
    INSERT INTO ingest.device AS d (company_id, device_id, accepted, changed_at)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (device_id) DO UPDATE SET
        company_id = excluded.company_id, accepted = excluded.accepted,
        changed_at = excluded.changed_at
    WHERE d.changed_at <= excluded.changed_at
)sql"};

DeviceFact fact_from(const pg::Row& row) {
    return {
        row.get<CompanyId>("company_id"), row.get<DeviceId>("device_id"), row.get<bool>("accepted"),
        row.get<Instant>("changed_at")};
}

}  // namespace

void DeviceList::keep(const DeviceFact& fact) {
    const auto [found, is_new] = devices_.try_emplace(fact.device);
    auto& known = found->second;
    if (is_new) known.allowance_bytes = rate_.burst_bytes;
    if (!is_new && fact.changed_at < known.changed_at) return;
    known.company = fact.company;
    known.accepted = fact.accepted;
    known.changed_at = fact.changed_at;
}

void DeviceList::load() {
    auto tx = pool_.begin();
    const auto facts = tx.run(kSelectDevices).all(fact_from);
    const std::lock_guard lock(mutex_);
    for (const auto& fact : facts) keep(fact);
}

void DeviceList::learn(const DeviceFact& fact) {
    auto tx = pool_.begin();
    tx.run(kUpsertDevice, fact.company, fact.device, fact.accepted, fact.changed_at);
    tx.commit();
    const std::lock_guard lock(mutex_);
    keep(fact);
}

std::optional<CompanyId> DeviceList::company_of(DeviceId device) const {
    const std::lock_guard lock(mutex_);
    const auto found = devices_.find(device);
    if (found == devices_.end() || !found->second.accepted) return std::nullopt;
    return found->second.company;
}

std::optional<std::chrono::milliseconds> DeviceList::wait_to_send(
    DeviceId device, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto found = devices_.find(device);
    if (found == devices_.end()) return std::nullopt;
    auto& known = found->second;
    const std::chrono::duration<double> passed = known.since_filled.elapsed();
    known.since_filled = Stopwatch();
    known.allowance_bytes =
        std::min(rate_.burst_bytes, known.allowance_bytes + passed.count() * rate_.bytes_per_s);
    const auto missing = static_cast<double>(bytes) - known.allowance_bytes;
    if (missing <= 0) {
        known.allowance_bytes -= static_cast<double>(bytes);
        return std::nullopt;
    }
    const auto wait = std::ceil(1000 * missing / rate_.bytes_per_s);
    return std::chrono::milliseconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(wait)));
}

}  // namespace mobilytics::ingest
