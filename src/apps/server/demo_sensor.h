#pragma once
// One simulated sensor: frames and positions of the simulated city into a real agent, whose reports
// go the real way. What is past is lived through as fast as it goes, then it is live.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "foundation/clock.h"
#include "pipeline/sensor/agent/agent.h"
#include "pipeline/sensor/agent/machine_time.h"
#include "pipeline/sensor/enrol/identity.h"
#include "pipeline/sensor/spool/disk_io.h"
#include "pipeline/sensor/uplink/link.h"
#include "simulation/city.h"

namespace mobilytics::server {

/// Few at a time live through their past, so that the machine stays usable and memory bounded.
class Turnstile {
  public:
    explicit Turnstile(int places) : places_(places) {}
    /// False when `stopped` was set first.
    bool enter(const std::atomic<bool>& stopped);
    void leave();
    void wake() { changed_.notify_all(); }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int places_;
};

class DemoSensor {
  public:
    struct Needs {
        const simulation::City& city;
        const Clock& clock;
        const sensor::MachineTime& machine;
        Turnstile& turnstile;
    };
    /// `folder` holds its credentials. Begins where it was left, or at `from`. What it is given
    /// must outlive this.
    DemoSensor(
        const Needs& needs, std::uint32_t asset, const std::filesystem::path& folder,
        const sensor::Identity& identity, Instant from);
    ~DemoSensor();
    DemoSensor(const DemoSensor&) = delete;
    DemoSensor& operator=(const DemoSensor&) = delete;

  private:
    void run();
    void live();
    void advance(Instant now);
    std::uint64_t mono_of(Instant at) const;
    sensor::Moment real() const;
    Instant lived_until(Instant otherwise) const;
    void note_lived(Instant until);

    const Needs needs_;
    const std::uint32_t asset_;
    const std::filesystem::path folder_;
    const Instant from_;
    const sensor::TimeBase base_;
    sensor::DiskIo io_;
    sensor::Salts salts_;
    sensor::CompanyOptOuts opt_outs_;
    std::unique_ptr<sensor::Agent> agent_;
    std::unique_ptr<sensor::Link> link_;
    Instant advanced_, noted_;
    std::atomic<bool> stopped_ = false;
    std::thread connection_, thread_;
};

}  // namespace mobilytics::server
