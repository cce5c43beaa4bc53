#include "pipeline/measure/crowd.h"

#include <algorithm>
#include <limits>

#include "pipeline/measure/archive.h"

namespace mobilytics::measure {

namespace {

constexpr std::size_t kEpochsMax = CrowdLimits{}.epochs;
constexpr auto kEpochSilence = CrowdLimits{}.epoch_silence;

std::int64_t ms_of(Instant at) {
    return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

CountingRules counting_rules(const CrowdLimits& limits) {
    CountingRules rules;
    rules.tracks_max = limits.tracks;
    rules.addresses_max = limits.addresses;
    return rules;
}

StayRules stay_rules(const CrowdLimits& limits) {
    StayRules rules;
    rules.open_max = limits.tracks;
    return rules;
}

BleRules ble_rules(const CrowdLimits& limits) {
    BleRules rules;
    rules.addresses_max = limits.ble_addresses;
    return rules;
}

void unite(Estimate& estimate, const Estimate& other) {
    const std::int32_t high_milli = estimate.high_milli + other.high_milli;
    const std::int32_t low_milli = std::max(estimate.low_milli, other.low_milli);
    if (other.value_milli > estimate.value_milli) estimate = other;
    estimate.low_milli = low_milli;
    estimate.high_milli = high_milli;
}

/// Each that was forgotten may have been one that is not told.
void widen(Estimate& estimate, std::int64_t forgotten) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    estimate.high_milli =
        static_cast<std::int32_t>(std::min(kMost, estimate.high_milli + 1'000 * forgotten));
}

void unite(ByGate& present_ms, const ByGate& other) {
    for (std::size_t gate = 0; gate < kGates; ++gate) {
        present_ms[gate] = std::max(present_ms[gate], other[gate]);
    }
}

}  // namespace

void unite(Counted& counted, const Counted& other) {
    unite(counted.devices, other.devices);
    unite(counted.ble_devices, other.ble_devices);
    unite(counted.present_ms, other.present_ms);
    counted.span_ms = std::max(counted.span_ms, other.span_ms);
}

Crowd::Crowd(const CrowdLimits& limits)
    : limits_(limits),
      tracks_(counting_rules(limits)),
      stays_(stay_rules(limits)),
      ble_(ble_rules(limits)) {}

Crowd::Forgotten& Crowd::forgotten_at(Instant at) {
    const Instant bucket = bucket_of(at);
    if (bucket > forgotten_.bucket) forgotten_ = {bucket, 0, 0};
    return forgotten_;
}

/// Of those that were forgotten at a limit some had fallen silent anyway: the bound is wider by
/// them.
std::int64_t Crowd::add(Instant at, const Sighting& sighting) {
    if (sighting.source() == wire::RadioKind::ble) return add_ble(at, sighting);
    const std::int64_t at_ms = ms_of(at);
    const bool global = sighting.address_class == wire::AddressClass::global;
    const auto before = static_cast<std::int64_t>(tracks_.tracks());
    const auto placed = tracks_.add(
        {at_ms, sighting.pseudonym, sighting.coarse, sighting.fine, sighting.sequence,
         sighting.rssi_dbm, global});
    if (placed.begins_burst && !placed.global) stays_.add(placed.track, at_ms, sighting.rssi_dbm);
    if (before < static_cast<std::int64_t>(limits_.tracks)) return 0;
    const auto gone =
        before + (placed.is_new ? 1 : 0) - static_cast<std::int64_t>(tracks_.tracks());
    if (gone > 0) forgotten_at(at).wifi += gone;
    return std::max<std::int64_t>(0, gone);
}

std::int64_t Crowd::add_ble(Instant at, const Sighting& sighting) {
    const auto before = static_cast<std::int64_t>(ble_.addresses());
    ble_.add(
        {ms_of(at), sighting.pseudonym, sighting.address_class, sighting.rssi_dbm,
         static_cast<std::uint8_t>(sighting.fine >> 8),
         static_cast<std::uint8_t>(sighting.fine & 0xFF),
         static_cast<std::uint16_t>(sighting.coarse)});
    if (before < static_cast<std::int64_t>(limits_.ble_addresses)) return 0;
    const auto gone = before - static_cast<std::int64_t>(ble_.addresses()) + 1;  // It is new.
    if (gone <= 1) return 0;  // Known before, or nothing was forgotten.
    forgotten_at(at).ble += gone;
    return gone;
}

Counted Crowd::counted(Instant bucket) const {
    const std::int64_t since_ms = ms_of(bucket);
    Counted out{tracks_.devices(since_ms), ble_.devices(since_ms), stays_.presence_ms(since_ms), 0};
    if (forgotten_.bucket >= bucket) {
        widen(out.devices, forgotten_.wifi);
        widen(out.ble_devices, forgotten_.ble);
    }
    return out;
}

ByGate Crowd::present_ms(Instant bucket) const { return stays_.presence_ms(ms_of(bucket)); }

std::size_t Crowd::bytes() const {
    return sizeof *this + tracks_.bytes() + stays_.bytes() + ble_.addresses() * 80;
}

std::string Crowd::written() const {
    ArchiveWriter archive;
    write(archive);
    return archive.take();
}

void Crowd::write(ArchiveWriter& archive) const {
    archive.part([&](ArchiveWriter& part) { tracks_.write(part); });
    archive.part([&](ArchiveWriter& part) { stays_.write(part); });
    archive.part([&](ArchiveWriter& part) { ble_.write(part); });
    if (forgotten_.wifi + forgotten_.ble > 0) {
        archive(forgotten_.bucket, forgotten_.wifi, forgotten_.ble);
    }
}

bool Crowd::read(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::string tracks, stays, ble;
    archive(tracks, stays, ble);
    Crowd out;
    if (archive.good() && !archive.at_end()) {
        auto& [bucket, forgotten_wifi, forgotten_ble] = out.forgotten_;
        archive(bucket, forgotten_wifi, forgotten_ble);
        if (forgotten_wifi < 0 || forgotten_ble < 0) return false;
    }
    if (!archive.at_end() || !out.tracks_.read(tracks) || !out.stays_.read(stays) ||
        !out.ble_.read(ble)) {
        return false;
    }
    *this = std::move(out);
    return true;
}

Crowd* Crowds::of(std::uint64_t epoch, Instant at) {
    auto found = std::find_if(
        epochs_.begin(), epochs_.end(), [&](const Epoch& one) { return one.epoch == epoch; });
    if (found == epochs_.end() && epochs_.size() < kEpochsMax) {
        found = epochs_.insert(found, {epoch, at, std::make_shared<Crowd>()});
    }
    if (found == epochs_.end()) {
        found =
            std::min_element(epochs_.begin(), epochs_.end(), [](const Epoch& a, const Epoch& b) {
                return a.heard < b.heard;
            });
        if (at - found->heard <= kEpochSilence) return nullptr;
        *found = {epoch, at, std::make_shared<Crowd>()};
    }
    found->heard = std::max(found->heard, at);
    // Snapshots have it as it was.
    if (found->crowd.use_count() > 1) found->crowd = std::make_shared<Crowd>(*found->crowd);
    return found->crowd.get();
}

Counted Crowds::counted(Instant bucket, Instant heard_until) const {
    constexpr std::int64_t kPadMs = StayRules{}.pad_ms;
    constexpr std::int64_t kWholeMs = std::chrono::milliseconds(kBucket).count();
    Counted out;
    for (const Epoch& one : epochs_) unite(out, one.crowd->counted(bucket));
    out.span_ms =
        std::clamp<std::int64_t>(ms_of(heard_until) - ms_of(bucket) + kPadMs, 0, kWholeMs);
    return out;
}

void Crowds::count_again(Counted& counted, Instant bucket) const {
    counted.present_ms = {};
    for (const Epoch& one : epochs_) unite(counted.present_ms, one.crowd->present_ms(bucket));
}

std::size_t Crowds::bytes() const {
    std::size_t out = 0;
    for (const Epoch& one : epochs_) out += one.crowd->bytes();
    return out;
}

void Crowds::Epoch::transfer_to(ArchiveWriter& archive) {
    archive(epoch, heard);
    archive.part([&](ArchiveWriter& part) { crowd->write(part); });
}

void Crowds::Epoch::transfer_to(ArchiveReader& archive) {
    std::string bytes;
    archive(epoch, heard, bytes);
    crowd = std::make_shared<Crowd>();
    if (!crowd->read(bytes)) archive.refuse();
}

}  // namespace mobilytics::measure
