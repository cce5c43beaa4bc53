#pragma once
// From what a device shows to what is kept of it. docs/protocol.md has the formulas, with vectors.

#include <cstdint>
#include <span>
#include <string>

#include "pipeline/sensor/decode/sighting.h"
#include "pipeline/sensor/pseudonym/salt.h"
#include "platform/crypto/digest.h"

namespace mobilytics::sensor {

/// With one salt. One thread at a time.
class Pseudonymiser {
  public:
    explicit Pseudonymiser(SaltPointer salt);

    const Salt& salt() const { return *salt_; }

    /// The first 8 bytes, big endian, of HMAC-SHA-256(salt, kind ‖ address); never 0.
    std::uint64_t pseudonym(wire::RadioKind kind, const Address& address) const;
    /// The first 4 bytes, big endian, of SHA-256(list): the same everywhere and always. 0 for an
    /// empty list, else never.
    static std::uint32_t coarse(std::span<const std::uint8_t> list);
    /// The first 4 bytes, big endian, of HMAC-SHA-256(salt, 3 ‖ list). As above.
    std::uint32_t fine(std::span<const std::uint8_t> list) const;

  private:
    SaltPointer salt_;
    crypto::Hmac hmac_;
    mutable std::string message_;  // Its memory is kept.
};

}  // namespace mobilytics::sensor
