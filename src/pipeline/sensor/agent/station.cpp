#include "pipeline/sensor/agent/station.h"

#include <algorithm>
#include <thread>

#include "foundation/log.h"
#include "foundation/monotonic.h"

namespace mobilytics::sensor {

namespace chrono = std::chrono;

namespace {

constexpr chrono::milliseconds kSourceWait{200};  // Then it looks whether it should stop.
constexpr int kFramesAtOnce = 1'000;

std::uint64_t micros(chrono::milliseconds time) {
    return static_cast<std::uint64_t>(chrono::microseconds(time).count());
}

/// The floor of time is in the spool's state, which the spool reads itself later.
Instant floor_of(FileIo& io) {
    const auto state = read_state(io);
    return state ? state->last_good : Instant();
}

}  // namespace

Station::Station(const StationConfig& config, const MachineTime& machine, Sources sources)
    : config_(config),
      machine_(machine),
      io_(config.state_folder / "spool"),
      salts_(config.identity.salt_mode, config.identity.time_zone, config.salts),
      opt_outs_(config.state_folder / kOptOutsFile, config.opt_outs) {
    keeper_ = std::make_unique<TimeKeeper>(machine, floor_of(io_));
    const auto now = keeper_->now();
    made_at_us_ = now.mono_us;
    auto agent = config.agent;
    agent.device = config.identity.device;
    auto opt_out = config.opt_out;
    opt_out.follow(opt_outs_);
    agent_ = std::make_unique<Agent>(
        agent, io_, salts_, std::move(opt_out), keeper_->base(), now.mono_us, now);
    link_ = std::make_unique<Link>(
        LinkConfig{
            config.identity, credential_files(config.state_folder), config.uplink, config.https},
        agent_->spool(), salts_, opt_outs_, machine);
    for (auto& source : sources.frames) frames_.emplace_back().source = std::move(source);
    for (auto& source : sources.fixes) fixes_.emplace_back().source = std::move(source);
}

Station::~Station() = default;

/// Whether it may listen: the company's salt and list have come, or were waited for long enough.
bool Station::begun() {
    begun_ = begun_ || (salts_.settled() && opt_outs_.settled()) ||
             machine_.read().mono_us >= made_at_us_ + micros(config_.salt_wait);
    return begun_;
}

void Station::turn() {
    keeper_->update();
    const auto now = keeper_->now();
    std::uint64_t lost = 0;
    for (const auto& from : frames_) lost += from.lost;
    agent_->note_lost(lost);
    agent_->advance(now.mono_us, keeper_->base(), now, keeper_->take_anchors());
}

Step Station::read_one(Listening<FrameSource>& from, chrono::milliseconds wait_max) {
    RawFrame frame;
    const auto step = from.source->next(frame, wait_max);
    if (step == Step::ready) agent_->hear(frame, keeper_->mono_of(frame.at));
    from.lost = from.source->lost();
    return step;
}

Step Station::read_one(Listening<FixSource>& from, chrono::milliseconds wait_max) {
    Fix fix;
    auto& source = *from.source;
    const auto step = source.next(fix, wait_max);
    if (step == Step::ready) {
        // A receiver's fix was just now, by our clock, whatever either says of the time of day.
        if (source.live()) keeper_->fix_heard(fix.at);
        agent_->locate(fix, source.live() ? machine_.read().mono_us : keeper_->mono_of(fix.at));
    }
    agent_->note_fixes(source.counts());
    return step;
}

/// False when it has nothing more now.
template <class Source>
bool Station::read_on(Listening<Source>& from, chrono::milliseconds wait_max) {
    if (from.ended) return false;
    const auto step = read_one(from, wait_max);
    if (step == Step::failed) {
        from.failed = true;
        const auto& failure = from.source->failure();
        log::error("source_failed", {{"why", failure.code}, {"detail", failure.message}});
    }
    from.ended = step == Step::end || step == Step::failed;
    return step == Step::ready;
}

/// Positions alone are nothing to go on for.
bool Station::frames_ended() const {
    const auto ended = [](const auto& from) { return from.ended.load(); };
    return std::all_of(frames_.begin(), frames_.end(), ended);
}

/// Whether all was acknowledged before too long nothing was.
bool Station::drain(const std::atomic<bool>& stop) {
    link_->wake();
    Deadline silence(config_.silence_max);
    auto settled = link_->uplink().counts().settled;
    while (!link_->uplink().drained()) {
        if (stopped_ || stop || silence.passed()) return false;
        std::this_thread::sleep_for(config_.turn_every);
        const auto now = link_->uplink().counts().settled;
        if (now != settled) silence = Deadline(config_.silence_max);
        settled = now;
    }
    return true;
}

StationEnd Station::run(const std::atomic<bool>& stop) {
    const auto ends = [&] { return stopped_ || stop; };
    std::thread connection([this] { link_->run(); });
    while (!ends() && !begun()) std::this_thread::sleep_for(config_.turn_every);
    turn();
    std::vector<std::thread> threads;
    const auto listen = [&](auto& from) {
        threads.emplace_back([this, &from, &ends] {
            while (!ends() && !from.ended) read_on(from, kSourceWait);
        });
    };
    for (auto& from : frames_) listen(from);
    for (auto& from : fixes_) listen(from);
    while (!ends() && !frames_ended()) {
        std::this_thread::sleep_for(config_.turn_every);
        turn();
    }
    for (auto& from : frames_) from.source->cancel();
    for (auto& from : fixes_) from.source->cancel();
    for (auto& thread : threads) thread.join();
    finish();
    const bool failed = std::any_of(
        frames_.begin(), frames_.end(), [](const auto& from) { return from.failed.load(); });
    // Where it failed, the next start goes on at once.
    const bool sent = !ends() && !failed && drain(stop);
    link_->stop();
    connection.join();
    if (ends()) return StationEnd::stopped;
    if (failed) return StationEnd::source_failed;
    return sent ? StationEnd::sent : StationEnd::not_sent;
}

chrono::milliseconds Station::poll() {
    const auto rest = std::min(link_->turn(), config_.turn_every);
    if (!begun()) return rest;
    const auto read_all = [&](auto& from) {
        for (int i = 0; i < kFramesAtOnce && read_on(from, chrono::milliseconds(0)); ++i) {
        }
    };
    for (auto& from : frames_) read_all(from);
    for (auto& from : fixes_) read_all(from);
    turn();
    return rest;
}

void Station::finish() {
    keeper_->update();
    const auto now = keeper_->now();
    agent_->finish(now.mono_us, now);
}

}  // namespace mobilytics::sensor
