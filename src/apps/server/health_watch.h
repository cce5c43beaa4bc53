#pragma once
// How the system is, part by part, as our staff see it in the backoffice: looked at every so often,
// so that it is known since when something is as it is, and nobody who asks waits for it.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apps/server/doctor/doctor.h"
#include "domains/backoffice/backoffice.h"
#include "foundation/clock.h"

namespace mobilytics::server {

using backoffice::HealthState;

/// What was found of one part.
struct Seen {
    HealthState state = HealthState::ok;
    std::string told;
    std::string remedy = {};  // Of what is not ok.
    std::optional<double> value = {};
    std::string unit = {};  // Of value.
};
/// As doctor has it.
Seen seen(const Finding& finding);

class HealthWatch {
  public:
    explicit HealthWatch(const Clock& clock) : clock_(clock), up_since_(clock.now()) {}

    /// Before the first look. One that throws has failed, and says why.
    void part(std::string name, std::function<Seen()> look);
    void version(std::string name, std::string version);

    /// On one thread.
    void look();
    /// For any thread. Before the first look there are no checks in it.
    backoffice::Health told() const;

  private:
    const Clock& clock_;
    const Instant up_since_;
    std::vector<std::pair<std::string, std::function<Seen()>>> parts_;
    std::vector<backoffice::HealthVersion> versions_;
    mutable std::mutex mutex_;
    Instant looked_at_{};
    std::vector<backoffice::HealthCheck> checks_;
};

}  // namespace mobilytics::server
