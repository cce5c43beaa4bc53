#include "pipeline/ingest/committer.h"

#include <algorithm>

#include "foundation/log.h"
#include "pipeline/ingest/ingest_store.h"

namespace mobilytics::ingest {

namespace {

constexpr std::chrono::milliseconds kPauseMin{50};
constexpr std::chrono::milliseconds kPauseMax{2000};

double seconds(std::chrono::nanoseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

/// Whether Postgres found fault with a value: SQLSTATE class 22, data exception.
bool is_about_values(std::string_view why) { return why.find(": 22") != why.npos; }

/// A parcel for each thing in `whole`, which must outlive them.
std::vector<std::unique_ptr<Parcel>> pieces_of(const Parcel& whole) {
    std::vector<std::unique_ptr<Parcel>> pieces;
    const auto piece = [&]() -> Parcel& {
        auto& made = *pieces.emplace_back(std::make_unique<Parcel>());
        made.sender = whole.sender;
        made.company = whole.company;
        made.door = whole.door;
        made.received_at = whole.received_at;
        made.since_received = whole.since_received;
        return made;
    };
    for (const auto& report : whole.examined.reports) piece().examined.reports = {report};
    for (const auto& refusal : whole.examined.refusals) piece().examined.refusals = {refusal};
    return pieces;
}

/// The boots that a parcel names, in the order in which it first does: reports, then refusals.
std::vector<BootKey> boots_named(const Parcel& parcel) {
    std::vector<BootKey> keys;
    const auto add = [&](const wire::BootId& boot) {
        const BootKey key{parcel.company, parcel.sender, boot};
        if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    };
    for (const auto& report : parcel.examined.reports) add(report.boot);
    for (const auto& refusal : parcel.examined.refusals) {
        if (refusal.boot) add(*refusal.boot);
    }
    return keys;
}

}  // namespace

bool RowBudget::take() {
    const std::lock_guard lock(mutex_);
    rows_ = std::min(10 * rows_per_s_, rows_ + rows_per_s_ * seconds(since_filled_.elapsed()));
    since_filled_ = Stopwatch();
    if (rows_ < 1) return false;
    rows_ -= 1;
    return true;
}

void Committer::run() {
    for (;;) {
        auto group = collect();
        if (group.empty()) return;
        commit(group);
    }
}

void Committer::stop() {
    line_.stop();
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    stopping_.notify_all();
}

Committer::Group Committer::collect() {
    const auto& limits = needs_.config.group;
    Group group;
    auto first = line_.pop();
    if (!first) return group;
    std::size_t reports = 0, bytes = 0;
    const auto add = [&](std::unique_ptr<Parcel> parcel) {
        reports += parcel->examined.reports.size() + parcel->examined.refusals.size();
        bytes += parcel->envelope.size();
        group.push_back(std::move(parcel));
    };
    add(*std::move(first));
    const Deadline deadline(limits.wait_max);
    while (reports < limits.reports_max && bytes < limits.bytes_max) {
        auto next = line_.pop(deadline.left());
        if (!next) break;
        add(*std::move(next));
    }
    return group;
}

bool Committer::pause() {
    pause_ = std::clamp(2 * pause_, kPauseMin, kPauseMax);
    std::unique_lock lock(mutex_);
    return !stopping_.wait_for(lock, pause_, [this] { return stopped_; });
}

void Committer::commit(Group& group) {
    for (;;) {
        try {
            auto settlement = transact(group);
            pause_ = std::chrono::milliseconds(0);
            conclude(group, settlement);
            return;
        } catch (const Unavailable& fault) {
            // Also when nobody knows whether it was committed: what was is a duplicate next time.
            open_partitions_.clear();
            needs_.metrics.commits_failed.Increment();
            log::warning("ingest_commit_failed", {{"why", fault.what()}});
            if (!pause()) return;
        } catch (const pg::Failure& fault) {
            open_partitions_.clear();
            needs_.metrics.commits_failed.Increment();
            log::error("ingest_commit_refused", {{"why", fault.what()}});
            return isolate(group, fault.what());
        }
    }
}

void Committer::isolate(Group& group, std::string_view why) {
    const auto things = [](const Parcel& parcel) {
        return parcel.examined.reports.size() + parcel.examined.refusals.size();
    };
    if (group.size() == 1 && things(*group.front()) <= 1) {
        auto& examined = group.front()->examined;
        if (!is_about_values(why) || examined.reports.empty()) {
            // It is we who are at fault, not the report: the sensor keeps it.
            needs_.metrics.dropped.at(DropReason::failed)->Increment();
            return;
        }
        const auto& report = examined.reports.front();
        examined.refusals = {
            {wire::RejectReason::bad_message, report.boot, report.seq, report.frame}};
        examined.reports.clear();
        return commit(group);
    }
    for (auto& parcel : group) {
        if (group.size() > 1) {
            Group alone;
            alone.push_back(std::move(parcel));
            commit(alone);
            continue;
        }
        for (auto& piece : pieces_of(*parcel)) {
            Group alone;
            alone.push_back(std::move(piece));
            commit(alone);
        }
    }
}

void Committer::open_partitions(Parcels parcels) {
    for (const auto& parcel : parcels) {
        const auto hour = std::chrono::floor<std::chrono::hours>(parcel->received_at);
        if (open_partitions_.contains(hour)) continue;
        auto tx = needs_.pool.begin();
        open_partition(tx, hour);
        tx.commit();
        open_partitions_.insert(hour);
    }
}

Settlement Committer::transact(Parcels parcels) {
    open_partitions(parcels);
    auto tx = needs_.pool.begin();
    const auto now = needs_.clock.now();
    auto boots = lock_boots(tx, boots_of(parcels), now);
    auto settlement = settle(parcels, boots, needs_.config.time, now);
    keep(tx, boots, settlement);
    tx.commit();
    return settlement;
}

void Committer::keep(pg::SystemTransaction& tx, const Boots& boots, const Settlement& settlement) {
    for (const auto& key : settlement.retimed) {
        const auto& clock = boots.at(key).clock;
        needs_.metrics.retimed.Increment(
            static_cast<double>(retime_reports(tx, key, clock, needs_.config.time)));
    }
    insert_reports(tx, settlement.accepted);
    insert_losses(tx, settlement.losses);
    std::vector<RefusedRow> refused;
    for (const auto& row : settlement.refused) {
        if (!needs_.quarantine.take()) {  // Neither are there more lines in the log.
            needs_.metrics.quarantine_not_kept.Increment();
            continue;
        }
        refused.push_back(row);
        log::warning(
            "report_refused", {{"device", row.parcel->sender.str()},
                               {"reason", word(row.refusal->reason)},
                               {"bytes", row.refusal->bytes.size()}});
    }
    insert_refused(tx, refused, needs_.config.retention.refused_bytes_max);
    update_boots(tx, boots, settlement.changed);
    upsert_devices(tx, settlement.devices);
}

void Committer::conclude(Parcels parcels, Settlement& settlement) {
    count(settlement);
    for (const auto& parcel : parcels) {
        needs_.metrics.committed_s.Observe(seconds(parcel->since_received.elapsed()));
    }
    answer(parcels, settlement);
    for (const auto& parcel : parcels) {
        needs_.metrics.answered_s.Observe(seconds(parcel->since_received.elapsed()));
    }
    needs_.herald.tell(settlement);
}

void Committer::count(const Settlement& settlement) {
    auto& metrics = needs_.metrics;
    metrics.commits.Increment();
    metrics.group_reports.Observe(static_cast<double>(settlement.accepted.size()));
    metrics.accepted.Increment(static_cast<double>(settlement.accepted.size()));
    metrics.duplicate.Increment(static_cast<double>(settlement.duplicates));
    metrics.losses_ignored.Increment(static_cast<double>(settlement.losses_ignored));
    metrics.dropped.at(DropReason::too_scattered)
        ->Increment(static_cast<double>(settlement.too_scattered));
    std::int64_t observations = 0;
    for (const auto& row : settlement.accepted) observations += row.report->observations;
    metrics.observations.Increment(static_cast<double>(observations));
    for (const auto& row : settlement.refused) {
        metrics.refused.at(row.refusal->reason)->Increment();
    }
}

void Committer::answer(Parcels parcels, Settlement& settlement) {
    std::map<BootKey, std::set<Door>> doors;
    for (const auto& parcel : parcels) {
        for (const auto& key : boots_named(*parcel)) doors[key].insert(parcel->door);
    }
    for (auto& [key, ack] : settlement.acks) {
        for (const auto door : doors[key]) needs_.answer(key.device, door, ack);
    }
    for (const auto& parcel : parcels) {
        if (!parcel->answer) continue;
        Outcome outcome;
        for (const auto& key : boots_named(*parcel)) {
            outcome.acks.push_back(settlement.acks.at(key));
        }
        for (const auto& refusal : parcel->examined.refusals) {
            if (!refusal.boot) outcome.unnamed.push_back(refusal.reason);
        }
        parcel->answer->set_value(std::move(outcome));
    }
}

}  // namespace mobilytics::ingest
