#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"

namespace mobilytics::crypto {
namespace {

namespace fs = std::filesystem;

class CryptoTest : public testing::Test {
  protected:
    CryptoTest() { fs::create_directories(folder); }
    ~CryptoTest() override { fs::remove_all(folder); }
    static std::span<const std::uint8_t> bytes(std::string_view text) {
        return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    }

    const fs::path folder = testing::TempDir() + "mobilytics_crypto_" + std::to_string(getpid());
    const Instant now = *parse_iso8601("2026-08-21T09:30:00Z");
};

TEST_F(CryptoTest, DigestsAreThoseOfTheStandards) {
    // FIPS 180-4, and RFC 4231's second case.
    EXPECT_EQ(
        sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const Hmac hmac{Secret<std::string>("Jefe")};
    for (int again = 0; again < 2; ++again) {
        EXPECT_EQ(
            to_hex(hmac.of(bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}

TEST_F(CryptoTest, TextsOfBytes) {
    EXPECT_EQ(to_hex(std::string_view("\x00\xFF", 2)), "00ff");
    EXPECT_EQ(from_hex("00ff"), std::string("\x00\xFF", 2));
    for (const char* bad : {"0", "0g", "00 ff"}) EXPECT_FALSE(from_hex(bad)) << bad;
    EXPECT_EQ(to_base64url("\xFB\xFF"), "-_8");
    EXPECT_EQ(to_base32(std::string(1, '\xF8') + '\x01', 3), "Z00");
    EXPECT_EQ(normal_base32("7k3m-o il"), "7K3M011");
    EXPECT_EQ(random_bytes(16).size(), 16U);
    EXPECT_NE(random_bytes(16), random_bytes(16));
}

TEST_F(CryptoTest, APasswordIsKnownByItsHash) {
    const auto hash = hash_password(Secret<std::string>("a long sentence"));
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << hash;
    EXPECT_TRUE(verify_password(hash, Secret<std::string>("a long sentence")));
    EXPECT_FALSE(verify_password(hash, Secret<std::string>("a long sentencE")));
    EXPECT_FALSE(verify_password("no hash", Secret<std::string>("a long sentence")));
}

TEST_F(CryptoTest, AFileIsReplacedWhole) {
    write_file(folder / "key", "old", Readable::by_owner);
    write_file(folder / "key", "new", Readable::by_owner);
    EXPECT_EQ(read_file(folder / "key"), "new");
    EXPECT_EQ(fs::status(folder / "key").permissions() & fs::perms::mask, fs::perms(0600));
    EXPECT_EQ(read_file(folder / "none"), std::nullopt);
    EXPECT_THROW(write_file(folder / "no" / "key", "x", Readable::by_owner), std::system_error);
}

TEST_F(CryptoTest, WhatIsSealedOpensWithTheSameKeyAndSubjectOnly) {
    const SealedBox box(folder / "box.key");
    const auto sealed = box.seal(Secret<std::string>("salt"), "2026-08-21");
    EXPECT_EQ(SealedBox(folder / "box.key").open(sealed, "2026-08-21")->reveal(), "salt");
    EXPECT_FALSE(box.open(sealed, "2026-08-22"));
    EXPECT_FALSE(SealedBox(folder / "other.key").open(sealed, "2026-08-21"));
    auto bent = sealed;
    bent.back() = bent.back() == '0' ? '1' : '0';
    EXPECT_FALSE(box.open(bent, "2026-08-21"));
    EXPECT_FALSE(box.open("00", "2026-08-21"));
}

TEST_F(CryptoTest, AnAuthorityIsTheSameAfterAStart) {
    const Authority first(folder / "pki", now);
    const Authority again(folder / "pki", now);
    EXPECT_EQ(first.certificate_pem(), again.certificate_pem());
    EXPECT_EQ(first.pin().size(), 10U);
    EXPECT_TRUE(pin_fits(first.certificate_pem(), first.pin()));
    const Authority other(folder / "other", now);
    EXPECT_FALSE(pin_fits(other.certificate_pem(), first.pin()));
}

TEST_F(CryptoTest, ItSignsUnderTheNamesThatWeGive) {
    const Authority authority(folder / "pki", now);
    const auto key = make_key();
    const auto request = make_request(key, "somebody else");
    const auto signed_pem = authority.sign(
        request, {.common_name = "0190aa", .organization = "company", .hosts = {}}, now,
        std::chrono::days(365));
    ASSERT_TRUE(signed_pem);
    const auto info = read_certificate(*signed_pem);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->common_name, "0190aa");
    EXPECT_EQ(info->organization, "company");
    EXPECT_EQ(info->not_before, now - std::chrono::hours(1));
    EXPECT_EQ(info->not_after, now + std::chrono::days(365));
    EXPECT_EQ(info->serial.size(), 32U);
    EXPECT_EQ(key_digest_of_request(request), key_digest_of_request(make_request(key, "x")));
}

TEST_F(CryptoTest, ABadRequestIsRefused) {
    const Authority authority(folder / "pki", now);
    for (const std::string bad : {"", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END"}) {
        const auto refused = authority.sign(bad, {}, now, std::chrono::days(1));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, "bad_csr");
    }
    EXPECT_FALSE(read_certificate("nothing"));
}

TEST_F(CryptoTest, AKeyHas128BitsOfSecurityAtLeast) {
    const Authority authority(folder / "pki", now);
    const auto sign = [&](const std::string& kind) {
        const auto file = (folder / "request.pem").string();
        const auto command = "openssl req -new -nodes -subj /CN=x -keyout /dev/null -out " + file +
                             " -newkey " + kind + " >/dev/null 2>&1";
        EXPECT_EQ(std::system(command.c_str()), 0) << kind;
        const auto made =
            authority.sign(*read_file(file), {"x", "", {}}, now, std::chrono::days(1));
        return made ? "" : made.error().code;
    };
    EXPECT_EQ(sign("rsa:3072"), "");
    EXPECT_EQ(sign("ec -pkeyopt ec_paramgen_curve:prime256v1"), "");
    EXPECT_EQ(sign("rsa:2048"), "bad_csr");
    EXPECT_EQ(sign("ec -pkeyopt ec_paramgen_curve:prime192v1"), "bad_csr");
}

TEST_F(CryptoTest, OpensslAgreesWithChainAndRevocation) {
    const Authority authority(folder / "pki", SystemClock().now());
    const auto pem = *authority.sign(
        make_request(make_key(), "x"),
        {.common_name = "localhost", .organization = "", .hosts = {"localhost", "127.0.0.1"}},
        SystemClock().now(), std::chrono::days(30));
    write_file(folder / "leaf.pem", pem, Readable::by_all);
    const auto verify = [&](const std::vector<Revoked>& revoked) {
        write_file(
            folder / "list.pem", authority.revocation_list(revoked, SystemClock().now()),
            Readable::by_all);
        const auto command = "openssl verify -crl_check -CRLfile " +
                             (folder / "list.pem").string() + " -CAfile " +
                             (folder / "pki/authority.pem").string() + " " +
                             (folder / "leaf.pem").string() + " >/dev/null 2>&1";
        return std::system(command.c_str());
    };
    EXPECT_EQ(verify({}), 0);
    EXPECT_NE(verify({{read_certificate(pem)->serial, SystemClock().now()}}), 0);
}

TEST_F(CryptoTest, OfListsMadeAtOnceOpensslHeedsTheLast) {
    const auto now = SystemClock().now();
    const Authority authority(folder / "pki", now);
    std::vector<Revoked> revoked;
    std::vector<std::string> lists{authority.revocation_list(revoked, now)};
    std::vector<std::string> leaves;
    for (int i = 0; i < 3; ++i) {
        const auto name = "leaf" + std::to_string(i);
        const auto pem = *authority.sign(
            make_request(make_key(), name), {.common_name = name, .organization = "", .hosts = {}},
            now, std::chrono::days(30));
        leaves.push_back((folder / (name + ".pem")).string());
        write_file(leaves.back(), pem, Readable::by_all);
        if (i == 2) break;
        revoked.push_back({read_certificate(pem)->serial, now});
        lists.push_back(authority.revocation_list(revoked, now));
    }
    // Whatever the order in which it got them.
    std::sort(lists.begin(), lists.end());
    do {
        std::string all;
        for (const auto& list : lists) all += list;
        write_file(folder / "lists.pem", all, Readable::by_all);
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const auto command = "openssl verify -crl_check -CRLfile " +
                                 (folder / "lists.pem").string() + " -CAfile " +
                                 (folder / "pki/authority.pem").string() + " " + leaves[i] +
                                 " >/dev/null 2>&1";
            EXPECT_EQ(std::system(command.c_str()) == 0, i == 2) << i;
        }
    } while (std::next_permutation(lists.begin(), lists.end()));
}

TEST_F(CryptoTest, NoListIsOfTheFuture) {
    const auto now = *parse_iso8601("2026-08-21T09:30:00Z");
    const Authority authority(folder / "pki", now);
    const auto date_of = [&](const std::string& list) {
        write_file(folder / "list.pem", list, Readable::by_all);
        const auto command = "openssl crl -noout -lastupdate -crlnumber -in " +
                             (folder / "list.pem").string() + " > " + (folder / "said").string();
        EXPECT_EQ(std::system(command.c_str()), 0);
        return *read_file(folder / "said");
    };
    EXPECT_EQ(
        date_of(authority.revocation_list({}, now)),
        "lastUpdate=Aug 20 09:30:00 2026 GMT\ncrlNumber=0x6A86C918\n");
    EXPECT_EQ(
        date_of(authority.revocation_list({}, now)),
        "lastUpdate=Aug 20 09:30:01 2026 GMT\ncrlNumber=0x6A86C919\n");
    // A clock that is set back makes none older.
    EXPECT_EQ(
        date_of(authority.revocation_list({}, now - std::chrono::hours(1))),
        "lastUpdate=Aug 20 09:30:02 2026 GMT\ncrlNumber=0x6A86C91A\n");
    EXPECT_EQ(
        date_of(authority.revocation_list({}, now - std::chrono::days(2))),
        "lastUpdate=Aug 19 09:30:00 2026 GMT\ncrlNumber=0x6A857798\n");
}

}  // namespace
}  // namespace mobilytics::crypto
