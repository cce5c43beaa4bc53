#pragma once
// Many rows into one table, by chunks of columns: what a batch is written with. Part of the
// connection's transaction.

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "platform/duckdb/duckdb.h"

namespace mobilytics::duckdb {

class Appender {
  public:
    /// Throws Failure, when there is no such table.
    Appender(Connection& connection, const char* table);
    ~Appender();
    Appender(const Appender&) = delete;
    Appender& operator=(const Appender&) = delete;

    /// One value a column, in the table's order; an array is as many columns, a none is null.
    /// VERIFYs their types.
    template <class... T>
    void row(const T&... values) {
        std::size_t column = 0;
        (write(column, values), ...);
        VERIFY(column == vectors_.size());
        types_verified_ = true;
        if (++rows_ == capacity_) flush_chunk();
    }
    /// What was not closed is not written. Throws as Connection::run.
    void close();

  private:
    template <class T>
    void write(std::size_t& column, const T& value) {
        const auto at = column++;
        const auto vector = vector_of<T>(at);
        if constexpr (std::is_same_v<T, Blob>) {
            assign(vector, value.bytes);
        } else if constexpr (
            std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
            assign(vector, value);
        } else {
            auto* data = static_cast<typename Layout<T>::Stored*>(data_[at]);
            data[rows_] = Layout<T>::write(value);
        }
    }
    template <class T, std::size_t Size>
    void write(std::size_t& column, const std::array<T, Size>& values) {
        for (const auto& value : values) write(column, value);
    }
    template <class T>
    void write(std::size_t& column, const std::optional<T>& value) {
        if (value) return write(column, *value);
        const auto vector = vector_of<T>(column++);
        duckdb_vector_ensure_validity_writable(vector);
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), rows_);
    }
    template <class T>
    duckdb_vector vector_of(std::size_t column) {
        VERIFY(column < vectors_.size());
        if (!types_verified_) {
            verify_type(vectors_[column], Layout<T>::kType);
            if constexpr (WordEnum<T>) verify_words(vectors_[column], words_of<T>());
        }
        return vectors_[column];
    }
    void assign(duckdb_vector vector, std::string_view bytes) const {
        duckdb_vector_assign_string_element_len(vector, rows_, bytes.data(), bytes.size());
    }
    void begin_chunk();
    void flush_chunk();
    void check(duckdb_state state);

    const std::string table_;
    duckdb_appender appender_ = nullptr;
    duckdb_data_chunk chunk_ = nullptr;
    std::vector<duckdb_vector> vectors_;
    std::vector<void*> data_;
    std::size_t rows_ = 0;  // In the chunk.
    std::size_t capacity_ = 0;
    bool types_verified_ = false;
};

}  // namespace mobilytics::duckdb
