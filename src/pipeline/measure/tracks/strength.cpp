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

constexpr std::uint64_t kAnywhere = (std::uint64_t{1} << 30) / 400;  // In 2^-30 a dB.

/// The least that spread_of() gives: of 4 dB, and of eight of 2.5 dB.
constexpr int kSpreadMin = (2 * 4 * 256 + 8 * 640) / 10;

/// What a bell is at most, by how many dB off it is: it is highest where its spread is that.
constexpr auto most_of_bells() {
    std::array<Nats, 129> out{};
    for (int db = 0; db <= 128; ++db) {
        const bool near = db * 256 <= kSpreadMin;
        const double peak = near ? 1.0 / kSpreadMin : 0.6066 / (db * 256);
        const double bell = peak * 230.4 * 1.001 * (1 << 30);
        out[static_cast<std::size_t>(db)] =
            log_of(static_cast<std::uint64_t>(bell) + kAnywhere) - 30 * kLog2 + 2;
    }
    return out;
}
constexpr auto kMostOfBells = most_of_bells();

/// How far the next strength may lie, in 1/256 dB: more, the longer ago; the device's own spread
/// once four were heard.
std::int64_t spread_of(const DeviceTrack& track, std::int64_t dt_ms) {
    const Nats longer = log_of(static_cast<std::uint64_t>(5'000 + dt_ms)) - log_of(5'000);
    const std::int64_t spread = 4 * kDb + (longer * kDb >> kNatsBits);
    if (track.heard < 4) return spread;
    const std::uint32_t n = std::min<std::uint32_t>(track.heard, 8);
    const auto own =
        static_cast<std::uint32_t>(root_of(static_cast<std::uint64_t>(track.variance) << 8));
    // Of 32 bits: this division is in each score.
    return (2 * static_cast<std::uint32_t>(spread) + n * std::max<std::uint32_t>(own, 640)) /
           (2 + n);
}

}  // namespace

Nats by_strength(const DeviceTrack& track, int rssi_dbm, std::int64_t dt_ms) {
    if (rssi_dbm >= 0 || track.heard == 0) return 0;
    const std::int64_t spread = spread_of(track, dt_ms);
    const std::int64_t off = rssi_dbm * kDb - track.rssi;
    const auto half_square = static_cast<std::uint64_t>((off * off << 15) / (spread * spread));
    // 0.9 of a bell, in 2^-30 a dB; the rest anywhere within 40 dB.
    const std::uint64_t bell =
        exp_minus(half_square) * 256 * 9 / (10 * static_cast<std::uint64_t>(spread));
    return log_of(bell + kAnywhere) - 30 * kLog2 - kBackground[static_cast<std::size_t>(-rssi_dbm)];
}

Nats most_by_strength(int rssi_dbm) {
    if (rssi_dbm >= 0) return 0;
    return std::max(0, most_by_strength(rssi_dbm, 0));  // 0 of who has none.
}

Nats most_by_strength(int rssi_dbm, int off) {
    return kMostOfBells[static_cast<std::size_t>(std::min(off >> 8, 128))] -
           kBackground[static_cast<std::size_t>(-rssi_dbm)];
}

void note_strength(DeviceTrack& track, int rssi_dbm) {
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
