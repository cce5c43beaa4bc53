// The test vectors of WebAuthn level 3, chapter 16
// (https://www.w3.org/TR/webauthn-3/#sctn-test-vectors): made by nobody of ours, signed with keys
// of theirs. Most were not verified by their user, which we demand: those are read and their
// signatures checked, and then refused for that reason.

#include <gtest/gtest.h>

#include "foundation/json.h"
#include "platform/crypto/digest.h"
#include "platform/identity/authenticator_data.h"
#include "platform/identity/passkey.h"
#include "platform/identity/public_key.h"

namespace mobilytics::identity {
namespace {

struct Vector {
    const char* name;
    const char* id;
    const char* aaguid;
    struct {
        const char* challenge;
        const char* client_data;
        const char* attestation;
        const char* refused;  // Empty: taken.
    } created;
    struct {
        const char* challenge;
        const char* client_data;
        const char* authenticator_data;
        const char* signature;
        const char* refused;
    } used;
};

constexpr Vector kVectors[] = {
    {"none.ES256",
     "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
     "8446ccb9ab1db374750b2367ff6f3a1f",
     {"00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
      "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d50743455"
      "7878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f726967696e22"
      "3a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c226578"
      "74726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e646564207769746820"
      "6164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a"
      "20426b5165446a646354427258426941774a544c453551227d",
      "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4"
      "735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2"
      "fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86"
      "ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed7"
      "3290af2e2664796b9220",
      "user_not_verified"},
     {"39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
      "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e556851587"
      "56c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e22"
      "3a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
      "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
      "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93"
      "538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
      "user_not_verified"}},
    {"packed-self.ES256",
     "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
     "df850e09db6afbdfab51697791506cfc",
     {"7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5",
      "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374334c"
      "55745936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f726967696e22"
      "3a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c226578"
      "74726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e646564207769746820"
      "6164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a"
      "205539685458764b453255526b4d6e625f307859485667227d",
      "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf"
      "378097c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3"
      "f220272178f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5"
      "e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb39bbcb6c"
      "c32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd85802"
      "046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484"
      "f2",
      ""},
     {"4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b",
      "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a225248696843784e534e49"
      "3352594d45314f7731476d3132786e726b634a5f6666707637546e2d4a71386773222c226f726967696e223a2268"
      "747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c226578747261"
      "44617461223a22636c69656e74446174614a534f4e206d617920626520657874656e646564207769746820616464"
      "6974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a206754"
      "623533727a36456853576f6d58477a696d433151227d",
      "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
      "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b3160"
      "61b3b99772b7efd95994a83ef584b3b6b825ea3550251b66",
      "user_not_verified"}},
    {"none.ES256.crossOrigin",
     "6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57",
     "883f4f6014f19c09d87aa38123be48d0",
     {"3be5aacd03537142472340ab5969f240f1d87716e20b6807ac230655fa4b3b49",
      "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a224f2d57717a514e"
      "5463554a484930437257576e7951504859647862694332674872434d475666704c4f306b222c226f726967696e22"
      "3a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a747275652c22657874"
      "726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e64656420776974682061"
      "64646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20"
      "7a5a7175457444523944577170573574425754467567227d",
      "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4"
      "735ae7f8edd46592a5e0f01452b2e4b54500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f"
      "07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57a501020326200121582022200a473f90b11078851"
      "550d03b4e44a2279f8c4eca27b3153dedfe03e4e97d225820cbd0be95e746ad6f5a8191be11756e4c0420e72f65b"
      "466d39bc56b8b123a9c6e",
      "wrong_origin"},
     {"876aa517ba83fdee65fcffdbca4c84eeae5d54f8041a1fc85c991e5bbb273137",
      "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a226832716c463771445f65"
      "356c5f505f62796b7945377135645650674547685f49584a6b655737736e4d5463222c226f726967696e223a2268"
      "747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a747275652c22657874726144"
      "617461223a22636c69656e74446174614a534f4e206d617920626520657874656e64656420776974682061646469"
      "74696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20393270"
      "63545644304162792d713464746d6a36656667227d",
      "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50500000000",
      "3046022100eb12fcf23b12764c0f122e22371fab92e283879fd798f38ee1841c951b6e40e7022100c76237ff9db7"
      "7b3c56f30837cda6a09acfa2e915544e609c0733b1184036d1cf",
      "wrong_origin"}}};

const RelyingParty kParty{
    .id = "example.org", .name = "Example", .origins = {"https://example.org"}};
const PasskeyUser kUser{.handle = "u", .name = "u", .display_name = "U"};

std::string bytes(const char* hex) { return crypto::from_hex(hex).value(); }
std::string web(const char* hex) { return crypto::to_base64url(bytes(hex)); }

std::string credential(const Vector& vector, json::object response) {
    return boost::json::serialize(json::object{
        {"id", web(vector.id)}, {"type", "public-key"}, {"response", std::move(response)}});
}

TEST(PasskeyVectors, AreReadAndTheirSignaturesVerified) {
    for (const auto& vector : kVectors) {
        const auto attestation = read_attestation(bytes(vector.created.attestation));
        ASSERT_TRUE(attestation) << vector.name;
        const auto data = read_authenticator_data(attestation->authenticator_data);
        ASSERT_TRUE(data && data->credential) << vector.name;
        EXPECT_EQ(data->credential->id, bytes(vector.id)) << vector.name;
        EXPECT_EQ(crypto::to_hex(data->credential->aaguid), vector.aaguid) << vector.name;
        const auto digest = crypto::sha256(bytes(vector.used.client_data));
        const auto message =
            bytes(vector.used.authenticator_data) +
            std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
        const auto key = PublicKey::from_cose(data->credential->public_key);
        ASSERT_TRUE(key) << vector.name;
        EXPECT_TRUE(key->verifies(message, bytes(vector.used.signature), PublicKey::EcdsaForm::der))
            << vector.name;
    }
}

TEST(PasskeyVectors, AreTakenWhereTheirUserWasVerifiedOnOurOwnPage) {
    for (const auto& vector : kVectors) {
        const auto made = check_registration(
            kParty, kUser, bytes(vector.created.challenge),
            credential(
                vector, {{"clientDataJSON", web(vector.created.client_data)},
                         {"attestationObject", web(vector.created.attestation)}}));
        EXPECT_EQ(made ? "" : made.error().code, vector.created.refused) << vector.name;
        const auto data =
            read_authenticator_data(
                read_attestation(bytes(vector.created.attestation))->authenticator_data)
                .value();
        const Passkey known{
            .credential_id = bytes(vector.id),
            .public_key = data.credential->public_key,
            .user_handle = "u",
            .backup_eligible = data.backup_eligible};
        const auto used = check_assertion(
            kParty, bytes(vector.used.challenge), known,
            *Assertion::read(credential(
                vector, {{"clientDataJSON", web(vector.used.client_data)},
                         {"authenticatorData", web(vector.used.authenticator_data)},
                         {"signature", web(vector.used.signature)}})));
        ASSERT_FALSE(used) << vector.name;
        EXPECT_EQ(used.error().code, vector.used.refused) << vector.name;
    }
}

}  // namespace
}  // namespace mobilytics::identity
