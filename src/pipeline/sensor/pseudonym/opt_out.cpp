#include "pipeline/sensor/pseudonym/opt_out.h"

#include <algorithm>
#include <charconv>

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kAddressDigits = 12;

/// Without what may stand between octets; what follows a # is not looked at.
std::string digits_of(std::string_view line) {
    std::string out;
    for (const char c : line.substr(0, line.find('#'))) {
        if (c != ':' && c != '-' && c != ' ' && c != '\t' && c != '\r') out += c;
    }
    return out;
}

}  // namespace

Result<OptOutList> OptOutList::parse(std::string_view text) {
    OptOutList out;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto length = std::min(text.find('\n'), text.size());
        const auto digits = digits_of(text.substr(0, length));
        text.remove_prefix(std::min(length + 1, text.size()));
        if (digits.empty()) continue;
        std::uint64_t address = 0;
        const auto* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, address, 16);
        if (digits.size() != kAddressDigits || read.ptr != end) {
            return fail(
                ErrorKind::invalid, "bad_opt_out",
                "line " + std::to_string(number) + " of the opt-out list is not an address");
        }
        out.addresses_.insert(address);
    }
    return out;
}

}  // namespace mobilytics::sensor
