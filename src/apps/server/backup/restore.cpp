#include <charconv>
#include <stdexcept>

#include "apps/server/backup/backup.h"
#include "apps/server/backup/manifest.h"
#include "apps/server/backup/parts.h"
#include "apps/server/foundations.h"
#include "foundation/log.h"
#include "foundation/monotonic.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error(why); }

std::string lines(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += "\n  " + one;
    return out;
}

/// A backup that is to be read: its folder, unpacked where it is a file.
class Source {
  public:
    Source(const fs::path& from, const fs::path& beside) {
        if (!fs::exists(from)) refuse("there is no backup at " + from.string());
        folder_ = from;
        if (fs::is_directory(from)) return;
        unpacked_ = std::make_unique<Making>(beside, ".unpacked");
        fs::permissions(unpacked_->path(), fs::perms::owner_all);
        must_run(
            from.string() + " cannot be unpacked; it is damaged, or no .tar file",
            {"tar", "-C", unpacked_->path(), "--no-same-owner", "-xf", fs::absolute(from)});
        folder_ = unpacked_->path();
    }
    const fs::path& folder() const { return folder_; }

  private:
    fs::path folder_;
    std::unique_ptr<Making> unpacked_;
};

Manifest read_manifest(const fs::path& folder) {
    const auto text = crypto::read_file(folder / kManifestFile);
    const auto digest = crypto::read_file(folder / kManifestDigestFile);
    if (!text || !digest) {
        refuse(
            folder.string() + " is no backup, or not a whole one: it has no " +
            (text ? kManifestDigestFile : kManifestFile));
    }
    if (digest->substr(0, 64) != crypto::sha256_hex(*text)) {
        refuse(
            std::string(kManifestFile) +
            " is damaged: its SHA-256 is another; take another copy of this backup");
    }
    auto manifest = decode_manifest(*text);
    if (!manifest) {
        const bool is_newer = manifest.error().code == "newer_backup";
        refuse(
            manifest.error().message +
            (is_newer ? "; restore it by the program that made it, or a later one" : ""));
    }
    if (const auto why = newer(*manifest, known_migrations(), store::newest_duckdb_migration())) {
        refuse(
            "the backup was made by a newer program (" + manifest->product + "; this is " +
            MOBILYTICS_VERSION + "): " + *why + "; restore it by that one, or a later one");
    }
    if (const auto wrong = damage(*manifest, folder); !wrong.empty()) {
        refuse("the backup is not whole; take another copy of it:" + lines(wrong));
    }
    return *std::move(manifest);
}

std::uint64_t next_transaction(const Manifest& manifest) {
    std::uint64_t out = 0;
    const auto& text = manifest.next_transaction;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (bad != std::errc() || end != text.data() + text.size()) refuse("bad next_transaction");
    return out;
}

/// A database that is not ours to begin must be empty, and number its transactions above those that
/// order the rows of the backup: else what comes would seem to have been there before.
void check_given(pg::Survey& survey, const Manifest& manifest) {
    if (!survey.migrations().empty()) {
        refuse("the database of database.url has an installation already; name an empty one");
    }
    // Whoever is to own a function that looks past a wall may make nothing in its schema.
    if (survey.setting("is_superuser") != "on") {
        refuse(
            "to restore takes a superuser of that server, for functions go to roles that see past "
            "walls: name one in database.url for this command alone (MOBILYTICS_DATABASE_URL), and "
            "start the server with its own again");
    }
    const auto there = survey.next_transaction(), wanted = next_transaction(manifest);
    if (there >= wanted) return;
    refuse(
        "that server's next transaction is " + std::to_string(there) +
        ", and the backup's rows are ordered by transactions up to " + std::to_string(wanted) +
        ": reports that come would be taken for old. Restore into a PostgreSQL of our own (no "
        "database.url), or have that server begin later: stop it, and pg_resetwal --epoch=" +
        std::to_string((wanted >> 32) + 1));
}

void load(const pg::Address& owner, const Manifest& manifest, const fs::path& file) {
    // Who owns what matters: functions that look past a wall do so as who owns them.
    auto roles = manifest.roles;
    roles.push_back({manifest.owner, false, false});
    pg::make_roles(owner, roles);
    const auto environment = pg::environment_of(owner);
    std::string database;
    for (const auto& [name, value] : environment) {
        if (name == "PGDATABASE") database = value;
    }
    must_run(
        "the database cannot be restored",
        {POSTGRES_PROGRAMS "/pg_restore", "--exit-on-error", "--single-transaction",
         "--dbname=" + database, file},
        environment);
    const auto wrong = differences(manifest.tables, pg::Survey(owner).rows());
    if (!wrong.empty()) refuse("what was restored is not what was backed up:" + lines(wrong));
    must_run(
        "the database's statistics cannot be made",
        {POSTGRES_PROGRAMS "/vacuumdb", "--analyze-only", "--quiet", "--dbname=" + database},
        environment);
}

void restore_database(
    const Settings& settings, const RestoreOptions& options, const Manifest& manifest,
    const fs::path& dump, const fs::path& into) {
    if (const auto& given = settings.database.url.reveal(); !given.empty() && !options.verify) {
        const pg::Address owner{given};
        {
            pg::Survey survey(owner);
            check_given(survey, manifest);
        }
        return load(owner, manifest, dump);
    }
    services::PostgresConfig config;
    config.first_epoch = static_cast<std::uint32_t>((next_transaction(manifest) >> 32) + 1);
    const services::PrivatePostgres postgres(into / "postgres", config);
    load({postgres.url()}, manifest, dump);
}

void restore_store(const Manifest& manifest, const fs::path& file, const fs::path& into) {
    if (manifest.store_migrations.empty()) return;
    must_run("the store cannot be copied", {"cp", "--reflink=auto", file, into});
    const auto content = store::read_duckdb_content(into);
    const auto wrong = differences(manifest.store_tables, content.tables);
    if (!wrong.empty()) refuse("the store is not what was backed up:" + lines(wrong));
}

void check_keys(const Manifest& manifest, const RestoreOptions& options) {
    if (options.verify || options.without_keys) return;
    if (!manifest.has_keys) {
        refuse(
            "the backup has no keys: put a copy of pki/ into the data folder's place afterwards, "
            "and say --without-keys now; without one every sensor enrols again");
    }
    if (options.keys_sealed_by.empty()) {
        refuse(
            "the backup's keys are sealed: say --keys-sealed-by FILE, or --without-keys, after "
            "which every sensor enrols again");
    }
}

void restore_all(
    const Settings& settings, const RestoreOptions& options, const Manifest& manifest,
    const fs::path& from, const fs::path& into) {
    // What may be refused quickly goes first.
    if (!options.keys_sealed_by.empty() && manifest.has_keys) {
        open_keys(from / kKeysFile, options.keys_sealed_by, into);
    }
    restore_store(manifest, from / kStoreFile, into / "store.duckdb");
    if (fs::exists(from / kObjectsFolder)) {
        must_run(
            "files cannot be copied", {"cp", "-a", from / kObjectsFolder, into / kObjectsFolder});
    }
    restore_database(settings, options, manifest, from / kDatabaseFile, into);
}

}  // namespace

std::string restore(const Settings& settings, const RestoreOptions& options, const Clock& clock) {
    const Stopwatch took;
    if (options.from.empty()) refuse("say where from: --from FOLDER, or --from FILE.tar");
    if (!options.verify && !is_empty_or_missing(settings.data)) {
        refuse(
            fs::absolute(settings.data).string() +
            " is not empty; restore into a folder that is, or is not there, and move it afterwards");
    }
    const Source source(options.from, settings.data);
    const auto manifest = read_manifest(source.folder());
    check_keys(manifest, options);
    Making made(settings.data, options.verify ? ".verifying" : ".restoring");
    restore_all(settings, options, manifest, source.folder(), made.path());

    std::int64_t rows = 0;
    for (const auto& table : manifest.tables) rows += table.rows;
    for (const auto& table : manifest.store_tables) rows += table.rows;
    const auto compared = std::to_string(manifest.tables.size() + manifest.store_tables.size()) +
                          " tables, " + std::to_string(rows) +
                          " rows: the same as when they were backed up, " +
                          to_iso8601(manifest.made_at) + ".\n";
    log::info("restored", {{"seconds", took.seconds()}, {"rows", rows}, {"trial", options.verify}});
    if (options.verify) {
        if (fs::exists(settings.data)) {
            remember(settings.data, "verified.json", clock.now(), options.from);
        }
        return "Restored on trial, and thrown away again: " + compared;
    }
    made.keep();
    return "Restored to " + fs::absolute(settings.data).string() + ": " + compared +
           (options.keys_sealed_by.empty() ? "Without keys: sensors enrol again.\n" : "");
}

}  // namespace mobilytics::server
