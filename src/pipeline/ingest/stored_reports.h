#pragma once
// The accepted stream, read from Postgres. A transaction's id is given when it begins to write and
// not when it commits, so what stands behind the oldest transaction still under way is not read
// yet: it may be followed by what belongs before it. A transaction that writes long, anywhere in
// the cluster, so delays the stream; it never loses from it.

#include "pipeline/ingest/accepted_reports.h"
#include "platform/pg/listener.h"
#include "platform/pg/pg.h"

namespace mobilytics::ingest {

class StoredReports final : public AcceptedReports {
  public:
    /// `pool` must outlive this. `address` is where to listen for more, as mobilytics_system.
    StoredReports(pg::SystemPool& pool, pg::Address address);

    /// Both throw Unavailable, when Postgres is away.
    std::vector<AcceptedReport> read_after(StreamPosition after, std::size_t reports_max) override;
    std::vector<AcceptedReport> read_again(
        std::span<const DeviceId> devices, Instant from, Instant to, StreamPosition up_to) override;

    /// Woken by commits. Does not throw when Postgres is away: it waits.
    void wait_for_more(std::chrono::milliseconds wait_max) override;
    /// From any thread: whoever waits returns at once, now and ever after.
    void stop();

  private:
    pg::SystemPool& pool_;
    pg::Listener listener_;
};

}  // namespace mobilytics::ingest
