#pragma once
// How many different devices, from sketches that can be united: HyperLogLog with 2^14 registers.
// Standard error 1.04 / sqrt(2^14) = 0.81 %. Estimator: O. Ertl, "New cardinality estimation
// algorithms for HyperLogLog sketches", 2017, arXiv:1702.01284, the improved raw estimator (section
// 4), which needs no correction tables and has no gap between its ranges.
//
// A small sketch is a list of the registers of a sketch with 2^25 that are set, as HyperLogLog++
// has it (S. Heule et al., 2013, section 5.3): up to kSparseMax devices it is off by one in some
// thousand. Above that it is folded into 2^14 registers, as if it had always had them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mobilytics::measure {

class ReachSketch {
  public:
    static constexpr int kPrecision = 14;
    static constexpr std::size_t kRegisters = std::size_t{1} << kPrecision;
    static constexpr int kSparsePrecision = 25;
    static constexpr std::size_t kSparseMax = kRegisters / sizeof(std::uint32_t);

    /// `pseudonym` of `epoch`: the same pseudonym in another epoch is another device.
    void add(std::uint64_t epoch, std::uint64_t pseudonym);
    /// The same for many at once: what entry_of() gave, ascending; its upper halves do not matter.
    static std::uint32_t entry_of(std::uint64_t epoch, std::uint64_t pseudonym);
    void add_sorted(std::span<const std::uint64_t> entries);
    void unite(const ReachSketch& other);
    /// Unites with what bytes() wrote, without a copy of it. False for other bytes: then unchanged.
    bool unite(std::string_view bytes);

    /// Devices, with fractions: rounding is for the edge.
    double estimate() const;
    bool empty() const { return sparse_.empty() && dense_.empty(); }

    /// The same set of devices gives the same bytes, in whatever order they came. The first is 1
    /// and the entries of a small sketch follow, ascending, 4 bytes each, little endian; or it is 2
    /// and the 2^14 registers follow, a byte each.
    std::string bytes() const;
    static std::optional<ReachSketch> from_bytes(std::string_view bytes);

    friend bool operator==(const ReachSketch&, const ReachSketch&) = default;

  private:
    void insert(std::uint32_t entry);
    void unite_sparse(std::span<const std::uint32_t> entries);
    void unite_dense(std::span<const std::uint8_t> registers);
    void fold(std::span<const std::uint32_t> entries);
    void make_dense();

    // Sparse: entries (register of 2^25) << 6 | rank, sorted, one a register; dense: a rank a
    // register of 2^14. One of them is empty.
    std::vector<std::uint32_t> sparse_;
    std::vector<std::uint8_t> dense_;
};

}  // namespace mobilytics::measure
