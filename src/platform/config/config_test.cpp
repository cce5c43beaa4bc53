#include "platform/config/config.h"

#include <gtest/gtest.h>

namespace mobilytics::config {
namespace {

using namespace std::chrono_literals;

struct ConfigTest : testing::Test {
    ConfigTest() {
        book.section("http", "The dashboard and the API.")
            .field("address", address, "Where to listen.")
            .field("port", port, "port", "Of the dashboard.", {.min = 1})
            .field("wait_max", wait, "For a request to come whole.");
        book.section("database", "PostgreSQL.")
            .field("url", url, "Of the server.")
            .field("private", is_private, "Whether it is our own.");
    }
    std::string faults(std::string_view toml, std::map<std::string, std::string> environment = {}) {
        const auto read = book.read(toml, "m.toml", environment);
        std::string all;
        if (read) return all;
        for (const auto& [where, what] : read.error().faults) all += where + " " + what + "\n";
        return all;
    }

    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::chrono::milliseconds wait = 30s;
    Secret<std::string> url;
    bool is_private = true;
    Book book;
};

TEST_F(ConfigTest, TheEnvironmentStandsOverTheFile) {
    EXPECT_EQ(
        faults("[http]\nport = 9000\nwait_max = 5\n", {{"MOBILYTICS_HTTP_PORT", "9001"}}), "");
    EXPECT_EQ(port, 9001);
    EXPECT_EQ(wait, 5ms);
    EXPECT_EQ(address, "127.0.0.1");
}

TEST_F(ConfigTest, EveryFaultIsNamedWithItsPlaceAndNothingIsSet) {
    EXPECT_EQ(
        faults(
            "[http]\nprot = 1\nport = 70000\naddress = 7\n[database]\nprivate = \"yes\"\n",
            {{"MOBILYTICS_HTTP_WAIT_MAX", "soon"}, {"MOBILYTICS_HTTP_PORTS", "1"}}),
        "MOBILYTICS_HTTP_PORTS is no variable of ours: see `mobilytics config`\n"
        "m.toml:6 database.private is to be true or false\n"
        "m.toml:4 http.address is to be text, in quotes\n"
        "m.toml:3 http.port is to be at most 65535\n"
        "m.toml:2 http.prot is not known here; did you mean http.port?\n"
        "MOBILYTICS_HTTP_WAIT_MAX http.wait_max is to be a whole number\n");
    EXPECT_EQ(port, 8080);
}

TEST_F(ConfigTest, AFileThatIsNoTomlIsRefusedWithItsLine) {
    EXPECT_EQ(faults("[http]\nport = = 1\n").substr(0, 9), "m.toml:2 ");
}

TEST_F(ConfigTest, PrintsWhatIsInForceButNoSecret) {
    ASSERT_EQ(faults("[database]\nurl = \"postgres://me:hidden@host\"\n"), "");
    const auto printed = book.print();
    EXPECT_EQ(printed.find("hidden"), printed.npos);
    EXPECT_NE(
        printed.find(
            "# Of the server. MOBILYTICS_DATABASE_URL; from: m.toml:2\nurl = \"(secret)\"\n"),
        printed.npos)
        << printed;
    EXPECT_NE(
        printed.find(
            "# Of the dashboard. In port. MOBILYTICS_HTTP_PORT; from: default\nport = 8080\n"),
        printed.npos)
        << printed;
    EXPECT_EQ(url.reveal(), "postgres://me:hidden@host");
}

}  // namespace
}  // namespace mobilytics::config
