#pragma once
// What the counting's shares and bounds would be of other mixes: refitted for each day left out, so
// that figures of a day do not rest on that day.

#include <array>

#include "apps/accuracy/mixes.h"
#include "pipeline/measure/tracks/counting_rules.h"

namespace mobilytics::accuracy {

/// How many devices tracks were, by what the counting knows of them.
class Shares {
  public:
    /// Each track of a mix. A device is that of the first track, by bursts, that has most of its
    /// bursts of it; a track's other devices are its own too, where no track is theirs.
    void add(const Mix& mix);
    /// The tables of `CountingRules`: one device at most, and not less with more bursts. Where less
    /// than ten tracks were seen, today's.
    measure::CountingRules rules() const;

  private:
    struct Cell {
        double tracks = 0;
        double devices = 0;
    };
    using Row = std::array<Cell, 8>;
    struct Track;
    void add_family(std::vector<const Track*>& family, std::map<const Track*, Cell*>& cells);
    static measure::CountingRules::Shares fitted(
        const Row& row, const measure::CountingRules::Shares& today);

    Row first_, beside_, after_, maker_;
};

/// By these rules, but with bounds beyond which the truth of these mixes lay 3.5 times in
/// 100 each.
measure::CountingRules with_bounds(measure::CountingRules rules, const std::vector<Mixes>& sets);

}  // namespace mobilytics::accuracy
