#pragma once
// What people are told of what happens: events, and what is seen by looking now and then, as news
// for domains/notices.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::events {
class Relay;
}
namespace mobilytics::jobs {
class Workers;
}
namespace mobilytics::notices {
class Notices;
}

namespace mobilytics::server {

/// A sensor that may send.
struct KnownSensor {
    DeviceId device;
    std::string name;
    std::optional<Instant> heard_at;  // None: not yet.
    Instant certificate_ends_at;
};

struct NewsGround {
    notices::Notices& notices;
    const Clock& clock;
    std::function<std::string(CompanyId)> time_zone;  // IANA.
    std::function<std::string(CompanyId, DeviceId)> name_of;
    std::function<std::vector<CompanyId>()> companies;
    std::function<std::vector<KnownSensor>(CompanyId)> sensors;
};

/// Before relay.start(). What it names must outlive `relay`.
void join_news(events::Relay& relay, const NewsGround& ground);

/// Looks every ten minutes at what tells nothing of itself: sensors that have fallen silent, and
/// certificates that end. Before workers.start(); what it names must outlive `workers`.
void watch_sensors(jobs::Workers& workers, const NewsGround& ground);

}  // namespace mobilytics::server
