#pragma once
// Where the sensor was: one fix of a satellite receiver or of a file, and what is not believed of
// it.

#include <array>
#include <cstdint>
#include <optional>

#include <boost/mp11/algorithm.hpp>

#include "foundation/vocabulary.h"

namespace mobilytics::sensor {

/// In the units of the wire.
struct Fix {
    Instant at;
    std::int32_t latitude_e7 = 0;  // WGS 84 degrees times 10^7.
    std::int32_t longitude_e7 = 0;
    std::optional<std::uint32_t> speed_cm_s;
    std::optional<std::uint32_t> heading_cdeg;  // 0..35999, clockwise from north.
    std::optional<std::uint32_t> accuracy_cm;   // Horizontal.
    friend bool operator==(const Fix&, const Fix&) = default;
};

/// Why a line, a point or an object gives no fix. Closed. What is not meant to be a position (a
/// satellite table, a comment) is not counted.
BOOST_DEFINE_ENUM_CLASS(
    FixDrop,
    garbage,       // Not the format that it should be.
    too_long,      // A line beyond its limit.
    bad_checksum,  // NMEA.
    no_position,   // The receiver says that it has none.
    no_time,       // No time, or a time of day without a date.
    bad_time,      // No date of the calendar, or before 1990 or after 2099.
    off_earth,     // Beyond 90 or 180 degrees, or not a number.
    null_island,   // Exactly 0, 0: what broken receivers say.
    time_back)     // Not behind the fix before.

inline constexpr std::size_t kFixDrops =
    boost::mp11::mp_size<boost::describe::describe_enumerators<FixDrop>>::value;

struct FixCounts {
    std::uint64_t fixes = 0;
    std::array<std::uint64_t, kFixDrops> dropped{};  // By FixDrop.

    void drop(FixDrop reason) { ++dropped[static_cast<std::size_t>(reason)]; }
    std::uint64_t of(FixDrop reason) const { return dropped[static_cast<std::size_t>(reason)]; }
    friend bool operator==(const FixCounts&, const FixCounts&) = default;
};

/// A position as text or receiver gave it, unchecked. Not a number where it said nothing.
struct RawFix {
    std::optional<Instant> at;
    double latitude_deg = 0;
    double longitude_deg = 0;
    std::optional<double> speed_m_s;
    std::optional<double> heading_deg;
    std::optional<double> accuracy_m;
};

/// Between a reader of positions and whoever believes them: checks, rounds, counts.
class FixFilter {
  public:
    /// The fix, or none and a reason more. A speed, heading or accuracy that cannot be is left out,
    /// the fix stands.
    std::optional<Fix> check(const RawFix& raw);
    void drop(FixDrop reason) { counts_.drop(reason); }

    const FixCounts& counts() const { return counts_; }

  private:
    std::optional<FixDrop> fault(const RawFix& raw) const;
    bool goes_back(Instant at);

    FixCounts counts_;
    std::optional<Instant> last_;
    Instant last_back_;
    std::size_t backs_ = 0;
};

}  // namespace mobilytics::sensor
