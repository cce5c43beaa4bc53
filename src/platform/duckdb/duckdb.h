#pragma once
// DuckDB, over its C API: one file, one process, many connections, each for one thread at a time. A
// reader sees the file as it was when its transaction began, and never waits for a writer.

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/duckdb/chunk.h"

namespace mobilytics::duckdb {

/// The SQL is wrong, the file is broken, or a value is refused.
class Failure : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A statement, and the name by which failures call it. A constant: SQL is never put together at
/// run time.
struct Query {
    consteval Query(const char* called, const char* says) : name(called), sql(says) {}
    const char* name;  // "store.exposure"; one name, one statement.
    const char* sql;
};

struct Settings {
    std::int64_t memory_bytes_max = std::int64_t{1} << 30;  // Of its buffers; beyond, it spills.
    int threads = 2;                                        // That work on statements, in all.
    std::int64_t log_bytes_max = 64 << 20;  // Of the write-ahead log, before it is folded in.
};

/// An argument, as DuckDB takes it.
class Value {
  public:
    explicit Value(duckdb_value value) : value_(value) {}
    duckdb_value get() const { return value_.get(); }

  private:
    struct Close {
        void operator()(duckdb_value value) const { duckdb_destroy_value(&value); }
    };
    std::unique_ptr<std::remove_pointer_t<duckdb_value>, Close> value_;
};

Value value_of(std::string_view text);
Value value_of(Blob blob);
Value value_of(bool truth);
Value value_of(std::int64_t number);
Value value_of(std::uint64_t number);
Value value_of(double number);
Value value_of(Instant instant);
Value value_of_id(const std::array<std::uint8_t, 16>& bytes);
Value null_value();
Value list_value(duckdb_type type, const std::vector<Value>& values);

inline Value value_of(const std::string& text) { return value_of(std::string_view(text)); }
inline Value value_of(const char* text) { return value_of(std::string_view(text)); }
inline Value value_of(int number) { return value_of(std::int64_t{number}); }
template <class Kind>
Value value_of(Id<Kind> id) {
    return value_of_id(id.bytes());
}
template <WordEnum Enum>
Value value_of(Enum word_of) {
    return value_of(word(word_of));
}
template <class T>
Value value_of(const std::optional<T>& value) {
    return value ? value_of(*value) : null_value();
}
/// A list; in SQL to be used as `$1::UUID[]` and the like.
template <class T>
Value value_of(const std::vector<T>& items) {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const auto& item : items) values.push_back(value_of(item));
    return list_value(WordEnum<T> ? DUCKDB_TYPE_VARCHAR : Layout<T>::kType, values);
}

class Connection {
  public:
    explicit Connection(duckdb_connection connection) : connection_(connection) {}
    ~Connection() { duckdb_disconnect(&connection_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Planned each time: DuckDB's plans hold what the tables' statistics said when they were made
    /// (of a column that had no null then, "IS NULL" is false for ever). Whole when it returns.
    /// Throws Failure; Unavailable for what may pass: a conflict between writers, an interrupt, no
    /// memory, no room on the disk.
    template <class... Args>
    Rows run(Query query, const Args&... args) {
        return answered(query, values_of(args...), false);
    }
    /// As run, but its rows are made while they are read: for answers larger than memory.
    template <class... Args>
    Rows stream(Query query, const Args&... args) {
        return answered(query, values_of(args...), true);
    }
    /// One statement or more, as they stand.
    void command(const char* name, const std::string& sql);

    /// From another thread: what runs now ends with Unavailable.
    void interrupt() { duckdb_interrupt(connection_); }

    /// For this folder, and for aggregates.
    duckdb_connection handle() const { return connection_; }

  private:
    template <class... Args>
    static std::vector<Value> values_of(const Args&... args) {
        std::vector<Value> values;
        values.reserve(sizeof...(args));
        (values.push_back(value_of(args)), ...);
        return values;
    }
    Rows answered(Query query, const std::vector<Value>& args, bool streamed);

    duckdb_connection connection_;
};

/// Everything between its birth and commit, over one view of the file. Left without commit, it is
/// as if it had not been.
class Transaction {
  public:
    enum class Access { write, read };
    /// One that only reads may not write, and does not stand in the way of a checkpoint.
    explicit Transaction(Connection& connection, Access access = Access::write);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    /// Throws Unavailable, when another writer was there first; then nothing is kept.
    void commit();

  private:
    Connection& connection_;
    bool open_ = true;
};

class Database {
  public:
    /// Opens the file, or makes it; in memory, when the path is empty. Throws Unavailable, when
    /// another process has it open. Reaches for no extension and no network.
    explicit Database(const std::filesystem::path& file, const Settings& settings = {});
    ~Database() { duckdb_close(&database_); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Must not outlive this. For any thread.
    std::unique_ptr<Connection> connect();

  private:
    duckdb_database database_ = nullptr;
};

/// Throws what an error of this type is: Unavailable, when it may pass, or Failure.
[[noreturn]] void raise(std::string_view name, duckdb_error_type type, const char* message);

}  // namespace mobilytics::duckdb
