#pragma once
// reach_union(blob) and reach_count(blob): the sketches of a group as one, and how many devices
// they are together.

#include "pipeline/measure/measure.h"
#include "platform/duckdb/aggregate.h"

namespace mobilytics::store {

struct ReachUnion {
    measure::ReachSketch sketch;
    bool add(std::string_view bytes) { return sketch.unite(bytes); }
    void unite(const ReachUnion& other) { sketch.unite(other.sketch); }
    std::string finish() const { return sketch.bytes(); }
};

struct ReachCount {
    measure::ReachSketch sketch;
    bool add(std::string_view bytes) { return sketch.unite(bytes); }
    void unite(const ReachCount& other) { sketch.unite(other.sketch); }
    double finish() const { return sketch.estimate(); }
};

inline void register_reach(duckdb::Connection& connection) {
    duckdb::Aggregate<ReachUnion>::register_as(connection, "reach_union");
    duckdb::Aggregate<ReachCount>::register_as(connection, "reach_count");
}

}  // namespace mobilytics::store
