#pragma once
// What is asked of Postgres, and what it answers.

#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

#include <libpq-fe.h>

#include "platform/pg/arrays.h"
#include "platform/pg/values.h"

namespace mobilytics::pg {

/// A statement, and the name by which it is prepared, and by which logs and failures call it. It is
/// a constant: SQL is never put together at run time.
struct Query {
    consteval Query(const char* called, const char* says) : name(called), sql(says) {}
    const char* name;  // "assets.insert"; one name, one statement.
    const char* sql;
};

/// One row, for as long as its Rows live.
class Row {
  public:
    Row(const PGresult* result, int index) : result_(result), index_(index) {}

    template <class T>
    T get(const char* column) const {
        const auto value = optional<T>(column);
        VERIFY(value);
        return *value;
    }
    /// For a column that may be NULL.
    template <class T>
    std::optional<T> optional(const char* column) const {
        const auto present = cell(column);
        return present ? std::optional(Decode<T>::from(*present)) : std::nullopt;
    }
    /// A bytea's content where it lies, for as long as the Rows live; of Transaction::run_binary
    /// only. Empty for NULL.
    Bytes bytes(const char* column) const;

  private:
    std::optional<Cell> cell(const char* column) const;  // None for NULL.
    const PGresult* result_;
    int index_;
};

class Rows {
  public:
    explicit Rows(PGresult* result) : result_(result, PQclear) {}
    int size() const { return PQntuples(result_.get()); }
    /// How many rows an INSERT, UPDATE, DELETE or COPY touched.
    std::int64_t touched() const;

    /// What `read` makes of the first row; none when there is none.
    template <class Read>
    auto first(Read read) const {
        using T = std::invoke_result_t<Read, Row>;
        return size() == 0 ? std::nullopt : std::optional<T>(read(Row(result_.get(), 0)));
    }
    /// What `read` makes of each.
    template <class Read>
    auto all(Read read) const {
        std::vector<std::invoke_result_t<Read, Row>> out;
        out.reserve(static_cast<std::size_t>(size()));
        for (int i = 0; i < size(); ++i) out.push_back(read(Row(result_.get(), i)));
        return out;
    }

  private:
    std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

}  // namespace mobilytics::pg
