#include "apps/server/calibration_ports.h"

#include <algorithm>
#include <array>

#include "foundation/zone.h"
#include "pipeline/measure/measure.h"
#include "platform/crypto/digest.h"

namespace mobilytics::server {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kQuarterUs = 900'000'000;
constexpr std::size_t kHashShown = 16;

std::vector<Instant> quarters_between(Instant from, Instant to) {
    const auto us = from.time_since_epoch().count();
    std::vector<Instant> out;
    for (Instant at{std::chrono::microseconds(us - (us % kQuarterUs + kQuarterUs) % kQuarterUs)};;
         at += 15min) {
        out.push_back(at);
        if (at >= to) return out;
    }
}

/// Devices told apart behind their addresses.
calibration::HeardQuarters counted_in(
    store::Snapshot& snapshot, CompanyId company, AssetId asset, std::span<const Instant> ends) {
    const store::Filter filter{{asset}, std::nullopt, std::nullopt};
    const auto counted = snapshot.counted(company, filter, ends);
    calibration::HeardQuarters out{{measure::kGatesDbm.begin(), measure::kGatesDbm.end()}, {}};
    for (std::size_t i = 0; i < counted.size(); ++i) {
        if (counted[i].span_ms * 1000 * 2 < kQuarterUs) continue;
        std::vector<double> devices;
        for (const auto present_ms : counted[i].present_ms) {
            devices.push_back(
                static_cast<double>(present_ms) / static_cast<double>(counted[i].span_ms));
        }
        out.items.push_back({ends[i], std::move(devices)});
    }
    return out;
}

/// Mean occupancy by addresses.
calibration::HeardQuarters addresses_in(
    store::Snapshot& snapshot, CompanyId company, AssetId asset, std::span<const Instant> ends) {
    // Wi-Fi alone: people carry both radios, and the two are never added.
    const store::Filter filter{{asset}, wire::RadioKind::wifi, std::nullopt};
    const auto figures = snapshot.figures(company, filter, ends);
    const auto coverage = snapshot.coverage(company, filter, ends);
    calibration::HeardQuarters out{{store::kNoGate}, {}};
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (coverage[i].covered_us * 2 < kQuarterUs) continue;
        const auto devices = static_cast<double>(figures[i].presence_us) /
                             static_cast<double>(coverage[i].covered_us);
        out.items.push_back({ends[i], {devices}});
    }
    return out;
}

std::chrono::sys_days day_of(const std::string& text) {
    const auto day = LocalDay::parse(text);
    VERIFY(day);
    return day->date;
}

/// As measure knows it: what tells how far days differ.
measure::Calibration measured(const calibration::Fitted& model) {
    measure::Calibration out;
    out.gate_dbm = static_cast<int>(model.gate_dbm);
    out.factor = model.factor;
    out.factor_low = model.factor_low;
    out.factor_high = model.factor_high;
    out.dispersion = model.dispersion;
    out.error = model.error;
    out.bins = static_cast<std::size_t>(model.quarters);
    out.days = static_cast<std::size_t>(model.days);
    for (const auto& each : model.residuals) {
        out.residuals.push_back({day_of(each.day), each.people, each.expected});
    }
    return out;
}

store::Calibration kept(const calibration::Applied& span) {
    store::Calibration out;
    out.model = span.model.str();
    out.version = span.version;
    out.scope = word(span.scope);
    out.input = span.input == calibration::Input::counted ? store::CalibrationInput::counted
                                                          : store::CalibrationInput::addresses;
    out.gate_dbm = static_cast<std::int32_t>(span.gate_dbm);
    out.factor = span.factor;
    out.low = span.low;
    out.high = span.high;
    out.dispersion = span.dispersion;
    out.error = span.error;
    out.quarters = span.quarters;
    out.days = span.days;
    out.newest_day = span.newest_day;
    out.drifting = span.drifting;
    out.from = span.from;
    out.to = span.to;
    return out;
}

}  // namespace

// Moving assets have no counts, nor has what was measured before devices were counted.
calibration::Input StoredDevices::input(
    CompanyId company, AssetId asset, Instant from, Instant to) {
    const auto ends = quarters_between(from, to);
    const std::array<Instant, 2> whole{ends.front(), ends.back()};
    const auto snapshot = store_.snapshot();
    const store::Filter filter{{asset}, std::nullopt, std::nullopt};
    const auto counted = snapshot->counted(company, filter, whole).at(0);
    const auto heard = snapshot->coverage(company, filter, whole).at(0);
    const bool most = counted.span_ms > 0 && counted.span_ms * 1000 * 2 >= heard.covered_us;
    return most ? calibration::Input::counted : calibration::Input::addresses;
}

calibration::HeardQuarters StoredDevices::heard(
    CompanyId company, AssetId asset, calibration::Input input, Instant from, Instant to) {
    const auto ends = quarters_between(from, to);
    const auto snapshot = store_.snapshot();
    return input == calibration::Input::counted ? counted_in(*snapshot, company, asset, ends)
                                                : addresses_in(*snapshot, company, asset, ends);
}

calibration::CountingModel StoredDevices::counted_by() const {
    const auto text = measure::text_of(measure::CountingRules{}, measure::StayRules{});
    return {
        std::string(measure::kCountingName), std::string(measure::kCountingVersion),
        crypto::sha256_hex(text).substr(0, kHashShown)};
}

std::optional<calibration::Fitted> MeasuredFit::fit(
    std::span<const std::int64_t> gates_dbm, std::span<const calibration::Pair> pairs) const {
    measure::CountedBins bins;
    for (const auto gate : gates_dbm) bins.gates_dbm.push_back(static_cast<int>(gate));
    for (const auto& pair : pairs) bins.bins.push_back({pair.day, pair.people, pair.devices});
    const auto found = measure::calibrate(bins);
    if (!found) return std::nullopt;
    calibration::Fitted out;
    out.gate_dbm = found->gate_dbm;
    out.factor = found->factor;
    out.factor_low = found->factor_low;
    out.factor_high = found->factor_high;
    out.dispersion = found->dispersion;
    out.error = found->error;
    out.quarters = static_cast<std::int64_t>(found->bins);
    out.days = static_cast<std::int64_t>(found->days);
    out.newest_day = LocalDay{.date = found->newest}.str();
    const auto gate = std::ranges::find(bins.gates_dbm, found->gate_dbm) - bins.gates_dbm.begin();
    for (std::size_t i = 0; i < found->residuals.size(); ++i) {
        const auto& each = found->residuals[i];
        out.residuals.push_back(
            {LocalDay{.date = each.day}.str(),
             {},
             each.people,
             each.expected,
             pairs[i].devices[static_cast<std::size_t>(gate)]});
    }
    return out;
}

std::optional<calibration::Drift> MeasuredFit::drift(
    const calibration::Fitted& model, std::span<const calibration::Recounted> later) const {
    std::vector<measure::Recount> recounts;
    for (const auto& each : later) recounts.push_back({each.day, each.devices, each.people});
    const auto found = measure::drift_of(measured(model), recounts);
    if (!found) return std::nullopt;
    calibration::Drift out;
    out.ratio = found->ratio;
    out.low = found->low;
    out.high = found->high;
    out.alarm = found->alarm;
    return out;
}

std::string MeasuredFit::method() const { return "ratio, days left out"; }

store::Calibrations calibrations_of(const calibration::CalibrationChanged& told) {
    store::Calibrations out{told.company, told.asset, {}};
    for (const auto& span : told.spans) out.spans.push_back(kept(span));
    return out;
}

}  // namespace mobilytics::server
