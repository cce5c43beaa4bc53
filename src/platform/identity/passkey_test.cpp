#include "platform/identity/passkey_test.h"

#include <gtest/gtest.h>

#include "platform/identity/authenticator_data.h"

namespace mobilytics::identity {
namespace {

const RelyingParty kParty{
    .id = "mobilytics.example",
    .name = "Mobilytics",
    .origins = {"https://app.mobilytics.example", "https://back.mobilytics.example"}};
const PasskeyUser kAna{
    .handle = std::string("\x01\x90\x00\x01", 4),
    .name = "ana@plaza.example",
    .display_name = "Ana Ruiz"};

class PasskeyTest : public testing::Test {
  protected:
    const std::string challenge = make_challenge();
    TestAuthenticator device{kParty.origins[0]};

    json::object created() { return device.create(creation_options(kParty, kAna, challenge, {})); }
    Result<Passkey> checked_registration(const json::object& answer) {
        return check_registration(kParty, kAna, challenge, boost::json::serialize(answer));
    }
    Result<Passkey> registered() { return checked_registration(created()); }
    /// The code with which it refuses; empty, when it does not.
    std::string refused_registration() {
        const auto made = registered();
        return made ? "" : made.error().code;
    }

    Result<Passkey> signed_in(const Passkey& known) {
        return checked(known, device.get(request_options(kParty, challenge)));
    }
    Result<Passkey> checked(const Passkey& known, const json::object& answer) {
        TRY(const auto assertion, Assertion::read(boost::json::serialize(answer)));
        return check_assertion(kParty, challenge, known, assertion);
    }
    std::string refused_sign_in(const Passkey& known) {
        const auto used = signed_in(known);
        if (used) return "";
        EXPECT_EQ(used.error().kind, ErrorKind::unauthenticated);
        return used.error().code;
    }
};

TEST_F(PasskeyTest, OneThatIsMadeSignsIn) {
    for (const auto algorithm : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
        for (const char* form : {"none", "packed"}) {
            device = TestAuthenticator(kParty.origins[1], algorithm);
            device.form = form;
            const auto passkey = registered();
            ASSERT_TRUE(passkey) << jose_name(algorithm) << passkey.error().code;
            EXPECT_EQ(passkey->credential_id, device.credential_id);
            EXPECT_EQ(passkey->user_handle, kAna.handle);
            EXPECT_EQ(passkey->aaguid, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
            EXPECT_EQ(passkey->transports, (std::vector<std::string>{"internal", "hybrid"}));
            EXPECT_EQ(PublicKey::from_cose(passkey->public_key)->algorithm(), algorithm);
            const auto used = signed_in(*passkey);
            ASSERT_TRUE(used) << jose_name(algorithm) << used.error().code;
            EXPECT_EQ(used->public_key, passkey->public_key);
        }
    }
}

TEST_F(PasskeyTest, WhoTypesNothingIsKnownByTheHandle) {
    const auto passkey = *registered();
    const auto answer = device.get(request_options(kParty, challenge));
    const auto assertion = *Assertion::read(boost::json::serialize(answer));
    EXPECT_EQ(assertion.user_handle, kAna.handle);
    EXPECT_EQ(assertion.credential_id, passkey.credential_id);
    auto anothers = passkey;
    anothers.user_handle = "bob";
    EXPECT_EQ(refused_sign_in(anothers), "wrong_passkey");
    auto other_id = passkey;
    other_id.credential_id[0] ^= 1;
    EXPECT_EQ(refused_sign_in(other_id), "wrong_passkey");
    auto silent = answer;
    silent["response"].as_object().erase("userHandle");
    EXPECT_EQ(Assertion::read(boost::json::serialize(silent))->user_handle, "");
    EXPECT_TRUE(checked(passkey, silent));
}

TEST_F(PasskeyTest, TheOptionsAreThoseThatBrowsersRead) {
    const std::vector<Passkey> known{
        {.credential_id = "0123456789abcdef",
         .public_key = "",
         .user_handle = "",
         .transports = {"usb"}}};
    const std::string asked(32, 'c');
    EXPECT_EQ(json::value(creation_options(kParty, kAna, asked, known)), boost::json::parse(R"({
        "rp": {"id": "mobilytics.example", "name": "Mobilytics"},
        "user": {"id": "AZAAAQ", "name": "ana@plaza.example", "displayName": "Ana Ruiz"},
        "challenge": "Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -8},
                             {"type": "public-key", "alg": -257}],
        "timeout": 300000,
        "excludeCredentials": [
            {"type": "public-key", "id": "MDEyMzQ1Njc4OWFiY2RlZg", "transports": ["usb"]}],
        "authenticatorSelection": {"residentKey": "required", "requireResidentKey": true,
                                   "userVerification": "required"},
        "attestation": "none"})"));
    EXPECT_EQ(json::value(request_options(kParty, asked, known)), boost::json::parse(R"({
        "challenge": "Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M",
        "rpId": "mobilytics.example",
        "timeout": 300000,
        "allowCredentials": [
            {"type": "public-key", "id": "MDEyMzQ1Njc4OWFiY2RlZg", "transports": ["usb"]}],
        "userVerification": "required"})"));
    EXPECT_NE(make_challenge(), make_challenge());
    EXPECT_EQ(make_challenge().size(), 32U);
}

/// One thing that an authenticator or browser says, and the code with which it is refused.
struct Lie {
    const char* code;
    void (*told)(TestAuthenticator& device);
};
constexpr Lie kLies[] = {
    {"wrong_challenge", [](auto& d) { d.challenge = crypto::to_base64url(make_challenge()); }},
    {"wrong_challenge", [](auto& d) { d.challenge = "AA"; }},
    {"wrong_origin", [](auto& d) { d.origin = "https://mobilytics.example"; }},
    {"wrong_origin", [](auto& d) { d.origin = "https://app.mobilytics.example.evil.example"; }},
    {"wrong_origin", [](auto& d) { d.origin = "http://app.mobilytics.example"; }},
    {"wrong_origin", [](auto& d) { d.origin = ""; }},
    {"wrong_origin", [](auto& d) { d.client_data["crossOrigin"] = true; }},
    {"wrong_origin", [](auto& d) { d.client_data["topOrigin"] = "https://evil.example"; }},
    {"bad_passkey", [](auto& d) { d.deed = "payment.get"; }},
    {"wrong_relying_party", [](auto& d) { d.party_id = "evil.example"; }},
    {"user_not_verified", [](auto& d) { d.flags = 0x01; }},
    {"user_not_verified", [](auto& d) { d.flags = 0x04; }},
    {"bad_passkey", [](auto& d) { d.flags = 0x15; }},      // Backed up, but not to be.
    {"bad_passkey", [](auto& d) { d.flags = 0x85; }},      // Extensions, but there are none.
    {"bad_passkey", [](auto& d) { d.after_data = "x"; }},  // More than it says.
};

TEST_F(PasskeyTest, ALieIsFoundWhenItIsMade) {
    for (std::size_t i = 0; i < std::size(kLies); ++i) {
        device = TestAuthenticator(kParty.origins[0]);
        kLies[i].told(device);
        EXPECT_EQ(refused_registration(), kLies[i].code) << i;
    }
    const std::vector<Lie> more{
        {"bad_passkey", [](auto& d) { d.deed = "webauthn.get"; }},
        {"bad_passkey", [](auto& d) { d.credential_id = std::string(15, 'i'); }},
        {"bad_passkey", [](auto& d) { d.credential_id = std::string(1024, 'i'); }},
        {"bad_passkey", [](auto& d) { d.aaguid = "short"; }},
        {"key_not_supported", [](auto& d) { d.cose_key = "\xA0"; }},
        {"key_not_supported",
         [](auto& d) {
             // Ed25519 by its curve, ES256 by its algorithm.
             d.cose_key = *crypto::from_hex("a4010103262006215820" + std::string(64, '1'));
         }},
        {"attestation_not_accepted", [](auto& d) { d.form = "fido-u2f"; }},
        {"attestation_not_accepted", [](auto& d) { d.form = "packed", d.statement = "\xA0"; }},
        {"attestation_not_accepted", [](auto& d) { d.statement = "\xA1\x61x\x01"; }},
        {"bad_passkey", [](auto& d) { d.statement = "\x80"; }},
    };
    for (std::size_t i = 0; i < more.size(); ++i) {
        device = TestAuthenticator(kParty.origins[0]);
        more[i].told(device);
        EXPECT_EQ(refused_registration(), more[i].code) << i;
    }
    device = TestAuthenticator(kParty.origins[0]);
    device.credential_id = std::string(1023, 'i');
    EXPECT_EQ(refused_registration(), "");
}

TEST_F(PasskeyTest, ALieIsFoundWhenItSignsIn) {
    const auto passkey = *registered();
    const auto id = device.credential_id;
    for (std::size_t i = 0; i < std::size(kLies); ++i) {
        // The same device each time: what it lies about is put right again.
        device.party_id = device.challenge = device.deed = device.after_data = "";
        device.origin = kParty.origins[0];
        device.client_data = {{"crossOrigin", false}};
        device.flags = 0x05;
        EXPECT_EQ(refused_sign_in(passkey), "") << i;
        kLies[i].told(device);
        EXPECT_EQ(refused_sign_in(passkey), kLies[i].code) << i;
    }
    device = TestAuthenticator(kParty.origins[0]);
    device.credential_id = id;
    EXPECT_EQ(refused_sign_in(passkey), "wrong_signature");
}

TEST_F(PasskeyTest, NoByteOfAnAnswerMayBeAnother) {
    const auto passkey = *registered();
    const auto answer = device.get(request_options(kParty, challenge));
    ASSERT_TRUE(checked(passkey, answer));
    for (const char* name : {"clientDataJSON", "authenticatorData", "signature"}) {
        const auto bytes = *from_base64url(answer.at("response").at(name).as_string());
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            auto bent_bytes = bytes;
            bent_bytes[at] ^= 1;
            auto bent = answer;
            bent["response"].as_object()[name] = crypto::to_base64url(bent_bytes);
            EXPECT_FALSE(checked(passkey, bent)) << name << at;
        }
        auto without = answer;
        without["response"].as_object().erase(name);
        EXPECT_EQ(checked(passkey, without).error().code, "bad_passkey");
    }
    for (const char* name : {"id", "rawId", "type", "response"}) {
        auto bent = answer;
        bent[name] = "AAAA";
        EXPECT_FALSE(checked(passkey, bent)) << name;
    }
    EXPECT_EQ(Assertion::read("7").error().code, "bad_passkey");
    EXPECT_EQ(Assertion::read("{}").error().code, "bad_passkey");
}

TEST_F(PasskeyTest, NoByteOfAPackedAttestationMayBeAnother) {
    device.form = "packed";
    const auto answer = created();
    const auto bytes = *from_base64url(answer.at("response").at("attestationObject").as_string());
    ASSERT_TRUE(checked_registration(answer));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto bent_bytes = bytes;
        bent_bytes[at] ^= 1;
        auto bent = answer;
        bent["response"].as_object()["attestationObject"] = crypto::to_base64url(bent_bytes);
        EXPECT_FALSE(checked_registration(bent)) << at;
    }
}

TEST_F(PasskeyTest, ACopyIsFoundByItsCount) {
    device.sign_count = 7;
    auto passkey = *registered();
    EXPECT_EQ(passkey.sign_count, 7);
    EXPECT_EQ(refused_sign_in(passkey), "sign_count_regressed");
    device.sign_count = 8;
    passkey = *signed_in(passkey);
    EXPECT_EQ(passkey.sign_count, 8);
    for (const int count : {8, 7, 0}) {
        device.sign_count = count;
        EXPECT_EQ(refused_sign_in(passkey), "sign_count_regressed") << count;
    }
    device.sign_count = 0xFFFFFFFF;
    EXPECT_EQ(signed_in(passkey)->sign_count, 0xFFFFFFFF);
}

TEST_F(PasskeyTest, OneThatDoesNotCountIsTaken) {
    const auto passkey = *registered();
    EXPECT_EQ(refused_sign_in(passkey), "");
    EXPECT_EQ(refused_sign_in(*signed_in(passkey)), "");
}

TEST_F(PasskeyTest, WhetherItIsBackedUpIsFollowed) {
    device.flags = 0x0D;
    const auto passkey = *registered();
    EXPECT_TRUE(passkey.backup_eligible);
    EXPECT_FALSE(passkey.backed_up);
    device.flags = 0x1D;
    EXPECT_TRUE(signed_in(passkey)->backed_up);
    device.flags = 0x05;
    EXPECT_EQ(refused_sign_in(passkey), "wrong_passkey");
}

TEST_F(PasskeyTest, AnEmptyChallengeOpensNothing) {
    const auto answer = device.create(creation_options(kParty, kAna, "", {}));
    EXPECT_EQ(
        check_registration(kParty, kAna, "", boost::json::serialize(answer)).error().code,
        "wrong_challenge");
}

}  // namespace
}  // namespace mobilytics::identity
