#include "pipeline/ingest/revoked_epochs.h"

#include <algorithm>

namespace mobilytics::ingest {

namespace {

using EpochId = Id<struct EpochName>;  // As uuid holds it; never written as an id.

constexpr pg::Query kSelect{"ingest.select_revoked_epochs", R"sql(
    SELECT company_id, epoch, revoked_at FROM ingest.revoked_epoch
)sql"};
constexpr pg::Query kInsert{"ingest.insert_revoked_epoch", R"sql(
    INSERT INTO ingest.revoked_epoch (company_id, epoch, revoked_at) VALUES ($1, $2, $3)
    ON CONFLICT (company_id, epoch) DO NOTHING
)sql"};

}  // namespace

void RevokedEpochs::load() {
    auto tx = pool_.begin();
    const auto all = tx.run(kSelect).all([](const pg::Row& row) {
        return RevokedEpoch{
            row.get<CompanyId>("company_id"), row.get<EpochId>("epoch").bytes(),
            row.get<Instant>("revoked_at")};
    });
    const std::lock_guard lock(mutex_);
    for (const auto& one : all) revoked_.try_emplace({one.company, one.epoch}, one.revoked_at);
}

void RevokedEpochs::learn(const RevokedEpoch& revoked) {
    auto tx = pool_.begin();
    tx.run(kInsert, revoked.company, EpochId::from_bytes(revoked.epoch), revoked.revoked_at);
    tx.commit();
    const std::lock_guard lock(mutex_);
    revoked_.try_emplace({revoked.company, revoked.epoch}, revoked.revoked_at);
}

bool RevokedEpochs::is_refused(const Parcel& parcel, const CheckedReport& report) const {
    if (report.observations == 0) return false;
    const auto found = revoked_.find({parcel.company, report.salt_epoch});
    if (found == revoked_.end()) return false;
    // By when it was heard, where the sensor's clock is to be believed; else by when it came.
    const bool timed =
        report.own.state == wire::ClockState::ntp || report.own.state == wire::ClockState::gps;
    const auto heard = timed ? report.own.started : parcel.received_at;
    return heard > found->second + kRevokedGrace ||
           parcel.received_at > found->second + kRevokedArrivals;
}

void RevokedEpochs::refuse(Parcel& parcel) const {
    const std::lock_guard lock(mutex_);
    if (revoked_.empty()) return;
    auto& reports = parcel.examined.reports;
    std::erase_if(reports, [&](const auto& report) {
        if (!is_refused(parcel, report)) return false;
        parcel.examined.refusals.push_back(
            {wire::RejectReason::revoked_epoch, report.boot, report.seq, {}});
        return true;
    });
}

}  // namespace mobilytics::ingest
