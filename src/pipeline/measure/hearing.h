#pragma once
// From accepted reports to pieces: the steps that need nothing but the report itself and the
// attachments. For any thread.

#include <optional>
#include <span>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/measure/fact_port.h"
#include "pipeline/measure/piece.h"
#include "pipeline/measure/rules.h"
#include "pipeline/measure/steps.h"

namespace mobilytics::measure {

/// Where each sensor was, made for a quick answer. Of two attachments at one time the later begun
/// counts.
class Attachments {
  public:
    /// [from, to) on `lane`; kNoLane: on nothing.
    struct Span {
        Instant from, to;
        std::uint32_t lane = 0;
        bool moving = false;
    };
    static constexpr std::uint32_t kNoLane = ~std::uint32_t{0};

    void add(DeviceId device, const Span& span);
    /// The one that holds at `at`, its ends drawn in to where another holds.
    Span at(DeviceId device, Instant at) const;

  private:
    /// As a rule a sensor stays where it is: then no further memory is touched.
    using Spans = boost::container::small_vector<Span, 1>;
    struct DeviceIdHash {
        std::size_t operator()(const DeviceId& device) const;
    };
    boost::unordered_flat_map<DeviceId, Spans, DeviceIdHash> spans_;
};

struct LanePiece {
    std::uint32_t lane = 0;
    Piece piece;
};

/// Of a window, the part in one bucket and on one asset.
struct Part {
    Instant from, to;
    std::uint32_t lane = 0;
    bool moving = false;
};

/// What the report steps work on.
struct ReportWork {
    const Attachments& attachments;
    const Rules& rules;
    Tally& tally;
    std::vector<LanePiece>& pieces;  // Their result is added here,
    SightingPool& pool;              // and lies there.
    const ingest::AcceptedReport* accepted = nullptr;
    std::vector<Part> parts = {};  // None: left out.
};

/// Runs the report steps.
void hear(const ingest::AcceptedReport& accepted, ReportWork& work);

}  // namespace mobilytics::measure
