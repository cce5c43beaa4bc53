#pragma once
// What the spool must know besides its segments: a small file, written whole.

#include <map>
#include <string>
#include <vector>

#include "pipeline/sensor/spool/file_io.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

struct SpoolState {
    std::uint64_t starts = 0;  // Of the agent on this folder.
    wire::BootId boot{};       // Of the last start.
    /// The latest time of day that was believed: no clock is before it.
    Instant last_good{};
    /// Segments up to and with this one are gone, whether or not their files are.
    std::uint64_t removed_through = 0;
    std::vector<wire::Loss> losses;  // Declared, and not yet acknowledged.
    /// All reports up to and with this one are settled.
    std::map<wire::BootId, std::uint64_t> settled;
    friend bool operator==(const SpoolState&, const SpoolState&) = default;
};

inline constexpr std::size_t kLossesKeptMax = 4096;
inline constexpr std::string_view kStateName = "state";

/// Where others fill the disk, what is given up must still be written down: this much is held for
/// it in a file of its own, which goes when the state finds no other room.
inline constexpr std::string_view kReserveName = "reserve";
inline constexpr std::uint64_t kReserveBytes = 32 << 10;  // Of losses, some four hundred ranges.

/// Whether the reserve is there, whole.
bool holds_reserve(FileIo& io);
/// Makes it. False where there is no room for it now.
bool hold_reserve(FileIo& io);

Result<> write_state(FileIo& io, const SpoolState& state);
/// The default where there is none, or where what is there is not what was written (logged).
/// Unavailable, as the disk says.
Result<SpoolState> read_state(FileIo& io);

std::string hex_of(const wire::BootId& id);
std::optional<wire::BootId> boot_of(std::string_view hex);

}  // namespace mobilytics::sensor
