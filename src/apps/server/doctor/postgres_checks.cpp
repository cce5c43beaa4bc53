#include <algorithm>

#include "apps/server/doctor/checks.h"

namespace mobilytics::server {

namespace {

constexpr int kOldest = 150000;

/// What a setting is to be, and what it costs to have it otherwise.
struct Wanted {
    std::string_view name;
    std::string_view value;
    std::string_view otherwise;
    Verdict verdict;
};
constexpr Wanted kWanted[] = {
    {"fsync", "on", "after a power cut what was acknowledged may be gone, or all of it",
     Verdict::fault},
    {"synchronous_commit", "on", "what was acknowledged to sensors may be gone after a crash",
     Verdict::fault},
    {"full_page_writes", "on", "after a power cut pages may be half written", Verdict::fault},
    {"data_checksums", "on", "a disk that returns wrong bytes goes unnoticed", Verdict::warning},
    {"wal_level", "replica", "no copy of it can follow", Verdict::warning},
};

bool is_as_good(std::string_view name, std::string_view value, std::string_view wanted) {
    if (value == wanted) return true;
    // Both wait for the disk here, and for more.
    if (name == "synchronous_commit") return value == "remote_apply" || value == "remote_write";
    return name == "wal_level" && value == "logical";
}

std::string list(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

}  // namespace

Finding check_version(int version) {
    const auto words =
        "PostgreSQL " + std::to_string(version / 10000) + "." + std::to_string(version % 10000);
    if (version >= kOldest) return {"postgres_version", Verdict::well, words};
    return {
        "postgres_version", Verdict::fault, words + " is older than what we need",
        "use PostgreSQL 15 or newer"};
}

Finding check_setting(const std::string& name, const std::optional<std::string>& value) {
    const auto* wanted = std::ranges::find(kWanted, name, &Wanted::name);
    VERIFY(wanted != std::end(kWanted));
    const auto check = "postgres_" + name;
    if (!value) return {check, Verdict::warning, "this server does not say", "ask who runs it"};
    const auto words = name + " is " + *value;
    if (is_as_good(name, *value, wanted->value)) return {check, Verdict::well, words};
    const auto set = name == "data_checksums"
                         ? std::string("stop it, and pg_checksums --enable")
                         : "ALTER SYSTEM SET " + name + " = " + std::string(wanted->value) +
                               ", and restart it; see pg_hba, roles and databases, too: ALTER ROLE "
                               "may set it otherwise";
    return {check, wanted->verdict, words + ": " + std::string(wanted->otherwise), set};
}

Finding check_connections(std::int64_t connections_max, std::int64_t wanted) {
    const auto words = std::to_string(connections_max) + " connections, of which we use up to " +
                       std::to_string(wanted);
    if (connections_max >= wanted) return {"postgres_connections", Verdict::well, words};
    return {
        "postgres_connections", Verdict::fault, words,
        "set its max_connections higher, or database.connections_max lower"};
}

Finding check_roles(const std::vector<pg::RoleRights>& roles) {
    std::vector<std::string> missing, seeing;
    for (const auto* name :
         {"mobilytics_app", "mobilytics_system", "mobilytics_staff", "mobilytics_door"}) {
        if (!std::ranges::count(roles, name, &pg::RoleRights::name)) missing.emplace_back(name);
    }
    for (const auto& role : roles) {
        if (role.sees_past_walls) seeing.push_back(role.name);
    }
    if (!seeing.empty()) {
        return {
            "postgres_roles", Verdict::fault,
            list(seeing) + " sees every company's rows, whatever the tables say",
            "ALTER ROLE " + seeing.front() + " NOSUPERUSER NOBYPASSRLS"};
    }
    if (!missing.empty()) {
        return {
            "postgres_roles", Verdict::fault, list(missing) + " is missing",
            "CREATE ROLE " + missing.front() +
                " LOGIN NOSUPERUSER NOBYPASSRLS, and what the migrations grant it; or restore a "
                "backup"};
    }
    return {
        "postgres_roles", Verdict::well,
        std::to_string(roles.size()) + " roles, none sees past a wall"};
}

Finding check_walls(const std::vector<std::string>& unwalled) {
    if (unwalled.empty()) {
        return {"postgres_walls", Verdict::well, "every company's table has its wall"};
    }
    return {
        "postgres_walls", Verdict::fault, "one company may see another's rows in " + list(unwalled),
        "ALTER TABLE " + unwalled.front() +
            " ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, and its policy as its migration "
            "has it; find out who took it away"};
}

Finding check_migrations(
    const std::vector<pg::AppliedMigration>& applied, const KnownMigrations& known) {
    std::vector<std::string> unknown, missing;
    for (const auto& [module, file] : applied) {
        const auto is_it = [&](const pg::Migration& one) {
            return one.module == module && one.file == file;
        };
        const bool there = std::ranges::any_of(
            known, [&](const auto& all) { return std::ranges::any_of(all, is_it); });
        if (!there) unknown.push_back(module + "/" + file);
    }
    for (const auto& module : known) {
        for (const auto& one : module) {
            const pg::AppliedMigration as{std::string(one.module), std::string(one.file)};
            if (!std::ranges::count(applied, as)) missing.push_back(as.module + "/" + as.file);
        }
    }
    if (!unknown.empty()) {
        return {
            "postgres_migrations", Verdict::fault,
            "the database is newer than this program: " + list(unknown),
            "start the program that made it, or a later one"};
    }
    if (applied.empty()) {
        return {
            "postgres_migrations", Verdict::fault, "nothing was ever installed in this database",
            "start the server, or restore a backup"};
    }
    if (!missing.empty()) {
        return {
            "postgres_migrations", Verdict::warning, "not yet applied: " + list(missing),
            "start the server: it applies them"};
    }
    return {
        "postgres_migrations", Verdict::well,
        std::to_string(applied.size()) + " migrations, all of them"};
}

}  // namespace mobilytics::server
