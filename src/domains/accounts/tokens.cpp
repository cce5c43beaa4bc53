#include "domains/accounts/tokens.h"

#include <algorithm>
#include <stdexcept>

#include "domains/accounts/accounts.h"
#include "domains/accounts/token_store.h"
#include "foundation/json.h"
#include "foundation/log.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/http/router.h"
#include "platform/jobs/workers.h"

namespace mobilytics::accounts {

namespace {

constexpr std::chrono::minutes kLivesMax{15};
constexpr std::chrono::seconds kLeeway{5};  // Between the clocks of our own processes.
constexpr std::string_view kType = "at+jwt";
/// For how long others keep our document: a key is shown a day before it signs.
constexpr const char* kKeysKept = "public, max-age=3600";

/// What a page of somebody else's may be given to read.
const Permissions& for_embeds() {
    static const auto all = *permissions_of({"assets:read", "reports:read"});
    return all;
}

auto not_ours() {
    return fail(ErrorKind::unauthenticated, "bad_token", "this is no token of ours");
}

identity::SigningKeys opened(const std::string& sealed, const crypto::SealedBox& seal) {
    auto keys = identity::SigningKeys::open(sealed, seal);
    if (!keys) throw std::runtime_error("the signing keys were sealed with another key");
    return *std::move(keys);
}

identity::SigningKeys read_keys(pg::Pool& pool, const crypto::SealedBox& seal) {
    auto tx = pool.begin(CompanyId());
    const auto sealed = select_signing_keys(tx);
    if (!sealed) throw std::runtime_error("there are no signing keys");
    return opened(*sealed, seal);
}

/// Makes them, or turns what is due.
void turn(pg::SystemTransaction& tx, const crypto::SealedBox& seal, Instant now) {
    const auto known = lock_signing_keys(tx);
    if (!known) {
        insert_signing_keys(tx, identity::SigningKeys::make(now).sealed(seal), now);
        return;
    }
    const auto keys = opened(known->sealed, seal);
    if (!keys.due(now)) return;
    const auto next = keys.rotated(now);
    update_signing_keys(tx, {known->version + 1, next.sealed(seal)}, now);
    log::info(
        "signing_keys_turned", {{"version", known->version + 1},
                                {"signs", next.keys().front().id},
                                {"keys", next.keys().size()}});
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

/// A member that is text; empty when it is not there.
std::string text_of(const identity::Claims& claims, const char* name) {
    const auto* value = claims.others.if_contains(name);
    return value != nullptr ? std::string(json::text_or_nothing(*value)) : std::string();
}

}  // namespace

Tokens::Tokens(Ground ground, Accounts& accounts, const crypto::SealedBox& seal, std::string issuer)
    : ground_(ground),
      accounts_(accounts),
      issuer_(std::move(issuer)),
      keys_([&pool = ground.pool, &seal] { return read_keys(pool, seal); }, ground.clock) {}

Result<http::Reply> Tokens::make_token(const http::Call& call, const NewToken& asked) {
    const auto& caller = call.caller;
    const auto now = ground_.clock.now();
    const auto audience = asked.audience.value_or(TokenAudience::api);
    TRY(const auto scopes, permissions_of(asked.scopes));
    for (const auto& one : scopes) {
        if (caller.scopes && !covers(*caller.scopes, one)) {
            return fail(ErrorKind::forbidden, "scope_above_own", "you do not have " + one.str());
        }
        if (audience == TokenAudience::embed && !covers(for_embeds(), one)) {
            return fail(
                ErrorKind::forbidden, "not_for_embeds",
                "an embed is given assets:read and reports:read");
        }
    }
    if (audience == TokenAudience::embed && Roles::staff().has(caller.role)) {
        return fail(ErrorKind::forbidden, "not_for_embeds", "staff embed nothing");
    }
    SessionId session;
    if (!caller.key) {
        TRY(session, accounts_.session_of(call.request.token));
    }
    const auto lives = asked.minutes ? std::chrono::minutes(*asked.minutes) : kLivesMax;
    const identity::Claims claims{
        .issuer = issuer_,
        .audience = {std::string(word(audience))},
        .subject = caller.key ? caller.key->str() : caller.person.str(),
        .issued_at = now,
        .expires_at = now + lives,
        .not_before = now,
        .id = crypto::to_base64url(crypto::random_bytes(16)),
        .others = {
            {"client_id", caller.key ? caller.key->str() : session.str()},
            {"company", caller.company.str()},
            {"scope", joined(asked.scopes)}}};
    const auto token = keys_.get()->sign(claims, kType);
    // In whole seconds, as the token has it.
    const auto until = std::chrono::floor<std::chrono::seconds>(claims.expires_at);
    auto tx = ground_.pool.begin(caller.company);
    const boost::json::object what{
        {"audience", word(audience)},
        {"scopes", json::encode_list(asked.scopes, json::kEncode)},
        {"expires_at", to_iso8601(until)}};
    audit::append(
        tx, now,
        {.action = "accounts.token_made",
         .actor = audit::actor_of(caller),
         .targets =
             {caller.key ? audit::Target{"api_key", caller.key->str()}
                         : audit::Target{"session", session.str()}},
         .after = what});
    tx.commit();
    auto body = what;
    body["token"] = token.reveal();
    return http::Reply{.status = 201, .body = std::move(body)};
}

Result<http::Reply> Tokens::show_keys(const http::Call&) {
    auto reply = http::bytes(200, "application/jwk-set+json", keys_.get()->jwks().text());
    reply.headers.add("Cache-Control", kKeysKept);
    return reply;
}

bool Tokens::is_token(std::string_view shown) { return shown.starts_with("ey"); }

Result<identity::Claims> Tokens::verified(std::string_view token, TokenAudience audience) {
    return keys_.verify(
        token, {.issuer = issuer_,
                .audience = std::string(word(audience)),
                .types = {std::string(kType)},
                .leeway = kLeeway});
}

Result<Caller> Tokens::authenticate(std::string_view token, std::string_view address) {
    bool embedded = false;
    auto claims = verified(token, TokenAudience::api);
    if (!claims && claims.error().code == "wrong_audience") {
        embedded = true;
        claims = verified(token, TokenAudience::embed);
    }
    if (!claims) return tl::unexpected(claims.error());
    const auto company = CompanyId::parse(text_of(*claims, "company"));
    const auto scopes = permissions_of(words_of(text_of(*claims, "scope")));
    const auto holder = text_of(*claims, "client_id");
    if (!company || !scopes || scopes->empty()) return not_ours();
    const auto found = [&]() -> Result<Caller> {
        if (const auto key = ApiKeyId::parse(holder)) {
            return accounts_.authenticate_key(*company, *key, address);
        }
        const auto session = SessionId::parse(holder);
        const auto person = PersonId::parse(claims->subject);
        if (!session || !person) return not_ours();
        return accounts_.authenticate_session(*company, *person, *session);
    };
    TRY(auto caller, found());
    caller.scopes = caller.scopes ? common(*caller.scopes, *scopes) : *scopes;
    caller.by_token = true;
    if (embedded) {
        caller.role = Role::viewer;
        caller.scopes = common(*caller.scopes, for_embeds());
    }
    return caller;
}

Result<Caller> authenticate(Accounts& accounts, Tokens& tokens, const http::Shown& shown) {
    if (shown.from == http::TokenFrom::bearer && Tokens::is_token(shown.token)) {
        return tokens.authenticate(shown.token, shown.remote_address);
    }
    return accounts.authenticate(shown.token, shown.remote_address);
}

boost::json::value TurnSigningKeys::to_json() const { return boost::json::object(); }

TurnSigningKeys TurnSigningKeys::from_json(const boost::json::value&) { return {}; }

void turn_signing_keys(pg::SystemPool& system, const crypto::SealedBox& seal, const Clock& clock) {
    auto tx = system.begin();
    turn(tx, seal, clock.now());
    tx.commit();
}

void serve_signing_keys(jobs::Workers& workers, const crypto::SealedBox& seal, const Clock& clock) {
    workers.handle_as_system<TurnSigningKeys>(
        [&seal, &clock](jobs::JobRun&, const TurnSigningKeys&) -> jobs::SystemOutcome {
            return jobs::SystemDone{
                [&seal, now = clock.now()](pg::SystemTransaction& tx) { turn(tx, seal, now); }};
        });
    workers.schedule({"accounts_signing_keys", "23 * * * *", "UTC"}, TurnSigningKeys{});
}

}  // namespace mobilytics::accounts
