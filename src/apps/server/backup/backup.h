#pragma once
// Backups of an installation, and what makes an installation of one again. A backup is a folder, or
// that folder in a .tar file:
//
//   manifest.json(.sha256)   what it is and holds: see manifest.h
//   database.dump            PostgreSQL, as pg_dump has it; of fleet.salt no rows
//   store.duckdb             the store; no newer than the database, and measured on from there
//   objects/                 files
//   keys.sealed              pki/ and mobilytics.toml, for who has the key file; else it is not
//   there
//
// Salts are in no backup (fleet.salt is left out, and made anew), so that no pseudonym in it can be
// traced to an address; and what seals them is in it only sealed by another key, kept elsewhere.

#include <filesystem>
#include <optional>
#include <string>

#include "apps/server/settings.h"
#include "foundation/clock.h"
#include "platform/pg/connections.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::server {

struct BackupOptions {
    std::filesystem::path to;  // A folder that is empty or not there; or a file, NAME.tar.
    std::filesystem::path keys_sealed_by;  // Made where it is not there. Empty: keys are left out.
};

/// Whether the server is up or not. Says what was made. Throws what keeps it from being whole; then
/// nothing is at `to`.
std::string backup(const Settings& settings, const BackupOptions& options, const Clock& clock);

struct RestoreOptions {
    std::filesystem::path from;
    std::filesystem::path keys_sealed_by;
    bool without_keys = false;  // Sensors enrol again, and what was sealed stays so.
    bool verify = false;        // Into a place of its own, and thrown away again.
};

/// Makes settings.data of a backup, or a trial of it; every table is compared with what was backed
/// up. Says what was done. Throws std::runtime_error with the remedy; then settings.data is as it
/// was.
std::string restore(const Settings& settings, const RestoreOptions& options, const Clock& clock);

/// What is remembered of the last that went well, in the data folder: "last.json" of a backup,
/// "verified.json" of a trial restore. None where there was none.
std::optional<Instant> last_backup(const std::filesystem::path& data);
std::optional<Instant> last_verified(const std::filesystem::path& data);

/// The database of an installation, whether its server is up or not.
class OwnerAccess {
  public:
    explicit OwnerAccess(const Settings& settings);
    const pg::Address& address() const { return address_; }

  private:
    std::optional<services::PrivatePostgres> started_;  // Where nobody else runs it.
    pg::Address address_;
};

}  // namespace mobilytics::server
