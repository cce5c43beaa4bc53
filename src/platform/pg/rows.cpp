#include "platform/pg/rows.h"

namespace mobilytics::pg {

std::optional<Cell> Row::cell(const char* column) const {
    const int number = PQfnumber(result_, column);
    VERIFY(number >= 0);
    if (PQgetisnull(result_, index_, number)) return std::nullopt;
    const auto length = static_cast<std::size_t>(PQgetlength(result_, index_, number));
    return Cell{{PQgetvalue(result_, index_, number), length}, PQfformat(result_, number) == 1};
}

Bytes Row::bytes(const char* column) const {
    const auto present = cell(column);
    if (!present) return {};
    VERIFY(present->is_binary);
    return as_bytes(present->content);
}

std::int64_t Rows::touched() const {
    const std::string_view count = PQcmdTuples(result_.get());
    return count.empty() ? 0 : Decode<std::int64_t>::from({count});
}

}  // namespace mobilytics::pg
