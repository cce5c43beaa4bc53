#pragma once
// What is done now and then: partitions for the hours that come, and an end to what is too old or
// too much.

#include <mutex>

#include "pipeline/ingest/ingest.h"

namespace mobilytics::ingest {

class Housekeeping {
  public:
    Housekeeping(pg::SystemPool& pool, const Retention& retention, IngestMetrics& metrics)
        : pool_(pool), retention_(retention), metrics_(metrics) {}

    void note_read(StreamPosition up_to);
    /// All of it. Throws Unavailable.
    void keep(Instant now);

  private:
    void drop_reports(Instant now);
    void drop_refused(Instant now);
    void drop_boots(Instant now);
    void count_flapping(Instant now);

    pg::SystemPool& pool_;
    const Retention& retention_;
    IngestMetrics& metrics_;
    std::mutex mutex_;
    std::optional<StreamPosition> read_up_to_;
};

}  // namespace mobilytics::ingest
