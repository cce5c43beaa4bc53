#include "apps/server/settings.h"

#include <gtest/gtest.h>

#include "platform/crypto/files.h"
#include "platform/duckdb/duckdb_test.h"

namespace mobilytics::server {
namespace {

class SettingsTest : public testing::Test {
  protected:
    /// The first fault, or nothing.
    std::string fault(const std::map<std::string, std::string>& environment) {
        settings = {};
        settings.data = folder.path();
        auto book = settings.book();
        const auto good = read(settings, book, {}, environment);
        return good ? "" : good.error().faults.at(0).pointer + " " + good.error().faults[0].detail;
    }
    std::string file(const char* name, const std::string& content) {
        const auto path = folder.path() / name;
        crypto::write_file(path, content, crypto::Readable::by_owner);
        return path.string();
    }
    const duckdb::TemporaryFolder folder;
    Settings settings;
};

TEST_F(SettingsTest, TheTokenOfMetricsIsSaidOrIsAFiles) {
    EXPECT_EQ(fault({}), "");
    EXPECT_TRUE(settings.metrics.token.empty());
    EXPECT_EQ(fault({{"MOBILYTICS_METRICS_TOKEN", "sixteen or more characters"}}), "");
    EXPECT_EQ(settings.metrics.token.reveal(), "sixteen or more characters");
    const auto whole = file("token", "another of sixteen or more\n");
    EXPECT_EQ(fault({{"MOBILYTICS_METRICS_TOKEN_FILE", whole}}), "");
    EXPECT_EQ(settings.metrics.token.reveal(), "another of sixteen or more");
}

TEST_F(SettingsTest, ATokenThatKeepsNobodyOutIsRefused) {
    const auto whole = file("token", "another of sixteen or more\n");
    EXPECT_EQ(
        fault({{"MOBILYTICS_METRICS_TOKEN", "fifteen letters"}}),
        "metrics.token has 16 characters at least");
    EXPECT_EQ(
        fault({{"MOBILYTICS_METRICS_TOKEN_FILE", file("empty", "\n")}}),
        "metrics.token_file is empty");
    EXPECT_EQ(
        fault({{"MOBILYTICS_METRICS_TOKEN_FILE", "/nowhere/token"}}),
        "metrics.token_file cannot be read: /nowhere/token");
    EXPECT_EQ(
        fault(
            {{"MOBILYTICS_METRICS_TOKEN_FILE", whole},
             {"MOBILYTICS_METRICS_TOKEN", "sixteen or more characters"}}),
        "metrics.token_file goes without metrics.token: set one of them");
}

TEST_F(SettingsTest, AProxyThatIsNotNamedIsKnownByThePublicUrl) {
    EXPECT_EQ(fault({}), "");
    EXPECT_FALSE(settings.has_unnamed_proxy());
    EXPECT_EQ(fault({{"MOBILYTICS_HTTP_PUBLIC_URL", "https://ads.example.com"}}), "");
    EXPECT_TRUE(settings.has_unnamed_proxy());
    settings.http.trusted_proxies = "127.0.0.1";
    EXPECT_FALSE(settings.has_unnamed_proxy());
}

}  // namespace
}  // namespace mobilytics::server
