#include "pipeline/report/disclosure.h"

#include <algorithm>
#include <cmath>

#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

constexpr std::int64_t kFive = 5;

std::int64_t day_number(Instant at, const std::string& zone) {
    return start_of(local_day(at, zone), zone).time_since_epoch().count();
}

/// Whether each part's day is whole in one slot, and over.
void find_whole_days(
    store::BlockQuestion& question, std::span<const std::size_t> slots, const std::string& zone,
    Instant now) {
    const auto count = slots.size();
    for (std::size_t first = 0; first < count;) {
        auto last = first;
        while (last + 1 < count && question.wholes[last + 1] == question.wholes[first]) ++last;
        const auto day = local_day(question.boundaries[first], zone);
        const auto end = start_of(day.plus(std::chrono::days(1)), zone);
        const bool whole = question.boundaries[first] == start_of(day, zone) &&
                           question.boundaries[last + 1] == end && slots[first] == slots[last] &&
                           end <= now;
        for (; first <= last; ++first) question.is_over.push_back(whole ? 1 : 0);
    }
}

void add(store::Figures& to, const store::Figures& one) {
    to.visits += one.visits;
    to.visits_ended += one.visits_ended;
    to.sightings += one.sightings;
    to.presence_us += one.presence_us;
    to.occupancy_max = std::max(to.occupancy_max, one.occupancy_max);
    for (std::size_t i = 0; i < to.dwell_bins.size(); ++i) to.dwell_bins[i] += one.dwell_bins[i];
    to.dwell_us += one.dwell_us;
}

void add(store::Counted& to, const store::Counted& one) {
    to.quarters += one.quarters;
    to.grid_quarters += one.grid_quarters;
    to.blind_quarters += one.blind_quarters;
    to.devices_milli += one.devices_milli;
    to.low_milli += one.low_milli;
    to.high_milli += one.high_milli;
    to.ble_milli += one.ble_milli;
    to.ble_low_milli += one.ble_low_milli;
    to.ble_high_milli += one.ble_high_milli;
    for (std::size_t i = 0; i < to.present_ms.size(); ++i) to.present_ms[i] += one.present_ms[i];
    to.span_ms += one.span_ms;
}

}  // namespace

std::optional<double> Published::frequency() const {
    // Of older data it is not known who had come before: then it says nothing.
    if (devices == 0 || static_cast<double>(came) < interval_of(devices)[0]) return std::nullopt;
    return std::max(1.0, rounded(static_cast<double>(came) / devices, 3));
}

std::int64_t to_five(std::int64_t count) { return (count + kFive / 2) / kFive * kFive; }

std::int64_t grid_of(std::int64_t floor) {
    return std::max(kFive, (floor + kFive - 1) / kFive * kFive);
}

std::int64_t to_grid(std::int64_t count, std::int64_t floor) {
    return static_cast<std::int64_t>(shown_devices(static_cast<double>(count), floor));
}

double to_two_digits(double value) {
    if (value <= 0) return 0;
    return rounded(value, 1 - static_cast<int>(std::floor(std::log10(value))));
}

store::Period whole_hours(store::Period period, const std::string& zone) {
    const auto all = boundaries(period.from, period.to, Grain::hour, zone);
    return {all.front(), all.back()};
}

store::Period whole_days(store::Period period, const std::string& zone) {
    const auto all = boundaries(period.from, period.to, Grain::day, zone);
    return {all.front(), all.back()};
}

std::vector<Instant> by_whole_hours(std::span<const Instant> ends, const std::string& zone) {
    const auto hours = boundaries(ends.front(), ends.back(), Grain::hour, zone);
    std::vector<Instant> out(ends.begin(), ends.end());
    for (auto& end : out) end = *std::ranges::lower_bound(hours, end);
    out.front() = hours.front();
    return out;
}

Lattice lattice(std::span<const Instant> ends, const Telling& how) {
    return lattice(ends, how.zone, how.now, how.fineness, how.floor);
}

Lattice lattice(
    std::span<const Instant> ends, const std::string& zone, Instant now, Fineness fineness,
    std::int64_t floor) {
    Lattice out;
    auto& question = out.question;
    question.devices_min = floor;
    question.all_or_none = fineness == Fineness::quarters;
    question.boundaries = boundaries(ends.front(), ends.back(), Grain::hour, zone);
    const auto hours = question.boundaries;
    if (question.all_or_none) {
        question.boundaries = boundaries(hours.front(), hours.back(), Grain::quarter, zone);
    }
    std::vector<std::size_t> slots;
    std::optional<std::int64_t> day_before;
    for (std::size_t i = 0; i + 1 < question.boundaries.size(); ++i) {
        const auto start = question.boundaries[i];
        const auto after = std::ranges::upper_bound(ends, start);
        const bool outside = question.all_or_none && (start < ends.front() || start >= ends.back());
        const auto slot =
            after == ends.begin() ? 0 : static_cast<std::size_t>(after - ends.begin()) - 1;
        slots.push_back(slot);
        const auto day = day_number(start, zone);
        if (outside) {
            question.slots.push_back(-1);  // Looked at, as a part of its hour, and not told.
            question.is_first.push_back(0);
        } else {
            const bool anew = out.slot_of.empty() || out.slot_of.back() != slot;
            if (anew || day != day_before) out.slot_of.push_back(slot);
            question.slots.push_back(std::ssize(out.slot_of) - 1);
            question.is_first.push_back(anew ? 1 : 0);
            day_before = day;
        }
        const auto hour = std::ranges::upper_bound(hours, start) - hours.begin();
        question.wholes.push_back(question.all_or_none ? hour : day);
    }
    if (question.all_or_none) {
        question.is_over.assign(slots.size(), 0);
    } else {
        find_whole_days(question, slots, zone, now);
    }
    question.slot_count = out.slot_of.size();
    return out;
}

std::vector<Published> gathered(
    std::span<const store::BlockFigures> parts, const Lattice& of, std::size_t slots,
    std::int64_t floor) {
    std::vector<Published> out(slots);
    std::vector<std::int64_t> came(slots, 0);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto slot = of.slot_of[i];
        auto& to = out[slot];
        add(to.figures, parts[i].figures);
        came[slot] += parts[i].figures.visits + parts[i].figures.visits_carried;
        to.devices += shown_devices(parts[i].figures.devices, floor);
        to.held_back = to.held_back || parts[i].held_back;
    }
    for (std::size_t slot = 0; slot < slots; ++slot) {
        out[slot].visits = to_five(out[slot].figures.visits);
        out[slot].came = to_five(came[slot]);
    }
    return out;
}

std::vector<Published> published(
    store::Snapshot& snapshot, CompanyId company, const store::Filter& filter,
    std::span<const Instant> ends, const Telling& how) {
    const auto of = lattice(ends, how);
    return gathered(snapshot.blocks(company, filter, of.question), of, ends.size() - 1, how.floor);
}

std::vector<store::CountedBlocks> published_counted(
    store::Snapshot& snapshot, CompanyId company, const store::Filter& filter,
    std::span<const Instant> ends, const Telling& how) {
    const auto of = lattice(ends, how);
    const auto parts = snapshot.counted_blocks(company, filter, of.question);
    std::vector<store::CountedBlocks> out(ends.size() - 1);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto& to = out[of.slot_of[i]];
        add(to.counted, parts[i].counted);
        to.held_back = to.held_back || parts[i].held_back;
    }
    return out;
}

Published published(const store::BlockFigures& part, std::int64_t floor) {
    Lattice alone;
    alone.slot_of = {0};
    return gathered({&part, 1}, alone, 1, floor).front();
}

}  // namespace mobilytics::report
