#include "platform/identity/shared_keys.h"

namespace mobilytics::identity {

std::shared_ptr<const SigningKeys> SharedKeys::kept(std::chrono::seconds at_most) {
    const std::scoped_lock lock(mutex_);
    const auto now = clock_.now();
    if (keys_ == nullptr || now >= read_at_ + at_most) {
        keys_ = std::make_shared<const SigningKeys>(read_());
        read_at_ = now;
    }
    return keys_;
}

std::shared_ptr<const SigningKeys> SharedKeys::get() { return kept(limits_.read_every); }

Result<Claims> SharedKeys::verify(std::string_view token, const JwtRules& rules) {
    auto claims = verify_jwt(token, get()->jwks(), rules, clock_.now());
    if (claims || claims.error().code != "unknown_key") return claims;
    return verify_jwt(token, kept(limits_.read_again_after)->jwks(), rules, clock_.now());
}

}  // namespace mobilytics::identity
