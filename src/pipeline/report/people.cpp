#include "pipeline/report/people.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "foundation/zone.h"
#include "pipeline/measure/measure.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

constexpr std::size_t kModelsMax = 20;  // Of one answer: each is a question to the store.
constexpr double kHourUs = 3.6e9;
constexpr double kDayUs = 24 * kHourUs;
constexpr std::int64_t kFreshDays = 90;
constexpr std::int64_t kAgeingDays = 365;

struct Bounds {
    double value = 0, low = 0, high = 0;
};

/// How many times more or less a day may be than the factor says. Of a single day nothing is known
/// of others: then it is the factor's own half to twice.
double width_of(const store::Calibration& by, double days) {
    const double factor = std::log(by.high / by.factor);
    if (by.days < 2) return std::exp(factor);
    return std::exp(factor * std::sqrt(1 + static_cast<double>(by.days) / std::max(1.0, days)));
}

Bounds bounds_of(const CalibratedPart& part, double days) {
    measure::Calibration calibration;
    calibration.factor = part.by.factor;
    calibration.dispersion = part.by.dispersion;
    const auto covered = static_cast<double>(part.covered_us);
    const auto moment =
        measure::people_of(static_cast<double>(part.presence_us) / covered, calibration);
    const double hours = std::sqrt(std::max(1.0, covered / kHourUs));
    const double width = width_of(part.by, days);
    const double below =
        std::hypot((moment.value - moment.low) / hours, moment.value * (1 - 1 / width));
    const double above =
        std::hypot((moment.high - moment.value) / hours, moment.value * (width - 1));
    return {moment.value, std::max(0.0, moment.value - below), moment.value + above};
}

/// Which assets each model is of, at a moment.
using Groups = std::map<std::string, std::pair<store::Calibration, std::vector<AssetId>>>;
Groups groups_at(
    std::span<const store::Calibrations> known, std::span<const AssetId> assets, Instant at) {
    Groups out;
    for (const auto asset : assets) {
        const auto* by = store::applying(known, asset, at);
        if (by == nullptr) continue;
        auto& [calibration, of] = out[by->model];
        calibration = *by;
        of.push_back(asset);
    }
    return out;
}

std::size_t gate_of(const store::Calibration& by) {
    const auto found = std::ranges::find(measure::kGatesDbm, by.gate_dbm);
    VERIFY(found != measure::kGatesDbm.end());
    return static_cast<std::size_t>(found - measure::kGatesDbm.begin());
}

/// The parts of slots that all have these groups.
void add_parts(
    store::Snapshot& snapshot, CompanyId company, const Groups& groups,
    std::span<const Instant> boundaries, const Telling& how,
    std::span<std::vector<CalibratedPart>> slots) {
    for (const auto& [model, group] : groups) {
        const auto& [by, assets] = group;
        // Wi-Fi alone, as the factor is.
        const store::Filter filter{assets, wire::RadioKind::wifi, std::nullopt};
        if (by.input == store::CalibrationInput::addresses) {
            const auto heard = snapshot.coverage(company, filter, boundaries);
            const auto told = published(snapshot, company, filter, boundaries, how);
            for (std::size_t i = 0; i < slots.size(); ++i) {
                if (heard[i].covered_us <= 0) continue;
                slots[i].push_back(
                    {by, told[i].figures.presence_us, heard[i].covered_us, told[i].is_hidden()});
            }
            continue;
        }
        const auto gate = gate_of(by);
        const auto told = published_counted(snapshot, company, filter, boundaries, how);
        for (std::size_t i = 0; i < slots.size(); ++i) {
            const auto& counted = told[i].counted;
            const bool is_hidden = counted.quarters == 0 && told[i].held_back;
            if (counted.span_ms <= 0 && !is_hidden) continue;
            slots[i].push_back(
                {by, counted.present_ms[gate] * 1000, counted.span_ms * 1000, is_hidden});
        }
    }
}

std::vector<AssetId> assets_of(
    store::Snapshot& snapshot, CompanyId company, const store::Filter& filter) {
    if (!filter.assets.empty()) return filter.assets;
    std::vector<AssetId> out;
    for (const auto& asset : snapshot.assets(company)) out.push_back(asset.dimension.asset);
    return out;
}

bool all_shown(std::span<const CalibratedPart> parts) {
    return std::ranges::none_of(parts, &CalibratedPart::is_hidden);
}

PeopleFigures shown(const Bounds& bounds) {
    return {
        rounded(bounds.value, 1), std::floor(bounds.low * 10) / 10,
        std::ceil(bounds.high * 10) / 10};
}

}  // namespace

std::optional<PeopleFigures> people_of(
    std::span<const CalibratedPart> parts, std::chrono::microseconds slot) {
    const double days = static_cast<double>(slot.count()) / kDayUs;
    Bounds all;
    double covered = 0;
    for (const auto& part : parts) covered += static_cast<double>(part.covered_us);
    if (covered <= 0) return std::nullopt;
    // Who errs in one part may err in all: the bounds are summed as the values are.
    for (const auto& part : parts) {
        if (part.covered_us <= 0) continue;
        const auto its = bounds_of(part, days);
        const double share = static_cast<double>(part.covered_us) / covered;
        all.value += share * its.value;
        all.low += share * its.low;
        all.high += share * its.high;
    }
    return shown(all);
}

CalibrationUsed told(const store::Calibration& by, Instant now) {
    const auto newest = LocalDay::parse(by.newest_day);
    VERIFY(newest);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    CalibrationUsed out;
    out.model_id = by.model;
    out.version = by.version;
    out.scope = by.scope;
    out.input = by.input;
    if (by.gate_dbm != store::kNoGate) out.gate_dbm = by.gate_dbm;
    out.fitted_on = by.newest_day;
    out.age_days = std::max<std::int64_t>(0, (today - std::chrono::sys_days(newest->date)).count());
    out.quarters = by.quarters;
    out.days = by.days;
    out.factor = rounded(by.factor, 4);
    out.factor_interval = {rounded(by.low, 4), rounded(by.high, 4)};
    out.error = rounded(by.error, 3);
    out.state = by.drifting                   ? CalibrationState::drifting
                : out.age_days <= kFreshDays  ? CalibrationState::fresh
                : out.age_days <= kAgeingDays ? CalibrationState::ageing
                                              : CalibrationState::old;
    return out;
}

CalibratedSlots calibrated(
    store::Snapshot& snapshot, CompanyId company, const store::Filter& filter,
    std::span<const Instant> asked, const Telling& how) {
    const auto boundaries = how.fineness == Fineness::hours
                                ? by_whole_hours(asked, how.zone)
                                : std::vector(asked.begin(), asked.end());
    CalibratedSlots out{std::vector<std::vector<CalibratedPart>>(boundaries.size() - 1), {}};
    const auto known = snapshot.calibrations(company);
    if (known.empty()) {
        out.none = NoPeople::not_calibrated;
        return out;
    }
    if (filter.source == wire::RadioKind::ble || filter.motion) {
        out.none = NoPeople::other_question;
        return out;
    }
    const auto assets = assets_of(snapshot, company, filter);
    const auto changes = store::changes_between(known, boundaries.front(), boundaries.back());
    std::size_t questions = 0;
    for (std::size_t first = 0; first + 1 < boundaries.size();) {
        // All slots that begin before anything changes have the same groups.
        const auto change = std::ranges::upper_bound(changes, boundaries[first]);
        std::size_t last = first + 1;
        while (last + 1 < boundaries.size() &&
               (change == changes.end() || boundaries[last] < *change)) {
            ++last;
        }
        const auto groups = groups_at(known, assets, boundaries[first]);
        questions += groups.size();
        if (questions > kModelsMax) {
            out.none = NoPeople::too_many_models;
            return out;
        }
        if (boundaries[first] < boundaries[last]) {
            add_parts(
                snapshot, company, groups, std::span(boundaries).subspan(first, last - first + 1),
                how, std::span(out.slots).subspan(first, last - first));
        }
        first = last;
    }
    const bool any = std::ranges::any_of(out.slots, [](const auto& slot) { return !slot.empty(); });
    if (!any) out.none = NoPeople::not_calibrated;
    return out;
}

std::vector<std::optional<PeopleFigures>> people_by_slot(
    const CalibratedSlots& slots, std::span<const Instant> boundaries) {
    std::vector<std::optional<PeopleFigures>> out(slots.slots.size());
    if (slots.none) return out;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto& parts = slots.slots[i];
        if (all_shown(parts)) out[i] = people_of(parts, boundaries[i + 1] - boundaries[i]);
    }
    return out;
}

std::optional<PeopleFigures> people_together(
    const CalibratedSlots& slots, std::span<const Instant> boundaries) {
    if (slots.none) return std::nullopt;
    std::vector<CalibratedPart> all;
    for (const auto& parts : slots.slots) all.insert(all.end(), parts.begin(), parts.end());
    if (!all_shown(all)) return std::nullopt;
    return people_of(all, boundaries.back() - boundaries.front());
}

CalibrationTold told(
    const CalibratedSlots& slots, bool is_shown, std::int64_t covered_us, Instant now) {
    CalibrationTold out;
    out.reason = slots.none;
    std::int64_t calibrated_us = 0;
    std::map<std::string, store::Calibration> models;
    for (const auto& parts : slots.slots) {
        for (const auto& part : parts) {
            calibrated_us += part.covered_us;
            models[part.by.model] = part.by;
        }
    }
    if (!slots.none) {
        for (const auto& [id, by] : models) out.models.push_back(told(by, now));
        if (covered_us > 0) {
            out.share = rounded(
                std::min(1.0, static_cast<double>(calibrated_us) / static_cast<double>(covered_us)),
                3);
        }
        if (!is_shown) out.reason = NoPeople::suppressed;
    }
    out.basis = is_shown ? Basis::people : Basis::devices;
    return out;
}

}  // namespace mobilytics::report
