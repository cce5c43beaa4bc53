#pragma once
// The salts of days: the company's where the platform hands it out, else our own. Recording never
// waits for one: until the company's has come, and where it will not, a strict salt is used, which
// is another epoch.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "foundation/zone.h"
#include "pipeline/sensor/pseudonym/salt.h"

namespace mobilytics::sensor {

/// Who hands out the company's salts: the platform, over mutual TLS.
class SaltPort {
  public:
    virtual ~SaltPort() = default;
    /// A day's salt; conflict `salt_destroyed`, when there is none any more or never will be;
    /// unavailable, when nobody answers.
    virtual Result<Salt> fetch(LocalDay day) = 0;
};

struct SaltLimits {
    std::chrono::hours tomorrow_before{6};  // So long before midnight, tomorrow's is fetched.
    std::chrono::seconds retry_every{30};
    std::size_t days_max = 64;  // More are forgotten, the oldest first; a replay may span many.
};

/// For any thread.
class Salts {
  public:
    /// With `mode` strict, nothing is ever fetched. `zone` is the company's.
    Salts(wire::SaltMode mode, std::string zone, const SaltLimits& limits = {});

    const std::string& zone() const { return zone_; }

    /// What to hash with on that day, now. Later it may be another, once the company's has come.
    SaltPointer of(LocalDay day);

    /// Fetches what is wanted and not there: the salts of days that were asked for, and tomorrow's
    /// when today nears its end. Waits for `port`. True if one came.
    bool fetch_wanted(SaltPort& port, Instant wall, std::uint64_t mono_us);
    /// Whether no day that was asked for waits for the company's salt.
    bool settled() const;

  private:
    struct Day {
        SaltPointer own;  // Made when it is first needed.
        SaltPointer company;
        bool refused = false;  // There is none, and will be none.
        std::uint64_t retry_at_us = 0;
    };
    std::optional<LocalDay> next_wanted(std::uint64_t mono_us) const;
    Day& day_of(LocalDay day);

    const wire::SaltMode mode_;
    const std::string zone_;
    const SaltLimits limits_;
    mutable std::mutex mutex_;
    std::map<LocalDay, Day> days_;
};

}  // namespace mobilytics::sensor
