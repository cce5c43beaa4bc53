#include "platform/duckdb/migrate.h"

#include <algorithm>

#include "foundation/log.h"

namespace mobilytics::duckdb {

namespace {

constexpr Query kPrepare{"migrate.prepare", R"sql(
    CREATE TABLE IF NOT EXISTS migration (
        module     VARCHAR NOT NULL,
        file       VARCHAR NOT NULL,
        applied_at TIMESTAMP NOT NULL DEFAULT now()::TIMESTAMP
    )
)sql"};

constexpr Query kApplied{"migrate.applied", R"sql(
    SELECT file FROM migration WHERE module = $1 ORDER BY file
)sql"};

constexpr Query kRecord{"migrate.record", R"sql(
    INSERT INTO migration (module, file) VALUES ($1, $2)
)sql"};

}  // namespace

void migrate(Connection& connection, std::span<const Migration> migrations) {
    VERIFY(!migrations.empty());
    const auto module = migrations.front().module;
    connection.run(kPrepare);
    const auto applied =
        connection.run(kApplied, module).all([](Row row) { return row.get<std::string>(0); });
    for (const auto& file : applied) {
        const auto same = [&](const Migration& known) { return known.file == file; };
        if (std::ranges::none_of(migrations, same)) {
            throw Failure("this file was made by a newer program: it has " + file);
        }
    }
    for (const auto& migration : migrations) {
        if (std::ranges::find(applied, migration.file) != applied.end()) continue;
        Transaction tx(connection);
        connection.command(migration.file.data(), std::string(migration.sql));
        connection.run(kRecord, migration.module, migration.file);
        tx.commit();
        log::info("migration_applied", {{"module", migration.module}, {"file", migration.file}});
    }
}

}  // namespace mobilytics::duckdb
