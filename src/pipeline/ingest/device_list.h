#pragma once
// Which devices may send, and for whom: what was learnt, in memory, so that whoever may not is
// turned away before anything is kept.

#include <map>
#include <mutex>
#include <optional>

#include "foundation/monotonic.h"
#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"
#include "platform/pg/pg.h"

namespace mobilytics::ingest {

/// What the fleet tells: since `changed_at`, this device belongs to the company, and may send or
/// not.
struct DeviceFact {
    CompanyId company;
    DeviceId device;
    bool accepted = false;
    Instant changed_at;
    friend bool operator==(const DeviceFact&, const DeviceFact&) = default;
};

/// How much one device may send.
struct DeviceRate {
    double bytes_per_s = 4 << 20;  // A replay of an old capture goes as fast as that.
    double burst_bytes = 64 << 20;
};

/// For any thread.
class DeviceList {
  public:
    DeviceList(pg::SystemPool& pool, DeviceRate rate) : pool_(pool), rate_(rate) {}

    /// Takes what is kept, in the place of what was known: what others have learnt. Throws
    /// Unavailable.
    void load();
    /// Keeps a fact, durably; one that is older than what is known is passed over. Throws
    /// Unavailable; then it is not kept.
    void learn(const DeviceFact& fact);

    /// Whose device this is; none when it is not known or not accepted.
    std::optional<CompanyId> company_of(DeviceId device) const;
    /// Takes the bytes from what the device may send; else how long until it may.
    std::optional<std::chrono::milliseconds> wait_to_send(DeviceId device, std::size_t bytes);

  private:
    struct Known {
        CompanyId company;
        bool accepted = false;
        Instant changed_at;
        double allowance_bytes = 0;
        Stopwatch since_filled;
    };
    void keep(const DeviceFact& fact);  // Under the lock.

    pg::SystemPool& pool_;
    const DeviceRate rate_;
    mutable std::mutex mutex_;
    std::map<DeviceId, Known> devices_;
};

}  // namespace mobilytics::ingest
