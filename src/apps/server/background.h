#pragma once
// The work that is done in the background: jobs, and what is done by them.

#include <memory>

#include "apps/server/background_settings.h"
#include "foundation/clock.h"

namespace mobilytics::crypto {
class SealedBox;
}
namespace mobilytics::events {
class Relay;
}
namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Workers;
}
namespace mobilytics::mail {
class Outbox;
}
namespace mobilytics::metrics {
class Registry;
}
namespace mobilytics::pg {
class SystemPool;
struct Address;
}  // namespace mobilytics::pg

namespace mobilytics::server {

class HealthWatch;

class Background {
  public:
    struct Ground {
        const pg::Address& address;  // Of whatever role; it has connections of its own.
        const crypto::SealedBox& seal;
        const Clock& clock;
        metrics::Registry& registry;
        events::Relay& relay;  // To be subscribed to, so not started yet.
    };
    /// What it is given must outlive this.
    Background(const BackgroundSettings& settings, const Ground& ground);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// For more that is to be done by them, before start().
    jobs::Workers& workers();
    const mail::Outbox& outbox() const;
    pg::SystemPool& system();

    /// The parts of its own; and where the backoffice has all of them from. It must outlive this.
    void watch(HealthWatch& health);
    void mount(http::Router& router);
    void start();
    /// What runs has ended, or was given back.
    void stop();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace mobilytics::server
