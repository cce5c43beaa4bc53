#include "platform/pg/values.h"

#include <bit>

namespace mobilytics::pg {

namespace {

/// Postgres counts from here.
constexpr Instant kEpoch = std::chrono::sys_days(std::chrono::January / 1 / 2000);

std::uint8_t digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    VERIFY(c >= 'a' && c <= 'f');
    return static_cast<std::uint8_t>(c - 'a' + 10);
}

std::uint64_t bits(std::string_view bytes) {
    std::uint64_t out = 0;
    for (const char byte : bytes) out = out << 8 | static_cast<std::uint8_t>(byte);
    return out;
}

}  // namespace

std::vector<std::uint8_t> bytes_of_hex(std::string_view text) {
    VERIFY(text.starts_with("\\x") && text.size() % 2 == 0);
    text.remove_prefix(2);
    std::vector<std::uint8_t> out(text.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    }
    return out;
}

std::int64_t number_of_bytes(std::string_view bytes) {
    switch (bytes.size()) {
        case 2: return static_cast<std::int16_t>(bits(bytes));
        case 4: return static_cast<std::int32_t>(bits(bytes));
        case 8: return static_cast<std::int64_t>(bits(bytes));
    }
    VERIFY(false);
    std::abort();
}

double real_of_bytes(std::string_view bytes) {
    if (bytes.size() == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits(bytes)));
    VERIFY(bytes.size() == 8);
    return std::bit_cast<double>(bits(bytes));
}

Instant instant_of_bytes(std::string_view bytes) {
    VERIFY(bytes.size() == 8);
    return kEpoch + std::chrono::microseconds(number_of_bytes(bytes));
}

}  // namespace mobilytics::pg
