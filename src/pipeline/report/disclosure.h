#pragma once
// What is told of what was measured, so that no answers together tell of fewer than k devices:
// sums of blocks, each of which rests on k devices or more. docs/decisions/0017 says why that
// holds.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/store/store.h"

namespace mobilytics::report {

/// Of one slot of an answer.
struct Published {
    store::Figures figures;   // Sums of blocks; its `devices` is not to be shown.
    std::int64_t visits = 0;  // To five, as shown.
    double devices = 0;       // As shown: the sum of the company's days.
    std::int64_t came = 0;    // Visits, and those carried in; to five.
    bool held_back = false;   // There is more, which rests on too few.

    /// Of what is not counted, and not nought.
    static Published nothing() {
        Published out;
        out.held_back = true;
        return out;
    }
    /// Nothing is there that may be shown, though something is.
    bool is_hidden() const { return held_back && devices == 0; }
    /// Visits per device, of what is shown: R x F = I. None of no devices.
    std::optional<double> frequency() const;
};

/// Counts of visits as they are shown: to five.
std::int64_t to_five(std::int64_t count);
/// What counts are rounded to where they are no sums of blocks: the least multiple of five that is
/// not below the floor. Two such answers never differ by 1 to k-1.
std::int64_t grid_of(std::int64_t floor);

/// So many, as they are shown by that grid.
std::int64_t to_grid(std::int64_t count, std::int64_t floor);
/// To two digits.
double to_two_digits(double value);

/// How finely an answer may look: at whole hours, or, where all of an hour's may be shown, at its
/// quarters.
enum class Fineness { hours, quarters };

/// How it is told: by whose clock, when, from how many devices on, and how finely.
struct Telling {
    std::string zone;  // The company's.
    Instant now;
    std::int64_t floor = 0;
    Fineness fineness = Fineness::hours;
};

/// The blocks between neighbours of `ends`, whose first and last are taken to whole hours of the
/// company's zone, outward. Slots of the question are the company's days within a slot of the
/// answer; `slot_of` tells which.
struct Lattice {
    store::BlockQuestion question;
    std::vector<std::size_t> slot_of;
};
Lattice lattice(
    std::span<const Instant> ends, const std::string& zone, Instant now, Fineness fineness,
    std::int64_t floor);
Lattice lattice(std::span<const Instant> ends, const Telling& how);
/// Those ends, as the lattice of hours takes them: an hour is between the two between which it
/// begins.
std::vector<Instant> by_whole_hours(std::span<const Instant> ends, const std::string& zone);
/// Outward.
store::Period whole_hours(store::Period period, const std::string& zone);
store::Period whole_days(store::Period period, const std::string& zone);

/// What such a question was answered with, a slot of the answer each.
std::vector<Published> gathered(
    std::span<const store::BlockFigures> parts, const Lattice& of, std::size_t slots,
    std::int64_t floor);
/// Between neighbours of `ends`.
std::vector<Published> published(
    store::Snapshot& snapshot, CompanyId company, const store::Filter& filter,
    std::span<const Instant> ends, const Telling& how);
/// The same of devices that were counted: of hours in which they were enough.
std::vector<store::CountedBlocks> published_counted(
    store::Snapshot& snapshot, CompanyId company, const store::Filter& filter,
    std::span<const Instant> ends, const Telling& how);
/// Of one part alone, that lies within one of the company's days.
Published published(const store::BlockFigures& part, std::int64_t floor);

}  // namespace mobilytics::report
