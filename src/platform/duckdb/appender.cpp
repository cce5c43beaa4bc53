#include "platform/duckdb/appender.h"

namespace mobilytics::duckdb {

Appender::Appender(Connection& connection, const char* table)
    : table_(table), capacity_(duckdb_vector_size()) {
    const auto state = duckdb_appender_create(connection.handle(), nullptr, table, &appender_);
    if (state == DuckDBError) {
        const std::string why(duckdb_appender_error(appender_));
        duckdb_appender_destroy(&appender_);
        throw Failure("duckdb.append " + table_ + ": " + why);
    }
    std::vector<duckdb_logical_type> types;
    for (idx_t i = 0; i < duckdb_appender_column_count(appender_); ++i) {
        types.push_back(duckdb_appender_column_type(appender_, i));
    }
    chunk_ = duckdb_create_data_chunk(types.data(), types.size());
    for (auto& type : types) duckdb_destroy_logical_type(&type);
    vectors_.resize(types.size());
    data_.resize(types.size());
    begin_chunk();
}

Appender::~Appender() {
    duckdb_destroy_data_chunk(&chunk_);
    // Destroying writes what is left, and a transaction that is given up is rolled back after it.
    duckdb_appender_destroy(&appender_);
}

void Appender::begin_chunk() {
    rows_ = 0;
    duckdb_data_chunk_reset(chunk_);
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
        vectors_[i] = duckdb_data_chunk_get_vector(chunk_, i);
        data_[i] = duckdb_vector_get_data(vectors_[i]);
    }
}

void Appender::flush_chunk() {
    if (rows_ == 0) return;
    duckdb_data_chunk_set_size(chunk_, rows_);
    check(duckdb_append_data_chunk(appender_, chunk_));
    begin_chunk();
}

void Appender::close() {
    flush_chunk();
    check(duckdb_appender_close(appender_));
}

void Appender::check(duckdb_state state) {
    if (state == DuckDBSuccess) return;
    auto error = duckdb_appender_error_data(appender_);
    const auto type = duckdb_error_data_error_type(error);
    const std::string message = duckdb_error_data_message(error);
    duckdb_destroy_error_data(&error);
    raise("duckdb.append " + table_, type, message.c_str());
}

}  // namespace mobilytics::duckdb
