#pragma once
// One message of a sensor on its way through ingest: from a door, by an examiner, to a committer,
// and its answer back.

#include <cstdint>
#include <future>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foundation/monotonic.h"
#include "pipeline/ingest/admission.h"
#include "pipeline/ingest/boot_state.h"

namespace mobilytics::ingest {

using Bytes = std::span<const std::uint8_t>;

/// A report that was decoded and checked: what the commit needs of it. Observations stay in the
/// frame, for measure.
struct CheckedReport {
    wire::BootId boot{};
    std::uint64_t seq = 0;
    OwnTime own;
    wire::SaltEpoch salt_epoch{};  // Of its observations.
    std::int32_t observations = 0;
    std::optional<wire::Position> last_position;
    std::optional<wire::Health> health;
    std::vector<wire::ClockAnchor> anchors;
    std::vector<wire::Loss> losses;
    Bytes frame;  // Within the envelope.
};

/// What is refused: a report, or bytes that are none. It is settled when it can be named.
struct Refusal {
    wire::RejectReason reason{};
    std::optional<wire::BootId> boot;  // Both or neither.
    std::optional<std::uint64_t> seq;
    Bytes bytes;  // Within the envelope.
};

struct Examined {
    std::vector<CheckedReport> reports;
    std::vector<Refusal> refusals;
    std::int64_t losses_ignored = 0;  // Of too many boots.
};

BOOST_DEFINE_ENUM_CLASS(Door, mqtt, https)

/// What became of a parcel.
struct Outcome {
    std::vector<wire::Ack> acks;  // One a boot that it named, in the order in which it did.
    /// Of what could not be read well enough to be named in an ack.
    std::vector<wire::RejectReason> unnamed;
};

struct Parcel {
    DeviceId sender;  // By certificate or topic, never by what the frames say.
    CompanyId company;
    Door door = Door::mqtt;
    Instant received_at;
    Stopwatch since_received;
    std::string envelope;
    Admitted admitted;                            // By its envelope.
    Admitted admitted_examined;                   // By what was found in it.
    std::optional<std::promise<Outcome>> answer;  // Of who waits for it.
    Examined examined;

    Bytes bytes() const {
        return {reinterpret_cast<const std::uint8_t*>(envelope.data()), envelope.size()};
    }
};

/// What an envelope counts for in limits on memory: its bytes, and what is kept beside them.
inline std::size_t weight(std::size_t envelope_bytes) { return envelope_bytes + 2048; }
/// What was found in an envelope may be far more than its bytes, which are compressed.
std::size_t weight(const Examined& examined);

}  // namespace mobilytics::ingest
