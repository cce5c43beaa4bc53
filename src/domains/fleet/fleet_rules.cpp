#include "domains/fleet/fleet_rules.h"

#include "platform/crypto/digest.h"

namespace mobilytics::fleet {

namespace {

constexpr std::size_t kGroup = 5;
constexpr std::size_t kChanceCharacters = 10;
constexpr std::size_t kCodeCharacters = 20;

}  // namespace

std::string written_code(std::string_view chance, std::string_view pin) {
    std::string out;
    for (const auto text : {chance, pin}) {
        VERIFY(text.size() == 2 * kGroup);
        for (const auto group : {text.substr(0, kGroup), text.substr(kGroup)}) {
            out += (out.empty() ? "" : "-") + std::string(group);
        }
    }
    return out;
}

std::string chance_of(std::string_view code) {
    const auto normal = crypto::normal_base32(code);
    return normal.size() == kCodeCharacters ? normal.substr(0, kChanceCharacters) : "";
}

Result<> may_take(const ClaimRow& claim, std::string_view key_sha256, Instant now) {
    if (claim.key_sha256) {
        if (crypto::equal_in_constant_time(*claim.key_sha256, key_sha256)) return {};
        return fail(
            ErrorKind::conflict, "claim_taken", "another sensor has joined with this code already");
    }
    if (now >= claim.expires_at) {
        return fail(
            ErrorKind::conflict, "claim_expired",
            "this code expired at " + to_iso8601(claim.expires_at) + ": ask for a new one");
    }
    return {};
}

bool has_salt(LocalDay day, LocalDay today) {
    return day >= today.plus(std::chrono::days(-1)) && day <= today.plus(std::chrono::days(1));
}

}  // namespace mobilytics::fleet
