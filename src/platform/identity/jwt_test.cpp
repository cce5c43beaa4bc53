#include "platform/identity/jwt.h"

#include <gtest/gtest.h>

#include "platform/crypto/digest.h"
#include "platform/identity/identity_test.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {
namespace {

using boost::json::object;

const Instant kNow{std::chrono::seconds(1'780'000'000)};
const JwtRules kRules{
    .issuer = "https://mobilytics.example", .audience = "api", .types = {"at+jwt"}};

Claims claims() {
    return {
        .issuer = kRules.issuer,
        .audience = {kRules.audience},
        .subject = "person_1",
        .issued_at = kNow,
        .expires_at = kNow + std::chrono::minutes(5),
        .id = "t1",
        .others = {{"scope", "assets:read"}, {"act", {{"sub", "person_2"}}}}};
}

std::string refusal(
    const Secret<std::string>& token, const SigningKeys& keys, const JwtRules& rules = kRules,
    Instant now = kNow) {
    const auto read = verify_jwt(token.reveal(), keys.jwks(), rules, now);
    return read ? "" : read.error().code;
}

object jwk(std::string_view text) { return boost::json::parse(text).as_object(); }

bool vector_is_good(std::string_view key, std::string_view token) {
    const auto dot = token.rfind('.');
    return PublicKey::from_jwk(jwk(key))->verifies(
        token.substr(0, dot), *from_base64url(token.substr(dot + 1)), PublicKey::EcdsaForm::fixed);
}

constexpr std::string_view kRfc8037Key =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr std::string_view kRfc7515Ec =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr std::string_view kRfc7515Claims =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

TEST(PublicKey, VerifiesTheExamplesOfTheRfcs) {
    // RFC 7515, A.2 and A.3; RFC 8037, A.4.
    EXPECT_TRUE(vector_is_good(
        R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw)"
        R"(-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb)"
        R"(_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZ)"
        R"(lxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9g)"
        R"(b54h4FRWyuXpoQ","e":"AQAB"})",
        "eyJhbGciOiJSUzI1NiJ9." + std::string(kRfc7515Claims) +
            ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
            "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIAR"
            "NPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvh"
            "J1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"));
    EXPECT_TRUE(vector_is_good(
        kRfc7515Ec,
        "eyJhbGciOiJFUzI1NiJ9." + std::string(kRfc7515Claims) +
            ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1"
            "Q"));
    EXPECT_TRUE(vector_is_good(
        kRfc8037Key,
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PG"
        "cvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
    EXPECT_FALSE(vector_is_good(
        kRfc8037Key,
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmd.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PG"
        "cvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
}

TEST(PublicKey, IsNamedByItsThumbprint) {
    // RFC 7638, 3.1; RFC 8037, A.3.
    const auto rsa = PublicKey::from_jwk(jwk(
        R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1R)"
        R"(K7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w)"
        R"(6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOp)"
        R"(bISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU)"
        R"(8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})"));
    ASSERT_TRUE(rsa);
    EXPECT_EQ(rsa->thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    EXPECT_EQ(
        PublicKey::from_jwk(jwk(kRfc8037Key))->thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST(PublicKey, AKeyThatIsNoneOfOursIsRefused) {
    const auto refused = [](object key, std::string_view name, boost::json::value value) {
        key[name] = std::move(value);
        return !PublicKey::from_jwk(key);
    };
    const auto ec = jwk(kRfc7515Ec);
    EXPECT_TRUE(PublicKey::from_jwk(ec));
    EXPECT_TRUE(refused(ec, "d", "AA"));
    EXPECT_TRUE(refused(ec, "alg", "ES384"));
    EXPECT_TRUE(refused(ec, "crv", "P-384"));
    EXPECT_TRUE(refused(ec, "kty", "oct"));
    // Beside the curve, and with a leading zero.
    EXPECT_TRUE(refused(ec, "y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"));
    EXPECT_TRUE(refused(ec, "x", "AH_NzidwdsRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF"));
    EXPECT_TRUE(refused(ec, "x", 7));
    // 1024 bits, and an exponent of one.
    const object rsa{{"kty", "RSA"}, {"n", std::string(171, 'v')}, {"e", "AQAB"}};
    EXPECT_FALSE(PublicKey::from_jwk(rsa));
    EXPECT_TRUE(refused({{"kty", "RSA"}, {"n", std::string(342, 'v')}}, "e", "AQ"));
    EXPECT_FALSE(PublicKey::from_pem("nothing"));
}

class JwtTest : public testing::Test {
  protected:
    const SigningKeys keys = SigningKeys::make(kNow);
};

TEST_F(JwtTest, ATokenIsReadAsItWasWritten) {
    for (const auto algorithm : {Algorithm::es256, Algorithm::eddsa}) {
        const auto mine = SigningKeys::make(kNow, {.algorithm = algorithm});
        auto written = claims();
        written.not_before = kNow;
        const auto token = mine.sign(written, "at+jwt");
        const auto read = verify_jwt(token.reveal(), mine.jwks(), kRules, kNow);
        ASSERT_TRUE(read) << read.error().code;
        EXPECT_EQ(read->subject, "person_1");
        EXPECT_EQ(read->audience, std::vector<std::string>{"api"});
        EXPECT_EQ(read->issued_at, kNow);
        EXPECT_EQ(read->expires_at, kNow + std::chrono::minutes(5));
        EXPECT_EQ(read->not_before, kNow);
        EXPECT_EQ(read->id, "t1");
        EXPECT_EQ(read->others, written.others);
    }
}

TEST_F(JwtTest, WhatItSaysMustBeForUs) {
    const auto token = keys.sign(claims(), "at+jwt");
    EXPECT_EQ(refusal(token, keys), "");
    const auto rules = [](auto change) {
        auto out = kRules;
        change(out);
        return out;
    };
    const auto with = [&](auto change) {
        auto said = claims();
        change(said);
        return keys.sign(said, "at+jwt");
    };
    EXPECT_EQ(refusal(token, keys, rules([](auto& r) { r.issuer = "x"; })), "wrong_issuer");
    EXPECT_EQ(refusal(token, keys, rules([](auto& r) { r.issuer = ""; })), "wrong_issuer");
    EXPECT_EQ(refusal(token, keys, rules([](auto& r) { r.audience = "x"; })), "wrong_audience");
    EXPECT_EQ(refusal(token, keys, rules([](auto& r) { r.audience = ""; })), "wrong_audience");
    EXPECT_EQ(refusal(token, keys, rules([](auto& r) { r.types = {"jwt"}; })), "bad_token");
    EXPECT_EQ(refusal(token, keys, rules([](auto& r) { r.bytes_max = 100; })), "bad_token");
    EXPECT_EQ(refusal(with([](auto& c) { c.subject = ""; }), keys), "bad_token");
    EXPECT_EQ(refusal(with([](auto& c) { c.audience = {"web", "api"}; }), keys), "");
    EXPECT_EQ(refusal(with([](auto& c) { c.audience = {"web"}; }), keys), "wrong_audience");
    EXPECT_EQ(refusal(keys.sign(claims(), "application/AT+JWT"), keys), "");
    EXPECT_EQ(refusal(token, SigningKeys::make(kNow)), "unknown_key");
}

TEST_F(JwtTest, ItsTimeIsKeptWithSomeLeeway) {
    using std::chrono::seconds;
    const auto token = keys.sign(claims(), "at+jwt");
    EXPECT_EQ(refusal(token, keys, kRules, kNow + seconds(329)), "");
    EXPECT_EQ(refusal(token, keys, kRules, kNow + seconds(330)), "token_expired");
    EXPECT_EQ(refusal(token, keys, kRules, kNow - seconds(30)), "");
    EXPECT_EQ(refusal(token, keys, kRules, kNow - seconds(31)), "token_not_yet");
    auto later = claims();
    later.not_before = kNow + seconds(60);
    const auto waits = keys.sign(later, "at+jwt");
    EXPECT_EQ(refusal(waits, keys, kRules, kNow + seconds(29)), "token_not_yet");
    EXPECT_EQ(refusal(waits, keys, kRules, kNow + seconds(30)), "");
}

TEST_F(JwtTest, NoBitOfItMayBeAnother) {
    const auto token = keys.sign(claims(), "at+jwt").reveal();
    for (std::size_t at = 0; at < token.size(); ++at) {
        auto bent = token;
        bent[at] = bent[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verify_jwt(bent, keys.jwks(), kRules, kNow)) << at;
    }
    for (const std::string bad : {"", ".", "..", "a.b", "a.b.c", "e30.e30.e30"}) {
        EXPECT_EQ(refusal(Secret(bad), keys), "bad_token") << bad;
    }
    EXPECT_FALSE(verify_jwt(token + "=", keys.jwks(), kRules, kNow));
    EXPECT_FALSE(verify_jwt(token + ".", keys.jwks(), kRules, kNow));
    EXPECT_FALSE(verify_jwt(" " + token, keys.jwks(), kRules, kNow));
}

TEST_F(JwtTest, AHeaderThatAsksForMoreIsRefused) {
    const auto headed = [](const char* header) {
        return Secret(crypto::to_base64url(header) + ".e30.e30");
    };
    for (const char* header :
         {R"({"alg":"none","typ":"at+jwt"})", R"({"alg":"HS256","typ":"at+jwt"})",
          R"({"alg":"es256","typ":"at+jwt"})", R"({"typ":"at+jwt"})", R"({"alg":"ES256"})",
          R"({"alg":"ES256","typ":"at+jwt","crit":["b64"],"b64":false})",
          R"({"alg":"ES256","typ":"at+jwt","zip":"DEF"})", R"([])", R"(7)", "{"}) {
        EXPECT_EQ(refusal(headed(header), keys), "bad_token") << header;
    }
}

TEST_F(JwtTest, JoseVerifiesOurTokens) {
    for (const auto algorithm : {Algorithm::es256, Algorithm::eddsa}) {
        const auto mine = SigningKeys::make(kNow, {.algorithm = algorithm});
        object asked{
            {"token", mine.sign(claims(), "at+jwt").reveal()},
            {"jwks", boost::json::parse(mine.jwks().text())},
            {"issuer", kRules.issuer},
            {"audience", kRules.audience},
            {"typ", "at+jwt"},
            {"now", 1'780'000'000}};
        const object expected{{"iss", kRules.issuer},   {"aud", "api"},
                              {"sub", "person_1"},      {"iat", 1'780'000'000},
                              {"exp", 1'780'000'300},   {"jti", "t1"},
                              {"scope", "assets:read"}, {"act", {{"sub", "person_2"}}}};
        EXPECT_EQ(said_by_jose("verify", asked), expected);
        asked["jwks"] = boost::json::parse(SigningKeys::make(kNow).jwks().text());
        EXPECT_EQ(said_by_jose("verify", asked).at("error"), "ERR_JWKS_NO_MATCHING_KEY");
    }
}

TEST_F(JwtTest, WeVerifyTokensOfJose) {
    const auto made = said_by_jose("make");
    ASSERT_FALSE(made.empty());
    const auto theirs = Jwks::parse(boost::json::serialize(made.at("jwks")));
    ASSERT_TRUE(theirs);
    EXPECT_EQ(theirs->keys().size(), 3U);  // PS256 and ES384 are not ours.
    const JwtRules rules{
        .issuer = "https://id.example", .audience = "mobilytics", .types = {"JWT"}};
    const auto code = [&](const boost::json::value& token) {
        const auto read = verify_jwt(token.as_string(), *theirs, rules, kNow);
        return read ? std::string(read->others.at("email").as_string()) : read.error().code;
    };
    const auto& good = made.at("good").as_object();
    for (const char* name : {"ES256", "EdDSA", "RS256"}) {
        EXPECT_EQ(code(good.at(name)), "ana@plaza.example") << name;
    }
    for (const char* name : {"PS256", "ES384"}) EXPECT_EQ(code(good.at(name)), "bad_token") << name;
    const auto& bad = made.at("bad").as_object();
    EXPECT_EQ(code(bad.at("none")), "bad_token");
    EXPECT_EQ(code(bad.at("hs256")), "bad_token");
    EXPECT_EQ(code(bad.at("stranger")), "wrong_signature");
    EXPECT_EQ(code(bad.at("jwk")), "unknown_key");
    EXPECT_EQ(code(bad.at("jku")), "unknown_key");
    EXPECT_EQ(code(bad.at("other_key")), "unknown_key");
}

TEST_F(JwtTest, ASetOfKeysIsReadAsFarAsItIsOurs) {
    EXPECT_FALSE(Jwks::parse("[]"));
    EXPECT_FALSE(Jwks::parse("{}"));
    EXPECT_FALSE(Jwks::parse("nothing"));
    EXPECT_EQ(Jwks::parse(R"({"keys":[7,{},{"kty":"oct","k":"AA"}]})")->keys().size(), 0U);
    const auto ec = std::string(kRfc7515Ec.substr(0, kRfc7515Ec.size() - 1));
    EXPECT_EQ(Jwks::parse(R"({"keys":[)" + ec + R"(,"use":"enc"}]})")->keys().size(), 0U);
    const auto one = *Jwks::parse(R"({"keys":[)" + ec + R"(,"kid":"a","use":"sig"}]})");
    EXPECT_NE(one.find("a", Algorithm::es256), nullptr);
    EXPECT_NE(one.find("", Algorithm::es256), nullptr);
    EXPECT_EQ(one.find("b", Algorithm::es256), nullptr);
    EXPECT_EQ(one.find("a", Algorithm::eddsa), nullptr);
    const auto two = *Jwks::parse(R"({"keys":[)" + ec + "}," + ec + "}]}");
    EXPECT_EQ(two.find("", Algorithm::es256), nullptr);
}

TEST_F(JwtTest, KeysTakeTurnsAndNoTokenIsLost) {
    const KeyRules rules;
    auto set = SigningKeys::make(kNow, rules);
    const auto first = set.keys()[0].id;
    const auto second = set.keys()[1].id;
    EXPECT_EQ(set.jwks().keys().size(), 2U);
    EXPECT_FALSE(set.due(kNow + rules.current_for - std::chrono::seconds(1), rules));

    const auto turned_at = kNow + rules.current_for;
    auto last = claims();
    last.issued_at = turned_at;
    last.expires_at = turned_at + std::chrono::minutes(5);
    const auto old_token = set.sign(last, "at+jwt");
    ASSERT_TRUE(set.due(turned_at, rules));
    set = set.rotated(turned_at, rules);
    EXPECT_FALSE(set.due(turned_at, rules));
    ASSERT_EQ(set.keys().size(), 3U);
    EXPECT_EQ(set.keys()[0].id, second);
    EXPECT_EQ(set.keys()[0].state, KeyState::current);
    EXPECT_EQ(set.keys()[1].state, KeyState::next);
    EXPECT_EQ(set.keys()[2].id, first);
    EXPECT_EQ(set.keys()[2].state, KeyState::retiring);
    EXPECT_TRUE(verify_jwt(old_token.reveal(), set.jwks(), kRules, turned_at));
    EXPECT_TRUE(verify_jwt(set.sign(last, "at+jwt").reveal(), set.jwks(), kRules, turned_at));

    const auto gone_at = turned_at + rules.retiring_for;
    ASSERT_TRUE(set.due(gone_at, rules));
    set = set.rotated(gone_at, rules);
    EXPECT_EQ(set.keys().size(), 2U);
    EXPECT_EQ(set.jwks().find(first, Algorithm::es256), nullptr);
    EXPECT_FALSE(set.due(gone_at, rules));
}

TEST_F(JwtTest, AKeySignsOnlyOnceItHasBeenShownLongEnough) {
    const KeyRules rules{.current_for = std::chrono::hours(1), .next_for = std::chrono::hours(24)};
    const auto set = SigningKeys::make(kNow, rules);
    EXPECT_FALSE(set.due(kNow + std::chrono::hours(23), rules));
    EXPECT_EQ(set.rotated(kNow + std::chrono::hours(23), rules).keys()[0].id, set.keys()[0].id);
    EXPECT_TRUE(set.due(kNow + std::chrono::hours(24), rules));
}

TEST_F(JwtTest, KeysAreKeptSealed) {
    const services::TemporaryFolder folder;
    const crypto::SealedBox box(folder.path() / "box.key");
    const auto sealed = keys.sealed(box);
    EXPECT_EQ(sealed.find("PRIVATE"), sealed.npos);
    const auto again = SigningKeys::open(sealed, box);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->jwks().text(), keys.jwks().text());
    EXPECT_EQ(again->keys()[1].state, KeyState::next);
    EXPECT_EQ(again->keys()[1].since, kNow);
    EXPECT_EQ(refusal(again->sign(claims(), "at+jwt"), keys), "");
    EXPECT_EQ(SigningKeys::open("00", box).error().code, "bad_keys");
    const crypto::SealedBox other(folder.path() / "other.key");
    EXPECT_EQ(SigningKeys::open(sealed, other).error().code, "bad_keys");
}

}  // namespace
}  // namespace mobilytics::identity
