#pragma once
// Passkeys: adding, naming and removing one's own, and signing in with one, which is both factors
// at once. Each ceremony has a challenge that is kept for one use and five minutes, for the browser
// that asked for it.

#include "domains/accounts/account_types.h"
#include "platform/identity/passkey.h"

namespace mobilytics::accounts {

class Proofs;
class Sessions;
struct Proof;

struct PasskeyIdentity {
    static constexpr std::string_view kIdPrefix = "passkey";
};
using PasskeyId = Id<PasskeyIdentity>;
struct ChallengeIdentity {
    static constexpr std::string_view kIdPrefix = "challenge";
};
using ChallengeId = Id<ChallengeIdentity>;

struct Passkey {
    PasskeyId id;
    std::string name;
    Instant added_at;
    std::optional<Instant> used_at;
    bool backed_up;
};
struct PasskeyList {
    std::vector<Passkey> items;
};
struct PasskeyChallenge {
    ChallengeId id;
    std::string options;  // JSON, for the browser.
};
struct PasskeyAnswer {
    ChallengeId challenge_id;
    std::string credential;  // JSON, as the browser says it.
};
struct NewPasskey {
    ChallengeId challenge_id;
    std::string credential, name;
};
struct PasskeyName {
    std::string name;
};

/// Of where browsers reach us: "https://ooh.example". None where no browser makes a passkey: for an
/// address instead of a name, and without TLS, save for localhost.
std::optional<identity::RelyingParty> relying_party(std::string_view public_url);

struct PasskeysConfig {
    std::optional<identity::RelyingParty> party = {};  // None: there are none here.
    bool secure = false;                               // As SessionsConfig has it.
};

class Passkeys {
  public:
    /// What it is given must outlive this.
    Passkeys(Ground ground, Sessions& sessions, Proofs& proofs, PasskeysConfig config)
        : ground_(ground), sessions_(sessions), proofs_(proofs), config_(std::move(config)) {}

    /// Of all that begin or end a ceremony: conflict `passkeys_unavailable`.
    Result<http::Reply> challenge_passkey(const http::Call& call);
    /// unauthenticated `wrong_passkey`, whatever it is that is wrong; forbidden `no_company`.
    Result<http::Reply> begin_session_by_passkey(
        const http::Call& call, const PasskeyAnswer& answer);

    Result<PasskeyList> list_passkeys(const Caller& caller);
    /// Those of a proof; conflict `too_many_passkeys`.
    Result<http::Reply> challenge_new_passkey(const http::Call& call, const Proof& proof);
    /// invalid `wrong_challenge` and those of identity::check_registration(); conflict
    /// `passkey_taken`, `too_many_passkeys`. All other sessions end.
    Result<http::Reply> add_passkey(const http::Call& call, const NewPasskey& asked);
    /// not_found `no_such_passkey`.
    Result<Passkey> rename_passkey(const Caller& caller, PasskeyId id, const PasskeyName& name);
    /// The same; those of a proof; conflict `last_way_in`, of who would have no way in any more.
    Result<http::Reply> remove_passkey(const http::Call& call, PasskeyId id, const Proof& proof);

  private:
    std::string cookie_name() const;
    /// A challenge, for this browser, and with it the options that `made` makes of its bytes.
    http::Reply challenged(
        std::optional<PersonId> person, const std::function<std::string(std::string_view)>& made);
    /// Its bytes, once: of this browser, and of that person.
    std::optional<std::string> taken(
        const http::Call& call, ChallengeId id, std::optional<PersonId> person);
    /// Who has shown a passkey; the error is for the audit trail.
    Result<PersonId> shown(
        const http::Call& call, const PasskeyAnswer& answer, std::optional<PersonId>& whose);
    void forget_browser(http::Reply& reply) const;

    Ground ground_;
    Sessions& sessions_;
    Proofs& proofs_;
    const PasskeysConfig config_;
};

}  // namespace mobilytics::accounts
