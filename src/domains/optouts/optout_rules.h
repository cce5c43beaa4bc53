#pragma once
// Which addresses can be opted out. Pure: the same arguments, the same answer.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/result.h"
#include "foundation/secret.h"

namespace mobilytics::optouts {

using Address = std::array<std::uint8_t, 6>;

/// "a4:83:e7:01:02:03", also with dashes, dots, spaces or without. invalid `bad_address`,
/// `randomised_address`, `group_address`: no error repeats what was written.
Result<Address> address_to_opt_out(std::string_view text);

/// 32 hexadecimal digits: the first half of HMAC-SHA-256(key, address). `key` is 64 of them.
std::string digest_of(const Secret<std::string>& key, const Address& address);

}  // namespace mobilytics::optouts
