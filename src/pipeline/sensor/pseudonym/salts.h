#pragma once
// The salts of days: the company's where the platform hands it out, else our own. Recording never
// waits for one: until the company's has come, and where it will not, a strict salt is used, which
// is another epoch.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "foundation/zone.h"
#include "pipeline/sensor/pseudonym/salt.h"

namespace mobilytics::sensor {

/// What holds for the company's sensors now.
struct InForce {
    wire::SaltMode mode = wire::SaltMode::strict;
    std::vector<wire::SaltEpoch> epochs;  // Of the company's salts that may be used.
};

/// Who hands out the company's salts: the platform, over mutual TLS.
class SaltPort {
  public:
    virtual ~SaltPort() = default;
    /// A day's salt; conflict `salt_destroyed`, when there is none any more or never will be;
    /// forbidden, when the company lets none out; unavailable, when nobody answers.
    virtual Result<Salt> fetch(LocalDay day) = 0;
    /// unavailable, when nobody answers.
    virtual Result<InForce> in_force() = 0;
};

struct SaltLimits {
    std::chrono::hours tomorrow_before{6};  // So long before midnight, tomorrow's is fetched.
    std::chrono::seconds retry_every{30};
    std::chrono::seconds confirm_every{120};  // That what is used may still be used.
    std::size_t days_max = 64;  // More are forgotten, the oldest first; a replay may span many.
};

/// For any thread.
class Salts {
  public:
    /// `mode` is what the company had when this sensor joined; it is asked for again and again, and
    /// while it is strict no salt is fetched. `zone` is the company's.
    Salts(wire::SaltMode mode, std::string zone, const SaltLimits& limits = {});

    const std::string& zone() const { return zone_; }

    /// What to hash with on that day, now. Later it may be another, once the company's has come.
    SaltPointer of(LocalDay day);

    /// Fetches what is wanted and not there: the salts of days that were asked for, and tomorrow's
    /// when today nears its end. Before that, every two minutes, asks what is in force: what is
    /// not is forgotten at once, and a salt of our own begins. Waits for `port`. True if one came.
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
    void confirm(SaltPort& port, std::uint64_t mono_us);
    void take(const InForce& told);  // Under the lock, as the next.
    void turn_strict();
    std::optional<LocalDay> next_wanted(std::uint64_t mono_us) const;
    Day& day_of(LocalDay day);

    wire::SaltMode mode_;
    std::uint64_t confirm_at_us_ = 0;
    const std::string zone_;
    const SaltLimits limits_;
    mutable std::mutex mutex_;
    std::map<LocalDay, Day> days_;
};

}  // namespace mobilytics::sensor
