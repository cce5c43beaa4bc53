#include "platform/pg/survey.h"

#include "platform/pg/connection.h"
#include "platform/pg/walls.h"

namespace mobilytics::pg {

namespace {

// Rows as text depend on these; and rows that a policy hides are an error, not left out.
constexpr auto kBegin = R"sql(
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL row_security = off;
    SET LOCAL DateStyle = 'ISO';
    SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1;
    SET LOCAL idle_in_transaction_session_timeout = 0
)sql";

constexpr Query kSetting{"survey.setting", R"sql(
    SELECT current_setting($1, true) AS setting WHERE current_setting($1, true) IS NOT NULL
)sql"};
constexpr Query kVersion{"survey.version", R"sql(
    SELECT current_setting('server_version_num')::bigint AS version
)sql"};
constexpr Query kNext{"survey.next", R"sql(
    SELECT pg_snapshot_xmax(pg_current_snapshot()) AS transaction
)sql"};
constexpr Query kClock{"survey.clock", "SELECT clock_timestamp() AS at"};
constexpr Query kRoles{"survey.roles", R"sql(
    SELECT rolname::text AS name, rolsuper OR rolbypassrls AS bypasses, rolcanlogin AS enters
    FROM pg_roles WHERE rolname LIKE 'mobilytics\_%' ORDER BY rolname
)sql"};
constexpr Query kSelf{"survey.self", R"sql(
    SELECT rolname::text AS name, rolsuper OR rolbypassrls AS bypasses, rolcanlogin AS enters
    FROM pg_roles WHERE rolname = current_user
)sql"};
constexpr Query kOwner{"survey.owner", R"sql(
    SELECT pg_get_userbyid(nspowner)::text AS name FROM pg_namespace WHERE nspname = 'app'
)sql"};
constexpr Query kIsMigrated{"survey.is_migrated", R"sql(
    SELECT to_regclass('app.migration') IS NOT NULL AS is
)sql"};
constexpr Query kMigrations{"survey.migrations", R"sql(
    SELECT module, file FROM app.migration ORDER BY module, file
)sql"};
constexpr Query kSnapshot{"survey.snapshot", "SELECT pg_export_snapshot() AS name"};
// query_to_xml runs a statement that is not known until the tables are. A partition is of its
// table.
constexpr Query kRows{"survey.rows", R"sql(
    WITH ours AS (
        SELECT c.oid, n.nspname || '.' || c.relname AS name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
          AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    ), counted AS (
        SELECT name, query_to_xml(format($$
            SELECT count(*) AS n,
                   coalesce(sum(('x' || left(m, 16))::bit(64)::bigint::numeric), 0) || ','
                       || coalesce(sum(('x' || right(m, 16))::bit(64)::bigint::numeric), 0) AS h
            FROM (SELECT md5(t::text) AS m FROM %s t) digests $$, oid::regclass),
            false, true, '') AS found
        FROM ours
    )
    SELECT name, (xpath('/row/n/text()', found))[1]::text::bigint AS rows,
           (xpath('/row/h/text()', found))[1]::text AS digest
    FROM counted ORDER BY name
)sql"};
constexpr Query kNotify{"survey.notify", "SELECT pg_notify($1, $2)"};

constexpr auto kNameLetters = "abcdefghijklmnopqrstuvwxyz_0123456789";

RoleRights role(Row row) {
    return {row.get<std::string>("name"), row.get<bool>("bypasses"), row.get<bool>("enters")};
}

}  // namespace

Survey::Survey(const Address& owner)
    : connection_(std::make_unique<Connection>(owner, std::chrono::milliseconds(0))) {
    connection_->command("survey.begin", kBegin);
}

Survey::~Survey() = default;  // With the connection, the transaction.

int Survey::server_version() {
    return static_cast<int>(*connection_->run(kVersion).first(
        [](Row row) { return row.get<std::int64_t>("version"); }));
}

std::optional<std::string> Survey::setting(std::string_view name) {
    return connection_->run(kSetting, {encode(name)}).first([](Row row) {
        return row.get<std::string>("setting");
    });
}

std::uint64_t Survey::next_transaction() {
    return *connection_->run(kNext).first(
        [](Row row) { return row.get<std::uint64_t>("transaction"); });
}

Instant Survey::clock() {
    return *connection_->run(kClock).first([](Row row) { return row.get<Instant>("at"); });
}

std::vector<RoleRights> Survey::roles() { return connection_->run(kRoles).all(role); }

RoleRights Survey::self() { return *connection_->run(kSelf).first(role); }

std::optional<std::string> Survey::owner() {
    return connection_->run(kOwner).first([](Row row) { return row.get<std::string>("name"); });
}

std::vector<AppliedMigration> Survey::migrations() {
    const auto is = [](Row row) { return row.get<bool>("is"); };
    if (!*connection_->run(kIsMigrated).first(is)) return {};
    return connection_->run(kMigrations).all([](Row row) {
        return AppliedMigration{row.get<std::string>("module"), row.get<std::string>("file")};
    });
}

std::vector<std::string> Survey::unwalled() {
    return connection_->run(kUnwalled).all([](Row row) { return row.get<std::string>("name"); });
}

std::string Survey::snapshot() {
    return *connection_->run(kSnapshot).first([](Row row) { return row.get<std::string>("name"); });
}

std::vector<TableRows> Survey::rows() {
    return connection_->run(kRows).all([](Row row) {
        return TableRows{
            row.get<std::string>("name"), row.get<std::int64_t>("rows"),
            row.get<std::string>("digest")};
    });
}

std::vector<std::pair<std::string, std::string>> environment_of(const Address& address) {
    char* fault = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(address.server.c_str(), &fault), PQconninfoFree);
    if (!options) {
        PQfreemem(fault);  // It may quote what it could not read.
        throw Failure("database.url is no address that libpq can read");
    }
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->envvar == nullptr) continue;
        const std::string_view keyword = option->keyword;
        std::string value = option->val != nullptr ? option->val : "";
        if (keyword == "dbname" && !address.database.empty()) value = address.database;
        if (keyword == "user" && !address.user.empty()) value = address.user;
        if (!value.empty()) out.emplace_back(option->envvar, value);
    }
    return out;
}

void make_roles(const Address& owner, const std::vector<RoleRights>& roles) {
    Connection connection(owner, std::chrono::milliseconds(0));
    for (const auto& role : roles) {
        const auto& name = role.name;
        if (name.empty() || name.find_first_not_of(kNameLetters) != name.npos) {
            throw Failure("this is no name of a role of ours: " + name);
        }
        const auto enters = role.may_login ? " LOGIN" : " NOLOGIN";
        connection.command(
            "survey.make_role", "DO $$ BEGIN CREATE ROLE " + name + enters +
                                    " NOSUPERUSER NOBYPASSRLS; EXCEPTION WHEN duplicate_object OR "
                                    "unique_violation THEN NULL; END $$");
        // What belongs to it is given to it by whoever restores.
        connection.command(
            "survey.join_role", "DO $$ BEGIN IF NOT pg_has_role(current_user, '" + name +
                                    "', 'MEMBER') THEN EXECUTE format('GRANT " + name +
                                    " TO %I', current_user); END IF; END $$");
    }
}

void notify(const Address& address, const std::string& channel, const std::string& payload) {
    Connection(address, std::chrono::seconds(5)).run(kNotify, {encode(channel), encode(payload)});
}

}  // namespace mobilytics::pg
