#pragma once
// What ingest counts. Every list of reasons is closed, so that each has its counter from the start.

#include <map>

#include "pipeline/wire/wire.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::ingest {

/// Why something is not taken, not kept and not acked: the sensor has it still, and sends it again.
BOOST_DEFINE_ENUM_CLASS(
    DropReason, unknown_device, bad_topic, too_large, rate_limited, queue_full, too_scattered,
    failed, stopping)

struct IngestMetrics {
    explicit IngestMetrics(metrics::Registry& registry);

    metrics::Counter& accepted;
    metrics::Counter& duplicate;
    metrics::Counter& observations;
    std::map<wire::RejectReason, metrics::Counter*> refused;  // An alarm: more than none.
    std::map<DropReason, metrics::Counter*> dropped;
    metrics::Counter& quarantine_not_kept;
    metrics::Counter& losses_ignored;
    metrics::Counter& retimed;
    metrics::Counter& dropped_unread;
    metrics::Counter& commits;
    metrics::Counter& commits_failed;
    metrics::Histogram& group_reports;
    metrics::Histogram& examined_s;   // Since the parcel came.
    metrics::Histogram& committed_s;  // Since the parcel came.
    metrics::Histogram& answered_s;   // Since the parcel came.
    metrics::Gauge& waiting_bytes;
    metrics::Gauge& waiting_parcels;
    metrics::Gauge& quarantined;
    metrics::Gauge& flapping;
};

}  // namespace mobilytics::ingest
