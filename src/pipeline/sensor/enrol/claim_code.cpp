#include "pipeline/sensor/enrol/claim_code.h"

#include <algorithm>

#include "platform/crypto/digest.h"

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kCharacters = 20;
constexpr std::size_t kPinCharacters = 10;
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

}  // namespace

Result<ClaimCode> parse_claim_code(std::string_view text) {
    const auto normal = crypto::normal_base32(text);
    const bool known = normal.find_first_not_of(kAlphabet) == std::string::npos;
    if (normal.size() != kCharacters || !known) {
        return fail(
            ErrorKind::invalid, "bad_claim_code",
            "a claim code has 20 letters and digits, XXXXX-XXXXX-PPPPP-PPPPP");
    }
    return ClaimCode{normal, normal.substr(kCharacters - kPinCharacters)};
}

}  // namespace mobilytics::sensor
