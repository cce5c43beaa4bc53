#pragma once
// Puts entries at the ends of their companies' chains, some time after they were committed, so that
// no writer waits for another; signs each hour's root; lets go of months that were kept for long
// enough. See docs/audit.md.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "platform/audit/canonical.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::crypto {
class SigningKey;
}
namespace mobilytics::objects {
class Objects;
}
namespace mobilytics::pg {
class SystemPool;
class SystemTransaction;
}  // namespace mobilytics::pg

namespace mobilytics::audit {

struct SealerConfig {
    std::int64_t batch_max = 2'000;                   // Entries of one transaction of ours.
    std::chrono::milliseconds every{1'000};           // How long an entry may wait to be looked at.
    std::chrono::months kept{24};                     // Whole months before this one.
    std::chrono::seconds let_go_every{24 * 60 * 60};  // How often months are looked at.
};

/// One at a time in a database, however many servers: the others wait.
class Sealer {
  public:
    /// What it is given must outlive this. A root is written to `objects` as
    /// audit/roots/COMPANY/HOUR.json, and to the log, before the database has it.
    Sealer(
        pg::SystemPool& pool, objects::Objects& objects, const crypto::SigningKey& key,
        const Clock& clock, metrics::Registry& metrics, SealerConfig config = {});
    ~Sealer();
    Sealer(const Sealer&) = delete;
    Sealer& operator=(const Sealer&) = delete;

    void start();
    /// Returns when what is being done is done.
    void stop();

    /// One batch, and how many entries that were: 0 when none waits.
    std::int64_t seal();
    /// Of hours that are over; how many roots that were.
    std::int64_t sign_roots();
    /// Lets go of months that were kept for long enough, of all companies; how many months that
    /// were. Each company that had entries then gets one that says so.
    std::int64_t let_go();

  private:
    void run();
    void once();
    void measure(pg::SystemTransaction& tx);
    Instant time_of_sealing(pg::SystemTransaction& tx);
    std::int64_t sign_roots_of(CompanyId company, Instant until);
    void retire(pg::SystemTransaction& tx, const std::string& month, Instant from, Instant to);
    void publish(
        const std::string& name, const std::string& statement, const std::string& signature);

    pg::SystemPool& pool_;
    objects::Objects& objects_;
    const crypto::SigningKey& key_;
    const Clock& clock_;
    const SealerConfig config_;
    metrics::Counter &sealed_, &roots_, &failures_;
    metrics::Gauge &waiting_, &lag_;

    std::string month_there_;  // The last partition that we made sure of.
    Instant rooted_until_{};
    Instant let_go_at_{};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::optional<std::thread> thread_;
};

}  // namespace mobilytics::audit
