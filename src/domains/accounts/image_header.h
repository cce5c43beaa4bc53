#pragma once
// What an image says of itself at its beginning, as far as one has to know to show it: which of
// three formats it is, and how large. Nothing is decoded.

#include <cstdint>
#include <string_view>

#include "foundation/enum_words.h"
#include "foundation/result.h"

namespace mobilytics::accounts {

BOOST_DEFINE_ENUM_CLASS(ImageKind, png, jpeg, webp)

struct ImageHeader {
    ImageKind kind;
    std::uint32_t width, height;  // Pixels; none is 0.
};

/// By its first bytes, never by what somebody calls it. invalid `bad_image`: of no such format, cut
/// short, or with something behind its end. Sources: PNG (W3C, third edition) 5.2 and 11.2.1; JPEG
/// (ITU-T T.81) B.1 and B.2.2; RFC 9649, 2.
Result<ImageHeader> read_image_header(std::string_view bytes);

}  // namespace mobilytics::accounts
