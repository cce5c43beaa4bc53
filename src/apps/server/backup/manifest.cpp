#include "apps/server/backup/manifest.h"

#include <algorithm>
#include <set>

#include "foundation/json.h"
#include "platform/crypto/files.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;
using json::ListOf;
using json::ObjectOf;
using json::Reader;

const json::Limits kAny{};
const json::Limits kText{.min = 0, .max = 10'000};
const json::Limits kMany{.min = 0, .max = 10'000'000};

/// A name within the folder of a backup, and never a way out of it.
bool is_within(const std::string& name) {
    const fs::path path(name);
    return !name.empty() && path.is_relative() &&
           std::ranges::none_of(path, [](const fs::path& part) { return part == ".."; });
}

json::value file_of(const BackupFile& file) {
    return {{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}};
}
void read_file_of(Reader& in, BackupFile& out) {
    in.required(out.name, "name", kText);
    in.required(out.bytes, "bytes", json::Limits{.min = 0});
    in.required(out.sha256, "sha256", json::Limits{.min = 64, .max = 64});
}

template <class Table>
json::value table_of(const Table& table) {
    return {{"table", table.table}, {"rows", table.rows}, {"digest", table.digest}};
}
constexpr auto kReadTable = [](Reader& in, auto& out) {
    in.required(out.table, "table", kText);
    in.required(out.rows, "rows", json::Limits{.min = 0});
    in.required(out.digest, "digest", kText);
};

json::value role_of(const pg::RoleRights& role) {
    return {{"name", role.name}, {"may_login", role.may_login}};
}
void read_role_of(Reader& in, pg::RoleRights& out) {
    in.required(out.name, "name", kText);
    in.required(out.may_login, "may_login", kAny);
}

json::value migration_of(const pg::AppliedMigration& migration) {
    return {{"module", migration.module}, {"file", migration.file}};
}
void read_migration_of(Reader& in, pg::AppliedMigration& out) {
    in.required(out.module, "module", kText);
    in.required(out.file, "file", kText);
}

}  // namespace

std::string encode(const Manifest& manifest) {
    json::Writer out;
    out.field("format", manifest.format);
    out.field("product", manifest.product);
    out.field("made_at", manifest.made_at);
    out.field("postgres_version", manifest.postgres_version);
    out.field("next_transaction", manifest.next_transaction);
    const auto list = [&out](const char* name, const auto& items, const auto& encode_one) {
        out.field(name, items, [&](const auto& all) { return json::encode_list(all, encode_one); });
    };
    out.field("owner", manifest.owner);
    list("roles", manifest.roles, role_of);
    list("migrations", manifest.migrations, migration_of);
    list("tables", manifest.tables, table_of<pg::TableRows>);
    list("store_migrations", manifest.store_migrations, json::kEncode);
    list("store_tables", manifest.store_tables, table_of<store::TableDigest>);
    out.field("has_keys", manifest.has_keys);
    list("files", manifest.files, file_of);
    return json::text(out.finish()) + "\n";
}

Result<Manifest> decode_manifest(std::string_view text) {
    boost::json::error_code bad;
    const auto parsed = boost::json::parse(text, bad);
    if (bad) return fail(ErrorKind::invalid, "bad_manifest", "it is not JSON: " + bad.message());
    Manifest out;
    if (const auto* all = parsed.if_object()) {
        const auto* format = all->if_contains("format");
        if (format != nullptr && format->is_int64() && format->get_int64() > Manifest::kFormat) {
            return fail(
                ErrorKind::invalid, "newer_backup",
                "it is of format " + std::to_string(format->get_int64()) +
                    ", and this program knows formats up to " + std::to_string(Manifest::kFormat));
        }
    }
    Reader in(parsed);
    in.required(out.format, "format", json::Limits{.min = 1, .max = Manifest::kFormat});
    in.required(out.product, "product", kText);
    in.required(out.made_at, "made_at", kAny);
    in.required(out.postgres_version, "postgres_version", kAny);
    in.required(out.next_transaction, "next_transaction", json::Limits{.min = 1, .max = 20});
    in.required(out.owner, "owner", kText);
    in.required(out.roles, "roles", ListOf{kMany, ObjectOf{read_role_of}});
    in.required(out.migrations, "migrations", ListOf{kMany, ObjectOf{read_migration_of}});
    in.required(out.tables, "tables", ListOf{kMany, ObjectOf{kReadTable}});
    in.required(out.store_migrations, "store_migrations", ListOf{kMany, kText});
    in.required(out.store_tables, "store_tables", ListOf{kMany, ObjectOf{kReadTable}});
    in.required(out.has_keys, "has_keys", kAny);
    in.required(out.files, "files", ListOf{kMany, ObjectOf{read_file_of}});
    if (const auto good = in.finish(); !good) {
        const auto& fault = good.error().faults.front();
        return fail(ErrorKind::invalid, "bad_manifest", fault.pointer + " " + fault.detail);
    }
    for (const auto& file : out.files) {
        if (is_within(file.name)) continue;
        return fail(ErrorKind::invalid, "bad_manifest", file.name + " is no name within a backup");
    }
    return out;
}

std::optional<std::string> newer(
    const Manifest& manifest, const KnownMigrations& known, const std::string& store_newest) {
    for (const auto& [module, file] : manifest.migrations) {
        const auto is_it = [&](const auto& one) { return one.front().module == module; };
        const auto found = std::ranges::find_if(known, is_it);
        if (found == known.end() || found->back().file < file) {
            return "its " + module + " is at " + file + ", and the last that is known here is " +
                   (found == known.end() ? "none" : std::string(found->back().file));
        }
    }
    if (!manifest.store_migrations.empty() && manifest.store_migrations.back() > store_newest) {
        return "its store is at " + manifest.store_migrations.back() +
               ", and the last that is known here is " + store_newest;
    }
    return std::nullopt;
}

std::vector<BackupFile> list_files(const fs::path& folder) {
    std::vector<BackupFile> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_symlink() || !entry.is_regular_file()) continue;
        const auto name = fs::relative(entry.path(), folder).generic_string();
        if (name == kManifestFile || name == kManifestDigestFile) continue;
        out.push_back(
            {name, static_cast<std::int64_t>(entry.file_size()),
             crypto::sha256_of_file(entry.path())});
    }
    std::ranges::sort(out, {}, &BackupFile::name);
    return out;
}

std::vector<std::string> damage(const Manifest& manifest, const fs::path& folder) {
    std::map<std::string, BackupFile> found;
    for (auto& file : list_files(folder)) found.emplace(file.name, file);
    std::vector<std::string> out;
    for (const auto& file : manifest.files) {
        const auto at = found.find(file.name);
        if (at == found.end()) {
            out.push_back(file.name + " is missing");
            continue;
        }
        if (at->second.bytes != file.bytes) {
            out.push_back(
                file.name + " is damaged: it has " + std::to_string(at->second.bytes) +
                " bytes, and had " + std::to_string(file.bytes));
        } else if (at->second.sha256 != file.sha256) {
            out.push_back(file.name + " is damaged: its SHA-256 is another");
        }
        found.erase(at);
    }
    for (const auto& [name, file] : found) out.push_back(name + " was not in the backup");
    return out;
}

}  // namespace mobilytics::server
