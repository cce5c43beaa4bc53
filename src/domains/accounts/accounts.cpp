#include "domains/accounts/accounts.h"

#include <utility>

#include "domains/accounts/account_rules.h"
#include "domains/accounts/account_store.h"
#include "platform/crypto/digest.h"

namespace mobilytics::accounts {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kOneTimeBytes = 10;  // 80 bits: sixteen characters of base 32.
constexpr std::size_t kOneTimeCharacters = 16;
/// How seldom a session's last use is written down: a request does not wait for a disk.
constexpr std::chrono::minutes kSeenEvery{5};

Secret<std::string> new_one_time_password() {
    auto text = crypto::to_base32(crypto::random_bytes(kOneTimeBytes), kOneTimeCharacters);
    for (const std::size_t dash : {12U, 8U, 4U}) text.insert(dash, "-");
    return Secret(std::move(text));
}

auto no_session() {
    return fail(ErrorKind::unauthenticated, "no_session", "sign in: this session has ended");
}

auto wrong_password() {
    return fail(ErrorKind::unauthenticated, "wrong_password", "this is not the password");
}

/// What a wrong installation is compared with, so that it takes as long.
const std::string& hash_of_nothing() {
    static const auto hash = crypto::hash_password(Secret<std::string>("nothing at all"));
    return hash;
}

}  // namespace

Accounts::FirstStart Accounts::open_installation(const CompanyProfile& otherwise) {
    const auto now = clock_.now();
    std::optional<CompanyId> known;
    {
        auto tx = pool_.begin(otherwise.id);
        known = select_installation(tx);
        if (!known && insert_installation(tx)) {
            auto password = new_one_time_password();
            insert(tx, otherwise, now);
            insert(
                tx, Credentials{
                        .person = {PersonId::fresh(now), "Owner", Role::owner, true},
                        .password_hash = crypto::hash_password(password)});
            tx.commit();
            return {otherwise.id, std::move(password)};
        }
        if (!known) known = select_installation(tx);
    }
    VERIFY(known);
    return {*known, std::nullopt};
}

std::optional<CompanyId> Accounts::known_installation() {
    auto tx = pool_.begin(CompanyId());  // Of no company yet.
    return select_installation(tx);
}

Secret<std::string> Accounts::reset_password(CompanyId company) {
    auto password = new_one_time_password();
    auto tx = pool_.begin(company);
    auto owner = select_owner(tx);
    VERIFY(owner);
    owner->password_hash = crypto::hash_password(password);
    owner->person.has_one_time_password = true;
    update_password(tx, *owner);
    delete_sessions(tx, owner->person.id, "");
    tx.commit();
    return password;
}

Result<SignedIn> Accounts::sign_in(CompanyId company, const SignIn& with) {
    std::optional<Credentials> owner;
    std::optional<CompanyProfile> profile;
    {
        auto tx = pool_.begin(company);
        owner = select_owner(tx);
        profile = select_company(tx);
    }
    // Outside of a transaction: it takes a tenth of a second, on purpose.
    const bool right = crypto::verify_password(
        owner ? owner->password_hash : hash_of_nothing(), Secret(with.password));
    if (!right || !owner || !profile) return wrong_password();

    const auto now = clock_.now();
    auto token = company.uuid() + "." + crypto::to_base64url(crypto::random_bytes(kTokenBytes));
    const SessionRow session{
        .token_sha256 = crypto::sha256_hex(token),
        .person = owner->person.id,
        .begun_at = now,
        .seen_at = now,
        .expires_at = now + std::min(limits_.idle_max, limits_.absolute_max),
    };
    auto tx = pool_.begin(company);
    delete_expired(tx, now);
    insert(tx, session);
    tx.commit();
    return SignedIn{{owner->person, *profile, session.expires_at}, Secret(std::move(token))};
}

Result<Caller> Accounts::authenticate(std::string_view token) {
    const auto parsed = parse_token(token);
    if (!parsed) return no_session();
    const auto now = clock_.now();
    auto tx = pool_.begin(parsed->company);
    const auto session = select_session(tx, crypto::sha256_hex(token));
    if (!session) return no_session();
    const auto after = used(*session, now, limits_);
    if (!after) return no_session();
    const auto person = select_person(tx, session->person);
    if (!person) return no_session();
    if (now - session->seen_at >= kSeenEvery) {
        update_seen(tx, *after);
        tx.commit();
    }
    return Caller{parsed->company, person->person.role, person->person.id};
}

Result<Session> Accounts::find_session(const Caller& caller, std::string_view token) {
    auto tx = pool_.begin(caller.company);
    const auto session = select_session(tx, crypto::sha256_hex(token));
    const auto profile = select_company(tx);
    if (!session || !profile) return fail(ErrorKind::not_found, "no_session", "there is none");
    const auto person = select_person(tx, session->person);
    VERIFY(person);
    return Session{person->person, *profile, session->expires_at};
}

Result<> Accounts::end_session(const Caller& caller, std::string_view token) {
    auto tx = pool_.begin(caller.company);
    delete_session(tx, crypto::sha256_hex(token));
    tx.commit();
    return {};
}

Result<> Accounts::change_password(
    const Caller& caller, std::string_view token, const PasswordChange& change) {
    CHECK(checked_password(change.next, limits_));
    const auto digest = crypto::sha256_hex(token);
    std::optional<Credentials> person;
    {
        auto tx = pool_.begin(caller.company);
        const auto session = select_session(tx, digest);
        if (session) person = select_person(tx, session->person);
    }
    if (!person) return no_session();
    if (!crypto::verify_password(person->password_hash, Secret(change.current))) {
        return wrong_password();
    }
    person->password_hash = crypto::hash_password(Secret(change.next));
    person->person.has_one_time_password = false;
    auto tx = pool_.begin(caller.company);
    update_password(tx, *person);
    delete_sessions(tx, person->person.id, digest);
    tx.commit();
    return {};
}

Result<CompanyProfile> Accounts::find_company(const Caller& caller) {
    auto tx = pool_.begin(caller.company);
    auto profile = select_company(tx);
    if (!profile) return fail(ErrorKind::not_found, "no_such_company", caller.company.str());
    return *std::move(profile);
}

}  // namespace mobilytics::accounts
