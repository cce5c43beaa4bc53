#pragma once
// What did not come: of each device, how many of its reports are pending, lost or unknown, and so
// how complete a figure can be that rests on it.

#include <optional>
#include <span>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"
#include "pipeline/ingest/boot_state.h"

namespace mobilytics::pg {
class AnyTransaction;
}

namespace mobilytics::ingest {

struct LedgerPolicy {
    /// A boot of which nothing came for so long, while the device was heard, is over.
    std::chrono::hours over_after{1};
    /// A device that was silent for so long has nothing any more.
    std::chrono::hours silent_max{24 * 30};
};

struct ReportCounts {
    std::int64_t received = 0;
    std::int64_t refused = 0;  // They came, and could not be read.
    std::int64_t pending = 0;  // The device may still have them.
    std::int64_t lost = 0;     // It said that it has not.
    std::int64_t unknown = 0;  // Nothing was said, and the boot is over.

    /// Received of all, 0 to 1; none of none.
    std::optional<double> completeness() const;
    friend bool operator==(const ReportCounts&, const ReportCounts&) = default;
};

struct DeviceCounts {
    DeviceId device;
    ReportCounts reports;
    friend bool operator==(const DeviceCounts&, const DeviceCounts&) = default;
};

/// A boot, and when its device was last heard of at all.
struct DeviceBoot {
    BootKey key;
    BootState state;
    Instant device_heard_at;
};

BootLife life_of(const DeviceBoot& boot, Instant now, const LedgerPolicy& policy);

/// Of the windows that began in [from, to), by the boot's own pace; of a boot of which nothing was
/// timed, all or nothing, by when it was first heard of.
ReportCounts counts_between(const DeviceBoot& boot, Instant from, Instant to, BootLife life);

/// Of each of `devices`, in their order, as it stands at `now`. In a transaction of a company, of
/// its own devices only.
std::vector<DeviceCounts> counts_between(
    pg::AnyTransaction& tx, std::span<const DeviceId> devices, Instant from, Instant to,
    Instant now, const LedgerPolicy& policy = {});

}  // namespace mobilytics::ingest
