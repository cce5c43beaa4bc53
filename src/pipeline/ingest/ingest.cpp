#include "pipeline/ingest/ingest.h"

#include "foundation/log.h"
#include "pipeline/ingest/committer.h"
#include "pipeline/ingest/examiner.h"
#include "pipeline/ingest/housekeeping.h"
#include "pipeline/ingest/ingest_store.h"

namespace mobilytics::ingest {

namespace {

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

/// Threads and what they share. Parcels go intake -> an examiner -> their device's committer.
struct Ingest::Parts {
    Parts(
        pg::SystemPool& pool_in, const Clock& clock_in, metrics::Registry& registry,
        const IngestConfig& config_in);
    ~Parts();

    void examine();
    void answer(DeviceId device, Door door, wire::Ack& ack);
    void work_beside();

    pg::SystemPool& pool;
    const Clock& clock;
    const IngestConfig config;
    IngestMetrics metrics;
    Admission admission;
    Admission examined;
    DeviceList devices;
    RevokedEpochs revoked;
    Herald herald;
    RowBudget quarantine;
    Housekeeping housekeeping;
    ParcelLine intake;
    CommitterNeeds needs;
    std::vector<std::unique_ptr<Committer>> committers;
    std::mutex sink_mutex;
    AckSink sink;
    std::mutex mutex;
    std::condition_variable stopping;
    bool stopped = false;
    std::vector<std::thread> threads;
};

Ingest::Parts::Parts(
    pg::SystemPool& pool_in, const Clock& clock_in, metrics::Registry& registry,
    const IngestConfig& config_in)
    : pool(pool_in),
      clock(clock_in),
      config(config_in),
      metrics(registry),
      admission(config.waiting),
      examined(config.examined),
      devices(pool, config.device_rate),
      revoked(pool),
      herald(pool, config.live_every),
      quarantine(config.retention.refused_rows_per_s),
      housekeeping(pool, config.retention, metrics),
      needs{
          pool,
          clock,
          config,
          metrics,
          herald,
          quarantine,
          [this](DeviceId device, Door door, wire::Ack& ack) { answer(device, door, ack); }} {
    devices.load();
    revoked.load();
    housekeeping.keep(clock.now());
    for (std::size_t i = 0; i < config.committers; ++i) {
        committers.push_back(std::make_unique<Committer>(needs));
        threads.emplace_back([committer = committers.back().get()] { committer->run(); });
    }
    for (std::size_t i = 0; i < config.examiners; ++i) {
        threads.emplace_back([this] { examine(); });
    }
    threads.emplace_back([this] { herald.run(); });
    threads.emplace_back([this] { work_beside(); });
}

Ingest::Parts::~Parts() {
    admission.close();
    examined.close();
    intake.stop();
    herald.stop();
    for (const auto& committer : committers) committer->stop();
    {
        const std::lock_guard lock(mutex);
        stopped = true;
    }
    stopping.notify_all();
    for (auto& thread : threads) thread.join();
}

void Ingest::Parts::examine() {
    Examiner examiner;
    while (auto parcel = intake.pop()) {
        auto& one = **parcel;
        one.examined = examiner.examine(one.sender, one.bytes());
        revoked.refuse(one);
        const auto size = weight(one.examined);
        // Until committers have made room: nothing else frees any, and they wait for nobody.
        while (!examined.enter(size, std::chrono::seconds(1))) {
            if (examined.closed()) return;
        }
        one.admitted_examined = Admitted(examined, size);
        metrics.examined_s.Observe(seconds(one.since_received.elapsed()));
        const auto& bytes = one.sender.bytes();
        const auto hash = std::hash<std::string_view>()(
            {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        committers[hash % committers.size()]->line().push(*std::move(parcel));
    }
}

void Ingest::Parts::answer(DeviceId device, Door door, wire::Ack& ack) {
    const auto advice = advice_at(admission.filled(), config.window, config.pause_max);
    ack.retry_after = advice.retry_after;
    ack.window_max = advice.window_max;
    if (door != Door::mqtt) return;
    const std::lock_guard lock(sink_mutex);
    if (sink) sink(device, ack);
}

void Ingest::Parts::work_beside() {
    Stopwatch since_kept;
    std::unique_lock lock(mutex);
    while (!stopping.wait_for(lock, config.devices_every, [this] { return stopped; })) {
        lock.unlock();
        try {
            devices.load();
            revoked.load();
            if (since_kept.elapsed() >= config.retention.look_every) {
                since_kept = Stopwatch();
                housekeeping.keep(clock.now());
            }
        } catch (const std::exception& fault) {
            log::warning("ingest_housekeeping_failed", {{"why", fault.what()}});
        }
        metrics.waiting_bytes.Set(static_cast<double>(admission.bytes()));
        metrics.waiting_parcels.Set(static_cast<double>(admission.parcels()));
        lock.lock();
    }
}

Ingest::Ingest(
    pg::SystemPool& pool, const Clock& clock, metrics::Registry& registry,
    const IngestConfig& config)
    : parts_(std::make_unique<Parts>(pool, clock, registry, config)) {}

Ingest::~Ingest() = default;

void Ingest::learn(const DeviceFact& fact) { parts_->devices.learn(fact); }

void Ingest::learn(const RevokedEpoch& revoked) { parts_->revoked.learn(revoked); }

void Ingest::count_drop(DropReason reason) { parts_->metrics.dropped.at(reason)->Increment(); }

std::optional<Turned> Ingest::submit(
    std::unique_ptr<Parcel> parcel, std::chrono::milliseconds wait_max) {
    auto& parts = *parts_;
    const auto turn = [&](DropReason reason, std::chrono::milliseconds retry_after) {
        count_drop(reason);
        return Turned{reason, retry_after};
    };
    const auto size = parcel->envelope.size();
    const auto company = parts.devices.company_of(parcel->sender);
    if (!company) return turn(DropReason::unknown_device, parts.config.pause_max);
    if (size > wire::kEnvelopeBytesMax) return turn(DropReason::too_large, {});
    if (const auto wait = parts.devices.wait_to_send(parcel->sender, size)) {
        return turn(DropReason::rate_limited, *wait);
    }
    if (!parts.admission.enter(weight(size), wait_max)) {
        return turn(DropReason::queue_full, parts.config.pause_max);
    }
    parcel->admitted = Admitted(parts.admission, weight(size));
    parcel->company = *company;
    parcel->received_at = parts.clock.now();
    parts.intake.push(std::move(parcel));
    return std::nullopt;
}

std::optional<Turned> Ingest::offer(
    DeviceId sender, std::string envelope, std::chrono::milliseconds wait_max) {
    auto parcel = std::make_unique<Parcel>();
    parcel->sender = sender;
    parcel->envelope = std::move(envelope);
    return submit(std::move(parcel), wait_max);
}

void Ingest::answer_with(AckSink sink) {
    const std::lock_guard lock(parts_->sink_mutex);
    parts_->sink = std::move(sink);
}

tl::expected<Outcome, Turned> Ingest::deliver(
    DeviceId sender, std::string envelope, std::chrono::milliseconds wait_max) {
    const Turned later{DropReason::stopping, parts_->config.pause_max};
    auto parcel = std::make_unique<Parcel>();
    parcel->sender = sender;
    parcel->door = Door::https;
    parcel->envelope = std::move(envelope);
    auto answer = parcel->answer.emplace().get_future();
    if (const auto turned = submit(std::move(parcel), std::chrono::milliseconds(0))) {
        return tl::unexpected(*turned);
    }
    if (answer.wait_for(wait_max) != std::future_status::ready) return tl::unexpected(later);
    try {
        return answer.get();
    } catch (const std::future_error&) {  // We are stopping, or it could not be kept.
        return tl::unexpected(later);
    }
}

std::optional<wire::Ack> Ingest::ack(DeviceId sender, const wire::BootId& boot) {
    const auto company = parts_->devices.company_of(sender);
    if (!company) return std::nullopt;
    auto tx = parts_->pool.begin();
    const auto state = select_boot(tx, {*company, sender, boot});
    auto ack = ack_of(boot, state.value_or(BootState()), parts_->clock.now());
    parts_->answer(sender, Door::https, ack);
    return ack;
}

void Ingest::note_read(StreamPosition up_to) { parts_->housekeeping.note_read(up_to); }

void Ingest::keep_house() { parts_->housekeeping.keep(parts_->clock.now()); }

double Ingest::filled() const { return parts_->admission.filled(); }

}  // namespace mobilytics::ingest
