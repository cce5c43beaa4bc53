#include "domains/accounts/proofs.h"

#include "domains/accounts/second_factor.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

std::string guessed_of(PersonId person, Guessed what) {
    return person.str() + ' ' + std::string(word(what));
}

}  // namespace

http::Reply slow_down(std::chrono::seconds wait) {
    auto reply =
        http::problem(429, {ErrorKind::unavailable, "too_many_tries", "wait before you try again"});
    reply.headers.add("Retry-After", std::to_string(wait.count()));
    reply.headers.add("RateLimit-Policy", "\"tries\";q=1;w=" + std::to_string(wait.count()));
    reply.headers.add("RateLimit", "\"tries\";r=0;t=" + std::to_string(wait.count()));
    return reply;
}

std::optional<http::Reply> Proofs::slowed(const http::Call& call, PersonId person, Guessed what) {
    const auto wait = throttle_.wait(guessed_of(person, what), call.request.remote_address);
    return wait.count() > 0 ? std::optional(slow_down(wait)) : std::nullopt;
}

void Proofs::wrong(const http::Call& call, PersonId person, Guessed what) {
    throttle_.failed(guessed_of(person, what), call.request.remote_address);
    auto tx = ground_.pool.begin(call.caller.company);
    audit::append(
        tx, ground_.clock.now(),
        {.action = "accounts.proof_failed",
         .actor = audit::actor_of(call.caller),
         .targets = {{"person", person.str()}},
         .after = {{"of", word(what)}},
         .outcome = audit::Outcome::failure});
    tx.commit();
}

void Proofs::right(const http::Call& call, PersonId person, Guessed what) {
    throttle_.succeeded(guessed_of(person, what), call.request.remote_address);
}

std::optional<http::Reply> Proofs::refused(const http::Call& call, const Proof& proof) {
    const auto person = call.caller.person;
    if (auto reply = slowed(call, person, Guessed::password)) return reply;
    std::optional<Credential> credential;
    {
        auto tx = ground_.pool.begin(call.caller.company);
        act_as(tx, person);
        credential = select_credential(tx, person);
    }
    // Outside of a transaction: it takes a tenth of a second, on purpose.
    if (!credential || !credential->password_hash ||
        !crypto::verify_password(*credential->password_hash, Secret(proof.password))) {
        wrong(call, person, Guessed::password);
        return http::problem_of(
            {ErrorKind::unauthenticated, "wrong_password", "this is not the password"});
    }
    right(call, person, Guessed::password);
    if (!credential->totp_sealed) return std::nullopt;
    if (!proof.code) {
        return http::problem_of(
            {ErrorKind::forbidden, "code_needed", "show a code of your app, or a recovery code"});
    }
    return code_refused(call, *proof.code);
}

std::optional<http::Reply> Proofs::code_refused(const http::Call& call, const std::string& code) {
    const auto person = call.caller.person;
    if (auto reply = slowed(call, person, Guessed::code)) return reply;
    const auto spent = [&]() -> Result<> {
        auto tx = ground_.pool.begin(call.caller.company);
        act_as(tx, person);
        CHECK(spend_code(tx, seal_, person, code, ground_.clock.now()));
        tx.commit();
        return {};
    }();
    if (spent) {
        right(call, person, Guessed::code);
        return std::nullopt;
    }
    if (spent.error().kind == ErrorKind::unauthenticated) wrong(call, person, Guessed::code);
    return http::problem_of(spent.error());
}

}  // namespace mobilytics::accounts
