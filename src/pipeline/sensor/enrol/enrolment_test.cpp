#include "pipeline/sensor/enrol/enrolment.h"

#include <fstream>

#include <gtest/gtest.h>

#include "pipeline/sensor/uplink/tiny_platform_test.h"

namespace mobilytics::sensor {
namespace {

namespace fs = std::filesystem;

TEST(ClaimCode, IsReadAsPeopleWriteIt) {
    const auto code = parse_claim_code("o1il2-3-4567 89abc-defgh");
    ASSERT_TRUE(code);
    EXPECT_EQ(
        code->text,
        "0111234567"
        "89ABCDEFGH");
    EXPECT_EQ(code->pin, "89ABCDEFGH");
    for (const char* bad : {"", "ABC", "01234-56789-ABCDE-FGHJ", "01234-56789-ABCDE-FGHJU"}) {
        const auto refused = parse_claim_code(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().code, "bad_claim_code");
    }
}

TEST(Endpoint, IsHostAndPort) {
    EXPECT_EQ(parse_endpoint("mqtts://broker.example:1883", "mqtts", 8883)->port, 1883);
    EXPECT_EQ(parse_endpoint("mqtts://broker.example/", "mqtts", 8883)->port, 8883);
    EXPECT_EQ(parse_endpoint("mqtts://[::1]:8883", "mqtts", 8883)->host, "::1");
    for (const char* bad :
         {"", "mqtt://x", "mqtts://", "mqtts://x:", "mqtts://x:0", "mqtts://x:y", "mqtts://x:99999",
          "mqtts://x/y"}) {
        EXPECT_FALSE(parse_endpoint(bad, "mqtts", 8883)) << bad;
    }
}

class EnrolmentTest : public testing::Test {
  protected:
    ~EnrolmentTest() override { fs::remove_all(folder); }
    static TinyPlatform& platform() {
        static TinyPlatform platform;
        return platform;
    }
    Result<Identity> join() {
        return enrol(
            {platform().open_url(), "01234-56789-" + platform().broker().authority().pin(),
             folder});
    }
    const fs::path folder =
        fs::temp_directory_path() / ("mobilytics_enrolment_" + std::to_string(getpid()));
};

TEST_F(EnrolmentTest, KeepsKeyCertificateAndIdentity) {
    const auto identity = join();
    ASSERT_TRUE(identity) << identity.error().message;
    EXPECT_EQ(identity->mqtt_url, platform().broker().url());
    EXPECT_EQ(identity->time_zone, "America/Chicago");
    EXPECT_EQ(identity->salt_mode, wire::SaltMode::standard);
    const auto files = credential_files(folder);
    EXPECT_EQ(fs::status(files.key).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(
        crypto::read_certificate(*crypto::read_file(files.certificate))->common_name,
        identity->device.uuid());
    const auto loaded = load_identity(folder);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(*loaded, *identity);
}

TEST_F(EnrolmentTest, AskedAgainIsTheSameSensor) {
    const auto first = join();
    ASSERT_TRUE(first);
    fs::remove(folder / "identity.json");  // As if the answer had been lost.
    EXPECT_EQ(load_identity(folder)->has_value(), false);
    const auto second = join();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->device, first->device);
}

TEST_F(EnrolmentTest, RefusesAnAuthorityThatTheCodeDoesNotName) {
    const crypto::Authority other(folder / "other", SystemClock().now());
    platform().authority_pem_told = other.certificate_pem();
    const auto refused = join();
    platform().authority_pem_told.clear();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "authority_mismatch");
    EXPECT_EQ(load_identity(folder)->has_value(), false);
}

TEST_F(EnrolmentTest, SaysWhyItWasRefused) {
    const std::vector<std::pair<Error, ErrorKind>> cases{
        {{ErrorKind::not_found, "unknown_claim", "no such code"}, ErrorKind::not_found},
        {{ErrorKind::conflict, "claim_taken", "taken"}, ErrorKind::conflict},
        {{ErrorKind::conflict, "claim_expired", "expired"}, ErrorKind::conflict}};
    for (const auto& [refusal, kind] : cases) {
        platform().refusal = refusal;
        const auto refused = join();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, refusal.code);
        EXPECT_EQ(refused.error().kind, kind);
        EXPECT_EQ(refused.error().message, refusal.message);
    }
    platform().refusal.code.clear();
    const auto nobody = enrol({"http://127.0.0.1:1", "0123456789ABCDEFGHJK", folder});
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, "no_answer");
    EXPECT_EQ(enrol({"ftp://x", "0123456789ABCDEFGHJK", folder}).error().code, "bad_url");
}

TEST_F(EnrolmentTest, OfADamagedFileIsNone) {
    fs::create_directories(folder);
    std::ofstream(folder / "identity.json") << R"({"device_id":"x"})";
    const auto loaded = load_identity(folder);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, "bad_identity");
}

}  // namespace
}  // namespace mobilytics::sensor
