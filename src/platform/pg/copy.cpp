#include "platform/pg/copy.h"

#include "platform/pg/big_endian.h"
#include "platform/pg/connection.h"

namespace mobilytics::pg {

namespace {

constexpr std::size_t kSendAt = 64 << 10;
constexpr Instant kEpoch = std::chrono::sys_days(std::chrono::January / 1 / 2000);
// "COPY", Binary Format, in Postgres's manual: signature, flags, length of a header extension.
constexpr std::string_view kHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

}  // namespace

CopyWriter::CopyWriter(Connection& connection, Query query)
    : connection_(connection), name_(query.name), pending_(kHeader) {
    connection_.begin_copy(query);
}

CopyWriter::~CopyWriter() {
    if (open_) connection_.abandon_copy();
}

void CopyWriter::begin_row(std::size_t columns) {
    VERIFY(open_);
    append_number(pending_, static_cast<std::int16_t>(columns));
}

void CopyWriter::end_row() {
    if (pending_.size() >= kSendAt) send();
}

void CopyWriter::send() {
    connection_.put_copy(name_, pending_);
    pending_.clear();
}

void CopyWriter::add_null() { append_number(pending_, std::int32_t{-1}); }

void CopyWriter::add_bits(std::uint64_t bits, std::size_t width) {
    append_number(pending_, static_cast<std::int32_t>(width));
    for (std::size_t i = width; i > 0; --i) pending_ += static_cast<char>(bits >> (8 * (i - 1)));
}

void CopyWriter::add(Bytes content) { append_field(pending_, content); }

void CopyWriter::add(std::string_view text) {
    VERIFY(text.find('\0') == text.npos);
    append_field(pending_, as_bytes(text));
}

void CopyWriter::add(Instant instant) { add((instant - kEpoch).count()); }

std::int64_t CopyWriter::finish() {
    VERIFY(open_);
    append_number(pending_, std::int16_t{-1});
    send();
    open_ = false;
    return connection_.end_copy(name_).touched();
}

}  // namespace mobilytics::pg
