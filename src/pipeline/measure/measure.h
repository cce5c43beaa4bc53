#pragma once
// Makes facts of accepted reports: a pure function of the reports and of the dimensions, however
// they were batched, in whatever order they came.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "pipeline/measure/fact_port.h"                // IWYU pragma: export
#include "pipeline/measure/facts.h"                    // IWYU pragma: export
#include "pipeline/measure/pipeline.h"                 // IWYU pragma: export
#include "pipeline/measure/reach_sketch.h"             // IWYU pragma: export
#include "pipeline/measure/tracks/calibration.h"       // IWYU pragma: export
#include "pipeline/measure/tracks/counting_version.h"  // IWYU pragma: export
#include "platform/metrics/metrics.h"

namespace mobilytics::measure {

struct MeasureConfig {
    PipelineConfig pipeline;
    /// Facts are committed at most so often, but after so many reports in any case.
    std::chrono::milliseconds commit_every{1'000};
    std::size_t reports_per_commit = 200'000;
    /// At the end of the stream it waits for more so long at a time; so long may stopping take.
    std::chrono::milliseconds wait_for_more{200};
    /// When database or store are away: waits twice as long each time, up to this.
    std::chrono::milliseconds retry_max{10'000};
};

/// Measures, on a thread of its own, for as long as it lives.
class Measure {
  public:
    /// All must outlive it. `on_committed` is called on its thread after each commit, and must
    /// return soon.
    Measure(
        ingest::AcceptedReports& reports, FactPort& facts, const Clock& clock,
        metrics::Registry& registry, MeasureConfig config,
        std::function<void(const Committed&)> on_committed = {});
    /// Commits what it has, unless the store is away: then it is measured again next time.
    ~Measure();
    Measure(const Measure&) = delete;
    Measure& operator=(const Measure&) = delete;

  private:
    class Figures;

    void run();
    void measure();
    bool patiently(const std::function<void()>& act);
    bool wait(std::chrono::milliseconds span);
    void commit(Pipeline& pipeline);

    ingest::AcceptedReports& reports_;
    FactPort& facts_;
    const Clock& clock_;
    const MeasureConfig config_;
    const std::function<void(const Committed&)> on_committed_;
    std::unique_ptr<Figures> figures_;

    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    std::thread thread_;  // Last: it uses all the others.
};

}  // namespace mobilytics::measure
