#include "apps/server/demo_sensor.h"

#include <charconv>

#include "foundation/log.h"
#include "foundation/zone.h"
#include "platform/crypto/files.h"

namespace mobilytics::server {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kStartUs = 1'000'000;  // Of the monotonic clock that event times make.
constexpr auto kLookEvery = 50ms;
constexpr auto kAdvanceEvery = 100ms;
constexpr auto kNoteEvery = 60s;
constexpr auto kSaltWait = 10s;
/// Behind the present by less than this, it is live.
constexpr auto kLiveWithin = 10s;
constexpr std::uint64_t kWaitingReportsMax = 2'000;

std::int64_t micros(Instant at) { return at.time_since_epoch().count(); }

}  // namespace

bool Turnstile::enter(const std::atomic<bool>& stopped) {
    std::unique_lock lock(mutex_);
    while (places_ == 0 && !stopped) changed_.wait_for(lock, 200ms);
    if (stopped) return false;
    --places_;
    return true;
}

void Turnstile::leave() {
    {
        const std::lock_guard lock(mutex_);
        ++places_;
    }
    changed_.notify_one();
}

DemoSensor::DemoSensor(
    const Needs& needs, std::uint32_t asset, const std::filesystem::path& folder,
    const sensor::Identity& identity, Instant from)
    : needs_(needs),
      asset_(asset),
      folder_(folder),
      from_(lived_until(from)),
      base_{micros(from_) - static_cast<std::int64_t>(kStartUs), wire::ClockState::ntp},
      io_(folder / "spool"),
      salts_(identity.salt_mode, identity.time_zone),
      opt_outs_(folder / sensor::kOptOutsFile),
      advanced_(from_),
      noted_(from_) {
    sensor::AgentConfig config;
    config.device = identity.device;
    sensor::OptOutList opt_out;
    opt_out.follow(opt_outs_);
    agent_ = std::make_unique<sensor::Agent>(
        config, io_, salts_, std::move(opt_out), base_, kStartUs, real());
    link_ = std::make_unique<sensor::Link>(
        sensor::LinkConfig{identity, sensor::credential_files(folder), {}, true}, agent_->spool(),
        salts_, opt_outs_, needs.machine);
    connection_ = std::thread([this] { link_->run(); });
    thread_ = std::thread([this] { run(); });
}

DemoSensor::~DemoSensor() {
    stopped_ = true;
    needs_.turnstile.wake();
    thread_.join();
    link_->stop();
    connection_.join();
}

std::uint64_t DemoSensor::mono_of(Instant at) const {
    return kStartUs +
           static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros(at) - micros(from_)));
}

sensor::Moment DemoSensor::real() const {
    const auto reading = needs_.machine.read();
    return {reading.wall, reading.mono_us, wire::ClockState::ntp};
}

Instant DemoSensor::lived_until(Instant otherwise) const {
    const auto text = crypto::read_file(folder_ / "lived");
    if (!text) return otherwise;
    const auto until = parse_iso8601(*text);
    return until ? std::max(*until, otherwise) : otherwise;
}

void DemoSensor::note_lived(Instant until) {
    crypto::write_file(folder_ / "lived", to_iso8601(until), crypto::Readable::by_all);
    noted_ = until;
}

void DemoSensor::run() {
    try {
        live();
    } catch (const std::exception& failure) {
        log::error("demo_sensor_ended", {{"asset", asset_}, {"why", failure.what()}});
    }
}

void DemoSensor::live() {
    // The salts of the days that are lived through, and of the next one.
    for (auto at = from_; at <= needs_.clock.now(); at += 24h) {
        salts_.of(local_day(at, salts_.zone()));
    }
    salts_.of(local_day(needs_.clock.now(), salts_.zone()));
    for (auto waited = 0ms; !salts_.settled() && waited < kSaltWait && !stopped_;
         waited += kLookEvery) {
        std::this_thread::sleep_for(kLookEvery);
    }
    bool catching_up = needs_.turnstile.enter(stopped_);
    const auto radio = needs_.city.live_radio(asset_, from_, needs_.clock);
    const auto receiver = needs_.city.live_receiver(asset_, from_, needs_.clock);
    sensor::RawFrame frame;
    sensor::Fix fix;
    auto framed = sensor::Step::idle;
    auto fixed = receiver ? sensor::Step::idle : sensor::Step::end;
    while (!stopped_) {
        if (framed == sensor::Step::idle) framed = radio->next(frame, 0ms);
        if (fixed == sensor::Step::idle) fixed = receiver->next(fix, 0ms);
        const bool has_frame = framed == sensor::Step::ready;
        const bool has_fix = fixed == sensor::Step::ready;
        const auto now = needs_.clock.now();
        if (has_fix && (!has_frame || fix.at <= frame.at)) {
            agent_->locate(fix, mono_of(fix.at));
            advance(fix.at);
            fixed = sensor::Step::idle;
        } else if (has_frame) {
            agent_->hear(frame, mono_of(frame.at));
            advance(frame.at);
            framed = sensor::Step::idle;
        } else {
            advance(now - 200ms);
            std::this_thread::sleep_for(kLookEvery);
        }
        if (catching_up && now - advanced_ < kLiveWithin) {
            needs_.turnstile.leave();
            catching_up = false;
        }
    }
    if (catching_up) needs_.turnstile.leave();
    agent_->finish(mono_of(advanced_), real());
    note_lived(advanced_);
}

void DemoSensor::advance(Instant now) {
    if (now < advanced_ + kAdvanceEvery) return;
    advanced_ = now;
    agent_->advance(mono_of(now), base_, real());
    if (now - noted_ >= kNoteEvery) {
        salts_.of(local_day(now + 6h, salts_.zone()));  // Of tomorrow, before it begins.
        note_lived(now);
    }
    while (!stopped_ && agent_->spool().counts().reports > kWaitingReportsMax) {
        std::this_thread::sleep_for(kLookEvery);
        agent_->advance(mono_of(now), base_, real());
    }
}

}  // namespace mobilytics::server
