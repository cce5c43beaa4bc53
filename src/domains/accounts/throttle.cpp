#include "domains/accounts/throttle.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <arpa/inet.h>

namespace mobilytics::accounts {

namespace {

constexpr int kDoublingsMax = 16;

constexpr std::size_t kNetworkBytes = 8;

/// Of IPv6 the /64, for whoever has one address there has them all; of IPv4 the address, also where
/// it is written as IPv6 has it.
std::string network_of(const std::string& address) {
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
        inet_ntop(AF_INET, bytes.data() + mapped.size(), text.data(), text.size());
        return text.data();
    }
    std::fill(bytes.begin() + kNetworkBytes, bytes.end(), std::uint8_t{0});
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    return text.data();
}

std::string key_of(const std::string& identity, const std::string& address) {
    return identity + '\n' + network_of(address);
}

}  // namespace

Throttle::Pair* Throttle::find(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    pairs_.splice(pairs_.begin(), pairs_, found->second);
    if (clock_.now() - pairs_.front().last > limits_.forgotten_after) pairs_.front().failures = 0;
    return &pairs_.front();
}

std::chrono::seconds Throttle::wait(const std::string& identity, const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto* pair = find(key_of(identity, address));
    const auto now = clock_.now();
    if (pair == nullptr || pair->failures == 0 || pair->until <= now) return {};
    return std::chrono::ceil<std::chrono::seconds>(pair->until - now);
}

void Throttle::failed(const std::string& identity, const std::string& address) {
    const auto key = key_of(identity, address);
    const auto now = clock_.now();
    const std::lock_guard lock(mutex_);
    auto* pair = find(key);
    if (pair == nullptr) {
        if (pairs_.size() == limits_.pairs_max) {
            by_key_.erase(pairs_.back().key);
            pairs_.pop_back();
        }
        pairs_.push_front({.key = key, .last = now, .until = now});
        by_key_.emplace(key, pairs_.begin());
        pair = &pairs_.front();
    }
    ++pair->failures;
    pair->last = now;
    pair->until = now;
    const int beyond = pair->failures - limits_.free_tries;
    if (beyond < 0) return;
    const auto wait = limits_.wait_first * (1LL << std::min(beyond, kDoublingsMax));
    pair->until = now + std::min<std::chrono::seconds>(wait, limits_.wait_max);
}

void Throttle::succeeded(const std::string& identity, const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key_of(identity, address));
    if (found == by_key_.end()) return;
    pairs_.erase(found->second);
    by_key_.erase(found);
}

}  // namespace mobilytics::accounts
