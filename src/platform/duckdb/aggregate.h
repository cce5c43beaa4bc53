#pragma once
// A sum of our own: SELECT name(column) ... GROUP BY ..., run by DuckDB on all its threads.
//
// State has: a default constructor; Input, the column's type (Blob or a number); bool add(Input),
// false for what it does not know, which ends the statement; void unite(State&&); and finish(),
// which gives the answer: a double or a std::string of bytes. Nulls are passed over.

#include <new>
#include <string>

#include "platform/duckdb/duckdb.h"

namespace mobilytics::duckdb {

void register_aggregate(
    Connection& connection, const char* name, std::pair<duckdb_type, duckdb_type> input_and_answer,
    duckdb_aggregate_function function);

/// For one connection and all others of its database. Once.
template <class State>
class Aggregate {
  public:
    static void register_as(Connection& connection, const char* name) {
        auto function = duckdb_create_aggregate_function();
        duckdb_aggregate_function_set_functions(function, size, init, update, combine, finish);
        duckdb_aggregate_function_set_destructor(function, destroy);
        register_aggregate(connection, name, {Layout<Input>::kType, Layout<Out>::kType}, function);
    }

  private:
    using Input = typename State::Input;
    using Answer = decltype(std::declval<State&>().finish());
    static constexpr bool kBytes = std::is_same_v<Answer, std::string>;
    using Out = std::conditional_t<kBytes, Blob, Answer>;

    // DuckDB moves its states by copying their bytes: it is given no more than a pointer.
    static State*& state_of(duckdb_aggregate_state slot) {
        return *reinterpret_cast<State**>(slot);
    }
    static idx_t size(duckdb_function_info) { return sizeof(State*); }
    static void init(duckdb_function_info, duckdb_aggregate_state slot) {
        state_of(slot) = new State;
    }
    static void update(
        duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state* slots) {
        const Column<Input> column(duckdb_data_chunk_get_vector(input, 0));
        const auto rows = duckdb_data_chunk_get_size(input);
        guard(info, [&] {
            for (idx_t row = 0; row < rows; ++row) {
                if (column.is_null(row) || state_of(slots[row])->add(column[row])) continue;
                throw std::runtime_error("a value that is not of this kind");
            }
        });
    }
    static void combine(
        duckdb_function_info info, duckdb_aggregate_state* from, duckdb_aggregate_state* into,
        idx_t count) {
        guard(info, [&] {
            for (idx_t i = 0; i < count; ++i)
                state_of(into[i])->unite(std::move(*state_of(from[i])));
        });
    }
    static void finish(
        duckdb_function_info info, duckdb_aggregate_state* slots, duckdb_vector out, idx_t count,
        idx_t offset) {
        guard(info, [&] {
            for (idx_t i = 0; i < count; ++i) {
                const Answer answer = state_of(slots[i])->finish();
                if constexpr (kBytes) {
                    duckdb_vector_assign_string_element_len(
                        out, offset + i, answer.data(), answer.size());
                } else {
                    static_cast<Answer*>(duckdb_vector_get_data(out))[offset + i] = answer;
                }
            }
        });
    }
    static void destroy(duckdb_aggregate_state* slots, idx_t count) {
        for (idx_t i = 0; i < count; ++i) delete state_of(slots[i]);
    }
    /// No exception may pass through DuckDB's C.
    template <class Work>
    static void guard(duckdb_function_info info, Work work) {
        try {
            work();
        } catch (const std::exception& failed) {
            duckdb_aggregate_function_set_error(info, failed.what());
        }
    }
};

}  // namespace mobilytics::duckdb
