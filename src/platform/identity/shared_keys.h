#pragma once
// Our signing keys as they were read last: several processes share them, and one of them turns
// them.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "platform/identity/jwt.h"

namespace mobilytics::identity {

struct SharedKeysLimits {
    std::chrono::seconds read_every{60};
    std::chrono::seconds read_again_after{5};  // For a key that is not known: no more often.
};

/// For any thread. `clock` must outlive it.
class SharedKeys {
  public:
    using Read = std::function<SigningKeys()>;
    SharedKeys(Read read, const Clock& clock, SharedKeysLimits limits = {})
        : read_(std::move(read)), clock_(clock), limits_(limits) {}

    /// As they are, or were a minute ago. Throws what reading throws.
    std::shared_ptr<const SigningKeys> get();
    /// verify_jwt() with them, which are read again where the token's key is not known.
    Result<Claims> verify(std::string_view token, const JwtRules& rules);

  private:
    std::shared_ptr<const SigningKeys> kept(std::chrono::seconds at_most);

    const Read read_;
    const Clock& clock_;
    const SharedKeysLimits limits_;
    std::mutex mutex_;  // Held while it reads: the others wait for what the first one learns.
    std::shared_ptr<const SigningKeys> keys_;
    Instant read_at_;
};

}  // namespace mobilytics::identity
