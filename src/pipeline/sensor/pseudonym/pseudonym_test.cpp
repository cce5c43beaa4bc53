#include <gtest/gtest.h>

#include "pipeline/sensor/pseudonym/opt_out.h"
#include "pipeline/sensor/pseudonym/pseudonymiser.h"
#include "pipeline/sensor/pseudonym/salts.h"

namespace mobilytics::sensor {
namespace {

namespace chrono = std::chrono;

constexpr Address kPhone{0xDA, 0xA1, 0x19, 0x01, 0x02, 0x03};

/// The salt 00 01 02 … 1f.
SaltPointer counting_salt() {
    Salt salt;
    salt.epoch = {1};
    salt.mode = wire::SaltMode::standard;
    std::string key;
    for (char i = 0; i < 32; ++i) key += i;
    salt.key = Secret<std::string>(key);
    return std::make_shared<const Salt>(std::move(salt));
}

TEST(Pseudonym, IsThatOfTheVectors) {
    // By OpenSSL: printf '\x01\xda\xa1\x19\x01\x02\x03' | openssl dgst -sha256 -mac HMAC \
    //   -macopt hexkey:000102…1f
    const Pseudonymiser with(counting_salt());
    EXPECT_EQ(with.pseudonym(wire::RadioKind::wifi, kPhone), 0x7AAFBB97B0CAC399u);
    EXPECT_EQ(with.pseudonym(wire::RadioKind::ble, kPhone), 0x3B947A6B7E89F0E1u);
}

TEST(Fingerprint, IsThatOfTheVectors) {
    const std::vector<std::uint8_t> coarse{0x01, 0x32, 0xDD, 0x00, 0x50, 0xF2, 0x08};
    const std::vector<std::uint8_t> fine{0x01, 0x04, 0x02, 0x04, 0x0B, 0x16, 0x32,
                                         0x00, 0xDD, 0x00, 0x50, 0xF2, 0x08, 0x00};
    const Pseudonymiser with(counting_salt());
    EXPECT_EQ(Pseudonymiser::coarse(coarse), 0x3914290Bu);
    EXPECT_EQ(with.fine(fine), 0x7612BB93u);
    EXPECT_EQ(Pseudonymiser::coarse({}), 0u);
    EXPECT_EQ(with.fine({}), 0u);
}

TEST(Pseudonym, OfAnotherSaltIsAnother) {
    const Pseudonymiser one(make_strict_salt());
    const Pseudonymiser other(make_strict_salt());
    EXPECT_NE(
        one.pseudonym(wire::RadioKind::wifi, kPhone),
        other.pseudonym(wire::RadioKind::wifi, kPhone));
    EXPECT_NE(one.salt().epoch, other.salt().epoch);
}

/// Hands out what it was given, and remembers what it was asked.
class Vault final : public SaltPort {
  public:
    Result<Salt> fetch(LocalDay day) override {
        asked.push_back(day.str());
        if (!answers) return fail(ErrorKind::unavailable, "no_answer", "");
        if (destroyed) return fail(ErrorKind::conflict, "salt_destroyed", "");
        if (mode == wire::SaltMode::strict) return fail(ErrorKind::forbidden, "strict_mode", "");
        return *counting_salt();
    }
    Result<InForce> in_force() override {
        ++confirmed;
        if (!answers) return fail(ErrorKind::unavailable, "no_answer", "");
        return InForce{mode, epochs};
    }
    bool answers = true;
    bool destroyed = false;
    wire::SaltMode mode = wire::SaltMode::standard;
    std::vector<wire::SaltEpoch> epochs{counting_salt()->epoch};
    std::vector<std::string> asked;
    int confirmed = 0;
};

constexpr std::string_view kZone = "America/Chicago";
const Instant kNoon = *parse_iso8601("2026-08-21T17:00:00Z");  // 12:00 in Chicago.
const Instant kEvening = *parse_iso8601("2026-08-22T00:00:00Z");

TEST(Salts, AreTheCompanysOnceTheyCame) {
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    const auto today = local_day(kNoon, kZone);
    const auto own = salts.of(today);
    EXPECT_EQ(own->mode, wire::SaltMode::strict);
    EXPECT_EQ(salts.of(today), own);
    EXPECT_FALSE(salts.settled());
    Vault vault;
    EXPECT_TRUE(salts.fetch_wanted(vault, kNoon, 0));
    EXPECT_EQ(vault.asked, std::vector<std::string>{"2026-08-21"});
    EXPECT_EQ(salts.of(today)->mode, wire::SaltMode::standard);
    EXPECT_TRUE(salts.settled());
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 0));
}

TEST(Salts, OfTomorrowAreFetchedInTheEvening) {
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    salts.of(local_day(kEvening, kZone));
    Vault vault;
    salts.fetch_wanted(vault, kEvening, 0);
    EXPECT_EQ(vault.asked, (std::vector<std::string>{"2026-08-21", "2026-08-22"}));
    EXPECT_EQ(salts.of(*LocalDay::parse("2026-08-22"))->mode, wire::SaltMode::standard);
}

TEST(Salts, ThatAreDestroyedAreNotAskedForAgain) {
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    const auto own = salts.of(local_day(kNoon, kZone));
    Vault vault;
    vault.destroyed = true;
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 0));
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 1'000'000'000));
    EXPECT_EQ(vault.asked.size(), 1u);
    EXPECT_EQ(salts.of(local_day(kNoon, kZone)), own);
    EXPECT_TRUE(salts.settled());
}

TEST(Salts, AreAskedForAgainWhenNobodyAnswered) {
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    salts.of(local_day(kNoon, kZone));
    Vault vault;
    vault.answers = false;
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 0));
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 29'000'000));
    EXPECT_EQ(vault.asked.size(), 1u);
    vault.answers = true;
    EXPECT_TRUE(salts.fetch_wanted(vault, kNoon, 30'000'000));
}

TEST(Salts, OfAStrictCompanyAreNeverAskedFor) {
    Salts salts(wire::SaltMode::strict, std::string(kZone));
    salts.of(local_day(kNoon, kZone));
    Vault vault;
    vault.mode = wire::SaltMode::strict;
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 0));
    EXPECT_TRUE(vault.asked.empty());
    EXPECT_TRUE(salts.settled());
}

TEST(Salts, AreForgottenWhereTheCompanyTurnsStrict) {
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    const auto today = local_day(kNoon, kZone);
    salts.of(today);
    Vault vault;
    ASSERT_TRUE(salts.fetch_wanted(vault, kNoon, 0));
    const std::weak_ptr company = salts.of(today);
    vault.mode = wire::SaltMode::strict;
    salts.fetch_wanted(vault, kNoon, 119'999'999);
    EXPECT_EQ(salts.of(today)->mode, wire::SaltMode::standard);
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 120'000'000));
    EXPECT_EQ(salts.of(today)->mode, wire::SaltMode::strict);
    EXPECT_TRUE(company.expired());
    EXPECT_EQ(vault.confirmed, 2);
    EXPECT_EQ(vault.asked.size(), 1u);
    EXPECT_TRUE(salts.settled());
}

TEST(Salts, AreTheCompanysAgainWhereItTurnsStandard) {
    Salts salts(wire::SaltMode::strict, std::string(kZone));
    const auto today = local_day(kNoon, kZone);
    salts.of(today);
    Vault vault;
    vault.mode = wire::SaltMode::strict;
    salts.fetch_wanted(vault, kNoon, 0);
    vault.mode = wire::SaltMode::standard;
    EXPECT_TRUE(salts.fetch_wanted(vault, kNoon, 120'000'000));
    EXPECT_EQ(salts.of(today)->mode, wire::SaltMode::standard);
}

TEST(Salts, ThatAreNotInForceAnyMoreAreForgottenAndNotAskedForAgain) {
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    const auto today = local_day(kNoon, kZone);
    salts.of(today);
    Vault vault;
    ASSERT_TRUE(salts.fetch_wanted(vault, kNoon, 0));
    vault.epochs.clear();
    EXPECT_FALSE(salts.fetch_wanted(vault, kNoon, 120'000'000));
    EXPECT_EQ(salts.of(today)->mode, wire::SaltMode::strict);
    EXPECT_EQ(vault.asked.size(), 1u);
    EXPECT_TRUE(salts.settled());
}

TEST(Salts, WhoMeansToFetchOneLearnsThatTheCompanyIsStrict) {
    Salts salts(wire::SaltMode::standard, std::string(kZone));
    const auto today = local_day(kNoon, kZone);
    salts.of(today);
    struct Stale final : SaltPort {
        Result<Salt> fetch(LocalDay) override {
            return fail(ErrorKind::forbidden, "strict_mode", "");
        }
        Result<InForce> in_force() override { return InForce{wire::SaltMode::standard, {}}; }
    } stale;
    EXPECT_FALSE(salts.fetch_wanted(stale, kNoon, 0));
    EXPECT_TRUE(salts.settled());
}

TEST(OptOut, ListsAddressesOnALineEach) {
    const auto list = OptOutList::parse(
        "# Asked by letter.\nda:a1:19:01:02:03\r\nAABBCCDDEEFF # by mail\n\n0-0-0\n");
    EXPECT_FALSE(list);
    EXPECT_EQ(list.error().code, "bad_opt_out");
    const auto good = OptOutList::parse("da:a1:19:01:02:03\nAA-BB-CC-DD-EE-FF # by mail\n\n");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->size(), 2u);
    EXPECT_TRUE(good->has(kPhone));
    EXPECT_TRUE(good->has({0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF}));
    EXPECT_FALSE(good->has({0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFE}));
}

}  // namespace
}  // namespace mobilytics::sensor
