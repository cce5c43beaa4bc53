#pragma once
// Passkeys: the relying party of WebAuthn level 3 (and of 2, without conditional forms). Two
// ceremonies, each with a challenge that its caller keeps for one use and some minutes: to register
// a passkey, and to sign in with one. Which passkey it is, and so whose, is learned from the
// answer: nobody types an e-mail first. The JSON is that of browsers: options go to
// PublicKeyCredential.parseCreationOptionsFromJSON() and parseRequestOptionsFromJSON(); what comes
// back, as text, is JSON.stringify() of a PublicKeyCredential.

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "foundation/result.h"

namespace mobilytics::identity {

struct RelyingParty {
    std::string id;                    // The domain: "mobilytics.example", "localhost".
    std::string name;                  // For people.
    std::vector<std::string> origins;  // "https://app.mobilytics.example"; compared whole.
    std::chrono::seconds ceremony_max{300};
};

/// 32 bytes of chance: for one ceremony, once.
std::string make_challenge();

/// What is kept of a passkey. Bytes, not text, where it says so.
struct Passkey {
    std::string credential_id = {};  // Bytes, 16 to 1023.
    std::string public_key = {};     // Bytes: a COSE key.
    std::string user_handle = {};    // Bytes: whose it is, 1 to 64.
    std::int64_t sign_count = 0;
    bool backup_eligible = false;  // May be copied to other devices of its owner.
    bool backed_up = false;
    std::string aaguid = {};                   // 32 hexadecimal digits: the kind of authenticator.
    std::vector<std::string> transports = {};  // "internal", "hybrid", "usb", …: a hint.
};

/// Of whom a passkey is made.
struct PasskeyUser {
    std::string handle;  // Bytes, 1 to 64, that say nothing of the person: the bytes of their id.
    std::string name;    // Tells accounts apart: the e-mail.
    std::string display_name;
};

/// For parseCreationOptionsFromJSON(): a discoverable credential, with the user verified, without
/// attestation. `known` are those that this person has: an authenticator makes no second one.
boost::json::object creation_options(
    const RelyingParty& party, const PasskeyUser& user, std::string_view challenge,
    std::span<const Passkey> known);
/// invalid `bad_passkey`: cannot be read; `wrong_challenge`, `wrong_origin`,
/// `wrong_relying_party`, `user_not_verified`, `key_not_supported`, `attestation_not_accepted`
/// (only "none", and "packed" by the key itself), `wrong_signature` (of such a one). That the
/// credential id is nobody's yet is for the caller to see.
Result<Passkey> check_registration(
    const RelyingParty& party, const PasskeyUser& user, std::string_view challenge,
    std::string_view credential_json);

/// For parseRequestOptionsFromJSON(). `allowed` empty: any passkey that the person has here; else
/// one of these, as for a second factor.
boost::json::object request_options(
    const RelyingParty& party, std::string_view challenge, std::span<const Passkey> allowed = {});

/// An answer, read and not yet believed: by its id the passkey is looked up.
struct Assertion {
    std::string credential_id;  // Bytes.
    std::string user_handle;    // Bytes; empty: the authenticator did not say.
    std::string client_data;    // Bytes from here on.
    std::string authenticator_data;
    std::string signature;

    /// unauthenticated `bad_passkey`.
    static Result<Assertion> read(std::string_view credential_json);
};
/// The passkey as it is to be kept from now on. unauthenticated, all of them: `wrong_challenge`,
/// `wrong_origin`, `wrong_relying_party`, `wrong_passkey` (another id or person), `bad_passkey`,
/// `user_not_verified`, `wrong_signature`, `sign_count_regressed`: there are two of a passkey that
/// counts, so one is a copy. Whoever types nothing is known by `user_handle`: see that it is there.
Result<Passkey> check_assertion(
    const RelyingParty& party, std::string_view challenge, const Passkey& known,
    const Assertion& assertion);

}  // namespace mobilytics::identity
