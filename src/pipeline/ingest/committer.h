#pragma once
// Takes examined parcels and commits as many as wait in one transaction, then answers. Each device
// has one committer, so that two never wait for each other's boots; committers of other processes
// lock boots in one order.

#include <functional>
#include <memory>
#include <vector>

#include "pipeline/ingest/herald.h"
#include "pipeline/ingest/ingest.h"
#include "pipeline/ingest/settlement.h"
#include "pipeline/ingest/waiting_line.h"

namespace mobilytics::ingest {

using ParcelLine = WaitingLine<std::unique_ptr<Parcel>>;

/// So many rows of the quarantine a second, and ten times as many at once: garbage fills no disk.
class RowBudget {
  public:
    explicit RowBudget(double rows_per_s) : rows_per_s_(rows_per_s), rows_(10 * rows_per_s) {}
    bool take();

  private:
    const double rows_per_s_;
    std::mutex mutex_;
    double rows_;
    Stopwatch since_filled_;
};

/// What committers share. All must outlive them.
struct CommitterNeeds {
    pg::SystemPool& pool;
    const Clock& clock;
    const IngestConfig& config;
    IngestMetrics& metrics;
    Herald& herald;
    RowBudget& quarantine;
    /// Adds advice to the acks and sends those of what came by mqtt.
    std::function<void(DeviceId, Door, wire::Ack&)> answer;
};

class Committer {
  public:
    explicit Committer(const CommitterNeeds& needs) : needs_(needs) {}

    ParcelLine& line() { return line_; }
    /// Until stop().
    void run();
    void stop();

  private:
    using Group = std::vector<std::unique_ptr<Parcel>>;

    Group collect();
    /// Until it is committed, or isolated, or stop().
    void commit(Group& group);
    /// Throws what Postgres throws; then nothing was kept.
    Settlement transact(Parcels parcels);
    void open_partitions(Parcels parcels);
    void keep(pg::SystemTransaction& tx, const Boots& boots, const Settlement& settlement);
    void conclude(Parcels parcels, Settlement& settlement);
    void count(const Settlement& settlement);
    void answer(Parcels parcels, Settlement& settlement);
    /// Of a group that Postgres refuses, commits what it takes, one by one.
    void isolate(Group& group, std::string_view why);
    /// Waits before the next try; false after stop().
    bool pause();

    const CommitterNeeds& needs_;
    ParcelLine line_;
    std::set<Instant> open_partitions_;  // Known to be there.
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool stopped_ = false;
    std::chrono::milliseconds pause_{0};
};

}  // namespace mobilytics::ingest
