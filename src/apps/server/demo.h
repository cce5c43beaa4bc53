#pragma once
// The demo: a synthetic city, whose simulated radio frames and positions go through real sensors,
// the real broker, ingest, measure and store. Everything of it says that it is synthetic.

#include <filesystem>
#include <memory>
#include <string>

#include "domains/assets/assets.h"
#include "domains/fleet/fleet.h"
#include "foundation/clock.h"

namespace mobilytics::server {

struct DemoConfig {
    std::filesystem::path folder;  // Where the simulated sensors keep their state.
    std::string server_url;        // Where they enrol.
    CompanyId company;
    std::chrono::hours history{48};  // Lived through at the first start, as fast as it goes.
};

/// While it lives, the city does. What was lived through before a stop is taken up where it was
/// left, as far as that is not longer ago than `history`.
class Demo {
  public:
    /// Registers the city's assets and enrols its sensors, the first time; begins. What it is given
    /// must outlive this.
    Demo(const DemoConfig& config, assets::Assets& assets, fleet::Fleet& fleet, const Clock& clock);
    ~Demo();
    Demo(const Demo&) = delete;
    Demo& operator=(const Demo&) = delete;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace mobilytics::server
