// Whatever bytes somebody sends as a logo: refused, or of a size.

#include "domains/accounts/image_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto header =
        mobilytics::accounts::read_image_header({reinterpret_cast<const char*>(data), size});
    VERIFY(!header || (header->width > 0 && header->height > 0));
    VERIFY(header || header.error().code == "bad_image");
    return 0;
}
