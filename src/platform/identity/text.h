#pragma once
// Bytes as text, for this folder.

#include <string>
#include <string_view>

#include "foundation/result.h"

namespace mobilytics::identity {

/// Of base64url without padding (RFC 7515, 2), in its one right form. invalid `bad_base64url`.
Result<std::string> from_base64url(std::string_view text);
/// Of RFC 4648's base 32, without padding.
std::string to_rfc_base32(std::string_view bytes);
/// As a part of a URL: all but letters, digits and "-._~" escaped.
std::string url_escaped(std::string_view text);

}  // namespace mobilytics::identity
