#include "pipeline/sensor/pseudonym/company_opt_outs.h"

#include <filesystem>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "pipeline/sensor/pseudonym/opt_out.h"
#include "platform/crypto/files.h"

namespace mobilytics::sensor {
namespace {

namespace fs = std::filesystem;

constexpr Address kPhone{0xA4, 0x83, 0xE7, 0x01, 0x02, 0x03};
constexpr Address kOther{0xA4, 0x83, 0xE7, 0x01, 0x02, 0x04};
constexpr std::uint64_t kSecond = 1'000'000;

/// 00 01 02 … 1f.
Secret<std::string> counting_key() {
    std::string key;
    for (char i = 0; i < 32; ++i) key += i;
    return Secret<std::string>(key);
}

OptOutDigest digest_of(const Address& address) {
    const auto whole = crypto::Hmac(counting_key()).of(address);
    OptOutDigest out{};
    std::copy_n(whole.begin(), out.size(), out.begin());
    return out;
}

/// The platform, and what it was asked.
class Desk final : public OptOutPort {
  public:
    Result<std::optional<ToldOptOuts>> opt_outs(const std::string& version) override {
        asked.push_back(version);
        if (!answers) return fail(ErrorKind::unavailable, "no_answer", "");
        if (version == told.version) return std::nullopt;
        return std::optional(told);
    }
    void list(std::string version, std::vector<OptOutDigest> digests) {
        told = {std::move(version), counting_key(), std::move(digests)};
    }
    ToldOptOuts told{"none", {}, {}};
    bool answers = true;
    std::vector<std::string> asked;
};

class CompanyOptOutsTest : public testing::Test {
  protected:
    CompanyOptOutsTest() { fs::create_directories(folder); }
    ~CompanyOptOutsTest() override { fs::remove_all(folder); }
    const fs::path folder = fs::path(testing::TempDir()) / ("opt_outs_" + std::to_string(getpid()));
    const fs::path file = folder / kOptOutsFile;
    Desk desk;
};

TEST_F(CompanyOptOutsTest, TheDigestIsThatOfTheVector) {
    // By OpenSSL: printf '\xa4\x83\xe7\x01\x02\x03' | openssl dgst -sha256 -mac HMAC \
    //   -macopt hexkey:000102…1f
    const auto digest = digest_of(kPhone);
    EXPECT_EQ(
        crypto::to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}),
        "546ae18a5d4e69640c1fa62884620243");
}

TEST_F(CompanyOptOutsTest, WhoIsListedIsPassedOverAndNobodyElse) {
    CompanyOptOuts company(file);
    EXPECT_FALSE(company.settled());
    EXPECT_FALSE(company.has(kPhone));
    desk.list("a1", {digest_of(kPhone)});
    company.refresh(desk, 0);
    EXPECT_TRUE(company.settled());
    EXPECT_TRUE(company.has(kPhone));
    EXPECT_FALSE(company.has(kOther));
    OptOutList both = *OptOutList::parse("a4:83:e7:01:02:04");
    both.follow(company);
    EXPECT_TRUE(both.has(kPhone));
    EXPECT_TRUE(both.has(kOther));
    desk.list("a2", {});
    company.refresh(desk, 1'000 * kSecond);
    EXPECT_FALSE(company.has(kPhone));
}

TEST_F(CompanyOptOutsTest, AnAddressThatChangesByItselfIsNotLookedFor) {
    constexpr Address random{0xA6, 0x83, 0xE7, 0x01, 0x02, 0x03};
    constexpr Address group{0xA5, 0x83, 0xE7, 0x01, 0x02, 0x03};
    CompanyOptOuts company(file);
    desk.list("a1", {digest_of(random), digest_of(group)});
    company.refresh(desk, 0);
    EXPECT_FALSE(company.has(random));
    EXPECT_FALSE(company.has(group));
}

TEST_F(CompanyOptOutsTest, ItIsAskedForEveryTwoMinutesAndANewOneIsSaidToBeFollowedAtOnce) {
    CompanyOptOuts company(file);
    desk.list("a1", {digest_of(kPhone)});
    company.refresh(desk, 0);
    company.refresh(desk, 200'000);
    EXPECT_EQ(desk.asked, (std::vector<std::string>{"", "a1"}));
    company.refresh(desk, 200'000 + 120 * kSecond - 1);
    EXPECT_EQ(desk.asked.size(), 2u);
    company.refresh(desk, 200'000 + 120 * kSecond);
    EXPECT_EQ(desk.asked.size(), 3u);
}

TEST_F(CompanyOptOutsTest, WhereNobodyAnswersTheLastOneHoldsAlsoAfterAStart) {
    desk.list("a1", {digest_of(kPhone)});
    CompanyOptOuts(file).refresh(desk, 0);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    CompanyOptOuts again(file);
    EXPECT_TRUE(again.settled());
    EXPECT_EQ(again.version(), "a1");
    EXPECT_EQ(again.size(), 1u);
    desk.answers = false;
    again.refresh(desk, 0);
    again.refresh(desk, 29 * kSecond);
    EXPECT_TRUE(again.has(kPhone));
    EXPECT_EQ(desk.asked.size(), 2u);
    again.refresh(desk, 30 * kSecond);
    EXPECT_EQ(desk.asked.size(), 3u);
}

TEST_F(CompanyOptOutsTest, WhatIsKeptHasNoAddressAndWhatIsBrokenIsNotBelieved) {
    desk.list("a1", {digest_of(kPhone)});
    CompanyOptOuts(file).refresh(desk, 0);
    const auto kept = *crypto::read_file(file);
    EXPECT_EQ(kept.find("a483e7010203"), kept.npos);
    EXPECT_TRUE(read_opt_outs(kept));
    crypto::write_file(file, kept.substr(0, kept.size() / 2), crypto::Readable::by_owner);
    const CompanyOptOuts again(file);
    EXPECT_FALSE(again.settled());
    EXPECT_FALSE(again.has(kPhone));
}

TEST_F(CompanyOptOutsTest, WhatCannotBeKeptIsFollowedAllTheSame) {
    CompanyOptOuts company(folder / "missing" / kOptOutsFile);
    desk.list("a1", {digest_of(kPhone)});
    company.refresh(desk, 0);
    EXPECT_TRUE(company.has(kPhone));
}

TEST(OptOutsAnswer, IsReadStrictly) {
    const auto text = [](std::string version, std::string key, std::string digest) {
        return R"({"version":")" + version + R"(","key":")" + key + R"(","digests":[")" + digest +
               R"("]})";
    };
    const std::string key(64, 'a');
    const std::string digest(32, 'b');
    const auto told = read_opt_outs(text("0f", key, digest));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->version, "0f");
    EXPECT_EQ(told->key->reveal(), std::string(32, '\xAA'));
    ASSERT_EQ(told->digests.size(), 1u);
    EXPECT_EQ(told->digests[0][15], 0xBB);
    EXPECT_TRUE(read_opt_outs(R"({"version":"none","digests":[]})"));
    for (const auto& bad :
         {text("", key, digest), text("a\\r\\nX: y", key, digest), text("0f", "aa", digest),
          text("0f", key, "bb"), text("0f", key, std::string(32, 'x')),
          R"({"version":"0f","digests":[")" + digest + R"("]})", std::string(R"({"version":"0f"})"),
          std::string(R"({"version":1,"digests":[]})"),
          std::string(R"({"version":"0f","digests":[1],"key":")") + key + "\"}", std::string("[]"),
          std::string()}) {
        EXPECT_FALSE(read_opt_outs(bad)) << bad;
    }
}

}  // namespace
}  // namespace mobilytics::sensor
