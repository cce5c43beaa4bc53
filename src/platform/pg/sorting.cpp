#include "platform/pg/sorting.h"

#include <algorithm>

#include "platform/crypto/digest.h"

namespace mobilytics::pg {

namespace {

constexpr char kBetween = '\n';
constexpr std::size_t kUuidCharacters = 32;

std::string word_of(const Sorting& sorting) { return (sorting.descending ? "-" : "") + sorting.by; }

/// As Postgres takes it: no zeros, and every sequence whole.
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        if (lead == 0 || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4) return false;
        if (i + more >= text.size()) return false;
        for (std::size_t k = 1; k <= more; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        }
        // Overlong, surrogates and beyond the last character.
        const auto next = more > 0 ? static_cast<unsigned char>(text[i + 1]) : 0;
        if ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) ||
            (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F)) {
            return false;
        }
        i += more + 1;
    }
    return true;
}

}  // namespace

Result<Sorting> sorting_of(
    const std::optional<std::string>& sort, const PageRequest& page,
    std::initializer_list<std::string_view> fields) {
    Sorting out{.by = sort.value_or(std::string(*fields.begin()))};
    out.descending = out.by.starts_with('-');
    if (out.descending) out.by.erase(0, 1);
    if (std::find(fields.begin(), fields.end(), out.by) == fields.end()) {
        return fail(ErrorKind::invalid, "bad_sort", "this list cannot be sorted by that");
    }
    if (page.cursor.empty()) return out;
    const auto bad = [] {
        return fail(ErrorKind::invalid, "bad_cursor", "this is no cursor of this list");
    };
    const auto text = crypto::from_hex(page.cursor);
    if (!text) return bad();
    const auto begin = word_of(out) + kBetween;
    if (!text->starts_with(begin) || text->size() < begin.size() + kUuidCharacters) return bad();
    out.after_id = text->substr(begin.size(), kUuidCharacters);
    out.after_key = text->substr(begin.size() + kUuidCharacters);
    // Postgres takes neither zeros nor what is no UTF-8; both would be a fault of ours.
    if (!CompanyId::from_uuid(out.after_id) || !is_utf8(out.after_key)) return bad();
    return out;
}

std::string cursor_of(const Sorting& sorting, std::string_view key, std::string_view uuid) {
    auto text = word_of(sorting) + kBetween;
    text.append(uuid).append(key);
    return crypto::to_hex(text);
}

}  // namespace mobilytics::pg
