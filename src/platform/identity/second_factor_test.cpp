#include "platform/identity/second_factor.h"

#include <array>
#include <set>

#include <gtest/gtest.h>

#include "platform/identity/identity_test.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {
namespace {

const Secret<std::string> kRfcSecret{std::string("12345678901234567890")};

Instant at_second(std::int64_t second) { return Instant(std::chrono::seconds(second)); }

TEST(Totp, CodesAreThoseOfTheRfcs) {
    // RFC 4226, appendix D.
    const std::array<const char*, 10> hotp{"755224", "287082", "359152", "969429", "338314",
                                           "254676", "287922", "162583", "399871", "520489"};
    for (std::size_t i = 0; i < hotp.size(); ++i) {
        EXPECT_EQ(totp_code(kRfcSecret, static_cast<std::int64_t>(i)), hotp[i]);
    }
    // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    const std::array<std::pair<std::int64_t, const char*>, 6> totp{
        {{59, "287082"},
         {1111111109, "081804"},
         {1111111111, "050471"},
         {1234567890, "005924"},
         {2000000000, "279037"},
         {20000000000, "353130"}}};
    for (const auto& [second, code] : totp) {
        EXPECT_EQ(totp_code(kRfcSecret, totp_step(at_second(second))), code);
    }
}

TEST(Totp, OathtoolAgrees) {
    for (int i = 0; i < 20; ++i) {
        const auto secret = make_totp_secret();
        const std::int64_t second = 1'780'000'000 + 86'413 * i;
        EXPECT_EQ(
            totp_code(secret, totp_step(at_second(second))),
            said_by(
                "oathtool --totp -b " + totp_secret_text(secret).reveal() + " -N @" +
                std::to_string(second)));
    }
}

TEST(Totp, ACodeIsGoodForItsStepAndOneBesideIt) {
    const auto now = at_second(1'780'000'000);
    const auto step = totp_step(now);
    for (std::int64_t beside = -2; beside <= 2; ++beside) {
        const auto found =
            check_totp(kRfcSecret, totp_code(kRfcSecret, step + beside), now, std::nullopt);
        if (beside == -2 || beside == 2) {
            EXPECT_EQ(found.error().code, "wrong_code") << beside;
        } else {
            EXPECT_EQ(found, step + beside);
        }
    }
    auto spaced = totp_code(kRfcSecret, step);
    spaced.insert(3, " ");
    EXPECT_EQ(check_totp(kRfcSecret, spaced, now, std::nullopt), step);
    for (const char* bad : {"", "12345", "1234567", "abcdef", "28708２"}) {
        EXPECT_EQ(check_totp(kRfcSecret, bad, now, std::nullopt).error().code, "wrong_code") << bad;
    }
}

TEST(Totp, ACodeOpensOnceAndNoneBeforeItAfterwards) {
    const auto now = at_second(1'780'000'000);
    const auto step = totp_step(now);
    const auto first = check_totp(kRfcSecret, totp_code(kRfcSecret, step), now, step - 1);
    ASSERT_EQ(first, step);
    for (const auto late : {step - 1, step}) {
        const auto again = check_totp(kRfcSecret, totp_code(kRfcSecret, late), now, *first);
        EXPECT_EQ(again.error().code, "wrong_code");
    }
    EXPECT_EQ(check_totp(kRfcSecret, totp_code(kRfcSecret, step + 1), now, *first), step + 1);
}

TEST(Totp, StepsAreHalfMinutesOfUtc) {
    EXPECT_EQ(totp_step(at_second(29)), 0);
    EXPECT_EQ(totp_step(at_second(30)), 1);
    EXPECT_EQ(totp_step(at_second(-1)), -1);
}

TEST(Totp, AnAppReadsTheUri) {
    EXPECT_EQ(
        totp_uri(kRfcSecret, "Mobilytics & Co", "ana@plaza.example").reveal(),
        "otpauth://totp/Mobilytics%20%26%20Co:ana%40plaza.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Mobilytics%20%26%20Co"
        "&algorithm=SHA1&digits=6&period=30");
    EXPECT_EQ(make_totp_secret().reveal().size(), 20U);
    EXPECT_NE(make_totp_secret().reveal(), make_totp_secret().reveal());
}

TEST(Totp, Base32IsThatOfTheRfc) {
    // RFC 4648, 10, without the padding.
    EXPECT_EQ(to_rfc_base32(""), "");
    EXPECT_EQ(to_rfc_base32("f"), "MY");
    EXPECT_EQ(to_rfc_base32("fo"), "MZXQ");
    EXPECT_EQ(to_rfc_base32("foo"), "MZXW6");
    EXPECT_EQ(to_rfc_base32("foob"), "MZXW6YQ");
    EXPECT_EQ(to_rfc_base32("fooba"), "MZXW6YTB");
    EXPECT_EQ(to_rfc_base32("foobar"), "MZXW6YTBOI");
}

TEST(RecoveryCode, TenThatArePlainToRead) {
    const auto codes = make_recovery_codes();
    ASSERT_EQ(codes.texts.size(), 10U);
    ASSERT_EQ(codes.hashes.size(), 10U);
    std::set<std::string> all;
    for (std::size_t i = 0; i < 10; ++i) {
        const auto& text = codes.texts[i].reveal();
        ASSERT_EQ(text.size(), 29U);
        for (std::size_t at = 4; at < text.size(); at += 5) EXPECT_EQ(text[at], '-');
        EXPECT_EQ(text.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ-"), text.npos);
        EXPECT_EQ(recovery_code_hash(codes.texts[i]), codes.hashes[i]);
        EXPECT_FALSE(looks_like_totp(text));
        all.insert(text);
    }
    EXPECT_EQ(all.size(), 10U);
}

TEST(RecoveryCode, IsFoundHoweverItWasTypedAndOnce) {
    auto codes = make_recovery_codes();
    auto typed = codes.texts[3].reveal();
    for (char& c : typed) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == '0') c = 'o';
        if (c == '1') c = 'l';
        if (c == '-') c = ' ';
    }
    EXPECT_EQ(find_recovery_code(codes.hashes, Secret(typed)), 3U);
    codes.hashes.erase(codes.hashes.begin() + 3);
    EXPECT_EQ(find_recovery_code(codes.hashes, Secret(typed)), std::nullopt);
    for (const char* bad : {"", "7K3M", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-A"}) {
        EXPECT_EQ(recovery_code_hash(Secret<std::string>(bad)), std::nullopt);
        EXPECT_EQ(find_recovery_code(codes.hashes, Secret<std::string>(bad)), std::nullopt);
    }
}

TEST(RecoveryCode, IsToldFromACodeOfAnApp) {
    EXPECT_TRUE(looks_like_totp("123456"));
    EXPECT_TRUE(looks_like_totp("123 456"));
    EXPECT_FALSE(looks_like_totp("12345"));
    EXPECT_FALSE(looks_like_totp("12345A"));
}

}  // namespace
}  // namespace mobilytics::identity
