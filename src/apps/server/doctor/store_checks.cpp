#include "apps/server/doctor/checks.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days kEndsSoon{21};
constexpr std::chrono::hours kBackupLate{36};
constexpr std::chrono::days kBackupGone{7};
constexpr std::chrono::days kTrialLate{10};  // Weekly, and some days more.

std::string days(std::chrono::microseconds span) {
    return std::to_string(std::chrono::floor<std::chrono::days>(span).count()) + " days";
}

}  // namespace

Finding check_store(const fs::path& data) {
    const auto file = data / "store.duckdb";
    if (!fs::exists(file)) {
        return {"store", Verdict::well, "there is no store yet; it is made when the server starts"};
    }
    const std::string remedy =
        "move it away: what was reported in the last 24 h is measured again; for what was before, "
        "restore a backup";
    try {
        const auto content = store::read_duckdb_content(file);
        if (content.migrations.empty() ||
            content.migrations.back() > store::newest_duckdb_migration()) {
            return {
                "store", Verdict::fault,
                "the store was made by a newer program: it is at " +
                    (content.migrations.empty() ? "none" : content.migrations.back()),
                "start the program that made it, or a later one"};
        }
        std::int64_t rows = 0;
        for (const auto& table : content.tables) rows += table.rows;
        return {"store", Verdict::well, "every row can be read: " + std::to_string(rows)};
    } catch (const Unavailable&) {
        return {"store", Verdict::well, "the server has it open"};
    } catch (const std::exception& failure) {
        return {
            "store", Verdict::fault, std::string("the store cannot be read: ") + failure.what(),
            remedy};
    }
}

Finding check_certificate(
    const std::string& check, const fs::path& certificate, const fs::path& key, Instant now) {
    const auto name = certificate.string();
    const auto pem = crypto::read_file(certificate);
    if (!pem) {
        return {
            check, Verdict::fault, "there is no " + name,
            "restore pki/ from a backup; without one every sensor enrols again"};
    }
    const auto info = crypto::read_certificate(*pem);
    const auto key_pem = crypto::read_file(key);
    if (!info || !key_pem || !crypto::is_pair(*pem, Secret(*key_pem))) {
        return {
            check, Verdict::fault,
            name + (!info ? " is no certificate" : " and " + key.string() + " are no pair"),
            "put the pair there that belongs together"};
    }
    const auto left = info->not_after - now;
    if (info->not_before > now) {
        return {
            check, Verdict::fault, name + " is not good before " + to_iso8601(info->not_before),
            "set the clock right, or get another"};
    }
    if (left <= left.zero()) {
        return {
            check, Verdict::fault, name + " ended " + to_iso8601(info->not_after),
            "renew it; those of pki/ are made anew when the server starts"};
    }
    const auto words = name + " is good for " + days(left);
    if (left > kEndsSoon) return {check, Verdict::well, words};
    return {
        check, Verdict::warning, words,
        "renew it; those of pki/ are made anew when the server starts"};
}

Finding check_backup(std::optional<Instant> last, Instant now) {
    const std::string remedy = "mobilytics backup --to FOLDER, every night: see docs/operation.md";
    if (!last) return {"backup", Verdict::warning, "there was never a backup", remedy};
    const auto age = now - *last;
    const auto words = "the last backup is of " + to_iso8601(*last);
    if (age > kBackupGone) return {"backup", Verdict::fault, words, remedy};
    if (age > kBackupLate) return {"backup", Verdict::warning, words, remedy};
    return {"backup", Verdict::well, words};
}

Finding check_verified(std::optional<Instant> last, Instant now) {
    const std::string remedy = "mobilytics restore --verify --from FOLDER, every week";
    if (!last) return {"restore", Verdict::warning, "no backup was ever restored on trial", remedy};
    const auto words = "the last trial of a backup was " + to_iso8601(*last);
    if (now - *last > kTrialLate) return {"restore", Verdict::warning, words, remedy};
    return {"restore", Verdict::well, words};
}

Finding check_dashboard(const fs::path& folder) {
    const auto name = fs::absolute(folder).string();
    if (fs::is_regular_file(folder / "index.html")) return {"dashboard", Verdict::well, name};
    return {
        "dashboard", Verdict::fault, "there is no index.html in " + name,
        "build it (script/build), or name its folder: http.dashboard"};
}

}  // namespace mobilytics::server
