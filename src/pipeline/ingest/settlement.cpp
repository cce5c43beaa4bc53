#include "pipeline/ingest/settlement.h"

#include <algorithm>

namespace mobilytics::ingest {

namespace {

BootKey key_of(const Parcel& parcel, const wire::BootId& boot) {
    return {parcel.company, parcel.sender, boot};
}

/// Settles a group step by step; the steps are in settle().
class Settling {
  public:
    Settling(Boots& boots, const TimePolicy& policy) : boots_(boots), policy_(policy) {}

    void take_reports(const Parcel& parcel);
    void take_refusals(const Parcel& parcel);
    void declare_losses();
    void time_reports();
    void answer(Instant now);
    Settlement finish() { return std::move(out_); }

  private:
    BootState& hear(const Parcel& parcel, const BootKey& key);
    void tell(const AcceptedRow& row);

    Boots& boots_;
    const TimePolicy& policy_;
    Settlement out_;
    std::map<BootKey, std::vector<wire::Rejection>> rejections_;
};

BootState& Settling::hear(const Parcel& parcel, const BootKey& key) {
    const auto found = boots_.find(key);
    VERIFY(found != boots_.end());
    auto& boot = found->second;
    if (boot.first_received_at == Instant()) boot.first_received_at = parcel.received_at;
    boot.last_received_at = std::max(boot.last_received_at, parcel.received_at);
    out_.acks.try_emplace(key);
    out_.changed.insert(key);
    return boot;
}

void Settling::take_reports(const Parcel& parcel) {
    auto& news = out_.devices[parcel.sender];
    news.company = parcel.company;
    news.heard_at = std::max(news.heard_at, parcel.received_at);
    out_.losses_ignored += parcel.examined.losses_ignored;
    for (const auto& report : parcel.examined.reports) {
        const auto key = key_of(parcel, report.boot);
        auto& boot = hear(parcel, key);
        switch (take(boot, report.seq)) {
            case Taking::fresh: break;
            case Taking::duplicate: ++out_.duplicates; continue;
            case Taking::too_scattered: ++out_.too_scattered; continue;
        }
        offer_arrival(boot.clock, report.own, parcel.received_at);
        for (const auto& anchor : report.anchors) {
            if (!offer_anchor(boot.clock, anchor, parcel.received_at, policy_)) continue;
            out_.retimed.insert(key);
            boot.begun_at = at_by(anchor, 0);
        }
        out_.accepted.push_back({&parcel, &report, {}});
    }
}

void Settling::take_refusals(const Parcel& parcel) {
    for (const auto& refusal : parcel.examined.refusals) {
        if (!refusal.boot || !refusal.seq) {
            out_.refused.push_back({&parcel, &refusal});
            continue;
        }
        const auto key = key_of(parcel, *refusal.boot);
        auto& boot = hear(parcel, key);
        switch (take(boot, *refusal.seq)) {
            case Taking::fresh:
                note_refused(boot, *refusal.seq);
                out_.refused.push_back({&parcel, &refusal});
                break;
            case Taking::duplicate: ++out_.duplicates; break;
            case Taking::too_scattered: ++out_.too_scattered; continue;
        }
        rejections_[key].push_back(
            {{*refusal.seq, *refusal.seq}, std::string(word(refusal.reason))});
    }
}

void Settling::declare_losses() {
    for (const auto& row : out_.accepted) {
        for (const auto& loss : row.report->losses) {
            const auto key = key_of(*row.parcel, loss.boot);
            const bool itself = loss.boot == row.report->boot && loss.last_seq >= row.report->seq;
            auto& boot = boots_.at(key);
            const auto lost =
                itself ? SequenceSet() : declare_lost(boot, {loss.first_seq, loss.last_seq});
            if (lost.empty()) ++out_.losses_ignored;
            for (const auto& range : lost.ranges()) {
                out_.losses.push_back({key, range, loss.reason, row.parcel->received_at});
                out_.changed.insert(key);
            }
        }
    }
}

void Settling::time_reports() {
    for (auto& row : out_.accepted) {
        auto& boot = boots_.at(key_of(*row.parcel, row.report->boot));
        const auto& own = row.report->own;
        row.timing = timing_of(own, boot.clock, row.parcel->received_at, policy_);
        note_accepted(boot, row.report->seq, own, row.timing);
        tell(row);
    }
}

void Settling::tell(const AcceptedRow& row) {
    auto& news = out_.devices.at(row.parcel->sender);
    const auto& report = *row.report;
    news.boot = report.boot;
    if (report.health && row.timing.started >= news.health_at) {
        news.health = report.health;
        news.health_at = row.timing.started;
    }
    if (row.timing.uncertain) return;
    const auto end = row.timing.started + report.own.duration;
    news.event_at = std::max(end, news.event_at.value_or(end));
    if (!report.last_position) return;
    const auto at = row.timing.started + std::chrono::microseconds(report.last_position->at_us);
    if (!news.whereabouts || news.whereabouts->at <= at) {
        news.whereabouts = Whereabouts{at, *report.last_position};
    }
}

void Settling::answer(Instant now) {
    for (auto& [key, ack] : out_.acks) {
        ack = ack_of(key.boot, boots_.at(key), now);
        if (const auto found = rejections_.find(key); found != rejections_.end()) {
            ack.rejected = std::move(found->second);
            const auto first = [](const wire::Rejection& one) { return one.range.first; };
            std::ranges::sort(ack.rejected, {}, first);
            const auto [again, end] = std::ranges::unique(ack.rejected, {}, first);
            ack.rejected.erase(again, end);
        }
    }
}

}  // namespace

std::set<BootKey> boots_of(Parcels parcels) {
    std::set<BootKey> keys;
    for (const auto& parcel : parcels) {
        for (const auto& report : parcel->examined.reports) {
            keys.insert(key_of(*parcel, report.boot));
            for (const auto& loss : report.losses) keys.insert(key_of(*parcel, loss.boot));
        }
        for (const auto& refusal : parcel->examined.refusals) {
            if (refusal.boot) keys.insert(key_of(*parcel, *refusal.boot));
        }
    }
    return keys;
}

Settlement settle(Parcels parcels, Boots& boots, const TimePolicy& policy, Instant now) {
    Settling settling(boots, policy);
    for (const auto& parcel : parcels) {
        settling.take_reports(*parcel);
        settling.take_refusals(*parcel);
    }
    settling.declare_losses();  // When all that came is known not to be lost.
    settling.time_reports();    // When all anchors are known.
    settling.answer(now);
    return settling.finish();
}

}  // namespace mobilytics::ingest
