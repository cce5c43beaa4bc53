#include "apps/server/trail.h"

#include "apps/server/privacy.h"
#include "domains/gdpr/gdpr_api.h"
#include "domains/history/history_api.h"
#include "foundation/log.h"
#include "platform/audit/trail_store.h"
#include "platform/audit/verify.h"

namespace mobilytics::server {

namespace {

constexpr std::chrono::minutes kEvery{30};
constexpr std::chrono::hours kLookedAtEvery{24};

pg::Address as_staff(pg::Address address) {
    address.user = "mobilytics_staff";
    return address;
}

crypto::SigningKey key_of(const std::filesystem::path& data, const crypto::SealedBox& seal) {
    return crypto::SigningKey::kept(data / "pki" / "audit.key", seal);
}

}  // namespace

Trail::Trail(
    const Settings& settings, Foundations& foundations, const Identity& identity,
    const Clock& clock, metrics::Registry& registry)
    : objects_(settings.data / "objects", clock),
      key_(key_of(settings.data, identity.seal())),
      staff_(as_staff(foundations.system_address()), {.connections_max = 2}),
      sealer_(foundations.system(), objects_, key_, clock, registry),
      history_(foundations.pool(), staff_, clock, {.exports = settings.data / "exports"}),
      privacy_({foundations.pool(), objects_, key_, clock}, privacy_of_modules()),
      system_(foundations.system()),
      reading_(foundations.reading()),
      clock_(clock),
      findings_(registry.gauge(
          "mobilytics_audit_findings",
          "What the last daily look at the audit trail found: entries that are not as written.")) {
    sealer_.start();
    thread_ = std::thread([this] { keep_house(); });
}

Trail::~Trail() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Trail::mount(http::Router& router) {
    history::mount(router, history_);
    gdpr::mount(router, privacy_);
}

std::vector<CompanyId> Trail::companies() {
    std::vector<CompanyId> out;
    auto tx = system_.begin();
    for (const auto& head : audit::heads(tx)) out.push_back(head.head.company);
    return out;
}

void Trail::serve(jobs::Workers& workers) {
    // A company that has entries has an end of its chain.
    privacy_.serve(workers, [this] { return companies(); });
}

void Trail::look_at_chains() {
    const auto verdict = audit::verify(reading_, objects_, key_.public_key(), clock_.now());
    findings_.Set(static_cast<double>(verdict.findings.size()));
    for (const auto& finding : verdict.findings) {
        log::error(
            "audit_not_as_written", {{"company", finding.company.str()},
                                     {"finding", word(finding.kind)},
                                     {"first", finding.first},
                                     {"last", finding.last},
                                     {"told", finding.told}});
    }
    looked_at_ = clock_.now();
}

void Trail::keep_house() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        try {
            if (clock_.now() - looked_at_ >= kLookedAtEvery) look_at_chains();
        } catch (const std::exception& failure) {
            log::warning("audit_not_looked_at", {{"why", failure.what()}});
        }
        lock.lock();
        changed_.wait_for(lock, kEvery, [this] { return stopping_; });
    }
}

Result<AuditVerified> verify_audit(
    const Settings& settings, const std::optional<std::string>& company) {
    audit::VerifyOptions options;
    if (company) {
        TRY(options.company, CompanyId::parse(*company));
    }
    const SystemClock clock;
    Foundations foundations(settings);
    const objects::Objects objects(settings.data / "objects", clock);
    const crypto::SealedBox seal(settings.data / "pki" / "salt.key");
    const auto key = key_of(settings.data, seal);
    const auto verdict =
        audit::verify(foundations.reading(), objects, key.public_key(), clock.now(), options);
    return AuditVerified{verdict.intact(), audit::told(verdict)};
}

}  // namespace mobilytics::server
