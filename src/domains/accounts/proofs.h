#pragma once
// What is asked again before what matters most: a password, and a code of whoever has an app. Who
// guesses is slowed, here as where people sign in.

#include "domains/accounts/account_types.h"
#include "domains/accounts/throttle.h"

namespace mobilytics::accounts {

struct Proof {
    std::string password;
    std::optional<std::string> code = {};
};

/// What somebody may guess at; each is counted for itself.
BOOST_DEFINE_ENUM_CLASS(Guessed, password, code)

/// 429 `too_many_tries`, with Retry-After and RateLimit.
http::Reply slow_down(std::chrono::seconds wait);

/// For any thread. What it is given must outlive this.
class Proofs {
  public:
    Proofs(Ground ground, const crypto::SealedBox& seal)
        : ground_(ground), seal_(seal), throttle_(ground.clock) {}

    /// What to answer where it does not hold; none where it does: 401 `wrong_password`,
    /// `wrong_code`; 403 `code_needed`, where they have an app and show no code of it; 429
    /// `too_many_tries`. A code is spent, whatever comes of the rest.
    std::optional<http::Reply> refused(const http::Call& call, const Proof& proof);
    /// The same of a code alone; 409 `no_second_factor`, of who has no app.
    std::optional<http::Reply> code_refused(const http::Call& call, const std::string& code);

    // Of who shows it elsewhere.

    /// The 429, while that person has to wait where they call from.
    std::optional<http::Reply> slowed(const http::Call& call, PersonId person, Guessed what);
    /// Counted, and written down.
    void wrong(const http::Call& call, PersonId person, Guessed what);
    void right(const http::Call& call, PersonId person, Guessed what);
    /// For whom no session is there yet: by e-mail.
    Throttle& throttle() { return throttle_; }

  private:
    Ground ground_;
    const crypto::SealedBox& seal_;
    Throttle throttle_;
};

}  // namespace mobilytics::accounts
