// For each check a fault is planted, and found, with its remedy.

#include "apps/server/doctor/doctor.h"

#include <fstream>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "apps/server/backup/backup.h"
#include "apps/server/backup/parts.h"
#include "apps/server/doctor/checks.h"
#include "apps/server/foundations.h"
#include "foundation/clock_test.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/duckdb/duckdb.h"
#include "platform/duckdb/duckdb_test.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
const Instant kNow = *parse_iso8601("2026-08-21T09:30:00Z");

/// What is not well has a remedy, and only that.
void expect(const Finding& found, Verdict verdict, const std::string& told) {
    EXPECT_EQ(found.verdict, verdict) << found.check << ": " << found.told;
    EXPECT_THAT(found.told, HasSubstr(told)) << found.check;
    EXPECT_EQ(found.remedy.empty(), verdict == Verdict::well) << found.check;
}

class DoctorTest : public testing::Test {
  protected:
    void write(const fs::path& name, std::string_view content) {
        fs::create_directories((folder.path() / name).parent_path());
        std::ofstream(folder.path() / name) << content;
    }
    const duckdb::TemporaryFolder folder;
};

TEST_F(DoctorTest, AFolderThatIsNotThereOrNotOurs) {
    expect(check_folder(folder.path()), Verdict::well, folder.path().string());
    expect(check_folder(folder.path() / "none"), Verdict::fault, "there is no installation");
    write("file", "");
    expect(check_folder(folder.path() / "file"), Verdict::fault, "there is no installation");
    if (geteuid() == 0) return;  // Root may write everywhere.
    fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
    expect(check_folder(folder.path()), Verdict::fault, "may not write");
    fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST_F(DoctorTest, AKeyThatOthersMayRead) {
    expect(check_secrecy(folder.path()), Verdict::well, "alone");
    write("pki/authority.key", "k");
    write("pki/authority.pem", "c");  // May be read by all.
    const auto key = folder.path() / "pki/authority.key";
    fs::permissions(key, fs::perms::owner_read);
    expect(check_secrecy(folder.path()), Verdict::well, "alone");
    fs::permissions(key, fs::perms::owner_read | fs::perms::group_read);
    expect(check_secrecy(folder.path()), Verdict::fault, key.string());
}

TEST_F(DoctorTest, ADiskThatIsFull) {
    expect(check_space({100 * kGiB, 50 * kGiB, 1'000'000, 500'000}), Verdict::well, "50.0 GiB of");
    expect(check_space({100 * kGiB, 4 * kGiB, 1'000'000, 500'000}), Verdict::warning, "4.0 GiB of");
    expect(check_space({100 * kGiB, kGiB / 4, 1'000'000, 500'000}), Verdict::fault, "0.2 GiB of");
    expect(check_space({100 * kGiB, 50 * kGiB, 1'000'000, 999}), Verdict::fault, "999 files");
    expect(check_space({100 * kGiB, 50 * kGiB, 1'000'000, 5'000}), Verdict::warning, "5000 files");
    expect(check_space({100 * kGiB, 50 * kGiB, 0, 0}), Verdict::well, "GiB free");  // Btrfs.
    EXPECT_GT(space_of(folder.path()).bytes, 0u);
    EXPECT_THROW(space_of(folder.path() / "none"), std::system_error);
}

TEST_F(DoctorTest, LimitsThatAreTooLow) {
    expect(check_files_limit(65'536), Verdict::well, "65536");
    expect(check_files_limit(1'024), Verdict::warning, "1024 open files");
    EXPECT_GT(files_limit(), 0u);
    expect(check_memory(8 * kGiB, 2 * kGiB), Verdict::well, "8.0 GiB");
    expect(check_memory(2 * kGiB + kGiB / 4, 2 * kGiB), Verdict::warning, "2.2 GiB");
    expect(check_memory(kGiB, 2 * kGiB), Verdict::fault, "1.0 GiB, of which");
    EXPECT_GT(memory_bytes(), kGiB / 4);
}

TEST_F(DoctorTest, AClockThatIsWrong) {
    expect(check_offset("postgres", 100ms), Verdict::well, "+0.100 s");
    expect(check_offset("postgres", -2s), Verdict::warning, "-2.000 s");
    expect(check_offset("postgres", 10min), Verdict::fault, "+600.000 s");
    EXPECT_EQ(check_offset("postgres", 0s).check, "clock_postgres");
    expect(check_synchronized(true), Verdict::well, "NTP");
    expect(check_synchronized(false), Verdict::warning, "nobody says");
    const auto near = file_system_offset(folder.path(), SystemClock());
    EXPECT_LT(std::chrono::abs(near), 5s);
    const auto hour_ago = SystemClock().now() - 1h;
    EXPECT_GT(file_system_offset(folder.path(), ManualClock(hour_ago)), 59min);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(DoctorTest, APortThatIsTaken) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof(at)), 0);
    ASSERT_EQ(::listen(listener, 1), 0);
    socklen_t size = sizeof(at);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
    const auto port = ntohs(at.sin_port);

    auto all = listening();
    const auto ours = std::ranges::find(all, port, &Listening::port);
    ASSERT_NE(ours, all.end());
    EXPECT_EQ(ours->address, "127.0.0.1");
    EXPECT_EQ(ours->process, getpid());
    expect(
        check_port("port_http", port, true, all, {"apps_server_test"}), Verdict::well, "is ours");
    expect(
        check_port("port_http", port, false, all, {"mobilytics", "no such word"}), Verdict::fault,
        "is taken by process " + std::to_string(getpid()));
    ours->process = 0;
    expect(check_port("port_http", port, false, all, {"x"}), Verdict::fault, "another user");
    expect(check_port("port_http", port, true, all, {"x"}), Verdict::warning, "may not see");
    ::close(listener);
    all = listening();
    expect(check_port("port_http", port, false, all, {"x"}), Verdict::well, "is free");
    expect(check_port("port_http", port, true, all, {"x"}), Verdict::fault, "nobody listens");
}

TEST_F(DoctorTest, AServerThatIsNotReady) {
    expect(check_ready(std::nullopt), Verdict::well, "not up");
    expect(
        check_ready(R"({"ready":true,"checks":{"draining":false,"postgres":"ok"}})"), Verdict::well,
        "up and ready");
    expect(
        check_ready(R"({"ready":false,"checks":{"draining":false,"broker":"does not answer"}})"),
        Verdict::fault, "broker does not answer");
    expect(
        check_ready(R"({"ready":false,"checks":{"draining":true}})"), Verdict::fault,
        "draining is true");
    expect(check_ready(R"({"ready":true})"), Verdict::well, "up and ready");
    expect(check_ready(R"({"ready":false})"), Verdict::fault, "tells us no more");
    expect(check_ready("<html>"), Verdict::fault, "is not this server");
    expect(check_ready("{}"), Verdict::fault, "is not this server");
}

TEST_F(DoctorTest, PasswordsInTheClear) {
    Settings settings;
    expect(check_exposure(settings), Verdict::well, "this machine");
    settings.http.address = "0.0.0.0";
    expect(check_exposure(settings), Verdict::warning, "in the clear");
    settings.http.public_url = "https://ooh.example";
    expect(check_exposure(settings), Verdict::well, "by TLS");
}

TEST_F(DoctorTest, MetricsThatNobodyIsGiven) {
    Settings settings;
    expect(check_insiders(settings), Verdict::well, "this machine only");
    settings.http.public_url = "https://ooh.example";
    expect(check_insiders(settings), Verdict::warning, "nobody is given /metrics");
    settings.metrics.token = Secret<std::string>("sixteen or more of them");
    expect(check_insiders(settings), Verdict::well, "who shows metrics.token");
    settings.http.trusted_proxies = "10.0.0.0/8";
    expect(check_insiders(settings), Verdict::well, "this machine, and");
}

TEST_F(DoctorTest, AStoreThatIsDamagedOrNewer) {
    expect(check_store(folder.path()), Verdict::well, "no store yet");
    const auto file = folder.path() / "store.duckdb";
    const ManualClock clock(kNow);
    {
        const auto store = store::open_duckdb_store(file, {}, clock);
        store->learn(store::Company{CompanyId::fresh(kNow), "UTC", false});
    }
    expect(check_store(folder.path()), Verdict::well, "every row can be read");
    {
        duckdb::Database database(file);
        database.connect()->command(
            "test.newer",
            "INSERT INTO migration (module, file) VALUES "
            "('pipeline/store', '9999_add_wings.sql')");
    }
    expect(check_store(folder.path()), Verdict::fault, "made by a newer program");
    {
        std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
        damaged.seekp(5'000);
        damaged << std::string(20'000, 'x');
    }
    expect(check_store(folder.path()), Verdict::fault, "cannot be read");
}

TEST_F(DoctorTest, CertificatesThatEnd) {
    const auto pem = folder.path() / "a.pem", key = folder.path() / "a.key";
    const auto check = [&](Instant now) {
        return check_certificate("certificate_a", pem, key, now);
    };
    expect(check(kNow), Verdict::fault, "there is no " + pem.string());
    const crypto::Authority authority(folder.path() / "pki", kNow);
    const auto made = crypto::make_key();
    const auto request = crypto::make_request(made, "a");
    const auto days = std::chrono::days(90);
    write("a.pem", *authority.sign(request, {"a", "b", {"localhost"}}, kNow, days));
    expect(check(kNow), Verdict::fault, "are no pair");
    write("a.key", crypto::make_key().reveal());
    expect(check(kNow), Verdict::fault, "are no pair");
    write("a.key", made.reveal());
    expect(check(kNow), Verdict::well, "is good for 90 days");
    expect(check(kNow + std::chrono::days(80)), Verdict::warning, "is good for 10 days");
    expect(check(kNow + std::chrono::days(91)), Verdict::fault, "ended 2026-11-19");
    expect(check(kNow - std::chrono::days(1)), Verdict::fault, "is not good before");
    write("a.pem", "no certificate");
    expect(check(kNow), Verdict::fault, "is no certificate");
}

TEST_F(DoctorTest, ABackupThatIsOldOrWasNeverTried) {
    expect(check_backup(std::nullopt, kNow), Verdict::warning, "never a backup");
    expect(check_backup(kNow - 20h, kNow), Verdict::well, "2026-08-20T13:30");
    expect(check_backup(kNow - 40h, kNow), Verdict::warning, "2026-08-19");
    expect(check_backup(kNow - std::chrono::days(8), kNow), Verdict::fault, "2026-08-13");
    expect(check_verified(std::nullopt, kNow), Verdict::warning, "ever restored on trial");
    expect(check_verified(kNow - std::chrono::days(7), kNow), Verdict::well, "2026-08-14");
    expect(check_verified(kNow - std::chrono::days(11), kNow), Verdict::warning, "2026-08-10");
    EXPECT_EQ(last_backup(folder.path()), std::nullopt);
    remember(folder.path(), "last.json", kNow, "/somewhere");
    EXPECT_EQ(last_backup(folder.path()), kNow);
    EXPECT_EQ(last_verified(folder.path()), std::nullopt);
    write("backup/last.json", "torn");
    EXPECT_EQ(last_backup(folder.path()), std::nullopt);
}

TEST_F(DoctorTest, ADashboardThatWasNotBuilt) {
    expect(check_dashboard(folder.path()), Verdict::fault, "there is no index.html");
    write("index.html", "<!doctype html>");
    expect(check_dashboard(folder.path()), Verdict::well, folder.path().string());
}

TEST_F(DoctorTest, PostgresThatIsOldOrSetToLose) {
    expect(check_version(150007), Verdict::well, "PostgreSQL 15.7");
    expect(check_version(140011), Verdict::fault, "PostgreSQL 14.11 is older");
    expect(check_setting("fsync", "on"), Verdict::well, "fsync is on");
    expect(check_setting("fsync", "off"), Verdict::fault, "fsync is off");
    expect(check_setting("synchronous_commit", "off"), Verdict::fault, "synchronous_commit is off");
    expect(check_setting("synchronous_commit", "local"), Verdict::fault, "is local");
    expect(check_setting("synchronous_commit", "remote_apply"), Verdict::well, "remote_apply");
    expect(check_setting("full_page_writes", "off"), Verdict::fault, "half written");
    expect(check_setting("data_checksums", "off"), Verdict::warning, "unnoticed");
    expect(check_setting("wal_level", "minimal"), Verdict::warning, "wal_level is minimal");
    expect(check_setting("wal_level", "logical"), Verdict::well, "logical");
    expect(check_setting("wal_level", std::nullopt), Verdict::warning, "does not say");
    expect(check_connections(64, 30), Verdict::well, "64 connections");
    expect(check_connections(20, 30), Verdict::fault, "20 connections, of which we use up to 30");
}

class DoctorOfPostgresTest : public pg::PostgresTest {
  protected:
    DoctorOfPostgresTest() : PostgresTest({}) {}
    void run(const std::string& sql) { pg::Connection(owner, 0ms).command("test.run", sql); }
};

TEST_F(DoctorOfPostgresTest, RolesWallsAndMigrationsThatSomebodyChanged) {
    expect(
        check_migrations(pg::Survey(owner).migrations(), known_migrations()), Verdict::fault,
        "nothing was ever installed");
    expect(check_roles({}), Verdict::fault, "mobilytics_app, mobilytics_system, ");
    pg::migrate(owner, known_migrations());
    expect(
        check_migrations(pg::Survey(owner).migrations(), known_migrations()), Verdict::well,
        "all of them");
    expect(check_walls(pg::Survey(owner).unwalled()), Verdict::well, "every company's table");
    expect(check_roles(pg::Survey(owner).roles()), Verdict::well, "none sees past a wall");

    run("ALTER TABLE assets.asset NO FORCE ROW LEVEL SECURITY");
    expect(check_walls(pg::Survey(owner).unwalled()), Verdict::fault, "assets.asset");
    run("DELETE FROM app.migration WHERE module = 'domains/assets'");
    expect(
        check_migrations(pg::Survey(owner).migrations(), known_migrations()), Verdict::warning,
        "not yet applied: domains/assets/0001");
    run("INSERT INTO app.migration (module, file) VALUES ('domains/assets', '9999_add_wings.sql')");
    expect(
        check_migrations(pg::Survey(owner).migrations(), known_migrations()), Verdict::fault,
        "newer than this program: domains/assets/9999_add_wings.sql");
    expect(
        check_roles({{"mobilytics_app", true}, {"mobilytics_system", false}}), Verdict::fault,
        "mobilytics_app sees every company's rows");
    // Of a server of tests, which is thrown away.
    expect(
        check_setting("fsync", pg::Survey(owner).setting("fsync")), Verdict::fault, "fsync is off");
}

TEST_F(DoctorTest, AllOfItGoesOnWhereSomethingFails) {
    Settings settings;
    settings.data = folder.path();
    settings.http.port = 1;
    settings.devices.https_port = 2;
    settings.devices.mqtt_port = 3;
    settings.database.url = Secret<std::string>("host=/no/such/folder user=x dbname=y");
    settings.http.dashboard = (folder.path() / "dashboard").string();
    const auto findings = examine(settings, SystemClock());
    const auto at = [&](const char* check) {
        const auto found = std::ranges::find(findings, check, &Finding::check);
        return found != findings.end() ? *found : Finding{"missing", Verdict::well, ""};
    };
    expect(at("postgres"), Verdict::fault, "/no/such/folder");
    expect(at("dashboard"), Verdict::fault, "no index.html");
    expect(at("certificate_server"), Verdict::fault, "there is no");
    expect(at("backup"), Verdict::warning, "never");
    expect(at("store"), Verdict::well, "no store yet");
    expect(at("server"), Verdict::well, "not up");
    expect(at("port_mqtt"), Verdict::well, "port 3 is free");
    EXPECT_EQ(exit_status(findings), 1);
    for (const auto& one : findings) {
        EXPECT_EQ(one.remedy.empty(), one.verdict == Verdict::well) << one.check;
    }
    settings.data = folder.path() / "none";
    EXPECT_EQ(examine(settings, SystemClock()).front().verdict, Verdict::fault);
}

TEST(Doctor, WhatItSaysAndHowItEnds) {
    const std::vector<Finding> well{{"a", Verdict::well, "good"}};
    const std::vector<Finding> both{
        {"a", Verdict::fault, "bad", "do that"}, {"b", Verdict::warning, "so so", "do this"}};
    EXPECT_EQ(exit_status(well), 0);
    EXPECT_EQ(exit_status(both), 1);
    EXPECT_EQ(exit_status({both[1]}), 3);
    EXPECT_EQ(
        told(both),
        "warning  b                       so so\n         to mend it: do this\n"
        "fault    a                       bad\n         to mend it: do that\n"
        "0 well, 1 to be looked at, 1 wrong\n");
    EXPECT_EQ(
        told_json(both), R"({"verdict":"fault","checks":[)"
                         R"({"check":"a","verdict":"fault","told":"bad","remedy":"do that"},)"
                         R"({"check":"b","verdict":"warning","told":"so so","remedy":"do this"}]})"
                         "\n");
}

}  // namespace
}  // namespace mobilytics::server
