#pragma once
// Blacking out what entries say about people: address, user agent, reason, names, before and after.
// Who did what to what, when, and the chain stay; each time is an entry of its own,
// `audit.details_blacked_out`, by which verify tells it from meddling.

#include <cstdint>
#include <string>

#include "platform/audit/audit.h"
#include "platform/privacy/privacy.h"

namespace mobilytics::audit {

/// Of entries that `id` did, that were done for them, or to them; how many that were. `why` is
/// written down: "gdpr.erasure".
std::int64_t black_out_about(
    pg::Transaction& tx, const std::string& id, const std::string& why, Instant now);

/// Of entries of before `older_than`, the oldest first, at most `kBlackOutMax`.
std::int64_t black_out_older(
    pg::Transaction& tx, Instant older_than, const std::string& why, Instant now);
inline constexpr std::int64_t kBlackOutMax = 10'000;

/// How the trail answers for a person.
privacy::Holder holder();
/// How long entries say more than who did what: `audit_details`.
privacy::RetentionRule details_rule();

}  // namespace mobilytics::audit
