#pragma once
// What an authenticator signs (WebAuthn level 3, 6.1), read; for this folder.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/result.h"

namespace mobilytics::identity {

struct AuthenticatorData {
    std::string party_digest;  // SHA-256 of the relying party's id, 32 bytes.
    bool user_present = false;
    bool user_verified = false;
    bool backup_eligible = false;
    bool backed_up = false;
    std::int64_t sign_count = 0;

    struct Credential {
        std::string aaguid;      // 16 bytes.
        std::string id;          // 16 to 1023 bytes.
        std::string public_key;  // A COSE key's bytes.
    };
    std::optional<Credential> credential;  // Where one was made.
};

/// invalid `bad_authenticator_data`, also for what follows it or is backed up without being
/// eligible.
Result<AuthenticatorData> read_authenticator_data(std::string_view bytes);

/// An attestation object (6.5), with its statement as it is taken here.
struct Attestation {
    enum class Form { none, packed_by_itself };
    Form form = Form::none;
    std::int64_t algorithm = 0;  // COSE's, of a packed one.
    std::string signature = {};  // Of a packed one.
    std::string authenticator_data;
};
/// invalid `bad_attestation`; `attestation_not_accepted`: of another form, or by another's key.
Result<Attestation> read_attestation(std::string_view bytes);

}  // namespace mobilytics::identity
