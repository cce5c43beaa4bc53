#pragma once
// What is allowed, apart from where it is kept. Pure: the same arguments, the same answer.

#include <string>
#include <string_view>

#include "domains/fleet/fleet_store.h"

namespace mobilytics::fleet {

/// "7K3M9-QXR2A-04TBC-9FFQW" of ten characters of chance and ten that pin the authority.
std::string written_code(std::string_view chance, std::string_view pin);
/// The characters of chance of a code, as they are compared; empty for what is no code.
std::string chance_of(std::string_view code);

/// Whether whoever has this key may take this claim now: the first who comes, and again the same
/// key. conflict `claim_taken`, `claim_expired`.
Result<> may_take(const ClaimRow& claim, std::string_view key_sha256, Instant now);

/// Whether a salt of `day` is made or told, on the company's clock: today's, tomorrow's (so that a
/// sensor has it before midnight) and, while it is not destroyed, yesterday's.
bool has_salt(LocalDay day, LocalDay today);

}  // namespace mobilytics::fleet
