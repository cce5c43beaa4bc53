#include "pipeline/measure/measure.h"

#include <algorithm>
#include <utility>

#include "foundation/log.h"
#include "foundation/monotonic.h"

namespace mobilytics::measure {

using std::chrono::milliseconds;

namespace {
constexpr milliseconds kRetryFirst{100};
}

/// What operators see. Counters grow by what a tally grew.
class Measure::Figures {
  public:
    explicit Figures(metrics::Registry& registry)
        : reports_(registry.counter("mobilytics_measure_reports_total", "Reports measured.")),
          observations_(registry.counter(
              "mobilytics_measure_observations_total", "Observations measured, or left out.")),
          late_(registry.counter(
              "mobilytics_measure_late_pieces_total", "Pieces of reports that came out of order.")),
          rebuilds_(registry.counter(
              "mobilytics_measure_rebuilds_total", "Days of an asset that were measured again.")),
          buckets_(registry.counter(
              "mobilytics_measure_buckets_total", "Quarters of an hour told, or told again.")),
          uncounted_(registry.counter(
              "mobilytics_measure_uncounted_total",
              "Sightings of which no devices were counted: an asset had too many salts at once.")),
          forgotten_(registry.counter(
              "mobilytics_measure_forgotten_total",
              "Devices that were forgotten while they may have been there: an asset had too many at "
              "once.")),
          commits_(registry.histogram(
              "mobilytics_measure_commit_seconds", "How long commits of facts took.")),
          lag_(registry.gauge(
              "mobilytics_measure_lag_seconds",
              "From the receipt of the last report measured to the commit of its facts.")),
          lanes_(registry.gauge("mobilytics_measure_assets", "Assets with reports in memory.")) {
        for (std::size_t i = 0; i < kDropReasons; ++i) {
            const auto reason = static_cast<DropReason>(i);
            dropped_.push_back(&registry.counter(
                "mobilytics_measure_dropped_total", "Observations left out, by reason.",
                {{"reason", std::string(word(reason))}}));
        }
        for (std::size_t i = 0; i < kStepNames; ++i) {
            const auto step = static_cast<StepName>(i);
            steps_.push_back(&registry.counter(
                "mobilytics_measure_step_seconds_total", "Time spent in each step, estimated.",
                {{"step", std::string(word(step))}}));
        }
    }

    void update(const Pipeline& pipeline) {
        const Tally now = pipeline.tally();
        grow(reports_, now.reports - told_.reports);
        grow(observations_, now.observations - told_.observations);
        grow(late_, now.late_pieces - told_.late_pieces);
        grow(buckets_, now.buckets - told_.buckets);
        grow(uncounted_, now.uncounted - told_.uncounted);
        grow(forgotten_, now.forgotten - told_.forgotten);
        grow(rebuilds_, pipeline.rebuilds() - told_rebuilds_);
        for (std::size_t i = 0; i < kDropReasons; ++i) {
            grow(*dropped_[i], now.dropped[i] - told_.dropped[i]);
        }
        for (std::size_t i = 0; i < kStepNames; ++i) {
            const std::chrono::duration<double> spent = now.time[i] - told_.time[i];
            steps_[i]->Increment(std::max(0.0, spent.count()));
        }
        lanes_.Set(double(pipeline.lanes()));
        told_ = now;
        told_rebuilds_ = pipeline.rebuilds();
    }
    void committed(double seconds, std::chrono::microseconds lag) {
        commits_.Observe(seconds);
        lag_.Set(std::chrono::duration<double>(lag).count());
    }
    /// A new pipeline counts from nothing.
    void forget() {
        told_ = {};
        told_rebuilds_ = 0;
    }

  private:
    static void grow(metrics::Counter& counter, std::int64_t by) {
        if (by > 0) counter.Increment(double(by));
    }

    metrics::Counter& reports_;
    metrics::Counter& observations_;
    metrics::Counter& late_;
    metrics::Counter& rebuilds_;
    metrics::Counter& buckets_;
    metrics::Counter& uncounted_;
    metrics::Counter& forgotten_;
    metrics::Histogram& commits_;
    metrics::Gauge& lag_;
    metrics::Gauge& lanes_;
    std::vector<metrics::Counter*> dropped_, steps_;
    Tally told_;
    std::int64_t told_rebuilds_ = 0;
};

Measure::Measure(
    ingest::AcceptedReports& reports, FactPort& facts, const Clock& clock,
    metrics::Registry& registry, MeasureConfig config,
    std::function<void(const Committed&)> on_committed)
    : reports_(reports),
      facts_(facts),
      clock_(clock),
      config_(std::move(config)),
      on_committed_(std::move(on_committed)),
      figures_(std::make_unique<Figures>(registry)),
      thread_([this] { run(); }) {}

Measure::~Measure() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
    thread_.join();
}

/// False when it is time to stop.
bool Measure::wait(milliseconds span) {
    std::unique_lock lock(mutex_);
    return !stopped_.wait_for(lock, span, [this] { return stopping_; });
}

/// Whatever fails, what was committed is whole: it goes back to that and tries again.
void Measure::run() {
    for (bool going = true; going;) {
        try {
            figures_->forget();
            measure();
            return;
        } catch (const std::exception& failure) {
            log::error("measure_failed", {{"reason", failure.what()}});
            going = wait(config_.retry_max);
        }
    }
}

/// Does it, again and again while others are away; false when it is time to stop.
bool Measure::patiently(const std::function<void()>& act) {
    for (milliseconds pause = kRetryFirst;; pause = std::min(2 * pause, config_.retry_max)) {
        try {
            act();
            return true;
        } catch (const Unavailable& away) {
            log::warning("measure_waits", {{"reason", away.what()}});
        }
        if (!wait(pause)) return false;
    }
}

/// Until it is stopped.
void Measure::measure() {
    Pipeline pipeline(reports_, facts_, clock_, config_.pipeline);
    std::size_t uncommitted = 0;
    std::size_t count = 0;
    Stopwatch since_commit;
    bool going = patiently([&] { pipeline.restore(); });
    while (going) {
        going = patiently([&] { count = pipeline.read(); });
        uncommitted += count;
        const bool due = since_commit.elapsed() >= config_.commit_every;
        if (going && (due || uncommitted >= config_.reports_per_commit)) {
            going = patiently([&] { commit(pipeline); });
            uncommitted = 0;
            since_commit = {};
        }
        if (going && count == 0) {
            going = patiently([&] { reports_.wait_for_more(config_.wait_for_more); });
        }
        going = going && wait(milliseconds(0));
    }
    try {
        commit(pipeline);
    } catch (const Unavailable& away) {
        log::warning("measure_stops_uncommitted", {{"reason", away.what()}});
    }
}

void Measure::commit(Pipeline& pipeline) {
    const Stopwatch stopwatch;
    const auto committed = pipeline.flush();
    figures_->update(pipeline);
    if (!committed) return;
    figures_->committed(stopwatch.seconds(), clock_.now() - pipeline.received_at());
    if (on_committed_) on_committed_(*committed);
}

}  // namespace mobilytics::measure
