#include "platform/identity/password_rules.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <zxcvbn.h>

namespace mobilytics::identity {

namespace {

// zxcvbn's word for "safely unguessable" is 10^10 tries.
constexpr double kBitsMin = 33.2;
constexpr std::size_t kWordCharactersMin = 3;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c & 0x80) != 0;
}

/// The words of what is known of an account: "Ana Ruiz", "ana@plaza.example" and so on.
std::vector<std::string> words_of(std::span<const std::string> context) {
    std::vector<std::string> out{"mobilytics"};
    for (const std::string& text : context) {
        std::string word;
        for (const char c : text + ' ') {
            if (is_letter_or_digit(c)) {
                word += c;
            } else {
                if (word.size() >= kWordCharactersMin) out.push_back(word);
                word.clear();
            }
        }
    }
    return out;
}

}  // namespace

Result<> check_password(
    const Secret<std::string>& password, const PasswordRules& rules,
    std::span<const std::string> context) {
    const auto& text = password.reveal();
    const auto characters = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    if (characters < rules.characters_min) {
        return fail(
            ErrorKind::invalid, "password_too_short",
            "take at least " + std::to_string(rules.characters_min) + " characters");
    }
    if (characters > rules.characters_max) {
        return fail(
            ErrorKind::invalid, "password_too_long",
            "take at most " + std::to_string(rules.characters_max) + " characters");
    }
    const auto words = words_of(context);
    std::vector<const char*> known;
    known.reserve(words.size() + 1);
    for (const auto& word : words) known.push_back(word.c_str());
    known.push_back(nullptr);
    // It ends at a null character: what follows one is not counted, to be on the safe side.
    if (ZxcvbnMatch(text.c_str(), known.data(), nullptr) < kBitsMin) {
        return fail(
            ErrorKind::invalid, "password_common",
            "this is among the first that anybody tries; take a few words that do not belong "
            "together");
    }
    return {};
}

}  // namespace mobilytics::identity
