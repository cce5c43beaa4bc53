#pragma once
// What ingest accepted, for those who come after it: a stream in an order that never steps over a
// report that commits late, and the reports of one device again, for whoever must look back.

#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "foundation/vocabulary.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::ingest {

/// A place in the accepted stream. Ordered; the default is before everything.
struct StreamPosition {
    std::uint64_t transaction = 0;  // Postgres's xid8 of the accepting transaction.
    std::uint64_t number = 0;       // Within it, and in all: a serial.
    friend auto operator<=>(const StreamPosition&, const StreamPosition&) = default;
};

struct AcceptedReport {
    StreamPosition position;
    CompanyId company;
    Instant received_at;
    /// The window's start by the best clock there is: the sensor's own, or corrected by an anchor.
    Instant started;
    bool time_uncertain =
        false;  // No clock could be trusted: not counted in time, but in completeness.
    wire::Report report;
    /// Where it stood before an anchor moved it, the oldest first; as a rule nowhere. A report that
    /// moved leaves its place in the stream and comes again at the end: whoever has counted it at
    /// one of these takes it away there. The key of the report is the same.
    std::vector<Instant> moved_from;
};

/// Reads the stream. One thread at a time.
class AcceptedReports {
  public:
    virtual ~AcceptedReports() = default;

    /// At most `reports_max`, in the order of the stream, behind `after`, and only such as nothing
    /// can be committed before any more. Empty when there are no more now.
    virtual std::vector<AcceptedReport> read_after(
        StreamPosition after, std::size_t reports_max) = 0;

    /// The reports of `devices` whose windows begin in [from, to) and which stand in the stream not
    /// behind `up_to`, ordered by (started, device, boot, seq).
    virtual std::vector<AcceptedReport> read_again(
        std::span<const DeviceId> devices, Instant from, Instant to, StreamPosition up_to) = 0;

    /// Returns when there may be more, or after `wait_max`.
    virtual void wait_for_more(std::chrono::milliseconds wait_max) {
        std::this_thread::sleep_for(wait_max);
    }
};

}  // namespace mobilytics::ingest
