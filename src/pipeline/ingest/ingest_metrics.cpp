#include "pipeline/ingest/ingest_metrics.h"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

namespace mobilytics::ingest {

namespace {

template <class Reason>
std::map<Reason, metrics::Counter*> by_reason(
    metrics::Registry& registry, std::string_view name, std::string_view help) {
    std::map<Reason, metrics::Counter*> out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Reason>>(
        [&](auto one) { out[one.value] = &registry.counter(name, help, {{"reason", one.name}}); });
    return out;
}

constexpr auto kReports = "mobilytics_ingest_reports_total";
constexpr auto kReportsHelp = "Reports that were settled, by what became of them.";
constexpr auto kSeconds = "mobilytics_ingest_parcel_seconds";
constexpr auto kSecondsHelp = "How long after a message came it was at this stage.";

metrics::Histogram& stage(metrics::Registry& registry, const char* name) {
    return registry.histogram(kSeconds, kSecondsHelp, {{"stage", name}});
}

}  // namespace

IngestMetrics::IngestMetrics(metrics::Registry& registry)
    : accepted(registry.counter(kReports, kReportsHelp, {{"outcome", "accepted"}})),
      duplicate(registry.counter(kReports, kReportsHelp, {{"outcome", "duplicate"}})),
      observations(registry.counter(
          "mobilytics_ingest_observations_total", "Sightings within the accepted reports.")),
      refused(by_reason<wire::RejectReason>(
          registry, "mobilytics_ingest_refused_total",
          "Reports and messages that were refused for good, by reason.")),
      dropped(by_reason<DropReason>(
          registry, "mobilytics_ingest_dropped_total",
          "Messages that were not taken and not acked, by reason.")),
      quarantine_not_kept(registry.counter(
          "mobilytics_ingest_quarantine_not_kept_total",
          "Refused messages whose bytes were not kept, because there were too many.")),
      losses_ignored(registry.counter(
          "mobilytics_ingest_losses_ignored_total",
          "Losses that sensors declared of what had come, or that cannot be.")),
      retimed(registry.counter(
          "mobilytics_ingest_retimed_total", "Reports that a later anchor moved in time.")),
      dropped_unread(registry.counter(
          "mobilytics_ingest_dropped_unread_total",
          "Reports that went at the end of their time before they had been measured.")),
      commits(registry.counter("mobilytics_ingest_commits_total", "Groups committed.")),
      commits_failed(registry.counter(
          "mobilytics_ingest_commits_failed_total", "Tries to commit a group that failed.")),
      group_reports(registry.histogram(
          "mobilytics_ingest_group_reports", "Reports in a commit.", {},
          {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})),
      examined_s(stage(registry, "examined")),
      committed_s(stage(registry, "committed")),
      answered_s(stage(registry, "answered")),
      waiting_bytes(registry.gauge(
          "mobilytics_ingest_waiting_bytes", "What was let in and is not settled yet.")),
      waiting_parcels(registry.gauge(
          "mobilytics_ingest_waiting_messages", "What was let in and is not settled yet.")),
      quarantined(registry.gauge("mobilytics_ingest_quarantine_rows", "Kept in quarantine.")),
      flapping(registry.gauge(
          "mobilytics_ingest_flapping_sensors",
          "Sensors that have begun anew four times or more within the last hour.")) {}

}  // namespace mobilytics::ingest
