#pragma once
// What was answered to requests that say Idempotency-Key, in PostgreSQL: of each person of each
// company, for a day. Replies are sealed, since one may hold what is told only once.

#include "foundation/clock.h"
#include "platform/crypto/files.h"
#include "platform/http/repeats.h"
#include "platform/pg/pg.h"

namespace mobilytics::idempotency {

struct Limits {
    std::chrono::hours kept{24};
    /// After so long without an answer, whoever carried it out has died: the next may. What it did
    /// before it died may then be done twice.
    std::chrono::seconds running_max{60};
};

/// For any thread.
class Replies final : public http::Repeats {
  public:
    /// What it is given must outlive this.
    Replies(
        pg::Pool& pool, const crypto::SealedBox& seal, const Clock& clock,
        const Limits& limits = {})
        : pool_(pool), seal_(seal), clock_(clock), limits_(limits) {}

    Result<Begun> begin(const http::Repeatable& asked) override;
    void keep(const http::Repeatable& asked, Instant begun_at, const http::Reply& reply) override;
    void forget(const http::Repeatable& asked, Instant begun_at) override;

    /// Deletes what has been kept for long enough; how many those were.
    std::int64_t forget_old(CompanyId company);

  private:
    pg::Pool& pool_;
    const crypto::SealedBox& seal_;
    const Clock& clock_;
    const Limits limits_;
};

}  // namespace mobilytics::idempotency
