#pragma once
// What is kept as bytes: little endian, one value after the other. Fixed forever, since files have
// it.

#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/measure/measure.h"

namespace mobilytics::store {

static_assert(std::endian::native == std::endian::little);

using Dropped = decltype(measure::Coverage::dropped);

inline std::string packed(const Dropped& dropped) {
    return {reinterpret_cast<const char*>(dropped.data()), sizeof dropped};
}
/// A reason that was not there yet when this was written has dropped nothing.
inline Dropped dropped_of(std::string_view bytes) {
    Dropped dropped{};
    std::memcpy(dropped.data(), bytes.data(), std::min(bytes.size(), sizeof dropped));
    return dropped;
}

inline constexpr std::size_t kPathPointBytes = 16;

inline std::string packed(const std::vector<measure::PathPoint>& path) {
    std::string bytes(path.size() * kPathPointBytes, '\0');
    char* at = bytes.data();
    for (const auto& point : path) {
        const std::int64_t moment = point.at.time_since_epoch().count();
        std::memcpy(at, &moment, 8);
        std::memcpy(at + 8, &point.latitude_e7, 4);
        std::memcpy(at + 12, &point.longitude_e7, 4);
        at += kPathPointBytes;
    }
    return bytes;
}
inline std::vector<measure::PathPoint> path_of(std::string_view bytes) {
    std::vector<measure::PathPoint> path(bytes.size() / kPathPointBytes);
    const char* at = bytes.data();
    for (auto& point : path) {
        std::int64_t moment = 0;
        std::memcpy(&moment, at, 8);
        std::memcpy(&point.latitude_e7, at + 8, 4);
        std::memcpy(&point.longitude_e7, at + 12, 4);
        point.at = Instant(std::chrono::microseconds(moment));
        at += kPathPointBytes;
    }
    return path;
}

}  // namespace mobilytics::store
