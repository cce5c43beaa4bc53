#pragma once
// A set of sequence numbers, kept as ranges: what a boot's reports are, as a rule, is one range.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/wire/wire.h"

namespace mobilytics::ingest {

/// No sensor gets there: a report a microsecond for 36 000 years. Fits into Postgres's bigint.
inline constexpr std::uint64_t kSequenceMax = std::uint64_t{1} << 60;

/// Members are 1..kSequenceMax. Ranges ascend and do not touch, so that equal sets compare equal.
class SequenceSet {
  public:
    SequenceSet() = default;

    bool contains(std::uint64_t number) const;
    /// Whether the whole of `range` is in it.
    bool contains(wire::SeqRange range) const;
    void insert(wire::SeqRange range);
    void insert(std::uint64_t number) { insert({number, number}); }
    void erase(wire::SeqRange range);

    /// How many numbers.
    std::uint64_t count() const;
    bool empty() const { return ranges_.empty(); }
    std::optional<std::uint64_t> highest() const;
    /// The largest n such that 1..n are all members; 0 when 1 is not.
    std::uint64_t cumulative() const;
    const std::vector<wire::SeqRange>& ranges() const { return ranges_; }

    SequenceSet united(const SequenceSet& other) const;
    SequenceSet without(const SequenceSet& other) const;
    /// What lies in `range`.
    SequenceSet within(wire::SeqRange range) const;

    /// "{[1,8),[10,11)}": Postgres's int8multirange.
    std::string text() const;
    /// Reads that; none for other text.
    static std::optional<SequenceSet> parse(std::string_view text);

    friend bool operator==(const SequenceSet&, const SequenceSet&) = default;

  private:
    std::vector<wire::SeqRange> ranges_;
};

}  // namespace mobilytics::ingest
