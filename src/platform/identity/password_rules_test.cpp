#include "platform/identity/password_rules.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include "platform/crypto/digest.h"
#include "platform/identity/identity_test.h"

namespace mobilytics::identity {
namespace {

std::string code(std::string password, std::vector<std::string> context = {}) {
    const auto checked = check_password(Secret(std::move(password)), {}, context);
    return checked ? "" : checked.error().code;
}

/// Of "$argon2id$v=19$m=65536,t=2,p=1$<salt>$<hash>", the salt's bytes.
std::string salt_of(const std::string& hash) {
    const auto end = hash.rfind('$');
    const auto begin = hash.rfind('$', end - 1) + 1;
    std::string out(16, '\0');
    std::size_t size = 0;
    const int failed = sodium_base642bin(
        reinterpret_cast<unsigned char*>(out.data()), out.size(), hash.data() + begin, end - begin,
        nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    EXPECT_EQ(failed, 0) << hash;
    EXPECT_EQ(size, 16U);
    return out;
}

TEST(PasswordRules, LengthIsCountedInCharacters) {
    const std::string good = "vT9#kQ2mLw7z";
    EXPECT_EQ(code(good), "");
    EXPECT_EQ(code(good.substr(1)), "password_too_short");
    EXPECT_EQ(code(""), "password_too_short");
    std::string accents;
    for (int i = 0; i < 11; ++i) accents += "é";
    EXPECT_EQ(code(accents), "password_too_short");
    std::string longest;
    for (int i = 0; i < 16; ++i) longest += crypto::to_hex(crypto::random_bytes(4));
    EXPECT_EQ(code(longest), "");
    EXPECT_EQ(code(longest + "x"), "password_too_long");
}

TEST(PasswordRules, AnyCompositionIsTaken) {
    for (const char* good :
         {"correct horse battery staple", "purple monkey dishwasher", "el perro de san roque",
          "八重桜と夜の鉄道の話を聞く", "9274 5518 3306 7142 90"}) {
        EXPECT_EQ(code(good), "") << good;
    }
}

TEST(PasswordRules, WhatAnybodyTriesFirstIsRefused) {
    for (const char* bad :
         {"123456789012",   "1234567890123",    "qwertyuiop12",   "password1234",
          "P4ssw0rd!2024",  "passwordpassword", "iloveyou1234",   "administrator",
          "letmeinletmein", "changemechangeme", "1q2w3e4r5t6y",   "1qaz2wsx3edc",
          "abcdefghijkl",   "aaaaaaaaaaaa",     "qwertyuiopasdf", "Summer2024!!",
          "dragonmonkey12", "xK9!xK9!xK9!",     "barcelona1992",  "mobilytics2026"}) {
        EXPECT_EQ(code(bad), "password_common") << bad;
    }
    EXPECT_EQ(code(std::string("password1234\0vT9#kQ2mLw7z", 25)), "password_common");
}

TEST(PasswordRules, WhatIsKnownOfTheAccountCountsForNothing) {
    const std::vector<std::string> known{"Plaza Exteriores", "zubizarreta@plaza.example"};
    EXPECT_EQ(code("zubizarretaexteriores"), "");
    EXPECT_EQ(code("zubizarretaexteriores", known), "password_common");
}

TEST(PasswordRules, TheDebianProgramVerifiesOurHashes) {
    const Secret<std::string> password("el perro de san roque");
    // It takes a salt as an argument, in which no byte is null: now and then ours has one.
    std::string hash, salt;
    do {
        hash = crypto::hash_password(password);
        salt = salt_of(hash);
    } while (salt.find('\0') != salt.npos || salt.find('\'') != salt.npos);
    EXPECT_EQ(
        said_by(
            "printf %s '" + password.reveal() + "' | argon2 '" + salt +
            "' -id -t 2 -k 65536 -p 1 -l 32 -e"),
        hash);
    EXPECT_TRUE(crypto::verify_password(hash, password));
    const auto theirs =
        said_by("printf %s 'el gato' | argon2 'sixteen letters.' -id -t 2 -k 65536 -p 1 -l 32 -e");
    EXPECT_TRUE(crypto::verify_password(theirs, Secret<std::string>("el gato")));
    EXPECT_FALSE(crypto::verify_password(theirs, password));
}

}  // namespace
}  // namespace mobilytics::identity
