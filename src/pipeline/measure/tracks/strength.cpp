#include "pipeline/measure/tracks/strength.h"

#include <algorithm>
#include <limits>

namespace mobilytics::measure {

namespace {

constexpr std::int64_t kDb = 256;  // Strengths are in 1/256 dB here.

/// Any device's strength: around -72 dBm with 12 dB, and now and then anything.
constexpr auto background() {
    std::array<Nats, 129> out{};
    for (int dbm = 0; dbm <= 128; ++dbm) {
        const double z = (72.0 - dbm) / 12;
        const double root = tables::exp_of(-z * z / 16);  // Of the 8th power, for the series' sake.
        const double bell = root * root * root * root * root * root * root * root;
        const auto density = static_cast<std::uint64_t>((bell / 12 + 0.002) * 1e12);
        out[static_cast<std::size_t>(dbm)] = log_of(density) - nats(27.631021);  // ln 1e12.
    }
    return out;
}
constexpr auto kBackground = background();

/// How far the next strength may lie, in 1/256 dB: more, the longer ago; the device's own spread
/// once four were heard.
std::int64_t spread_of(const Track& track, std::int64_t dt_ms) {
    const Nats longer = log_of(static_cast<std::uint64_t>(5'000 + dt_ms)) - log_of(5'000);
    const std::int64_t spread = 4 * kDb + (longer * kDb >> kNatsBits);
    if (track.heard < 4) return spread;
    const std::int64_t n = std::min<std::int64_t>(track.heard, 8);
    const auto own =
        static_cast<std::int64_t>(root_of(static_cast<std::uint64_t>(track.variance) << 8));
    return (2 * spread + n * std::max<std::int64_t>(own, 5 * kDb / 2)) / (2 + n);
}

}  // namespace

Nats by_strength(const Track& track, int rssi_dbm, std::int64_t dt_ms) {
    if (rssi_dbm >= 0 || track.heard == 0) return 0;
    const std::int64_t spread = spread_of(track, dt_ms);
    const std::int64_t off = rssi_dbm * kDb - track.rssi;
    const auto half_square = static_cast<std::uint64_t>((off * off << 15) / (spread * spread));
    // 0.9 of a bell, in 2^-30 a dB; the rest anywhere within 40 dB.
    constexpr std::uint64_t kAnywhere = (std::uint64_t{1} << 30) / 400;
    const std::uint64_t bell =
        exp_minus(half_square) * 256 * 9 / (10 * static_cast<std::uint64_t>(spread));
    return log_of(bell + kAnywhere) - 30 * kLog2 - kBackground[static_cast<std::size_t>(-rssi_dbm)];
}

void note_strength(Track& track, int rssi_dbm) {
    if (rssi_dbm >= 0) return;
    const auto strength = static_cast<std::int32_t>(rssi_dbm * kDb);
    if (track.heard == 0) {
        track.rssi = strength;
    } else {
        const std::int32_t off = strength - track.rssi;
        const std::int32_t square = static_cast<std::int32_t>(
            std::min<std::int64_t>(std::int64_t{off} * off / kDb, 200 * kDb));
        track.variance += (square - track.variance) * 15 / 100;
        track.rssi += off / std::min<std::int32_t>(track.heard + 1, 6);
    }
    if (track.heard < std::numeric_limits<std::uint16_t>::max()) ++track.heard;
}

}  // namespace mobilytics::measure
