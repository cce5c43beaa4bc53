#pragma once
// Standard Webhooks 1.0.0: secrets and signatures. Pure. Source:
// github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.

#include <string>
#include <string_view>
#include <vector>

#include "foundation/clock.h"
#include "foundation/secret.h"

namespace mobilytics::webhooks {

/// "whsec_" and the base64 of 32 random bytes.
Secret<std::string> new_secret();

/// The value of webhook-signature: "v1," and the base64 of the HMAC-SHA-256 of "id.timestamp.body",
/// one for each secret, the newest first.
std::string signature(
    const std::vector<Secret<std::string>>& secrets, std::string_view id, std::int64_t timestamp_s,
    std::string_view body);

}  // namespace mobilytics::webhooks
