#pragma once
// What a backup says of itself: what it was made of and by, what files it has, and by digests of
// their rows what its tables held.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/vocabulary.h"
#include "pipeline/store/store.h"
#include "platform/pg/migrate.h"
#include "platform/pg/survey.h"

namespace mobilytics::server {

struct BackupFile {
    std::string name;  // "objects/exports/a.csv", within the backup.
    std::int64_t bytes = 0;
    std::string sha256;
    friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct Manifest {
    static constexpr std::int64_t kFormat = 1;
    std::int64_t format = kFormat;
    std::string product;  // The version of the program that made it.
    Instant made_at;
    std::int64_t postgres_version = 0;  // 150007.
    std::string next_transaction;       // An xid8.
    std::string owner;                  // Of the database's tables.
    std::vector<pg::RoleRights> roles;
    std::vector<pg::AppliedMigration> migrations;
    std::vector<pg::TableRows> tables;
    std::vector<std::string> store_migrations;  // None where there was no store.
    std::vector<store::TableDigest> store_tables;
    bool has_keys = false;
    std::vector<BackupFile> files;
};

constexpr auto kManifestFile = "manifest.json";
constexpr auto kManifestDigestFile = "manifest.json.sha256";  // As sha256sum has it.
constexpr auto kDatabaseFile = "database.dump";
constexpr auto kStoreFile = "store.duckdb";
constexpr auto kKeysFile = "keys.sealed";
constexpr auto kObjectsFolder = "objects";

std::string encode(const Manifest& manifest);
/// invalid `bad_manifest`; `newer_backup`, of a format that is not known here.
Result<Manifest> decode_manifest(std::string_view text);

/// Why this program cannot take it: it was made by a newer one. None, when it can.
using KnownMigrations = std::vector<std::span<const pg::Migration>>;
std::optional<std::string> newer(
    const Manifest& manifest, const KnownMigrations& known, const std::string& store_newest);

/// All that is wrong with the files of the backup in `folder`: missing, damaged, not in its list.
std::vector<std::string> damage(const Manifest& manifest, const std::filesystem::path& folder);

/// Every file of `folder`, by name, without the manifest's own two.
std::vector<BackupFile> list_files(const std::filesystem::path& folder);

/// What differs between two lists of tables, in words; none when they are the same.
template <class Table>
std::vector<std::string> differences(
    const std::vector<Table>& wanted, const std::vector<Table>& found) {
    std::map<std::string, std::pair<const Table*, const Table*>> both;
    for (const auto& one : wanted) both[one.table].first = &one;
    for (const auto& one : found) both[one.table].second = &one;
    std::vector<std::string> out;
    for (const auto& [table, pair] : both) {
        const auto& [was, is] = pair;
        if (was == nullptr) {
            out.push_back(table + " was not in the backup");
        } else if (is == nullptr) {
            out.push_back(table + " is missing");
        } else if (*was != *is) {
            out.push_back(
                table + ": " + std::to_string(was->rows) + " rows were backed up, " +
                std::to_string(is->rows) + " are there" +
                (was->rows == is->rows ? ", and not the same" : ""));
        }
    }
    return out;
}

}  // namespace mobilytics::server
