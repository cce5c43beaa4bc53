#include "domains/optouts/optout_rules.h"

#include <algorithm>

#include "platform/crypto/digest.h"

namespace mobilytics::optouts {

namespace {

constexpr std::size_t kDigestDigits = 32;
constexpr std::uint8_t kGroup = 0x01;  // Of the first octet.
constexpr std::uint8_t kLocal = 0x02;

tl::unexpected<Error> refused(const char* code, const char* why) {
    return tl::unexpected(Error{ErrorKind::invalid, code, why, {{"/address", why}}});
}

}  // namespace

Result<Address> address_to_opt_out(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (std::string_view(":-. \t").find(c) == std::string_view::npos) digits += c;
    }
    Address out{};
    const auto bytes = crypto::from_hex(digits);
    if (!bytes || bytes->size() != out.size()) {
        return refused(
            "bad_address",
            "is to be the address of a device: 12 hexadecimal digits, as in a4:83:e7:01:02:03");
    }
    std::copy(bytes->begin(), bytes->end(), out.begin());
    if ((out[0] & kGroup) != 0) {
        return refused(
            "group_address",
            "is the address of a group of devices, which no device sends from: look for the address "
            "of the device itself");
    }
    if ((out[0] & kLocal) != 0) {
        return refused(
            "randomised_address",
            "is one that the device made up and changes by itself (its second digit is 2, 6, A or E): "
            "tomorrow it is another, so that it cannot be opted out. Who is met under such addresses "
            "is known again by nobody on another day. To opt out, enter the device's own address, "
            "which its settings show as that of the hardware; it is sent where randomising is off");
    }
    if (out == Address{}) return refused("bad_address", "is no device's address: it is all zeros");
    return out;
}

std::string digest_of(const Secret<std::string>& key, const Address& address) {
    auto bytes = crypto::from_hex(key.reveal());
    VERIFY(bytes);
    const crypto::Hmac hmac(Secret<std::string>(*std::move(bytes)));
    return crypto::to_hex(hmac.of(address)).substr(0, kDigestDigits);
}

}  // namespace mobilytics::optouts
