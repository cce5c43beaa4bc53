#include "platform/http/repeats.h"

#include <algorithm>

#include "foundation/log.h"

namespace mobilytics::http {

namespace {

constexpr std::size_t kKeyCharactersMax = 255;

bool is_visible(char c) { return c >= ' ' && c <= '~'; }

/// The content of an sf-string, without the quotes around it.
std::optional<std::string> unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' || !is_visible(text[i])) return std::nullopt;
        if (text[i] == '\\') {
            ++i;
            if (i == text.size() || (text[i] != '"' && text[i] != '\\')) return std::nullopt;
        }
        out += text[i];
    }
    return out;
}

}  // namespace

std::optional<std::string> idempotency_key(std::string_view field) {
    std::optional<std::string> key;
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
        key = unescaped(field.substr(1, field.size() - 2));
    } else if (std::ranges::all_of(field, [](char c) {
                   return is_visible(c) && c != ' ' && c != '"' && c != '\\' && c != ',' &&
                          c != ';';
               })) {
        key = field;
    }
    if (!key || key->empty() || key->size() > kKeyCharactersMax) return std::nullopt;
    return key;
}

Reply once(Repeats& repeats, const Repeatable& asked, const std::function<Reply()>& carry_out) {
    auto begun = repeats.begin(asked);
    if (!begun) return problem_of(begun.error());
    if (begun->earlier) {
        begun->earlier->headers.add("Idempotency-Replayed", "true");
        return *std::move(begun->earlier);
    }
    try {
        auto reply = carry_out();
        try {
            if (reply.status < 500) {
                repeats.keep(asked, begun->at, reply);
            } else {
                repeats.forget(asked, begun->at);
            }
        } catch (const std::exception& failure) {  // It is done all the same, or not.
            log::warning("reply_not_kept", {{"why", failure.what()}});
        }
        return reply;
    } catch (...) {
        try {
            repeats.forget(asked, begun->at);
        } catch (const std::exception& failure) {
            log::warning("reply_not_kept", {{"why", failure.what()}});
        }
        throw;
    }
}

}  // namespace mobilytics::http
