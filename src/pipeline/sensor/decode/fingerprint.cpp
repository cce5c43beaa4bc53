#include "pipeline/sensor/decode/fingerprint.h"

#include <algorithm>
#include <cstring>

#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

constexpr std::uint8_t kSsid = 0;
constexpr std::uint8_t kDsParameterSet = 3;
constexpr std::uint8_t kVendor = 221;
constexpr std::uint8_t kExtension = 255;

bool tells_capabilities(std::uint8_t id) {
    return id == 1 || id == 45 || id == 50 || id == 127 || id == 191;
}
bool extension_tells_capabilities(std::uint8_t extension) {
    return extension == 35 || extension == 59 || extension == 108;
}

}  // namespace

bool Fingerprint::read(Octets elements) {
    coarse_size_ = fine_size_ = 0;
    if (elements.size() > kFrameBytesMax) return false;
    std::size_t count = 0;
    for (std::size_t at = 0; at < elements.size(); ++count) {
        if (count == kElementsMax || elements.size() - at < 2) return false;
        const std::uint8_t id = elements[at];
        const std::size_t length = elements[at + 1];
        if (elements.size() - at - 2 < length) return false;
        const Octets body = elements.subspan(at + 2, length);
        at += 2 + length;
        if (id == kSsid || id == kDsParameterSet) continue;

        std::array<std::uint8_t, kNameBytesMax> name{id};
        std::size_t in_name = 0;  // Octets of the body that belong to the name.
        Octets value;
        if (id == kVendor) in_name = 4;
        if (id == kExtension) in_name = 1;
        std::copy_n(body.begin(), std::min(in_name, length), name.begin() + 1);
        if (id == kExtension && length > 0 && extension_tells_capabilities(body[0])) {
            value = body.subspan(1);
        }
        if (tells_capabilities(id)) value = body;

        const std::size_t name_size = 1 + in_name;
        std::memcpy(coarse_.data() + coarse_size_, name.data(), name_size);
        coarse_size_ += name_size;
        std::memcpy(fine_.data() + fine_size_, name.data(), name_size);
        fine_size_ += name_size;
        fine_[fine_size_++] = static_cast<std::uint8_t>(value.size());
        if (!value.empty()) std::memcpy(fine_.data() + fine_size_, value.data(), value.size());
        fine_size_ += value.size();
    }
    return true;
}

}  // namespace mobilytics::sensor
