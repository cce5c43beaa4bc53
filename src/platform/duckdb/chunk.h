#pragma once
// What a statement answers: rows in chunks of columns, read where DuckDB made them.

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/duckdb/values.h"

namespace mobilytics::duckdb {

/// VERIFYs that the vector holds what is read from it: its type, and of an ENUM its words.
void verify_type(duckdb_vector vector, duckdb_type type);
void verify_words(duckdb_vector vector, std::span<const std::string_view> words);

/// The values of one column of one chunk; views end with the chunk.
template <class T>
class Column {
  public:
    explicit Column(duckdb_vector vector)
        : data_(static_cast<const typename Layout<T>::Stored*>(duckdb_vector_get_data(vector))),
          validity_(duckdb_vector_get_validity(vector)) {
        verify_type(vector, Layout<T>::kType);
        if constexpr (WordEnum<T>) verify_words(vector, words_of<T>());
    }
    bool is_null(std::size_t row) const {
        return validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1) == 0;
    }
    /// Not for a null.
    T operator[](std::size_t row) const { return Layout<T>::read(data_[row]); }

  private:
    const typename Layout<T>::Stored* data_;
    const std::uint64_t* validity_;  // Null when no value is.
};

/// Up to 2 048 rows.
class Chunk {
  public:
    explicit Chunk(duckdb_data_chunk chunk)
        : chunk_(chunk), size_(duckdb_data_chunk_get_size(chunk)) {}
    std::size_t size() const { return size_; }
    /// VERIFYs that the column is of this type.
    template <class T>
    Column<T> column(std::size_t number) const {
        VERIFY(number < duckdb_data_chunk_get_column_count(chunk_.get()));
        return Column<T>(duckdb_data_chunk_get_vector(chunk_.get(), number));
    }

  private:
    struct Close {
        void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
    };
    std::unique_ptr<std::remove_pointer_t<duckdb_data_chunk>, Close> chunk_;
    std::size_t size_;
};

/// One row, for as long as its chunk lives; columns by their place.
class Row {
  public:
    Row(const Chunk& chunk, std::size_t row) : chunk_(chunk), row_(row) {}
    template <class T>
    T get(std::size_t column) const {
        const auto values = chunk_.column<T>(column);
        VERIFY(!values.is_null(row_));
        return values[row_];
    }
    template <class T>
    std::optional<T> optional(std::size_t column) const {
        const auto values = chunk_.column<T>(column);
        return values.is_null(row_) ? std::nullopt : std::optional<T>(values[row_]);
    }

  private:
    const Chunk& chunk_;
    std::size_t row_;
};

/// To be read to its end, or dropped, before the connection's next statement.
class Rows {
  public:
    Rows(const char* name, const duckdb_result& result) : name_(name), result_(result) {}
    ~Rows() { duckdb_destroy_result(&result_); }
    Rows(Rows&& other) noexcept : name_(other.name_), result_(std::exchange(other.result_, {})) {}
    Rows& operator=(Rows&&) = delete;

    /// None at the end. Throws as Connection::run, when a streamed statement fails on its way.
    std::optional<Chunk> next();

    /// What `read` makes of the first row; none when there is none.
    template <class Read>
    auto first(Read read) {
        using T = std::invoke_result_t<Read, Row>;
        const auto chunk = next();
        return chunk ? std::optional<T>(read(Row(*chunk, 0))) : std::nullopt;
    }
    /// What `read` makes of each.
    template <class Read>
    auto all(Read read) {
        std::vector<std::invoke_result_t<Read, Row>> out;
        while (const auto chunk = next()) {
            for (std::size_t row = 0; row < chunk->size(); ++row) {
                out.push_back(read(Row(*chunk, row)));
            }
        }
        return out;
    }

  private:
    const char* name_;
    duckdb_result result_;
};

}  // namespace mobilytics::duckdb
