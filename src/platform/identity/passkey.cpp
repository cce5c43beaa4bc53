#include "platform/identity/passkey.h"

#include <algorithm>

#include "foundation/json.h"
#include "platform/crypto/digest.h"
#include "platform/identity/authenticator_data.h"
#include "platform/identity/public_key.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {

namespace {

constexpr std::size_t kChallengeBytes = 32;
constexpr std::size_t kHandleBytesMax = 64;
constexpr std::size_t kTransportsMax = 10;
constexpr std::size_t kTransportCharactersMax = 32;
constexpr std::size_t kCredentialBytesMax = 128 << 10;

/// How a ceremony refuses: registering is invalid, signing in unauthenticated.
struct Refusal {
    ErrorKind kind;
    tl::unexpected<Error> operator()(const char* code, const char* message) const {
        return fail(kind, code, message);
    }
};
constexpr Refusal kNotRegistered{ErrorKind::invalid};
constexpr Refusal kNotSignedIn{ErrorKind::unauthenticated};

tl::unexpected<Error> unreadable(const Refusal& refuse) {
    return refuse("bad_passkey", "what the passkey answered cannot be read");
}

std::string_view text_field(const json::object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found != nullptr ? json::text_or_nothing(*found) : "";
}

/// Of a field in base64url; empty, when it is not there or cannot be read.
std::string bytes_field(const json::object& from, std::string_view name) {
    const auto text = text_field(from, name);
    return from_base64url(text).value_or("");
}

/// The `response` of a credential whose id is told twice and the same.
struct Envelope {
    std::string id;
    json::object response;
};
Result<Envelope> read_envelope(std::string_view credential_json, const Refusal& refuse) {
    if (credential_json.size() > kCredentialBytesMax) return unreadable(refuse);
    boost::json::error_code fault;
    auto read = boost::json::parse(credential_json, fault);
    auto* fields = fault ? nullptr : read.if_object();
    if (fields == nullptr || text_field(*fields, "type") != "public-key") {
        return unreadable(refuse);
    }
    auto* response = fields->if_contains("response");
    const auto raw = text_field(*fields, "rawId");
    auto id = bytes_field(*fields, "id");
    if (id.empty() || response == nullptr || !response->is_object() ||
        (fields->contains("rawId") && raw != text_field(*fields, "id"))) {
        return unreadable(refuse);
    }
    return Envelope{std::move(id), std::move(response->get_object())};
}

/// WebAuthn level 3, 7.1 steps 7 to 12 and 7.2 steps 10 to 14.
Result<> check_client_data(
    const RelyingParty& party, std::string_view challenge, std::string_view bytes,
    std::string_view deed, const Refusal& refuse) {
    boost::json::error_code fault;
    const auto read = boost::json::parse(bytes, fault);
    if (fault || !read.is_object()) return unreadable(refuse);
    const auto& data = read.get_object();
    if (text_field(data, "type") != deed) return unreadable(refuse);
    const auto expected = crypto::to_base64url(challenge);
    if (challenge.size() < kChallengeBytes / 2 ||
        !crypto::equal_in_constant_time(text_field(data, "challenge"), expected)) {
        return refuse("wrong_challenge", "this answers another question, or an old one");
    }
    const auto origin = text_field(data, "origin");
    const auto& ours = party.origins;
    const auto* cross = data.if_contains("crossOrigin");
    const bool framed = (cross != nullptr && *cross != false) || data.contains("topOrigin");
    if (framed || std::find(ours.begin(), ours.end(), origin) == ours.end()) {
        return refuse("wrong_origin", "this was asked for by another site");
    }
    return {};
}

Result<AuthenticatorData> check_authenticator_data(
    const RelyingParty& party, std::string_view bytes, const Refusal& refuse) {
    auto data = read_authenticator_data(bytes);
    if (!data) return unreadable(refuse);
    const auto digest = crypto::sha256(party.id);
    const std::string_view expected(reinterpret_cast<const char*>(digest.data()), digest.size());
    if (data->party_digest != expected) {
        return refuse("wrong_relying_party", "this passkey is for another site");
    }
    if (!data->user_present || !data->user_verified) {
        return refuse(
            "user_not_verified", "the passkey did not ask for a fingerprint, a face or a PIN");
    }
    return *std::move(data);
}

/// What a signature is of.
std::string signed_bytes(std::string_view authenticator_data, std::string_view client_data) {
    const auto digest = crypto::sha256(client_data);
    std::string out(authenticator_data);
    out.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    return out;
}

std::int64_t cose_number(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::es256: return -7;
        case Algorithm::eddsa: return -8;
        case Algorithm::rs256: return -257;
    }
    VERIFY(false);
    return 0;
}

json::object described(const Passkey& passkey) {
    json::object out{{"type", "public-key"}, {"id", crypto::to_base64url(passkey.credential_id)}};
    if (!passkey.transports.empty()) {
        out["transports"] =
            boost::json::array(passkey.transports.begin(), passkey.transports.end());
    }
    return out;
}

boost::json::array described(std::span<const Passkey> passkeys) {
    boost::json::array out;
    for (const auto& one : passkeys) out.push_back(described(one));
    return out;
}

/// The hints that are words, as the standard's are.
std::vector<std::string> transports_of(const json::object& response) {
    std::vector<std::string> out;
    const auto* found = response.if_contains("transports");
    const auto* list = found != nullptr ? found->if_array() : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size() && i < kTransportsMax; ++i) {
        const auto word = json::text_or_nothing((*list)[i]);
        const bool plain = std::all_of(
            word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
        if (plain && !word.empty() && word.size() <= kTransportCharactersMax) {
            out.emplace_back(word);
        }
    }
    return out;
}

}  // namespace

std::string make_challenge() { return crypto::random_bytes(kChallengeBytes); }

json::object creation_options(
    const RelyingParty& party, const PasskeyUser& user, std::string_view challenge,
    std::span<const Passkey> known) {
    VERIFY(!user.handle.empty() && user.handle.size() <= kHandleBytesMax);
    boost::json::array kinds;
    for (const auto one : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
        kinds.push_back(json::object{{"type", "public-key"}, {"alg", cose_number(one)}});
    }
    return {
        {"rp", json::object{{"id", party.id}, {"name", party.name}}},
        {"user",
         json::object{
             {"id", crypto::to_base64url(user.handle)},
             {"name", user.name},
             {"displayName", user.display_name}}},
        {"challenge", crypto::to_base64url(challenge)},
        {"pubKeyCredParams", std::move(kinds)},
        {"timeout", std::chrono::milliseconds(party.ceremony_max).count()},
        {"excludeCredentials", described(known)},
        {"authenticatorSelection",
         json::object{
             {"residentKey", "required"},
             {"requireResidentKey", true},
             {"userVerification", "required"}}},
        {"attestation", "none"}};
}

Result<Passkey> check_registration(
    const RelyingParty& party, const PasskeyUser& user, std::string_view challenge,
    std::string_view credential_json) {
    const auto& refuse = kNotRegistered;
    TRY(const auto envelope, read_envelope(credential_json, refuse));
    const auto client_data = bytes_field(envelope.response, "clientDataJSON");
    CHECK(check_client_data(party, challenge, client_data, "webauthn.create", refuse));
    const auto attestation = read_attestation(bytes_field(envelope.response, "attestationObject"));
    if (!attestation && attestation.error().code == "attestation_not_accepted") {
        return tl::unexpected(attestation.error());
    }
    if (!attestation) return unreadable(refuse);
    TRY(const auto data, check_authenticator_data(party, attestation->authenticator_data, refuse));
    if (!data.credential || data.credential->id != envelope.id) return unreadable(refuse);
    const auto key = PublicKey::from_cose(data.credential->public_key);
    if (!key) {
        return refuse("key_not_supported", "this passkey has a key of a kind that is not taken");
    }
    if (attestation->form == Attestation::Form::packed_by_itself) {
        if (attestation->algorithm != cose_number(key->algorithm()) ||
            !key->verifies(
                signed_bytes(attestation->authenticator_data, client_data), attestation->signature,
                PublicKey::EcdsaForm::der)) {
            return refuse("wrong_signature", "the passkey's own signature is not right");
        }
    }
    return Passkey{
        .credential_id = envelope.id,
        .public_key = data.credential->public_key,
        .user_handle = user.handle,
        .sign_count = data.sign_count,
        .backup_eligible = data.backup_eligible,
        .backed_up = data.backed_up,
        .aaguid = crypto::to_hex(data.credential->aaguid),
        .transports = transports_of(envelope.response)};
}

json::object request_options(
    const RelyingParty& party, std::string_view challenge, std::span<const Passkey> allowed) {
    return {
        {"challenge", crypto::to_base64url(challenge)},
        {"rpId", party.id},
        {"timeout", std::chrono::milliseconds(party.ceremony_max).count()},
        {"allowCredentials", described(allowed)},
        {"userVerification", "required"}};
}

Result<Assertion> Assertion::read(std::string_view credential_json) {
    TRY(const auto envelope, read_envelope(credential_json, kNotSignedIn));
    Assertion out{
        .credential_id = envelope.id,
        .user_handle = bytes_field(envelope.response, "userHandle"),
        .client_data = bytes_field(envelope.response, "clientDataJSON"),
        .authenticator_data = bytes_field(envelope.response, "authenticatorData"),
        .signature = bytes_field(envelope.response, "signature")};
    if (out.client_data.empty() || out.authenticator_data.empty() || out.signature.empty()) {
        return unreadable(kNotSignedIn);
    }
    return out;
}

Result<Passkey> check_assertion(
    const RelyingParty& party, std::string_view challenge, const Passkey& known,
    const Assertion& assertion) {
    const auto& refuse = kNotSignedIn;
    const bool same_user =
        assertion.user_handle.empty() || assertion.user_handle == known.user_handle;
    if (assertion.credential_id != known.credential_id || !same_user) {
        return refuse("wrong_passkey", "this is another passkey, or another person's");
    }
    CHECK(check_client_data(party, challenge, assertion.client_data, "webauthn.get", refuse));
    TRY(const auto data, check_authenticator_data(party, assertion.authenticator_data, refuse));
    if (data.backup_eligible != known.backup_eligible) {
        return refuse("wrong_passkey", "this is not how the passkey was made");
    }
    const auto key = PublicKey::from_cose(known.public_key);
    if (!key || !key->verifies(
                    signed_bytes(assertion.authenticator_data, assertion.client_data),
                    assertion.signature, PublicKey::EcdsaForm::der)) {
        return refuse("wrong_signature", "the passkey did not sign this");
    }
    const bool counts = data.sign_count != 0 || known.sign_count != 0;
    if (counts && data.sign_count <= known.sign_count) {
        return refuse("sign_count_regressed", "there is a copy of this passkey");
    }
    auto out = known;
    out.sign_count = data.sign_count;
    out.backed_up = data.backed_up;
    return out;
}

}  // namespace mobilytics::identity
