#include "platform/jobs/workers.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <thread>

#include <boost/json/serialize.hpp>

#include "foundation/log.h"
#include "platform/jobs/claims.h"
#include "platform/jobs/cron.h"
#include "platform/jobs/depth_metrics.h"
#include "platform/jobs/run.h"
#include "platform/jobs/runner.h"
#include "platform/jobs/upkeep.h"
#include "platform/pg/listener.h"

namespace mobilytics::jobs {

namespace {

constexpr const char* kWakeChannel = "mobilytics_jobs";
constexpr const char* kCancelChannel = "mobilytics_jobs_cancel";
constexpr std::chrono::milliseconds kPauseMax{5'000};
constexpr std::chrono::milliseconds kUpkeepEvery{200};
constexpr std::chrono::milliseconds kKeepEvery{500};  // Deadlines and progress are looked at.

using WorkPtr = std::shared_ptr<Work>;

}  // namespace

struct Workers::State {
    State(const Ground& ground, const WorkersConfig& all)
        : system(ground.system),
          address(ground.address),
          clock(ground.clock),
          registry(ground.registry),
          config(all),
          depths(std::make_shared<DepthMetrics>(system, clock, registry)),
          runner(ground.pool, system, clock, kinds),
          claims(system, clock, kinds, vendors, all.lanes_max),
          upkeep(system, clock, runner, all),
          listener(address, {kWakeChannel, kCancelChannel}) {
        if (config.tells_depth) DepthMetrics::refresh_with(registry, depths);
    }

    // The state of those threads that are there. `mutex` guards what is below it.
    void enter();
    void leave();
    std::int64_t slots_free() const;  // With the mutex.
    void take_on(std::vector<Claimed> claimed);
    void wake();

    void dispatch();
    std::chrono::milliseconds dispatch_once();
    bool wait_for_room(std::chrono::milliseconds wait);
    void listen();
    void work();
    void keep();
    void keep_once(bool with_beat);
    bool tell_and_ask(WorkerId own, bool with_beat);
    void keep_deadlines();
    void stop_runs(StopReason why);
    void lost();

    pg::SystemPool& system;
    const pg::Address address;
    const Clock& clock;
    metrics::Registry& registry;
    const WorkersConfig config;
    std::map<std::string, Kind> kinds;
    std::map<std::string, VendorLimits> vendors;
    std::vector<Planned> planned;
    std::shared_ptr<DepthMetrics> depths;
    Runner runner;
    Claims claims;
    Upkeep upkeep;
    pg::Listener listener;

    std::mutex mutex;
    std::condition_variable for_workers, for_dispatcher, for_keeper, for_stop;
    std::optional<WorkerId> worker;
    std::deque<WorkPtr> waiting;
    std::list<WorkPtr> running;
    bool taking = false;            // Jobs are taken, and threads wait for them.
    bool keeping = false;           // The lease is kept.
    std::optional<Stopwatch> kept;  // The dispatcher's: when there was upkeep,
    std::optional<Instant> due;     // and when something is due next.
    bool woken = false, asked_to_keep = false, limited = false;
    Stopwatch beaten;
    std::vector<std::thread> threads;  // That run jobs.
    std::thread dispatcher, listening, keeper;
};

void Workers::State::enter() {
    const auto fresh = WorkerId::fresh(clock.now());
    auto tx = system.begin();
    insert_worker(tx, fresh, clock.now());
    tx.commit();
    const std::lock_guard lock(mutex);
    worker = fresh;
    beaten = {};
}

void Workers::State::leave() {
    if (!worker) return;
    try {
        auto tx = system.begin();
        delete_worker(tx, *worker);
        tx.commit();
    } catch (const std::exception& failure) {
        log::warning("jobs_lease_not_ended", {{"why", failure.what()}});  // It ends by itself.
    }
    worker = std::nullopt;
}

std::int64_t Workers::State::slots_free() const {
    return config.threads + config.ahead - std::ssize(waiting) - std::ssize(running);
}

void Workers::State::take_on(std::vector<Claimed> claimed) {
    std::map<std::string, std::vector<Claimed>> batches;
    std::vector<WorkPtr> works;
    for (auto& job : claimed) {
        const auto& kind = kinds.at(job.kind);
        auto& batch = batches[job.kind];
        batch.push_back(std::move(job));
        if (std::ssize(batch) == kind.batch_max)
            works.push_back(work_of(kind, std::exchange(batch, {})));
    }
    for (auto& [name, batch] : batches) {
        if (!batch.empty()) works.push_back(work_of(kinds.at(name), std::move(batch)));
    }
    {
        const std::lock_guard lock(mutex);
        waiting.insert(waiting.end(), works.begin(), works.end());
    }
    for_workers.notify_all();
}

void Workers::State::wake() {
    {
        const std::lock_guard lock(mutex);
        woken = true;
    }
    for_dispatcher.notify_one();
}

void Workers::State::dispatch() {
    auto pause = config.look_every;
    for (;;) {
        {
            const std::lock_guard lock(mutex);
            if (!taking) return;
        }
        std::chrono::milliseconds wait{0};
        try {
            wait = dispatch_once();
            pause = config.look_every;
        } catch (const std::exception& failure) {
            log::warning("jobs_wait", {{"why", failure.what()}});
            wait = pause;
            pause = std::min(2 * pause, kPauseMax);
        }
        if (!wait_for_room(wait)) return;
    }
}

/// How long there is nothing to do then; zero: there may be more at once.
std::chrono::milliseconds Workers::State::dispatch_once() {
    if (!kept || kept->elapsed() > kUpkeepEvery || (due && *due <= clock.now())) {
        kept.emplace();
        due = upkeep.once();
    }
    std::int64_t slots = 0;
    WorkerId own;
    {
        const std::lock_guard lock(mutex);
        woken = false;
        slots = slots_free();
        if (!worker) slots = 0;
        if (worker) own = *worker;
    }
    if (slots <= 0) return config.look_every;
    auto round = claims.take(own, slots);
    if (!round.alive) {
        lost();
        return config.look_every;
    }
    const bool found = !round.jobs.empty();
    take_on(std::move(round.jobs));
    const std::lock_guard lock(mutex);
    limited = round.limited;
    if (found) return std::chrono::milliseconds(0);
    auto wait = config.look_every;
    if (round.again_in) wait = std::min(wait, *round.again_in);
    if (due) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - clock.now());
        wait = std::clamp(left, std::chrono::milliseconds(1), wait);
    }
    return wait;
}

/// Until there is room for enough to be worth a look, and a reason for one. False when it is over.
bool Workers::State::wait_for_room(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex);
    const auto has_room = [this] {
        const auto free = slots_free();
        return free > 0 && (waiting.empty() || 2 * free >= config.ahead);
    };
    if (wait.count() == 0) {  // More is waiting, as far as we know.
        for_dispatcher.wait_for(lock, config.look_every, [&] { return !taking || has_room(); });
        return taking;
    }
    const auto free = slots_free();
    for_dispatcher.wait_for(lock, wait, [&] {
        // What ran under a limit makes room for another.
        return !taking || (has_room() && (woken || (limited && slots_free() > free)));
    });
    return taking;
}

void Workers::State::listen() {
    for (;;) {
        const auto heard = listener.wait(config.look_every);
        if (heard.stopped) return;
        bool cancelled = heard.may_have_missed, enqueued = heard.may_have_missed;
        for (const auto& notification : heard.notifications) {
            (notification.channel == kCancelChannel ? cancelled : enqueued) = true;
        }
        if (enqueued) wake();
        if (!cancelled) continue;
        {
            const std::lock_guard lock(mutex);
            asked_to_keep = true;
        }
        for_keeper.notify_one();
    }
}

void Workers::State::work() {
    for (;;) {
        WorkPtr mine;
        {
            std::unique_lock lock(mutex);
            for_workers.wait(lock, [this] { return !taking || !waiting.empty(); });
            if (!taking) return;
            mine = std::move(waiting.front());
            waiting.pop_front();
            mine->since = {};
            running.push_back(mine);
        }
        runner.run(*mine);
        {
            const std::lock_guard lock(mutex);
            running.remove(mine);
        }
        for_dispatcher.notify_one();
        for_stop.notify_all();
    }
}

void Workers::State::keep() {
    std::optional<Stopwatch> last;
    for (;;) {
        const bool with_beat = !last || last->elapsed() >= config.beat_every;
        if (with_beat) last.emplace();
        try {
            keep_once(with_beat);
        } catch (const std::exception& failure) {
            log::warning("jobs_not_kept", {{"why", failure.what()}});
        }
        std::unique_lock lock(mutex);
        // Others may run what we run: what is told to end in time does nothing twice.
        if (beaten.elapsed() > config.lease_max * 2 / 3) stop_runs(StopReason::lease_lost);
        const auto wait = std::min(kKeepEvery, config.beat_every);
        for_keeper.wait_for(lock, wait, [this] { return !keeping || asked_to_keep; });
        if (!keeping) return;
        asked_to_keep = false;
    }
}

void Workers::State::keep_once(bool with_beat) {
    keep_deadlines();
    WorkerId own;
    {
        const std::lock_guard lock(mutex);
        if (!worker) return;
        own = *worker;
    }
    if (!tell_and_ask(own, with_beat)) return lost();
    const std::lock_guard lock(mutex);
    if (with_beat) beaten = {};
}

/// That we live, and how far we are; and what is to be cancelled. False, when we were taken for
/// dead.
bool Workers::State::tell_and_ask(WorkerId own, bool with_beat) {
    std::vector<WorkPtr> now_running;
    {
        const std::lock_guard lock(mutex);
        now_running.assign(running.begin(), running.end());
    }
    auto tx = system.begin();
    if (with_beat && !beat(tx, own)) return false;
    const auto cancelled = select_cancel_asked(tx, own);
    for (const auto& each : now_running) {
        for (std::size_t i = 0; i < each->runs.size(); ++i) {
            const auto& run = each->runs[i];
            if (std::find(cancelled.begin(), cancelled.end(), run.id) != cancelled.end()) {
                RunAccess::stop(run, StopReason::cancelled);
            }
            if (const auto news = RunAccess::news(run)) {
                update_progress(tx, each->jobs[i].lease, news->percent, news->note);
            }
        }
    }
    tx.commit();
    return true;
}

/// Tells those that run too long; and takes the lease from those that do not heed it.
void Workers::State::keep_deadlines() {
    const auto now = clock.now();
    std::vector<WorkPtr> stuck;
    {
        const std::lock_guard lock(mutex);
        for (const auto& each : running) {
            const auto& options = each->kind->options;
            for (std::size_t i = 0; i < each->runs.size(); ++i) {
                const auto& deadline = each->jobs[i].deadline_at;
                if (deadline && *deadline < now) {
                    RunAccess::stop(each->runs[i], StopReason::too_late);
                }
                if (each->since.elapsed() > options.run_max) {
                    RunAccess::stop(each->runs[i], StopReason::run_too_long);
                }
            }
            if (!each->abandoned && each->since.elapsed() > options.run_max + options.grace) {
                each->abandoned = true;
                stuck.push_back(each);
            }
        }
    }
    for (const auto& each : stuck) {
        for (const auto& job : each->jobs) {
            log::error("job_stuck", {{"job", job.lease.id.str()}, {"job_kind", job.kind}});
            runner.fail(
                job, {.code = "run_too_long", .message = "it did not end when it was told to"});
        }
    }
}

/// With the mutex.
void Workers::State::stop_runs(StopReason why) {
    for (const auto& each : running) {
        for (const auto& run : each->runs) RunAccess::stop(run, why);
    }
}

/// We were taken for dead: what we hold is others' now. On with a new name.
void Workers::State::lost() {
    log::warning("jobs_lease_lost");
    {
        const std::lock_guard lock(mutex);
        stop_runs(StopReason::lease_lost);
        waiting.clear();
        worker = std::nullopt;
    }
    enter();
}

Workers::Workers(const Ground& ground, WorkersConfig config)
    : state_(std::make_unique<State>(ground, config)) {}

Workers::~Workers() {
    stop();
    state_->leave();
    state_->depths->end();
}

void Workers::limit(const std::string& vendor, VendorLimits limits) {
    VERIFY(limits.per_second <= 0 || limits.burst >= 1);
    state_->vendors[vendor] = limits;
}

void Workers::add(std::string_view kind, KindOptions options, Single handler) {
    VERIFY(!state_->taking);
    add_kind(
        state_->kinds, state_->registry,
        {std::string(kind), std::move(options), 1, std::move(handler)});
}

void Workers::add_system(std::string_view kind, KindOptions options, Systemic handler) {
    VERIFY(!state_->taking);
    add_kind(
        state_->kinds, state_->registry,
        {std::string(kind), std::move(options), 1, std::move(handler)});
}

void Workers::add_batch(std::string_view kind, KindOptions options, int batch_max, Batch handler) {
    VERIFY(!state_->taking && batch_max > 0 && batch_max <= Room::kSlot);
    add_kind(
        state_->kinds, state_->registry,
        {std::string(kind), std::move(options), batch_max, std::move(handler)});
}

void Workers::add_schedule(Schedule schedule, std::string_view kind, boost::json::value payload) {
    VERIFY(!state_->taking);
    VERIFY(Cron::parse(schedule.cron, schedule.time_zone));
    state_->planned.push_back(
        {std::move(schedule), std::string(kind), boost::json::serialize(payload)});
}

void Workers::start() {
    auto& state = *state_;
    VERIFY(!state.taking);
    state.upkeep.keep_schedules(state.planned);
    state.leave();
    state.enter();
    state.taking = state.keeping = true;
    for (int i = 0; i < state.config.threads; ++i) {
        state.threads.emplace_back([&state] { state.work(); });
    }
    state.listening = std::thread([&state] { state.listen(); });
    state.keeper = std::thread([&state] { state.keep(); });
    state.dispatcher = std::thread([&state] { state.dispatch(); });
}

void Workers::stop() {
    auto& state = *state_;
    if (!state.dispatcher.joinable()) return;
    std::deque<WorkPtr> not_begun;
    {
        const std::lock_guard lock(state.mutex);
        state.taking = false;
    }
    state.for_dispatcher.notify_all();
    state.for_workers.notify_all();
    state.listener.stop();
    state.dispatcher.join();
    state.listening.join();
    std::unique_lock lock(state.mutex);
    not_begun.swap(state.waiting);
    lock.unlock();
    for (const auto& each : not_begun) {
        for (const auto& job : each->jobs) {
            try {
                state.runner.give_back(job);
            } catch (const std::exception& failure) {
                log::warning("job_not_given_back", {{"why", failure.what()}});
            }
        }
    }
    lock.lock();
    const auto idle = [&state] { return state.running.empty(); };
    if (!state.for_stop.wait_for(lock, state.config.drain_max, idle)) {
        log::warning("jobs_told_to_end", {{"running", state.running.size()}});
        state.stop_runs(StopReason::draining);
        state.runner.give_up();
    }
    lock.unlock();
    for (auto& thread : state.threads) thread.join();
    state.threads.clear();
    lock.lock();
    state.keeping = false;
    lock.unlock();
    state.for_keeper.notify_all();
    state.keeper.join();
    state.leave();
}

std::int64_t Workers::run_due() {
    auto& state = *state_;
    VERIFY(!state.taking);
    state.upkeep.keep_schedules(state.planned);
    if (!state.worker) state.enter();
    std::int64_t runs = 0;
    for (;;) {
        state.upkeep.once();
        auto round = state.claims.take(*state.worker, 1);
        if (!round.alive) {  // Nobody beats for us here.
            state.enter();
            continue;
        }
        if (round.jobs.empty()) return runs;
        runs += std::ssize(round.jobs);
        state.take_on(std::move(round.jobs));
        for (auto waiting = std::exchange(state.waiting, {}); const auto& each : waiting) {
            state.runner.run(*each);
        }
    }
}

}  // namespace mobilytics::jobs
