#pragma once
// Lists that are sorted by what their reader says: a page begins behind a sort key and an id, and
// the cursor holds both.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/vocabulary.h"

namespace mobilytics::pg {

struct Sorting {
    std::string by;  // "name"
    bool descending = false;
    /// Behind what the page begins; `after_id` is empty for the first.
    std::string after_key = {}, after_id = {};
};

/// `sort` is one of `fields`, perhaps with a minus before it; none is the first of them. invalid
/// `bad_sort`, `bad_cursor`: also of another sorting.
Result<Sorting> sorting_of(
    const std::optional<std::string>& sort, const PageRequest& page,
    std::initializer_list<std::string_view> fields);

/// Of the row that a page ends with.
std::string cursor_of(const Sorting& sorting, std::string_view key, std::string_view uuid);

/// `rows` with their sort keys, one more than `limit` when there are more.
template <class T>
Page<T> sorted_page(
    std::vector<std::pair<T, std::string>> rows, std::int64_t limit, const Sorting& sorting) {
    Page<T> page;
    if (std::ssize(rows) > limit) {
        rows.resize(static_cast<std::size_t>(limit));
        const auto& [last, key] = rows.back();
        page.next_cursor = cursor_of(sorting, key, last.id.uuid());
    }
    for (auto& row : rows) page.items.push_back(std::move(row.first));
    return page;
}

}  // namespace mobilytics::pg
