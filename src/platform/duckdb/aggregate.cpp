#include "platform/duckdb/aggregate.h"

namespace mobilytics::duckdb {

void register_aggregate(
    Connection& connection, const char* name, std::pair<duckdb_type, duckdb_type> input_and_answer,
    duckdb_aggregate_function function) {
    auto taken = duckdb_create_logical_type(input_and_answer.first);
    auto given = duckdb_create_logical_type(input_and_answer.second);
    duckdb_aggregate_function_set_name(function, name);
    duckdb_aggregate_function_add_parameter(function, taken);
    duckdb_aggregate_function_set_return_type(function, given);
    const auto state = duckdb_register_aggregate_function(connection.handle(), function);
    duckdb_destroy_logical_type(&taken);
    duckdb_destroy_logical_type(&given);
    duckdb_destroy_aggregate_function(&function);
    VERIFY(state == DuckDBSuccess);
}

}  // namespace mobilytics::duckdb
