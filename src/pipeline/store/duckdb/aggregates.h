#pragma once
// reach_union(blob) and reach_count(blob): the sketches of a group as one, and how many devices
// they are together; frequency_bins(device): how many devices came how often.

#include <array>
#include <vector>

#include "pipeline/store/figures.h"
#include "platform/duckdb/aggregate.h"

namespace mobilytics::store {

/// Unites many sketches, most of them small, in hardly more than the time of reading them. While
/// their union is small too, their entries are gathered as they come, and those that are there
/// twice taken out now and then; after that there are the registers of a large one.
class ReachAccumulator {
  public:
    using Input = duckdb::Blob;

    bool add(duckdb::Blob blob);
    void unite(ReachAccumulator&& other);
    /// What uniting one after the other gives, to the byte.
    measure::ReachSketch sketch() const;

  private:
    bool is_large() const { return !registers_.empty(); }
    bool add_entries(const char* bytes, std::size_t count);
    void unite_registers(const char* registers);
    void thin();
    void make_large();

    std::vector<std::uint32_t> entries_;   // Of a small one.
    std::vector<std::uint8_t> registers_;  // Of a large one.
};

struct ReachUnion : ReachAccumulator {
    std::string finish() const { return sketch().bytes(); }
};
struct ReachCount : ReachAccumulator {
    double finish() const { return sketch().estimate(); }
};

/// Counts what comes how often: gathered in parts that fit a processor's cache, then part by part.
class FrequencyBins {
  public:
    using Input = std::uint64_t;

    bool add(std::uint64_t device);
    void unite(FrequencyBins&& other);
    /// kFrequencyBins counts of devices and the count of visits, 8 bytes each, little endian.
    std::string finish();

  private:
    static constexpr int kPartBits = 9;

    std::vector<std::vector<std::uint64_t>> parts_;  // By the number's highest bits.
};

void register_aggregates(duckdb::Connection& connection);

}  // namespace mobilytics::store
