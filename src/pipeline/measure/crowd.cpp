#include "pipeline/measure/crowd.h"

#include <algorithm>

#include "pipeline/measure/archive.h"

namespace mobilytics::measure {

namespace {

constexpr CrowdLimits kLimits;

std::int64_t ms_of(Instant at) {
    return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

CountingRules counting_rules() {
    CountingRules rules;
    rules.tracks_max = kLimits.tracks;
    rules.addresses_max = kLimits.addresses;
    return rules;
}

StayRules stay_rules() {
    StayRules rules;
    rules.open_max = kLimits.tracks;
    return rules;
}

BleRules ble_rules() {
    BleRules rules;
    rules.addresses_max = kLimits.ble_addresses;
    return rules;
}

void unite(Estimate& estimate, const Estimate& other) {
    const std::int32_t high_milli = estimate.high_milli + other.high_milli;
    const std::int32_t low_milli = std::max(estimate.low_milli, other.low_milli);
    if (other.value_milli > estimate.value_milli) estimate = other;
    estimate.low_milli = low_milli;
    estimate.high_milli = high_milli;
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

Crowd::Crowd() : tracks_(counting_rules()), stays_(stay_rules()), ble_(ble_rules()) {}

void Crowd::add(Instant at, const Sighting& sighting) {
    const std::int64_t at_ms = ms_of(at);
    if (sighting.source() == wire::RadioKind::ble) {
        return ble_.add(
            {at_ms, sighting.pseudonym, sighting.address_class, sighting.rssi_dbm,
             static_cast<std::uint8_t>(sighting.fine >> 8),
             static_cast<std::uint8_t>(sighting.fine & 0xFF),
             static_cast<std::uint16_t>(sighting.coarse)});
    }
    const bool global = sighting.address_class == wire::AddressClass::global;
    const auto placed = tracks_.add(
        {at_ms, sighting.pseudonym, sighting.coarse, sighting.fine, sighting.sequence,
         sighting.rssi_dbm, global});
    if (placed.begins_burst && !placed.global) stays_.add(placed.track, at_ms, sighting.rssi_dbm);
}

Counted Crowd::counted(Instant bucket) const {
    const std::int64_t since_ms = ms_of(bucket);
    return {tracks_.devices(since_ms), ble_.devices(since_ms), stays_.presence_ms(since_ms), 0};
}

ByGate Crowd::present_ms(Instant bucket) const { return stays_.presence_ms(ms_of(bucket)); }

std::size_t Crowd::bytes() const {
    return sizeof *this + tracks_.bytes() + stays_.bytes() + ble_.addresses() * 80;
}

std::string Crowd::written() const {
    ArchiveWriter archive;
    archive(tracks_.written(), stays_.written(), ble_.written());
    return archive.take();
}

bool Crowd::read(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::string tracks, stays, ble;
    archive(tracks, stays, ble);
    Crowd out;
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
    if (found == epochs_.end() && epochs_.size() < kLimits.epochs) {
        found = epochs_.insert(found, {epoch, at, std::make_shared<Crowd>()});
    }
    if (found == epochs_.end()) {
        found =
            std::min_element(epochs_.begin(), epochs_.end(), [](const Epoch& a, const Epoch& b) {
                return a.heard < b.heard;
            });
        if (at - found->heard <= kLimits.epoch_silence) return nullptr;
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

void Crowds::Epoch::transfer_to(ArchiveWriter& archive) { archive(epoch, heard, crowd->written()); }

void Crowds::Epoch::transfer_to(ArchiveReader& archive) {
    std::string bytes;
    archive(epoch, heard, bytes);
    crowd = std::make_shared<Crowd>();
    if (!crowd->read(bytes)) archive.refuse();
}

}  // namespace mobilytics::measure
