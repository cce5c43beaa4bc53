#pragma once
// How many different devices, from sketches that can be united: HyperLogLog with 2^14 registers.
// Standard error 1.04 / sqrt(2^14) = 0.81 %. Estimator: O. Ertl, "New cardinality estimation
// algorithms for HyperLogLog sketches", 2017, arXiv:1702.01284, the improved raw estimator (section
// 4), which needs no correction tables and has no gap between its ranges. Exact below some hundred
// in practice, for small sketches are kept sparse.

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

    /// `pseudonym` of `epoch`: the same pseudonym in another epoch is another device.
    void add(std::uint64_t epoch, std::uint64_t pseudonym);
    void unite(const ReachSketch& other);
    /// Unites with what bytes() wrote, without a copy of it. False for other bytes: then unchanged.
    bool unite(std::string_view bytes);

    /// Devices, with fractions: rounding is for the edge.
    double estimate() const;
    bool empty() const;

    /// The same set of devices gives the same bytes, in whatever order they came.
    std::string bytes() const;
    static std::optional<ReachSketch> from_bytes(std::string_view bytes);

    friend bool operator==(const ReachSketch&, const ReachSketch&) = default;

  private:
    void insert(std::uint32_t entry);
    void make_dense();

    // Sparse: entries (register << 6 | rank), sorted, one a register; dense: a rank a register.
    std::vector<std::uint32_t> sparse_;
    std::vector<std::uint8_t> dense_;
};

}  // namespace mobilytics::measure
