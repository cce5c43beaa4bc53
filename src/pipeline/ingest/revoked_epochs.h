#pragma once
// Salts that were destroyed before their time, since their company turned strict: of what was heard
// after that nothing is taken, whoever still sends it.

#include <map>
#include <mutex>

#include "pipeline/ingest/parcel.h"
#include "platform/pg/pg.h"

namespace mobilytics::ingest {

struct RevokedEpoch {
    CompanyId company;
    wire::SaltEpoch epoch{};
    Instant revoked_at;
};

/// A sensor asks every two minutes what is in force, and a window lasts ten seconds.
inline constexpr std::chrono::minutes kRevokedGrace{5};
/// What a sensor kept from before may come so late; by then no report of that epoch is kept.
inline constexpr std::chrono::hours kRevokedArrivals{24};

/// For any thread.
class RevokedEpochs {
  public:
    explicit RevokedEpochs(pg::SystemPool& pool) : pool_(pool) {}

    /// Takes what is kept: what others have learnt. Throws Unavailable.
    void load();
    /// Keeps it, durably. Throws Unavailable; then it is not kept.
    void learn(const RevokedEpoch& revoked);
    /// Moves reports that were made with such a salt, and after its end, to the refusals. Their
    /// bytes are not kept: they are what should not have been.
    void refuse(Parcel& parcel) const;

  private:
    bool is_refused(const Parcel& parcel, const CheckedReport& report) const;

    pg::SystemPool& pool_;
    mutable std::mutex mutex_;
    std::map<std::pair<CompanyId, wire::SaltEpoch>, Instant> revoked_;
};

}  // namespace mobilytics::ingest
