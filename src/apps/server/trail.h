#pragma once
// The audit trail and what answers for privacy, built and joined.

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "apps/server/foundations.h"
#include "apps/server/identity.h"
#include "apps/server/settings.h"
#include "domains/gdpr/gdpr.h"
#include "domains/history/history.h"
#include "platform/audit/sealer.h"
#include "platform/crypto/signing.h"
#include "platform/http/router.h"
#include "platform/objects/objects.h"

namespace mobilytics::server {

class Trail {
  public:
    /// What it is given must outlive this.
    Trail(
        const Settings& settings, Foundations& foundations, const Identity& identity,
        const Clock& clock, metrics::Registry& registry);
    ~Trail();
    Trail(const Trail&) = delete;
    Trail& operator=(const Trail&) = delete;

    void mount(http::Router& router);
    /// What it has done by jobs, before they start. This must outlive the workers.
    void serve(jobs::Workers& workers);

  private:
    std::vector<CompanyId> companies();
    void keep_house();
    void look_at_chains();

    objects::Objects objects_;
    const crypto::SigningKey key_;
    pg::StaffPool staff_;
    audit::Sealer sealer_;
    history::History history_;
    gdpr::Privacy privacy_;
    pg::SystemPool& system_;
    pg::SystemPool& reading_;
    const Clock& clock_;
    metrics::Gauge& findings_;
    Instant looked_at_{};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

struct AuditVerified {
    bool intact = false;
    std::string told;  // For people.
};

/// The installation may be up or not, where the database is one that was given; its own is started
/// and must not be up. invalid `bad_id`, for a company that is no id.
Result<AuditVerified> verify_audit(
    const Settings& settings, const std::optional<std::string>& company);

}  // namespace mobilytics::server
