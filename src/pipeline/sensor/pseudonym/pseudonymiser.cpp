#include "pipeline/sensor/pseudonym/pseudonymiser.h"

#include <algorithm>

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::uint8_t kFineKind = 3;  // Beside RadioKind's 1 and 2.

/// 0 says that there is none, so a digest that begins with zeros is 1.
template <class Number>
Number first_of(const crypto::Sha256& digest) {
    Number out = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        out = static_cast<Number>(out << 8 | digest[i]);
    }
    return out == 0 ? 1 : out;
}

}  // namespace

SaltPointer make_strict_salt() {
    Salt salt;
    const auto epoch = crypto::random_bytes(salt.epoch.size());
    std::copy(epoch.begin(), epoch.end(), salt.epoch.begin());
    salt.key = Secret<std::string>(crypto::random_bytes(kKeyBytes));
    return std::make_shared<const Salt>(std::move(salt));
}

Pseudonymiser::Pseudonymiser(SaltPointer salt) : salt_(std::move(salt)), hmac_(salt_->key) {
    VERIFY(salt_->key.reveal().size() == kKeyBytes);
}

std::uint64_t Pseudonymiser::pseudonym(wire::RadioKind kind, const Address& address) const {
    std::array<std::uint8_t, 7> message{static_cast<std::uint8_t>(kind)};
    std::copy(address.begin(), address.end(), message.begin() + 1);
    return first_of<std::uint64_t>(hmac_.of(message));
}

std::uint32_t Pseudonymiser::coarse(std::span<const std::uint8_t> list) {
    if (list.empty()) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(list.data()), list.size());
    return first_of<std::uint32_t>(crypto::sha256(bytes));
}

std::uint32_t Pseudonymiser::fine(std::span<const std::uint8_t> list) const {
    if (list.empty()) return 0;
    message_.assign(1, static_cast<char>(kFineKind));
    message_.append(reinterpret_cast<const char*>(list.data()), list.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(message_.data());
    return first_of<std::uint32_t>(hmac_.of({bytes, message_.size()}));
}

}  // namespace mobilytics::sensor
