#include "platform/duckdb/duckdb.h"

namespace mobilytics::duckdb {

namespace {

bool may_pass(duckdb_error_type type) {
    return type == DUCKDB_ERROR_TRANSACTION || type == DUCKDB_ERROR_INTERRUPT ||
           type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_OUT_OF_MEMORY;
}

class LogicalType {
  public:
    explicit LogicalType(duckdb_logical_type type) : type_(type) {}
    ~LogicalType() { duckdb_destroy_logical_type(&type_); }
    LogicalType(const LogicalType&) = delete;
    LogicalType& operator=(const LogicalType&) = delete;
    duckdb_logical_type get() const { return type_; }

  private:
    duckdb_logical_type type_;
};

struct Statement {
    duckdb_prepared_statement handle = nullptr;
    Statement() = default;
    ~Statement() { duckdb_destroy_prepare(&handle); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
};

}  // namespace

void raise(std::string_view name, duckdb_error_type type, const char* message) {
    std::string_view why = message != nullptr ? message : "no message";
    why = why.substr(0, why.find('\n'));  // What follows quotes the statement.
    const auto what = std::string(name) + ": " + std::string(why);
    if (may_pass(type)) throw Unavailable(what);
    throw Failure(what);
}

void verify_type(duckdb_vector vector, duckdb_type type) {
    const LogicalType found(duckdb_vector_get_column_type(vector));
    VERIFY(duckdb_get_type_id(found.get()) == type);
}

void verify_words(duckdb_vector vector, std::span<const std::string_view> words) {
    const LogicalType type(duckdb_vector_get_column_type(vector));
    VERIFY(duckdb_enum_dictionary_size(type.get()) == words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
        char* word = duckdb_enum_dictionary_value(type.get(), i);
        VERIFY(word == words[i]);
        duckdb_free(word);
    }
}

std::optional<Chunk> Rows::next() {
    while (duckdb_data_chunk data = duckdb_fetch_chunk(result_)) {
        Chunk chunk(data);
        if (chunk.size() != 0) return chunk;
    }
    if (const char* message = duckdb_result_error(&result_)) {
        raise(name_, duckdb_result_error_type(&result_), message);
    }
    return std::nullopt;
}

Value value_of(std::string_view text) {
    return Value(duckdb_create_varchar_length(text.data(), text.size()));
}
Value value_of(Blob blob) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(blob.bytes.data());
    return Value(duckdb_create_blob(bytes, blob.bytes.size()));
}
Value value_of(bool truth) { return Value(duckdb_create_bool(truth)); }
Value value_of(std::int64_t number) { return Value(duckdb_create_int64(number)); }
Value value_of(std::uint64_t number) { return Value(duckdb_create_uint64(number)); }
Value value_of(double number) { return Value(duckdb_create_double(number)); }
Value value_of(Instant instant) {
    return Value(duckdb_create_timestamp({instant.time_since_epoch().count()}));
}
Value value_of_id(const std::array<std::uint8_t, 16>& bytes) {
    const auto number = to_hugeint(bytes);
    // Here DuckDB wants the plain number, not the one that it keeps.
    return Value(duckdb_create_uuid(
        {number.lower, static_cast<std::uint64_t>(number.upper) ^ (std::uint64_t{1} << 63)}));
}
Value null_value() { return Value(duckdb_create_null_value()); }

Value list_value(duckdb_type type, const std::vector<Value>& values) {
    const LogicalType of(duckdb_create_logical_type(type));
    std::vector<duckdb_value> items;
    items.reserve(values.size() + 1);  // Never a null pointer, which DuckDB refuses.
    for (const auto& value : values) items.push_back(value.get());
    return Value(duckdb_create_list_value(of.get(), items.data(), items.size()));
}

Rows Connection::answered(Query query, const std::vector<Value>& args, bool streamed) {
    Statement statement;
    if (duckdb_prepare(connection_, query.sql, &statement.handle) == DuckDBError) {
        throw Failure(std::string(query.name) + ": " + duckdb_prepare_error(statement.handle));
    }
    VERIFY(duckdb_nparams(statement.handle) == args.size());
    for (std::size_t i = 0; i < args.size(); ++i) {
        VERIFY(duckdb_bind_value(statement.handle, i + 1, args[i].get()) == DuckDBSuccess);
    }
    duckdb_result result{};
    const auto state = streamed ? duckdb_execute_prepared_streaming(statement.handle, &result)
                                : duckdb_execute_prepared(statement.handle, &result);
    Rows rows(query.name, result);
    if (state == DuckDBError) {
        raise(query.name, duckdb_result_error_type(&result), duckdb_result_error(&result));
    }
    return rows;
}

void Connection::command(const char* name, const std::string& sql) {
    duckdb_result result{};
    const auto state = duckdb_query(connection_, sql.c_str(), &result);
    const Rows rows(name, result);
    if (state == DuckDBError) {
        raise(name, duckdb_result_error_type(&result), duckdb_result_error(&result));
    }
}

Transaction::Transaction(Connection& connection, Access access) : connection_(connection) {
    connection_.command(
        "duckdb.begin",
        access == Access::read ? "BEGIN TRANSACTION READ ONLY" : "BEGIN TRANSACTION");
}

Transaction::~Transaction() {
    if (!open_) return;
    duckdb_result result{};  // Whatever it answers: a statement that failed may have ended it.
    duckdb_query(connection_.handle(), "ROLLBACK", &result);
    duckdb_destroy_result(&result);
}

void Transaction::commit() {
    VERIFY(open_);
    open_ = false;  // A commit that is refused has rolled back.
    connection_.command("duckdb.commit", "COMMIT");
}

Database::Database(const std::filesystem::path& file, const Settings& settings) {
    const std::pair<const char*, std::string> options[] = {
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"memory_limit", std::to_string(settings.memory_bytes_max) + "B"},
        {"threads", std::to_string(settings.threads)},
        {"checkpoint_threshold", std::to_string(settings.log_bytes_max) + "B"},
        // Joins are done as they are written, the right side in memory: what a list that is given
        // holds cannot be known when a statement is planned.
        {"disabled_optimizers", "join_order,build_side_probe_side"},
    };
    duckdb_config config = nullptr;
    VERIFY(duckdb_create_config(&config) == DuckDBSuccess);
    for (const auto& [name, value] : options) {
        VERIFY(duckdb_set_config(config, name, value.c_str()) == DuckDBSuccess);
    }
    char* message = nullptr;
    const auto* path = file.empty() ? nullptr : file.c_str();
    const auto state = duckdb_open_ext(path, &database_, config, &message);
    duckdb_destroy_config(&config);
    if (state == DuckDBSuccess) return;
    const std::string why(message != nullptr ? message : "no message");
    duckdb_free(message);
    if (why.find("Could not set lock") != std::string::npos) throw Unavailable(why);
    throw Failure("duckdb.open: " + why);
}

std::unique_ptr<Connection> Database::connect() {
    duckdb_connection connection = nullptr;
    if (duckdb_connect(database_, &connection) == DuckDBError) {
        throw Unavailable("duckdb.connect: no connection");
    }
    auto out = std::make_unique<Connection>(connection);
    // Instants are UTC, whatever zone the machine is in.
    out->command("duckdb.zone", "SET TimeZone = 'UTC'");
    return out;
}

}  // namespace mobilytics::duckdb
