#include "platform/services/private_mosquitto.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foundation/monotonic.h"
#include "platform/services/private_mosquitto_test.h"

namespace mobilytics::services {
namespace {

using namespace std::chrono_literals;

const std::string kOne(32, '1');
const std::string kTwo(32, '2');

struct Said {
    int exit_code = 0;
    std::string text;
};

/// Mosquitto's own clients are the witnesses here.
class PrivateMosquittoTest : public testing::Test {
  protected:
    static Said run(const std::string& command) {
        FILE* pipe = popen((command + " 2>&1").c_str(), "r");
        Said out;
        std::array<char, 4096> part{};
        while (std::fgets(part.data(), part.size(), pipe) != nullptr) out.text += part.data();
        out.exit_code = WEXITSTATUS(pclose(pipe));
        return out;
    }
    Said run(const std::string& program, const ClientFiles& as, const std::string& rest) const {
        return run(
            program + " -V mqttv5 -i witness -h 127.0.0.1 -p " + std::to_string(test.port()) +
            " --cafile " + as.authority.string() + " --cert " + as.certificate.string() +
            " --key " + as.key.string() + " " + rest);
    }
    Said tell(const ClientFiles& as, const std::string& topic, const std::string& text) const {
        return run("mosquitto_pub", as, "-q 1 -r -t " + topic + " -m " + text);
    }
    /// All that is retained, and may be seen.
    std::string hears(const ClientFiles& as) const {
        return run("mosquitto_sub", as, "-q 1 -v -W 1 -t 'mob/v1/#' -t '#'").text;
    }

    TestBroker test;
    const ClientFiles gateway = test.client(std::string(kGatewayName));
    const ClientFiles one = test.client(kOne);
    const ClientFiles two = test.client(kTwo);
};

TEST_F(PrivateMosquittoTest, ADeviceWritesItsReportsAndReadsItsAcknowledgements) {
    EXPECT_EQ(tell(gateway, "mob/v1/" + kOne + "/ack", "for_one").exit_code, 0);
    EXPECT_EQ(tell(gateway, "mob/v1/" + kTwo + "/ack", "for_two").exit_code, 0);
    EXPECT_THAT(
        hears(one), testing::AllOf(
                        testing::HasSubstr("mob/v1/" + kOne + "/ack for_one\n"),
                        testing::Not(testing::HasSubstr("for_two"))));

    tell(one, "mob/v1/" + kOne + "/reports", "from_one");
    tell(one, "mob/v1/" + kTwo + "/reports", "as_two");
    tell(one, "mob/v1/" + kOne + "/ack", "forged");
    tell(one, "elsewhere", "stray");
    EXPECT_THAT(
        hears(gateway),
        testing::AllOf(
            testing::HasSubstr("mob/v1/" + kOne + "/reports from_one\n"),
            testing::HasSubstr("mob/v1/" + kOne + "/ack for_one\n"),
            testing::Not(testing::HasSubstr("as_two")), testing::Not(testing::HasSubstr("forged")),
            testing::Not(testing::HasSubstr("stray"))));
}

TEST_F(PrivateMosquittoTest, OnlyOurAuthoritysCertificatesGetIn) {
    const std::string topic = "mob/v1/" + kOne + "/reports";
    const std::string server = "mosquitto_pub -V mqttv5 -i witness -h 127.0.0.1 -p " +
                               std::to_string(test.port()) + " -q 1 -t " + topic + " -m x";
    EXPECT_NE(run(server).exit_code, 0);
    EXPECT_NE(run(server + " --cafile " + one.authority.string()).exit_code, 0);
    TestBroker other;
    auto foreign = other.client(kOne);
    foreign.authority = one.authority;
    EXPECT_NE(tell(foreign, topic, "foreign").exit_code, 0);
    EXPECT_EQ(tell(one, topic, "own").exit_code, 0);
}

TEST_F(PrivateMosquittoTest, SpeaksOnlyWhatIsRecommended) {
    const auto agreed = [&](const std::string& with) {
        const auto said =
            run("openssl s_client -connect 127.0.0.1:" + std::to_string(test.port()) + " -CAfile " +
                one.authority.string() + " -cert " + one.certificate.string() + " -key " +
                one.key.string() + " " + with + " </dev/null")
                .text;
        const auto at = said.find("Cipher is ");
        return at == said.npos ? said : said.substr(at + 10, said.find('\n', at) - at - 10);
    };
    EXPECT_EQ(agreed("-tls1_3"), "TLS_AES_256_GCM_SHA384");
    const std::string good = "ECDHE-ECDSA-AES128-GCM-SHA256";
    EXPECT_EQ(agreed("-tls1_2 -cipher " + good), good);
    EXPECT_EQ(agreed("-tls1_1 -cipher ALL:@SECLEVEL=0"), "(NONE)");
    EXPECT_EQ(agreed("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"), "(NONE)");
}

TEST_F(PrivateMosquittoTest, IsStartedAgainAtTheSamePortWhenItIsKilled) {
    const auto& server = test.broker().server();
    kill(server.pid(), SIGKILL);
    const Deadline deadline(10s);
    while (server.restarts() < 1 || !server.healthy()) {
        ASSERT_FALSE(deadline.passed());
        std::this_thread::sleep_for(5ms);
    }
    EXPECT_EQ(tell(one, "mob/v1/" + kOne + "/reports", "again").exit_code, 0);
}

TEST_F(PrivateMosquittoTest, WhoIsRevokedIsShutOutWithoutARestart) {
    const std::string topic = "mob/v1/" + kOne + "/reports";
    EXPECT_EQ(tell(one, topic, "before").exit_code, 0);
    test.revoke(one, kOne);
    const Deadline deadline(10s);
    while (tell(one, topic, "after").exit_code == 0) ASSERT_FALSE(deadline.passed());
    EXPECT_EQ(tell(two, "mob/v1/" + kTwo + "/reports", "still").exit_code, 0);
    EXPECT_EQ(test.broker().server().restarts(), 0U);
}

TEST_F(PrivateMosquittoTest, OfTwoListsInASecondTheSecondCounts) {
    const std::string topic = "mob/v1/" + kTwo + "/reports";
    EXPECT_EQ(tell(two, topic, "before").exit_code, 0);
    test.revoke(one, kOne);
    test.revoke(two, kTwo);
    const Deadline deadline(10s);
    while (tell(two, topic, "after").exit_code == 0) ASSERT_FALSE(deadline.passed());
    // The second list does not name the first's.
    EXPECT_EQ(tell(one, "mob/v1/" + kOne + "/reports", "again").exit_code, 0);
}

TEST(PrivateMosquitto, SaysWhyItDoesNotStart) {
    try {
        const PrivateMosquitto broker({"no", "certificate", Secret(std::string("at")), "all"});
        FAIL();
    } catch (const std::runtime_error& why) {
        EXPECT_THAT(why.what(), testing::HasSubstr("mosquitto does not start"));
        EXPECT_THAT(why.what(), testing::HasSubstr("Unable to load"));
    }
}

}  // namespace
}  // namespace mobilytics::services
