#include "domains/accounts/second_factor.h"

#include "platform/crypto/files.h"
#include "platform/identity/second_factor.h"

namespace mobilytics::accounts {

namespace {

std::string about(PersonId person) { return "totp " + person.uuid(); }

}  // namespace

std::string seal_totp(
    const crypto::SealedBox& seal, PersonId person, const Secret<std::string>& secret) {
    return seal.seal(secret, about(person));
}

Secret<std::string> open_totp(
    const crypto::SealedBox& seal, PersonId person, const std::string& sealed) {
    auto secret = seal.open(sealed, about(person));
    if (!secret) throw std::runtime_error("a second factor was sealed with another key");
    return *std::move(secret);
}

Result<> spend_code(
    pg::Transaction& tx, const crypto::SealedBox& seal, PersonId person, const std::string& code,
    Instant now) {
    auto credential = select_credential(tx, person, Lock::for_update);
    if (!credential || !credential->totp_sealed) {
        return fail(ErrorKind::conflict, "no_second_factor", "there is no second factor");
    }
    if (!identity::looks_like_totp(code)) {
        const auto hash = identity::recovery_code_hash(Secret<std::string>(code));
        if (hash && take_recovery_code(tx, person, *hash)) return {};
        return fail(ErrorKind::unauthenticated, "wrong_code", "this is not the code");
    }
    TRY(credential->totp_last_step, identity::check_totp(
                                        open_totp(seal, person, *credential->totp_sealed), code,
                                        now, credential->totp_last_step));
    save(tx, person, *credential);
    return {};
}

}  // namespace mobilytics::accounts
