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

class Background {
  public:
    /// With connections of its own, by `address` of whatever role. What it is given must outlive
    /// this; it subscribes to `relay`, which must not have been started.
    Background(
        const BackgroundSettings& settings, const pg::Address& address,
        const crypto::SealedBox& seal, const Clock& clock, metrics::Registry& registry,
        events::Relay& relay);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// For more that is to be done by them, before start().
    jobs::Workers& workers();
    const mail::Outbox& outbox() const;
    pg::SystemPool& system();

    void mount(http::Router& router);
    void start();
    /// What runs has ended, or was given back.
    void stop();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace mobilytics::server
