#pragma once
// Where sensors are and when they were heard last, for whoever shows it: as it is kept, and as it
// is told on the live channel (herald.h).

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::pg {
class AnyTransaction;
}

namespace mobilytics::ingest {

struct DevicePosition {
    Instant at;
    std::int32_t latitude_e7 = 0;
    std::int32_t longitude_e7 = 0;
    std::optional<std::int64_t> speed_cm_s;
    std::optional<std::int64_t> heading_cdeg;
};

struct DeviceWhereabouts {
    CompanyId company;
    DeviceId device;
    Instant heard_at;  // By our clock.
    std::optional<DevicePosition> position;
};

/// Of all devices that the transaction may see; in one of a company, its own.
std::vector<DeviceWhereabouts> device_whereabouts(pg::AnyTransaction& tx);

/// Of one message of the live channel; none, when it says that too many have changed.
std::optional<std::vector<DeviceWhereabouts>> told_whereabouts(std::string_view payload);

}  // namespace mobilytics::ingest
