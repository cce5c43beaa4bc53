#pragma once
// COPY ... FROM STDIN (FORMAT binary): the fast way to bring many rows. Each value's C++ type is
// its column's type, exactly: int16_t smallint, int32_t integer, int64_t bigint, uint64_t xid8,
// float real, double "double precision", bool, Instant timestamptz, Id uuid, text and words text,
// bytes bytea. Postgres refuses any other.

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/pg/values.h"

namespace mobilytics::pg {

class Connection;
struct Query;

/// Made by AnyTransaction::copy, which must outlive it. Left without finish(), the transaction has
/// failed, and can only be left.
class CopyWriter {
  public:
    CopyWriter(Connection& connection, Query query);
    ~CopyWriter();
    CopyWriter(const CopyWriter&) = delete;
    CopyWriter& operator=(const CopyWriter&) = delete;

    /// All columns of one row, in the statement's order. Throws as AnyTransaction::run does.
    template <class... Values>
    void row(const Values&... values) {
        begin_row(sizeof...(Values));
        (add(values), ...);
        end_row();
    }
    /// Ends it, and says how many rows there were.
    std::int64_t finish();

  private:
    void begin_row(std::size_t columns);
    void end_row();
    void send();

    void add_null();
    void add_bits(std::uint64_t bits, std::size_t width);
    void add(Bytes content);
    void add(std::string_view text);
    void add(const std::string& text) { add(std::string_view(text)); }
    void add(const char* text) { add(std::string_view(text)); }
    void add(Instant instant);
    void add(double number) { add_bits(std::bit_cast<std::uint64_t>(number), 8); }
    void add(float number) { add_bits(std::bit_cast<std::uint32_t>(number), 4); }
    template <std::same_as<bool> Bool>
    void add(Bool truth) {
        add_bits(truth ? 1 : 0, 1);
    }
    template <Number T>
    void add(T number) {
        static_assert(sizeof(T) >= 2 && (std::signed_integral<T> || sizeof(T) == 8));
        add_bits(static_cast<std::uint64_t>(number), sizeof(T));
    }
    template <class Kind>
    void add(const Id<Kind>& id) {
        add(Bytes(id.bytes()));
    }
    template <WordEnum Enum>
    void add(Enum word_of) {
        add(word(word_of));
    }
    void add(const std::vector<std::uint8_t>& bytes) { add(Bytes(bytes)); }
    template <std::size_t size>
    void add(const std::array<std::uint8_t, size>& bytes) {
        add(Bytes(bytes));
    }
    template <class T>
    void add(const std::optional<T>& value) {
        if (value) {
            add(*value);
        } else {
            add_null();
        }
    }

    Connection& connection_;
    const char* name_;
    std::string pending_;
    bool open_ = true;
};

}  // namespace mobilytics::pg
