#include "pipeline/sensor/agent/replay.h"

#include <thread>

#include "foundation/monotonic.h"
#include "pipeline/sensor/sources/open.h"

namespace mobilytics::sensor {

namespace chrono = std::chrono;

namespace {

constexpr chrono::milliseconds kLookEvery{20};
constexpr chrono::milliseconds kProgressEvery{250};
constexpr std::uint64_t kAdvanceEveryUs = 100'000;
constexpr std::uint64_t kStartUs = 1'000'000;  // Of the monotonic clock that a replay has.
constexpr std::size_t kDaysMax = 60;           // For which salts are asked in advance.
/// Earlier and later stamps are broken ones, which are dropped when they are decoded.
constexpr Instant kStampsFrom{chrono::sys_days{chrono::year{1990} / 1 / 1}};
constexpr Instant kStampsTo{chrono::sys_days{chrono::year{2100} / 1 / 1}};

std::int64_t micros(Instant at) { return at.time_since_epoch().count(); }

bool is_stamp(Instant at) { return at >= kStampsFrom && at < kStampsTo; }

void stretch(TimeSpan& span, Instant at) {
    const bool first = span.frames + span.fixes == 0;
    span.first = first ? at : std::min(span.first, at);
    span.last = first ? at : std::max(span.last, at);
}

/// The next thing of any source, by time.
class Merge {
  public:
    static Result<Merge> open(const ReplayFiles& files) {
        Merge out;
        for (const auto& path : files.captures) {
            TRY(auto source, open_capture(path));
            CHECK(out.add(std::move(source), out.frames_));
        }
        for (const auto& path : files.fixes) {
            TRY(auto source, open_fixes(path));
            CHECK(out.add(std::move(source), out.fixes_));
        }
        return out;
    }

    /// When the next one was; none at the end.
    std::optional<Instant> next_at() const {
        std::optional<Instant> out;
        for (const auto& one : frames_) take_earlier(out, one);
        for (const auto& one : fixes_) take_earlier(out, one);
        return out;
    }
    /// Gives it to either, and reads on. invalid, when a file turns out to be broken.
    Result<> give(const auto& to_frames, const auto& to_fixes) {
        const auto at = next_at();
        for (auto& one : frames_) {
            if (!one.there || one.item.at != at) continue;
            to_frames(one.item);
            return read(one);
        }
        for (auto& one : fixes_) {
            if (!one.there || one.item.at != at) continue;
            to_fixes(one.item, one.source->counts());
            return read(one);
        }
        return {};
    }

  private:
    template <class Source, class Item>
    struct Peeked {
        std::unique_ptr<Source> source;
        Item item;
        bool there = false;
    };

    template <class Source, class Items>
    Result<> add(std::unique_ptr<Source> source, Items& items) {
        auto& one = items.emplace_back();
        one.source = std::move(source);
        return read(one);
    }
    static void take_earlier(std::optional<Instant>& out, const auto& one) {
        if (one.there && (!out || one.item.at < *out)) out = one.item.at;
    }
    static Result<> read(auto& one) {
        for (;;) {
            const auto step = one.source->next(one.item, kLookEvery);
            one.there = step == Step::ready;
            if (step == Step::failed) return tl::unexpected(one.source->failure());
            if (step != Step::idle) return {};
        }
    }

    std::deque<Peeked<FrameSource, RawFrame>> frames_;
    std::deque<Peeked<FixSource, Fix>> fixes_;
};

/// How event times become times that are sent, and when they are due.
class Score {
  public:
    Score(const TimeSpan& span, const ReplayConfig& config, Instant now)
        : speed_(config.speed), first_us_(micros(span.first)) {
        if (!config.keep_time) {
            const auto length = static_cast<double>(micros(span.last) - micros(span.first));
            const auto playing = speed_ ? static_cast<std::int64_t>(length / *speed_) : 0;
            shift_us_ = micros(now) + playing - micros(span.last);
        }
    }
    /// Before the first time is the first time.
    std::uint64_t mono_of(Instant at) const {
        return kStartUs +
               static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros(at) - first_us_));
    }
    TimeBase base(wire::ClockState state) const {
        return {first_us_ + shift_us_ - static_cast<std::int64_t>(kStartUs), state};
    }
    chrono::nanoseconds due(Instant at) const {
        if (!speed_) return chrono::nanoseconds(0);
        const auto since = static_cast<double>(std::max<std::int64_t>(0, micros(at) - first_us_));
        return chrono::nanoseconds(static_cast<std::int64_t>(since * 1'000 / *speed_));
    }

  private:
    std::optional<double> speed_;
    std::int64_t first_us_;
    std::int64_t shift_us_ = 0;
};

/// One replay, from its first frame to its last ack.
class Player {
  public:
    Player(
        const ReplayConfig& config, const StationConfig& station, const TimeSpan& span,
        const MachineTime& machine, const std::atomic<bool>& stop,
        const std::function<void(const ReplayProgress&)>& progress)
        : config_(config),
          machine_(machine),
          stop_(stop),
          progress_(progress),
          frames_in_all_(span.frames),
          score_(span, config, machine.read().wall),
          // Times that somebody asks us to keep were right where they were taken.
          base_(score_.base(config.keep_time ? wire::ClockState::ntp : real().state)),
          io_(station.state_folder / "spool"),
          salts_(station.identity.salt_mode, station.identity.time_zone, station.salts),
          opt_outs_(station.state_folder / kOptOutsFile, station.opt_outs) {
        auto agent = station.agent;
        agent.device = station.identity.device;
        agent.recorder.gap_max = chrono::minutes(10);
        auto opt_out = station.opt_out;
        opt_out.follow(opt_outs_);
        agent_ = std::make_unique<Agent>(
            agent, io_, salts_, std::move(opt_out), base_, kStartUs, real());
        link_ = std::make_unique<Link>(
            LinkConfig{
                station.identity, credential_files(station.state_folder), station.uplink,
                station.https},
            agent_->spool(), salts_, opt_outs_, machine);
        for (auto at = base_.wall(kStartUs); at <= base_.wall(score_.mono_of(span.last));
             at += chrono::days(1)) {
            if (days_++ < kDaysMax) salts_.of(local_day(at, salts_.zone()));
        }
        salts_.of(local_day(base_.wall(score_.mono_of(span.last)), salts_.zone()));
    }

    Result<ReplayResult> play(Merge& merge, const TimeSpan& span) {
        std::thread connection([this] { link_->run(); });
        const Deadline salts(config_.salt_wait);
        while (!(salts_.settled() && opt_outs_.settled()) && !salts.passed() && !stop_)
            std::this_thread::sleep_for(kLookEvery);
        const auto played = play_all(merge);
        agent_->finish(last_us_, real());
        link_->wake();
        ReplayResult out;
        out.all_acknowledged = played && drain();
        out.stopped = stop_;
        link_->stop();
        connection.join();
        if (!played) return tl::unexpected(played.error());
        out.agent = agent_->counts();
        out.uplink = link_->uplink().counts();
        out.played = span;
        out.played.first = base_.wall(kStartUs);
        out.played.last = base_.wall(score_.mono_of(span.last));
        return out;
    }

  private:
    Moment real() const {
        const auto reading = machine_.read();
        return {
            reading.wall, reading.mono_us,
            reading.synchronised ? wire::ClockState::ntp : wire::ClockState::rtc};
    }

    Result<> play_all(Merge& merge) {
        const Stopwatch since_start;
        for (auto at = merge.next_at(); at && !stop_; at = merge.next_at()) {
            const bool good = is_stamp(*at);
            if (good) wait_until(since_start, score_.due(*at));
            const auto mono_us = good ? score_.mono_of(*at) : last_us_;
            last_us_ = std::max(last_us_, mono_us);
            advance();
            const auto played = merge.give(
                [&](const RawFrame& frame) {
                    agent_->hear(frame, mono_us);
                    ++frames_;
                },
                [&](const Fix& fix, const FixCounts& counts) {
                    agent_->locate(fix, mono_us);
                    agent_->note_fixes(counts);
                });
            CHECK(played);
        }
        return {};
    }

    void advance() {
        if (last_us_ < advanced_us_ + kAdvanceEveryUs) return;
        advanced_us_ = last_us_;
        agent_->advance(last_us_, base_, real());
        tell(false);
        while (!stop_ && agent_->spool().counts().reports > config_.waiting_reports_max) {
            std::this_thread::sleep_for(kLookEvery);
            agent_->advance(last_us_, base_, real());
            tell(false);
        }
    }

    void wait_until(const Stopwatch& since_start, chrono::nanoseconds due) {
        while (!stop_ && since_start.elapsed() < due) {
            const auto left = chrono::ceil<chrono::milliseconds>(due - since_start.elapsed());
            std::this_thread::sleep_for(std::min(left, kLookEvery));
            agent_->advance(last_us_, base_, real());
            tell(false);
        }
    }

    bool drain() {
        Deadline silence(config_.silence_max);
        auto settled = link_->uplink().counts().settled;
        while (!link_->uplink().drained()) {
            if (stop_ || silence.passed()) return false;
            std::this_thread::sleep_for(kLookEvery);
            const auto now = link_->uplink().counts().settled;
            if (now != settled) silence = Deadline(config_.silence_max);
            settled = now;
            tell(true);
        }
        return true;
    }

    void tell(bool sending) {
        if (told_.elapsed() < kProgressEvery) return;
        told_ = Stopwatch();
        progress_({frames_, frames_in_all_, agent_->spool().counts().reports, sending});
    }

    const ReplayConfig config_;
    const MachineTime& machine_;
    const std::atomic<bool>& stop_;
    const std::function<void(const ReplayProgress&)>& progress_;
    const std::uint64_t frames_in_all_;
    const Score score_;
    const TimeBase base_;
    DiskIo io_;
    Salts salts_;
    CompanyOptOuts opt_outs_;
    std::unique_ptr<Agent> agent_;
    std::unique_ptr<Link> link_;
    std::size_t days_ = 0;
    std::uint64_t frames_ = 0;
    std::uint64_t last_us_ = kStartUs;
    std::uint64_t advanced_us_ = 0;
    Stopwatch told_;
};

}  // namespace

Result<TimeSpan> measure_files(const ReplayFiles& files) {
    TimeSpan span;
    TRY(auto merge, Merge::open(files));
    while (const auto at = merge.next_at()) {
        std::uint64_t frames = 0;
        CHECK(
            merge.give([&](const RawFrame&) { frames = 1; }, [](const Fix&, const FixCounts&) {}));
        if (!is_stamp(*at)) continue;
        stretch(span, *at);
        (frames == 1 ? span.frames : span.fixes) += 1;
    }
    if (span.frames + span.fixes == 0) {
        return fail(ErrorKind::invalid, "empty_capture", "there is nothing in these files");
    }
    return span;
}

Result<ReplayResult> replay(
    const ReplayFiles& files, const ReplayConfig& config, StationConfig station,
    const MachineTime& machine, const std::atomic<bool>& stop,
    const std::function<void(const ReplayProgress&)>& progress) {
    TRY(const auto span, measure_files(files));
    TRY(auto merge, Merge::open(files));
    Player player(config, station, span, machine, stop, progress);
    return player.play(merge, span);
}

}  // namespace mobilytics::sensor
