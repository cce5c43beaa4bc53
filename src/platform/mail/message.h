#pragma once
// A mail as it goes over the wire: RFC 5322 and MIME, in ASCII lines of less than 79 bytes,
// whatever was put into it. For this folder only.

#include <string>
#include <string_view>

#include "foundation/clock.h"
#include "platform/mail/templates.h"

namespace mobilytics::mail {

struct Envelope {
    std::string from, from_name;
    std::string to, to_name;
    std::string message_id;  // local@domain; the same at each attempt.
    Instant at;
    std::string unsubscribe_url = {};  // Empty: none.
};

/// multipart/alternative of text and HTML.
std::string message(const Envelope& envelope, const Rendered& content);

/// A header's value: as it stands where it is printable ASCII, else as RFC 2047 encoded words,
/// folded. Nothing in it begins another line of the header.
std::string header_text(std::string_view text);
std::string quoted_printable(std::string_view text);

}  // namespace mobilytics::mail
