#pragma once
// reach_union(blob) and reach_count(blob): the sketches of a group as one, and how many devices
// they are together; frequency_bins(device): how many devices came how often.

#include <array>
#include <vector>

#include "pipeline/store/figures.h"
#include "platform/duckdb/aggregate.h"

namespace mobilytics::store {

/// Unites many sketches, most of them small, in hardly more than the time of reading them. While
/// their union is small too, its entries are in a hash table instead of a sorted list; and beside
/// it are the registers of a large one, so that nothing is done again once it is.
class ReachAccumulator {
  public:
    using Input = duckdb::Blob;

    bool add(duckdb::Blob blob);
    void unite(ReachAccumulator&& other);
    /// What uniting one after the other gives, to the byte.
    measure::ReachSketch sketch() const;

  private:
    bool is_large() const { return entries_ > measure::ReachSketch::kSparseMax; }
    void insert(std::uint32_t entry);
    void fold(std::uint32_t entry);
    void unite_registers(const char* registers);
    void grow();
    void make_registers();

    std::vector<std::uint32_t> table_;     // Entries by their register; 0 is a free place.
    std::size_t entries_ = 0;              // More than a small sketch has, when it is large.
    std::vector<std::uint8_t> registers_;  // Of all; none while there are very few.
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
