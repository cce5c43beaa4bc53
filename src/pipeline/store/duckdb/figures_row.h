#pragma once
// Figures, as several statements answer them.

#include "pipeline/store/duckdb/statements.h"
#include "pipeline/store/figures.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::store {

/// The sums from a column on, the visits that had begun before, and the count of devices.
inline Figures figures_from(duckdb::Row row, std::size_t column) {
    Figures out;
    const auto begin = column;
    const auto next = [&] { return row.get<std::int64_t>(column++); };
    out.visits = next();
    out.visits_ended = next();
    out.sightings = next();
    out.presence_us = next();
    out.occupancy_max = next();
    for (auto& bin : out.dwell_bins) bin = next();
    out.dwell_us = next();
    VERIFY(column == begin + kSummedColumns);
    out.visits_carried = next();
    out.devices = row.get<double>(column);
    return out;
}

}  // namespace mobilytics::store
