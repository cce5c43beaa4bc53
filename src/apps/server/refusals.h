#pragma once
// That somebody was forbidden something, or told to slow down, written into the audit trail of
// their company: one entry for each person or key, operation and minute, with how often, so that
// whoever tries again and again fills no trail.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "foundation/clock.h"
#include "foundation/origin.h"
#include "platform/http/router.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::pg {
class Pool;
}

namespace mobilytics::server {

struct RefusalLimits {
    std::chrono::seconds period{60};   // From the first on; then an entry is written.
    std::size_t of_company_max = 200;  // A period. Beyond them one entry counts all.
    std::size_t all_max = 20'000;      // The same, of all companies together.
};

class Refusals {
  public:
    /// Where somebody would be who is only about to sign in.
    using HomeOf = std::function<std::optional<CompanyId>(PersonId)>;

    /// What it is given must outlive this.
    Refusals(
        pg::Pool& pool, const Clock& clock, metrics::Registry& registry, HomeOf home_of,
        const RefusalLimits& limits = {});
    /// Writes what it has.
    ~Refusals();
    Refusals(const Refusals&) = delete;
    Refusals& operator=(const Refusals&) = delete;

    /// Writes them as they come of age, on a thread.
    void start();
    /// For any thread; waits for nobody.
    void note(const http::Refusal& refusal);
    /// Those whose period is over.
    void write_due() { write(clock_.now() - limits_.period); }

  private:
    struct Tally {
        Caller caller;
        std::string operation;  // "POST /api/v1/assets"; empty: of many.
        unsigned status;
        std::string code;
        std::int64_t count;
        Instant first, last;
        Origin origin;
    };
    using Key = std::pair<CompanyId, std::string>;

    /// Those that were begun at `until` or before.
    void write(Instant until);
    void write(const Tally& tally);
    void run();

    pg::Pool& pool_;
    const Clock& clock_;
    const HomeOf home_of_;
    const RefusalLimits limits_;
    metrics::Counter& lost_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::map<Key, Tally> tallies_;
    std::map<CompanyId, std::size_t> open_;  // How many of a company's are among them.
    std::thread thread_;
};

}  // namespace mobilytics::server
