#pragma once
// A sensor as a whole: frames and fixes go in, reports go to the spool and from there to the
// platform. It has no thread of its own and opens nothing: whoever has the sources and the
// connections drives it (live.h, replay.h, or a simulation that runs a thousand of them).

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/sensor/agent/recorder.h"
#include "pipeline/sensor/decode/frame_decoder.h"
#include "pipeline/sensor/spool/spool.h"

namespace mobilytics::sensor {

struct AgentConfig {
    DeviceId device;
    std::string version = MOBILYTICS_VERSION;
    SpoolLimits spool;
    RecorderLimits recorder;
    DecodeOptions decode;
    std::chrono::seconds health_every{60};
};

struct AgentCounts {
    FrameCounts frames;
    std::uint64_t fixes = 0;
    std::uint64_t recorded = 0;  // Sightings that are in reports, or will be.
    std::array<std::uint64_t, kRecordDrops> not_recorded{};
    std::uint64_t reports = 0;
    SpoolCounts spool;
};

/// hear(), locate() and note_lost() for any thread; the rest for one.
class Agent {
  public:
    /// `io` and `salts` must outlive this. Recovers the spool. Recording begins at `start_us`, as
    /// `base` counts; `real` is what time it is now, which in a replay is another thing.
    Agent(
        const AgentConfig& config, FileIo& io, Salts& salts, OptOutList opt_out, TimeBase base,
        std::uint64_t start_us, const Moment& real);

    /// `mono_us` is when it was on the air, by the monotonic clock of advance().
    void hear(const RawFrame& frame, std::uint64_t mono_us);
    void locate(const Fix& fix, std::uint64_t mono_us);
    /// Frames that the kernel lost, so far.
    void note_lost(std::uint64_t frames_in_all);
    /// What the sources of fixes dropped so far.
    void note_fixes(const FixCounts& counts);

    /// It is `now_us`: windows that are over go to the spool. `anchors` are told with the next
    /// report.
    void advance(
        std::uint64_t now_us, TimeBase base, const Moment& real,
        const std::vector<wire::ClockAnchor>& anchors = {});
    /// Nothing more will come: all goes to the spool, durably.
    void finish(std::uint64_t now_us, const Moment& real);

    Spool& spool() { return spool_; }
    AgentCounts counts() const;

  private:
    void keep(std::vector<wire::Report>& reports, const Moment& real);
    wire::Health health(std::uint64_t real_us);
    std::vector<wire::DropCount> drops() const;

    const AgentConfig config_;
    FileIo& io_;
    Spool spool_;

    mutable std::mutex mutex_;  // Of what frames and fixes change.
    FrameDecoder decoder_;
    Recorder recorder_;
    FixCounts fix_counts_;
    std::uint64_t fixes_ = 0;
    std::uint64_t lost_ = 0;

    TimeBase base_;
    std::vector<wire::ClockAnchor> anchors_;
    std::uint64_t began_us_;          // By the machine's clock, as are all below.
    std::uint64_t health_at_us_ = 0;  // 0: at the first report.
    std::uint64_t cpu_at_us_ = 0;
    std::uint64_t cpu_used_us_ = 0;
    std::atomic<std::uint64_t> reports_ = 0;
    std::string frame_;
};

}  // namespace mobilytics::sensor
