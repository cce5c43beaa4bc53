#pragma once
// Rooms where people were counted by hand while a sensor heard.

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "apps/accuracy/labelled.h"

namespace mobilytics::accuracy {

inline constexpr std::int64_t kBinMs = 15 * 60 * 1'000;

/// One sensor's recording of one day.
struct Recording {
    std::string name;
    std::chrono::sys_days day;
    Rows heard;
    bool from_capture = false;              // Else of the table, whose fingerprints are poorer.
    std::map<std::int64_t, double> people;  // Mean of each quarter of an hour, by its begin.
};

/// A folder of tables (.csv, .csv.gz) with the columns datetime and occupancy, and src, rssi,
/// seq_num, dot11elt, oui of each probe request; where a capture of the same name lies beside a
/// table, what was heard is read from that. invalid `no_folder`, `no_tables`, `no_columns`.
Result<std::vector<Recording>> counted_rooms(
    const std::filesystem::path& folder, std::vector<std::string>& notes);

}  // namespace mobilytics::accuracy
