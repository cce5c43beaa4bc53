#include "pipeline/store/duckdb/copies.h"

#include "pipeline/store/duckdb/fact_writer.h"
#include "pipeline/store/store_duckdb_migrations.h"

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kTables{"store.tables", R"sql(
    SELECT table_name FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT temporary
    ORDER BY table_name
)sql"};
constexpr duckdb::Query kDigest{"store.digest", R"sql(
    SELECT rows, digest FROM temp.row_digest
)sql"};
constexpr duckdb::Query kApplied{"store.applied", R"sql(
    SELECT file FROM migration WHERE module = $1 ORDER BY file
)sql"};

std::string in_marks(std::string_view text, char mark) {
    std::string out(1, mark);
    for (const char c : text) {
        if (c == mark) out += mark;
        out += c;
    }
    return out + mark;
}

std::vector<std::string> tables_of(duckdb::Connection& connection) {
    return connection.run(kTables).all([](duckdb::Row row) { return row.get<std::string>(0); });
}

/// Its tables, types and views: those of a file that is new.
void make_empty(const std::filesystem::path& file) {
    if (std::filesystem::exists(file)) {
        throw duckdb::Failure("there is a file already: " + file.string());
    }
    duckdb::Database database(file);
    duckdb::migrate(*database.connect(), kDuckdbMigrations);
}

/// The copy is known by a name while this lives.
class Attached {
  public:
    Attached(duckdb::Connection& connection, const std::filesystem::path& file)
        : connection_(connection) {
        connection_.command(
            "store.attach_copy", "ATTACH " + in_marks(file.string(), '\'') + " AS copied");
    }
    ~Attached() {
        try {
            connection_.command("store.detach_copy", "DETACH copied");
        } catch (const std::exception&) {  // With the connection it goes as well.
        }
    }
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;

  private:
    duckdb::Connection& connection_;
};

TableDigest digest_of(duckdb::Connection& connection, const std::string& table) {
    // A row as text, and of its MD5 one half: sums do not depend on the order.
    connection.command(
        "store.make_digest",
        "CREATE OR REPLACE TEMP TABLE row_digest AS SELECT count(*) AS rows, "
        "coalesce(sum(('0x' || left(md5(t::VARCHAR), 15))::BIGINT::HUGEINT), 0)::VARCHAR AS digest "
        "FROM " +
            in_marks(table, '"') + " t");
    return *connection.run(kDigest).first([&](duckdb::Row row) {
        return TableDigest{table, row.get<std::int64_t>(0), row.get<std::string>(1)};
    });
}

}  // namespace

void copy(duckdb::Connection& connection, const std::filesystem::path& file) {
    make_empty(file);
    const Attached attached(connection, file);
    duckdb::Transaction tx(connection);
    for (const auto& table : tables_of(connection)) {
        const auto name = in_marks(table, '"');
        connection.command("store.empty_copy", "DELETE FROM copied.main." + name);
        connection.command(
            "store.fill_copy",
            "INSERT INTO copied.main." + name + " BY NAME SELECT * FROM main." + name);
    }
    tx.commit();
    connection.command("store.checkpoint_copy", "CHECKPOINT copied");
}

StoreContent read_duckdb_content(const std::filesystem::path& file) {
    duckdb::Database database(file);
    const auto connection = database.connect();
    StoreContent out;
    const auto& newest = kDuckdbMigrations.back();
    out.migrations = connection->run(kApplied, newest.module).all([](duckdb::Row row) {
        return row.get<std::string>(0);
    });
    out.position = read_progress(*connection).position;
    for (const auto& table : tables_of(*connection)) {
        out.tables.push_back(digest_of(*connection, table));
    }
    return out;
}

std::string newest_duckdb_migration() { return std::string(kDuckdbMigrations.back().file); }

}  // namespace mobilytics::store
