#pragma once
// A live sensor: its sources, its agent and its connection, over a state folder. Either run() with
// threads of its own (one a source, one for the connection), or poll() from somebody's: so that a
// thousand simulated sensors can share a few threads.

#include <atomic>
#include <deque>
#include <filesystem>
#include <memory>
#include <vector>

#include "pipeline/sensor/agent/agent.h"
#include "pipeline/sensor/sources/source.h"
#include "pipeline/sensor/spool/disk_io.h"
#include "pipeline/sensor/uplink/link.h"

namespace mobilytics::sensor {

/// How a station's run came to its end.
BOOST_DEFINE_ENUM_CLASS(
    StationEnd,
    stopped,       // It was asked to.
    sent,          // Nothing more came, and all is acknowledged.
    not_sent,      // Nothing more came; some of it waits on disk for the next start.
    source_failed  // What it listened to is gone.
)

struct StationConfig {
    std::filesystem::path state_folder;  // With credentials; the spool is in spool/ there.
    Identity identity;
    AgentConfig agent;
    UplinkLimits uplink;
    SaltLimits salts;
    bool https = true;
    OptOutList opt_out;
    OptOutLimits opt_outs;                          // The company's list, kept in opt_outs.json.
    std::chrono::milliseconds salt_wait{5'000};     // To begin the day with the company's salt.
    std::chrono::milliseconds turn_every{100};      // Windows are looked at so often.
    std::chrono::milliseconds silence_max{60'000};  // Without an ack, at the end, it gives up.
};

struct Sources {
    std::vector<std::unique_ptr<FrameSource>> frames;
    std::vector<std::unique_ptr<FixSource>> fixes;
};

class Station {
  public:
    /// Recovers the spool and begins to connect. `machine` must outlive this.
    Station(const StationConfig& config, const MachineTime& machine, Sources sources);
    ~Station();

    /// Until stop(), until `stop` is set, or until there are no frames to come and those that came
    /// are acknowledged. What was heard is on disk when it returns.
    StationEnd run(const std::atomic<bool>& stop);
    /// From any thread; also from a signal's, as it only sets a flag.
    void stop() { stopped_ = true; }

    /// One turn of everything, without waiting but for an HTTPS answer. When to call again.
    std::chrono::milliseconds poll();
    /// After the last poll(): all that was heard goes to the disk.
    void finish();

    Agent& agent() { return *agent_; }
    Link& link() { return *link_; }

  private:
    template <class Source>
    struct Listening {
        std::unique_ptr<Source> source;
        std::atomic<std::uint64_t> lost = 0;
        std::atomic<bool> ended = false;
        std::atomic<bool> failed = false;
    };

    bool begun();
    void turn();
    Step read_one(Listening<FrameSource>& from, std::chrono::milliseconds wait_max);
    Step read_one(Listening<FixSource>& from, std::chrono::milliseconds wait_max);
    template <class Source>
    bool read_on(Listening<Source>& from, std::chrono::milliseconds wait_max);
    bool frames_ended() const;
    bool drain(const std::atomic<bool>& stop);

    const StationConfig config_;
    const MachineTime& machine_;
    std::deque<Listening<FrameSource>> frames_;
    std::deque<Listening<FixSource>> fixes_;
    DiskIo io_;
    Salts salts_;
    CompanyOptOuts opt_outs_;
    std::unique_ptr<TimeKeeper> keeper_;
    std::unique_ptr<Agent> agent_;
    std::unique_ptr<Link> link_;
    std::uint64_t made_at_us_ = 0;
    bool begun_ = false;
    std::atomic<bool> stopped_ = false;
};

}  // namespace mobilytics::sensor
