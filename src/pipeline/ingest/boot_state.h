#pragma once
// What is known of one start of one sensor: which of its reports are settled, which are lost, and
// so what to answer it. Pure; ingest_store keeps it, one row a boot.

#include <optional>
#include <string>
#include <vector>

#include "pipeline/ingest/boot_clock.h"
#include "pipeline/ingest/sequence_set.h"

namespace mobilytics::ingest {

struct BootIdentity {
    static constexpr std::string_view kIdPrefix = "boot";
};
/// A boot's id as columns and people have it.
using BootName = Id<BootIdentity>;

struct BootKey {
    CompanyId company;
    DeviceId device;
    wire::BootId boot{};

    friend auto operator<=>(const BootKey&, const BootKey&) = default;
};

/// In so many pieces a boot's numbers may be. A sensor sends in order, so that it never gets near.
inline constexpr std::size_t kPiecesMax = 4096;
/// A loss of more reports is no sensor's: at one in two seconds, these are six years.
inline constexpr std::uint64_t kLossReportsMax = 100'000'000;

/// A report's place on its boot's monotonic clock.
struct Milestone {
    std::uint64_t seq = 0;
    std::uint64_t mono_us = 0;
    friend bool operator==(const Milestone&, const Milestone&) = default;
};

struct BootState {
    SequenceSet taken;    // Accepted or refused: not to be taken again.
    SequenceSet refused;  // Of the taken: they count for nothing. Its first kPiecesMax pieces.
    SequenceSet lost;     // Declared lost, and not come since.
    Instant first_received_at, last_received_at;
    BootClock clock;
    std::optional<Instant> begun_at;  // When its monotonic clock stood at zero, once it is known.
    std::optional<Milestone> lowest, highest;    // Of the accepted.
    std::chrono::microseconds last_duration{0};  // Of the highest.

    friend bool operator==(const BootState&, const BootState&) = default;
};

BOOST_DEFINE_ENUM_CLASS(Taking, fresh, duplicate, too_scattered)

/// Takes a report's number, once. One that was declared lost and comes after all is fresh. Nothing
/// is changed unless it is.
Taking take(BootState& boot, std::uint64_t seq);

void note_refused(BootState& boot, std::uint64_t seq);
/// Notes where the boot stands, of a report that was taken and accepted.
void note_accepted(BootState& boot, std::uint64_t seq, const OwnTime& own, const Timing& timing);

/// Notes what will never come, of what has not come yet; gives what is newly lost. A loss that no
/// sensor can have is none.
SequenceSet declare_lost(BootState& boot, wire::SeqRange range);

/// What is settled; without advice on how fast to go on.
wire::Ack ack_of(const wire::BootId& boot, const BootState& state, Instant now);

/// What has not come, below the highest number known of the boot.
struct Gaps {
    SequenceSet pending;  // The device may still have it.
    SequenceSet lost;     // It has said that it has not.
    SequenceSet unknown;  // The boot is over, and nothing was said.
    friend bool operator==(const Gaps&, const Gaps&) = default;
};
BOOST_DEFINE_ENUM_CLASS(BootLife, going_on, over)
Gaps gaps(const BootState& boot, BootLife life);

/// The numbers of the windows that began in [from, to), as far as the boot's own pace tells: its
/// windows follow each other, so that between two reports the numbers are as far as their clocks.
/// None when nothing of the boot was timed, or nothing of it lies there.
std::optional<wire::SeqRange> numbers_between(const BootState& boot, Instant from, Instant to);

}  // namespace mobilytics::ingest
