#include "apps/server/backup/manifest.h"

#include <fstream>

#include <gmock/gmock.h>

#include "platform/crypto/digest.h"
#include "platform/duckdb/duckdb_test.h"

namespace mobilytics::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Manifest manifest() {
    Manifest out;
    out.product = "0.1.0";
    out.made_at = *parse_iso8601("2026-08-21T09:30:00Z");
    out.postgres_version = 150007;
    out.next_transaction = "18446744073709551615";
    out.owner = "postgres";
    out.roles = {{"mobilytics_app", false, true}, {"mobilytics_door", false, false}};
    out.migrations = {{"domains/assets", "0001_create_assets.sql"}};
    out.tables = {{"assets.asset", 3, "1,-2"}};
    out.store_migrations = {"0001_create_radio.sql"};
    out.store_tables = {{"company", 1, "7"}};
    out.has_keys = true;
    out.files = {{"objects/a b.csv", 3, crypto::sha256_hex("abc")}};
    return out;
}

TEST(Manifest, ComesBackAsItWas) {
    const auto read = decode_manifest(encode(manifest()));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(encode(*read), encode(manifest()));
    EXPECT_EQ(read->next_transaction, "18446744073709551615");
    EXPECT_EQ(read->files, manifest().files);
}

TEST(Manifest, WhatIsNoneIsRefused) {
    EXPECT_EQ(decode_manifest("[1").error().code, "bad_manifest");
    EXPECT_EQ(decode_manifest("{}").error().code, "bad_manifest");
    auto text = encode(manifest());
    text.replace(text.find("\"format\":1"), 10, "\"format\":2");
    EXPECT_EQ(decode_manifest(text).error().code, "newer_backup");
    for (const auto* name : {"../a", "/etc/passwd", "a/../../b", ""}) {
        auto out = manifest();
        out.files[0].name = name;
        EXPECT_EQ(decode_manifest(encode(out)).error().code, "bad_manifest") << name;
    }
}

TEST(Manifest, OneOfANewerProgramIsKnownForIt) {
    constexpr pg::Migration kAssets[] = {{"domains/assets", "0001_create_assets.sql", ""}};
    const KnownMigrations known{kAssets};
    EXPECT_EQ(newer(manifest(), known, "0001_create_radio.sql"), std::nullopt);
    EXPECT_THAT(*newer(manifest(), {}, "0001_create_radio.sql"), HasSubstr("domains/assets"));
    EXPECT_THAT(*newer(manifest(), known, "0000_x.sql"), HasSubstr("its store is at 0001"));
    auto later = manifest();
    later.migrations[0].file = "0002_add_wings.sql";
    EXPECT_THAT(*newer(later, known, "0001_create_radio.sql"), HasSubstr("0002_add_wings.sql"));
}

TEST(Manifest, DamageIsFoundAndNamed) {
    const duckdb::TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "objects");
    const auto write = [&](const char* name, const char* content) {
        std::ofstream(folder.path() / name) << content;
    };
    write("objects/a b.csv", "abc");
    write(kManifestFile, "of no matter here");
    EXPECT_THAT(damage(manifest(), folder.path()), IsEmpty());
    EXPECT_EQ(list_files(folder.path()), manifest().files);
    write("objects/a b.csv", "abd");
    EXPECT_THAT(
        damage(manifest(), folder.path()),
        ElementsAre("objects/a b.csv is damaged: its SHA-256 is another"));
    write("objects/a b.csv", "ab");
    write("stray", "");
    EXPECT_THAT(
        damage(manifest(), folder.path()),
        ElementsAre(
            "objects/a b.csv is damaged: it has 2 bytes, and had 3",
            "stray was not in the backup"));
    std::filesystem::remove(folder.path() / "stray");
    std::filesystem::remove(folder.path() / "objects/a b.csv");
    EXPECT_THAT(damage(manifest(), folder.path()), ElementsAre("objects/a b.csv is missing"));
}

TEST(Manifest, TablesThatDifferAreNamed) {
    using Tables = std::vector<pg::TableRows>;
    const Tables was{{"a", 1, "x"}, {"b", 2, "y"}, {"c", 3, "z"}};
    EXPECT_THAT(differences(was, was), IsEmpty());
    EXPECT_THAT(
        differences(was, Tables{{"a", 1, "w"}, {"b", 5, "y"}, {"d", 0, "0,0"}}),
        ElementsAre(
            "a: 1 rows were backed up, 1 are there, and not the same",
            "b: 2 rows were backed up, 5 are there", "c is missing", "d was not in the backup"));
}

}  // namespace
}  // namespace mobilytics::server
