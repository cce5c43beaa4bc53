#include "pipeline/sensor/agent/agent.h"

#include <algorithm>

#include "pipeline/sensor/agent/process_figures.h"

namespace mobilytics::sensor {

namespace {

/// Adds the reasons of a closed enum that were counted at all.
template <WordEnum Reason, std::size_t size>
void add_drops(
    std::vector<wire::DropCount>& out, std::string_view prefix,
    const std::array<std::uint64_t, size>& counts) {
    for (std::size_t i = 0; i < size; ++i) {
        if (counts[i] == 0) continue;
        out.push_back({std::string(prefix) + std::string(word(static_cast<Reason>(i))), counts[i]});
    }
}

}  // namespace

Agent::Agent(
    const AgentConfig& config, FileIo& io, Salts& salts, OptOutList opt_out, TimeBase base,
    std::uint64_t start_us, const Moment& real)
    : config_(config),
      io_(io),
      spool_(io, config.spool, real),
      decoder_(config.decode),
      recorder_(config.device, salts, std::move(opt_out), config.recorder, start_us, base),
      began_us_(real.mono_us) {}

void Agent::hear(const RawFrame& frame, std::uint64_t mono_us) {
    const std::lock_guard lock(mutex_);
    for (const auto& sighting : decoder_.decode(frame)) recorder_.hear(mono_us, sighting);
}

void Agent::locate(const Fix& fix, std::uint64_t mono_us) {
    const std::lock_guard lock(mutex_);
    recorder_.locate(mono_us, fix);
    ++fixes_;
}

void Agent::note_lost(std::uint64_t frames_in_all) {
    const std::lock_guard lock(mutex_);
    lost_ = frames_in_all;
}

void Agent::note_fixes(const FixCounts& counts) {
    const std::lock_guard lock(mutex_);
    fix_counts_ = counts;
}

void Agent::advance(
    std::uint64_t now_us, TimeBase base, const Moment& real,
    const std::vector<wire::ClockAnchor>& anchors) {
    anchors_.insert(anchors_.end(), anchors.begin(), anchors.end());
    std::vector<wire::Report> reports;
    {
        const std::lock_guard lock(mutex_);
        recorder_.advance(now_us, base, reports);
    }
    keep(reports, real);
    spool_.tick(real);
}

void Agent::finish(std::uint64_t now_us, const Moment& real) {
    std::vector<wire::Report> reports;
    {
        const std::lock_guard lock(mutex_);
        recorder_.finish(now_us, reports);
    }
    health_at_us_ = 0;  // The last reports tell all.
    keep(reports, real);
    spool_.close(real);
}

void Agent::keep(std::vector<wire::Report>& reports, const Moment& now) {
    for (auto& report : reports) {
        report.key.boot = spool_.boot();
        report.key.seq = spool_.next_seq();
        report.losses = spool_.losses_to_tell(wire::kLossesMax);
        const auto anchors = std::min(anchors_.size(), wire::kAnchorsMax);
        report.anchors.assign(
            anchors_.begin(), anchors_.begin() + static_cast<std::ptrdiff_t>(anchors));
        const bool healthy = now.mono_us >= health_at_us_;
        if (healthy) report.health = health(now.mono_us);
        frame_.clear();
        wire::append_frame(frame_, report);
        if (!spool_.append(frame_, now)) continue;
        ++reports_;
        anchors_.erase(anchors_.begin(), anchors_.begin() + static_cast<std::ptrdiff_t>(anchors));
        const std::chrono::microseconds every = config_.health_every;
        if (healthy) health_at_us_ = now.mono_us + static_cast<std::uint64_t>(every.count());
    }
}

wire::Health Agent::health(std::uint64_t real_us) {
    const auto spool = spool_.counts();
    const auto process = process_figures();
    wire::Health out;
    out.version = config_.version;
    out.uptime_s = (real_us - began_us_) / 1'000'000;
    out.spool_bytes = spool.bytes;
    out.spool_reports = spool.reports;
    if (real_us > cpu_at_us_ && cpu_at_us_ > 0) {
        out.cpu_permille = static_cast<std::uint32_t>(
            (process.cpu_us - cpu_used_us_) * 1'000 / (real_us - cpu_at_us_));
    }
    cpu_at_us_ = real_us;
    cpu_used_us_ = process.cpu_us;
    out.memory_bytes = process.memory_bytes;
    out.disk_free_bytes = io_.free_bytes().value_or(0);
    const std::lock_guard lock(mutex_);
    out.frames_read = decoder_.counts().frames;
    out.frames_dropped = drops();
    if (spool.not_kept > 0) out.frames_dropped.push_back({"reports_not_kept", spool.not_kept});
    return out;
}

std::vector<wire::DropCount> Agent::drops() const {
    std::vector<wire::DropCount> out;
    add_drops<FrameDrop>(out, "", decoder_.counts().dropped);
    add_drops<RecordDrop>(out, "", recorder_.dropped());
    add_drops<FixDrop>(out, "fix_", fix_counts_.dropped);
    if (lost_ > 0) out.push_back({"lost_by_kernel", lost_});
    return out;
}

AgentCounts Agent::counts() const {
    AgentCounts out;
    out.spool = spool_.counts();
    out.reports = reports_;
    const std::lock_guard lock(mutex_);
    out.frames = decoder_.counts();
    out.fixes = fixes_;
    out.recorded = recorder_.recorded();
    out.not_recorded = recorder_.dropped();
    return out;
}

}  // namespace mobilytics::sensor
