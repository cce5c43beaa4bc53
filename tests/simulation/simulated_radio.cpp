#include "simulation/simulated_radio.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::simulation {

namespace {

using sensor::LinkType;
using sensor::Step;
using std::chrono::microseconds;

constexpr std::chrono::seconds kSlice{10};
constexpr std::int64_t kBurstUs = 500'000;  // No burst lasts longer.

std::int64_t us_of(Instant at) { return at.time_since_epoch().count(); }
Instant instant_of(std::int64_t us) { return Instant(microseconds(us)); }
Instant slice_of(Instant at) {
    return Instant(at.time_since_epoch() / kSlice * microseconds(kSlice));
}

/// The channel that a sensor's radio is on: three of Wi-Fi, a quarter of a second each; three of
/// BLE, a second each.
std::uint8_t wifi_channel(Instant at) {
    constexpr std::array<std::uint8_t, 3> kChannels{1, 6, 11};
    return kChannels[static_cast<std::size_t>(us_of(at) / 250'000 % 3)];
}
std::uint8_t ble_channel(Instant at) {
    return static_cast<std::uint8_t>(37 + us_of(at) / 1'000'000 % 3);
}

double obstruction_of(Mode mode) { return mode == Mode::drive ? 7 : 4; }

}  // namespace

SimulatedRadio::SimulatedRadio(
    const City& city, std::uint32_t asset, Instant from, Instant to, const Clock* clock)
    : city_(city),
      asset_(asset),
      from_(from),
      to_(to),
      pace_(clock),
      companions_(city.companions(asset)),
      access_points_(city.access_points(asset)),
      slice_(slice_of(from)),
      slice_end_(slice_) {}

Step SimulatedRadio::next(sensor::RawFrame& frame, std::chrono::milliseconds wait_max) {
    while (given_ == frames_.size()) {
        if (slice_end_ >= to_) return Step::end;
        // Nothing of a slice is heard before it begins: do not work it out sooner.
        const Step step = pace_.wait_for(slice_end_, wait_max);
        if (step != Step::ready) return step;
        make_slice();
    }
    const Entry& entry = frames_[given_];
    if (entry.at >= to_) return Step::end;
    const Step step = pace_.wait_for(entry.at, wait_max);
    if (step != Step::ready) return step;
    ++given_;
    frame.link = entry.link;
    frame.at = entry.at;
    frame.bytes = std::span(octets_).subspan(entry.begin, entry.size);
    frame.original_bytes = static_cast<std::uint32_t>(entry.size);
    frame.number = ++number_;
    frame.fcs_bytes = 0;
    return Step::ready;
}

void SimulatedRadio::load_days() {
    const LocalDay today = local_day(slice_, kZone);
    if (!days_.empty() && days_.back().first == today) return;
    if (days_.empty()) {
        const LocalDay yesterday = today.plus(std::chrono::days(-1));
        days_.emplace_back(
            yesterday, std::make_unique<AssetDay>(city_.asset_day(asset_, yesterday)));
        begun_.push_back(0);
    }
    days_.emplace_back(today, std::make_unique<AssetDay>(city_.asset_day(asset_, today)));
    begun_.push_back(0);
    if (days_.size() <= 2) return;
    days_.erase(days_.begin());
    begun_.erase(begun_.begin());
}

void SimulatedRadio::begin_encounters() {
    const Instant end = slice_ + kSlice;
    std::erase_if(active_, [&](const Active& active) { return active.encounter->end <= slice_; });
    for (std::size_t i = 0; i < days_.size(); ++i) {
        const auto& encounters = days_[i].second->encounters;
        for (; begun_[i] < encounters.size() && encounters[begun_[i]].begin < end; ++begun_[i]) {
            const Encounter& encounter = encounters[begun_[i]];
            if (encounter.end <= slice_) continue;
            active_.push_back({&encounter, city_.devices(encounter.person)});
        }
    }
}

void SimulatedRadio::make_slice() {
    slice_ = slice_end_;
    slice_end_ = slice_ + kSlice;
    octets_.clear();
    frames_.clear();
    given_ = 0;
    load_days();
    begin_encounters();
    for (const Active& active : active_) {
        const Encounter& met = *active.encounter;
        for (std::size_t i = 0; i < active.devices.size(); ++i) {
            emit(
                {active.devices[i],
                 std::max(slice_, met.begin),
                 std::min(slice_end_, met.end),
                 &met,
                 0,
                 obstruction_of(met.mode),
                 {Role::passer, met.person, static_cast<std::uint8_t>(i), false}});
        }
    }
    for (const auto& [day, met] : days_) {
        for (std::uint32_t i = 0; i < companions_.size(); ++i) {
            const Companion& companion = companions_[i];
            const Shift presence = presence_of(companion, *met);
            emit(
                {companion.device,
                 std::max(slice_, presence.begin),
                 std::min(slice_end_, presence.end),
                 nullptr,
                 companion.distance_m,
                 companion.obstruction_db,
                 {companion.role, i, 0, false}});
        }
    }
    for (const Companion& point : access_points_) emit_beacons(point);
    std::ranges::sort(
        frames_, {}, [](const Entry& entry) { return std::pair(entry.at, entry.begin); });
    const auto first = std::ranges::lower_bound(frames_, from_, {}, &Entry::at);
    given_ = static_cast<std::size_t>(first - frames_.begin());
}

void SimulatedRadio::emit(const Emitter& emitter) {
    if (emitter.begin >= emitter.end) return;
    if (emitter.device.wifi != nullptr) emit_bursts(emitter);
    if (emitter.device.advert != Advert::none) emit_adverts(emitter);
}

std::optional<std::int8_t> SimulatedRadio::heard(
    const Emitter& emitter, Instant at, double power_dbm, double threshold_dbm, Dice& dice) {
    const double fade = dice.normal();
    if (dice.happens(city_.options().sensitivity.lost)) return std::nullopt;
    const auto shade = static_cast<std::uint64_t>(us_of(at) / 5'000'000);
    const double shadow = Dice{emitter.device.id, 42, asset_, shade}.normal();
    const double dbm =
        received_dbm(power_dbm, emitter.distance_at(at), emitter.obstruction_db, shadow, fade);
    if (dbm < threshold_dbm) return std::nullopt;
    return static_cast<std::int8_t>(std::clamp(std::lround(dbm), -127L, -12L));
}

Damage SimulatedRadio::damage_of(std::int8_t rssi_dbm, Dice& dice) const {
    const Sensitivity& sensitivity = city_.options().sensitivity;
    constexpr int kWeak = -88;
    const double chance = rssi_dbm < kWeak ? sensitivity.broken_weak : sensitivity.broken;
    if (!dice.happens(chance)) return Damage::none;
    return dice.happens(0.5) ? Damage::marked : Damage::silent;
}

void SimulatedRadio::add(
    Instant at, std::size_t begin, LinkType link, Origin origin, Damage damage) {
    origin.broken = damage != Damage::none;
    frames_.push_back({at, begin, octets_.size() - begin, link, origin});
}

/// In every slot of time, as long as bursts are apart on the mean, there is one burst somewhere.
void SimulatedRadio::emit_bursts(const Emitter& emitter) {
    const double per_minute = emitter.device.wifi->bursts_per_minute * emitter.device.rate;
    const auto slot_us = static_cast<std::int64_t>(60e6 / per_minute);
    const std::int64_t last = us_of(emitter.end) / slot_us;
    for (std::int64_t slot = (us_of(emitter.begin) - kBurstUs) / slot_us; slot <= last; ++slot) {
        emit_burst(emitter, slot, slot_us);
    }
}

void SimulatedRadio::emit_burst(const Emitter& emitter, std::int64_t slot, std::int64_t slot_us) {
    const Device& device = emitter.device;
    const auto burst = static_cast<std::uint64_t>(slot);
    Dice dice{device.id, 40, burst};
    const std::int64_t begin_us =
        slot * slot_us + static_cast<std::int64_t>(dice.uniform() * static_cast<double>(slot_us));
    if (begin_us >= us_of(emitter.end) || begin_us + kBurstUs < us_of(emitter.begin)) return;
    const int count = dice.whole(device.wifi->frames_min, device.wifi->frames_max);
    const bool directed =
        dice.happens(device.randomisation == Randomisation::per_ssid ? 0.7 : 0.1) &&
        device.randomisation != Randomisation::per_burst;
    const int network = directed ? dice.whole(1, 3) : 0;
    const auto from = wifi_address(device, instant_of(begin_us), burst, network);
    std::string ssid;
    if (directed) {
        ssid = "Network " + std::to_string(mixed(device.id + burst % 1 + network) % 100'000);
    }
    const bool fresh = device.randomisation == Randomisation::per_burst;
    const std::uint64_t sequence = fresh ? dice.bits() : device.id + burst * 17;
    std::int64_t at_us = begin_us;
    for (int i = 0; i < count; ++i, at_us += dice.whole(12'000, 45'000)) {
        const Instant at = instant_of(at_us);
        if (at < emitter.begin || at >= emitter.end) continue;
        Dice frame{device.id, 41, burst, static_cast<std::uint64_t>(i), asset_};
        const double threshold = city_.options().sensitivity.wifi_dbm;
        const auto rssi = heard(emitter, at, device.wifi->power_dbm, threshold, frame);
        if (!rssi) continue;
        const Damage damage = damage_of(*rssi, frame);
        const std::size_t begin = octets_.size();
        append_probe_request(
            from, static_cast<std::uint16_t>((sequence + 2U * static_cast<unsigned>(i)) & 0xFFF),
            ssid, device.wifi->elements, {*rssi, wifi_channel(at), damage}, octets_);
        add(at, begin, LinkType::radiotap, emitter.origin, damage);
    }
}

void SimulatedRadio::emit_adverts(const Emitter& emitter) {
    const Device& device = emitter.device;
    const AdvertShape shape = shape_of(device.advert);
    const auto interval_us = static_cast<std::int64_t>(shape.interval_s * 1e6);
    const auto phase_us =
        static_cast<std::int64_t>(device.id % static_cast<std::uint64_t>(interval_us));
    const std::int64_t last = (us_of(emitter.end) + phase_us) / interval_us;
    for (std::int64_t slot = (us_of(emitter.begin) + phase_us) / interval_us; slot <= last;
         ++slot) {
        Dice dice{device.id, 43, static_cast<std::uint64_t>(slot), asset_};
        if (!dice.happens(city_.options().scan_share)) continue;
        const std::int64_t delay_us =
            Dice{device.id, 44, static_cast<std::uint64_t>(slot)}.whole(0, 9'999);
        const Instant at = instant_of(slot * interval_us - phase_us + delay_us);
        if (at < emitter.begin || at >= emitter.end) continue;
        const double threshold = city_.options().sensitivity.ble_dbm;
        const auto rssi = heard(emitter, at, shape.power_dbm, threshold, dice);
        if (!rssi) continue;
        const Damage damage = damage_of(*rssi, dice);
        pdu_.clear();
        append_pdu(device, at, pdu_);
        const std::size_t begin = octets_.size();
        append_advertisement(pdu_, {*rssi, ble_channel(at), damage}, octets_);
        add(at, begin, LinkType::ble_with_radio, emitter.origin, damage);
    }
}

void SimulatedRadio::emit_beacons(const Companion& point) {
    const Device& device = point.device;
    const auto interval_us = static_cast<std::int64_t>(1e6 / city_.options().beacons_hz);
    const std::int64_t last = us_of(slice_end_) / interval_us;
    const Emitter emitter{
        device,
        slice_,
        slice_end_,
        nullptr,
        point.distance_m,
        point.obstruction_db,
        {Role::resident, 0, 0, false}};
    for (std::int64_t slot = us_of(slice_) / interval_us; slot <= last; ++slot) {
        Dice dice{device.id, 45, static_cast<std::uint64_t>(slot)};
        const Instant at =
            instant_of(slot * interval_us + static_cast<std::int64_t>(dice.uniform() * 1e6));
        if (at < slice_ || at >= slice_end_) continue;
        constexpr double kPowerDbm = 20;
        const auto rssi = heard(emitter, at, kPowerDbm, city_.options().sensitivity.wifi_dbm, dice);
        if (!rssi) continue;
        const std::size_t begin = octets_.size();
        append_beacon(
            wifi_address(device, at, 0, 0), static_cast<std::uint16_t>(slot & 0xFFF),
            "Corner Wi-Fi", static_cast<std::uint64_t>(us_of(at)),
            {*rssi, wifi_channel(at), Damage::none}, octets_);
        add(at, begin, LinkType::radiotap, emitter.origin, Damage::none);
    }
}

}  // namespace mobilytics::simulation
