#include "pipeline/measure/tracks/ble_chain.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace mobilytics::measure {

namespace {

constexpr std::uint16_t kApple = 0x004C;
constexpr std::uint16_t kMicrosoft = 0x0006;

/// iBeacons, headphones and tags; beacons of computers. Source: furiousMAC's list of messages.
bool is_no_phone(const Advertised& advertised) {
    if (advertised.company == kMicrosoft) return true;
    if (advertised.company != kApple) return false;
    return advertised.continuity == 0x02 || advertised.continuity == 0x07 ||
           advertised.continuity == 0x12;
}

bool rotates(wire::AddressClass address_class) {
    return address_class == wire::AddressClass::ble_resolvable ||
           address_class == wire::AddressClass::ble_non_resolvable;
}

}  // namespace

void BleChain::add(const Advertised& advertised) {
    if (is_no_phone(advertised)) return;
    now_ms_ = std::max(now_ms_, advertised.at_ms);
    if (now_ms_ - swept_ms_ >= 60'000) sweep(rules_.window_ms);
    const std::uint32_t kind = std::uint32_t{advertised.company} << 16 |
                               static_cast<std::uint32_t>(advertised.address_class) << 8 |
                               advertised.type;
    auto known = addresses_.find(advertised.pseudonym);
    if (known == addresses_.end()) {
        for (auto silence = rules_.window_ms; addresses_.size() >= rules_.addresses_max;) {
            sweep(silence /= 2);  // At the limit those heard last stay.
            if (silence == 0) return;
        }
        const std::uint64_t chain = chain_for(advertised, kind);
        known = addresses_.emplace(advertised.pseudonym, Address{}).first;
        known->second.first_ms = now_ms_;
        known->second.chain = chain;
        known->second.kind = kind;
        known->second.rssi = advertised.rssi_dbm * 256;
    }
    Address& address = known->second;
    address.last_ms = now_ms_;
    ++address.frames;
    address.rssi += (advertised.rssi_dbm * 256 - address.rssi) / 5;
}

/// That of the address whose place it takes, or a new one.
std::uint64_t BleChain::chain_for(const Advertised& advertised, std::uint32_t kind) {
    Address* best = nullptr;
    if (rotates(advertised.address_class)) {
        const auto off = [&](const Address& address) {
            return std::abs(address.rssi - advertised.rssi_dbm * 256);
        };
        look_for_silent();
        for (const std::uint64_t pseudonym : silent_) {
            const auto found = addresses_.find(pseudonym);
            if (found == addresses_.end()) continue;
            Address& address = found->second;
            if (address.kind != kind || address.followed) continue;
            if (off(address) > rules_.rssi_db * 256 || !is_silent(address, now_ms_)) continue;
            if (now_ms_ - address.last_ms >= rules_.hand_over_ms) continue;
            // Of several as near the one that is in this since the longest: no order of a table.
            if (best == nullptr ||
                std::pair(off(address), address.chain) < std::pair(off(*best), best->chain)) {
                best = &address;
            }
        }
    }
    if (best == nullptr) return ++chains_;
    best->followed = true;
    return best->chain;
}

/// For longer than an interval or two of its own can explain.
bool BleChain::is_silent(const Address& address, std::int64_t at_ms) const {
    if (address.frames < rules_.frames_min) return false;
    const std::int64_t interval = (address.last_ms - address.first_ms) / (address.frames - 1);
    return at_ms - address.last_ms > std::max(rules_.silent_ms, 5 * interval);
}

void BleChain::look_for_silent() {
    constexpr std::int64_t kFreshMs = 1'000;
    if (silent_ms_ >= 0 && now_ms_ - silent_ms_ < kFreshMs) return;
    silent_ms_ = now_ms_;
    silent_.clear();
    for (const auto& [pseudonym, address] : addresses_) {
        if (address.followed || now_ms_ - address.last_ms >= rules_.hand_over_ms) continue;
        if (is_silent(address, now_ms_ + kFreshMs)) silent_.push_back(pseudonym);
    }
}

void BleChain::sweep(std::int64_t silence_ms) {
    swept_ms_ = now_ms_;
    erase_if(
        addresses_, [&](const auto& entry) { return now_ms_ - entry.second.last_ms > silence_ms; });
}

Estimate BleChain::devices(std::int64_t since_ms) const {
    std::set<std::uint64_t> chains;
    std::vector<std::pair<std::int64_t, int>> edges;
    for (const auto& [pseudonym, address] : addresses_) {
        if (address.last_ms < since_ms || address.frames < rules_.frames_min) continue;
        chains.insert(address.chain);
        edges.emplace_back(address.first_ms, -1);  // Both ends of a stay included.
        edges.emplace_back(address.last_ms, 1);
    }
    std::sort(edges.begin(), edges.end());
    int there = 0;
    int most = 0;
    for (const auto& [at, step] : edges) most = std::max(most, there -= step);
    return {
        static_cast<std::int32_t>(1'000 * chains.size()), 1'000 * most,
        static_cast<std::int32_t>(500 * edges.size()), Basis::tracks};
}

}  // namespace mobilytics::measure
