#include "apps/server/backup/backup.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "apps/server/backup/manifest.h"
#include "apps/server/backup/parts.h"
#include "apps/server/backup/store_copies.h"
#include "foundation/log.h"
#include "foundation/monotonic.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/duckdb/duckdb.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kCopyMax{30};
/// Its rows are in no backup: they are secret, and a new one is made where there is none.
constexpr auto kSalts = "fleet.salt";
constexpr auto kNoRows = "0,0";

/// Of a file that nobody has open, its bytes; else a copy that the server makes. Whether there was
/// a store.
bool copy_store(const fs::path& data, const pg::Address& owner, const fs::path& to) {
    const auto file = data / "store.duckdb";
    if (!fs::exists(file)) return false;
    try {
        duckdb::Database held(file);  // Folds its log in, and keeps others out.
        held.connect()->command("backup.checkpoint", "FORCE CHECKPOINT");
        // By another process: were we to close that file, our lock on it would be gone.
        must_run("the store cannot be copied", {"cp", "--reflink=auto", file, to});
    } catch (const Unavailable&) {
        const auto copied = ask_for_copy(owner, data, kCopyMax);
        must_run("the store's copy cannot be moved", {"mv", copied, to});
    }
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
    return true;
}

/// The owner's; or of a role that may read all, where the owner may not.
pg::Address reader_of(const Settings& settings, const pg::Address& owner) {
    const auto& given = settings.database.backup_url.reveal();
    return given.empty() ? owner : pg::Address{given};
}

void dump(const pg::Address& reader, pg::Survey& survey, const fs::path& file) {
    if (!survey.self().sees_past_walls) {
        throw std::runtime_error(
            "the database's role " + survey.self().name +
            " does not see every company's rows, so that a backup would lack them: set "
            "database.backup_url to a role with BYPASSRLS, or back up by your PostgreSQL's own "
            "means");
    }
    must_run(
        "the database cannot be dumped",
        {POSTGRES_PROGRAMS "/pg_dump", "--format=custom", "--compress=3",
         "--lock-wait-timeout=60000", "--snapshot=" + survey.snapshot(),
         std::string("--exclude-table-data=") + kSalts, "--file=" + file.string()},
        pg::environment_of(reader));
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

void describe(pg::Survey& survey, Manifest& out) {
    out.postgres_version = survey.server_version();
    out.next_transaction = std::to_string(survey.next_transaction());
    out.owner = survey.owner().value_or("");
    out.roles = survey.roles();
    out.migrations = survey.migrations();
    if (out.migrations.empty()) throw std::runtime_error("nothing was ever installed here");
    out.tables = survey.rows();
    for (auto& table : out.tables) {
        if (table.table == kSalts) table = {kSalts, 0, kNoRows};
    }
}

void finish(const Manifest& manifest, const fs::path& folder) {
    const auto text = encode(manifest);
    crypto::write_file(folder / kManifestFile, text, crypto::Readable::by_owner);
    crypto::write_file(
        folder / kManifestDigestFile, crypto::sha256_hex(text) + "  " + kManifestFile + "\n",
        crypto::Readable::by_owner);
}

void put_in_place(Making& made, const fs::path& to) {
    if (!is_archive(to)) return made.keep();
    const auto half = to.string() + ".half";
    must_run("the backup cannot be packed", {"tar", "-C", made.path(), "-cf", half, "."});
    fs::permissions(half, fs::perms::owner_read | fs::perms::owner_write);
    fs::rename(half, to);
}

void refuse_taken(const fs::path& to) {
    if (to.empty()) throw std::runtime_error("say where to: --to FOLDER, or --to FILE.tar");
    if (is_archive(to) ? !fs::exists(to) : is_empty_or_missing(to)) return;
    throw std::runtime_error(
        to.string() + " is there already; name another, a backup replaces nothing");
}

}  // namespace

OwnerAccess::OwnerAccess(const Settings& settings) : address_{settings.database.url.reveal()} {
    if (!address_.server.empty()) return;
    const auto folder = settings.data / "postgres";
    if (!fs::exists(folder / "data")) {
        throw std::runtime_error("there is no database in " + fs::absolute(folder).string());
    }
    if (const auto running = services::PrivatePostgres::running(folder)) {
        address_.server = *running;
    } else {
        address_.server = started_.emplace(folder).url();
    }
}

std::string backup(const Settings& settings, const BackupOptions& options, const Clock& clock) {
    const Stopwatch took;
    refuse_taken(options.to);
    const OwnerAccess database(settings);
    Making made(options.to, ".making");
    fs::permissions(made.path(), fs::perms::owner_all);
    Manifest manifest;
    manifest.product = MOBILYTICS_VERSION;
    manifest.made_at = clock.now();
    // In this order: the store may lag behind the database, which has the reports that it has not
    // measured; and what rows speak of was put among the objects before.
    if (copy_store(settings.data, database.address(), made.path() / kStoreFile)) {
        auto content = store::read_duckdb_content(made.path() / kStoreFile);
        manifest.store_migrations = std::move(content.migrations);
        manifest.store_tables = std::move(content.tables);
    }
    const auto reader = reader_of(settings, database.address());
    {
        pg::Survey survey(reader);
        dump(reader, survey, made.path() / kDatabaseFile);
        describe(survey, manifest);
    }
    if (const auto objects = settings.data / kObjectsFolder; fs::exists(objects)) {
        must_run("files cannot be copied", {"cp", "-a", objects, made.path() / kObjectsFolder});
    }
    if (!options.keys_sealed_by.empty() && fs::exists(settings.data / "pki")) {
        seal_keys(settings.data, options.keys_sealed_by, made.path() / kKeysFile);
        manifest.has_keys = true;
    }
    manifest.files = list_files(made.path());
    finish(manifest, made.path());
    put_in_place(made, options.to);
    remember(settings.data, "last.json", manifest.made_at, options.to);

    std::int64_t bytes = 0, rows = 0;
    for (const auto& file : manifest.files) bytes += file.bytes;
    for (const auto& table : manifest.tables) rows += table.rows;
    for (const auto& table : manifest.store_tables) rows += table.rows;
    log::info("backed_up", {{"seconds", took.seconds()}, {"bytes", bytes}, {"rows", rows}});
    std::string told = "Backed up to " + fs::absolute(options.to).string() + ": " +
                       std::to_string(rows) + " rows, " + size_words(bytes) + ".\n";
    if (!manifest.has_keys) {
        told += "Without keys: keep " + fs::absolute(settings.data / "pki").string() +
                " elsewhere as well, or back up with --keys-sealed-by FILE; without them every "
                "sensor enrols again.\n";
    }
    return told;
}

}  // namespace mobilytics::server
