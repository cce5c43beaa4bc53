#include "platform/identity/oidc.h"

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include <curl/curl.h>
#include <openssl/sha.h>
#include <sodium.h>

#include "foundation/json.h"
#include "platform/crypto/digest.h"
#include "platform/identity/jwt.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {

namespace {

using boost::json::object;

constexpr std::size_t kChanceBytes = 32;
constexpr std::size_t kWordsMax = 200;  // Of what a provider says, for people.
constexpr std::chrono::seconds kAgainAfterFailure{5};

tl::unexpected<Error> unavailable(const std::string& why) {
    return fail(
        ErrorKind::unavailable, "provider_unavailable",
        "the provider of sign-ins cannot be used now: " + why);
}
tl::unexpected<Error> refused(const char* code, const std::string& why) {
    return fail(ErrorKind::unauthenticated, code, why);
}

/// A part of a URL as libcurl reads it, who will go there; empty, where it has none.
std::string part_of(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return "";
    std::string out(text);
    curl_free(text);
    return out;
}

/// https, or http on this machine; nothing that hides where it goes or breaks a header.
bool is_safe(const std::string& url) {
    const bool prints = std::all_of(
        url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~' && c != '\\'; });
    const std::unique_ptr<CURLU, void (*)(CURLU*)> read(curl_url(), curl_url_cleanup);
    VERIFY(read != nullptr);
    if (!prints || curl_url_set(read.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
        return false;
    }
    const auto scheme = part_of(read.get(), CURLUPART_SCHEME);
    const auto host = part_of(read.get(), CURLUPART_HOST);
    const bool hides = !part_of(read.get(), CURLUPART_USER).empty() ||
                       url.find_first_of("@#") != std::string::npos;
    const bool here = host == "127.0.0.1" || host == "[::1]" || host == "localhost";
    return !hides && !host.empty() && (scheme == "https" || (scheme == "http" && here));
}

std::string text_field(const object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found != nullptr ? std::string(json::text_or_nothing(*found)) : "";
}

/// Some providers write true as a text.
bool is_true(const object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found != nullptr && (*found == true || *found == "true");
}

/// The first characters of what somebody else says, those that print.
std::string in_short(std::string_view words) {
    std::string out;
    for (const char c : words.substr(0, kWordsMax)) {
        if (c >= ' ' && c <= '~') out += c;
    }
    return out;
}

Result<object> object_of(const fetch::Reply& reply) {
    boost::json::error_code fault;
    auto read = boost::json::parse(reply.body, fault);
    if (fault || !read.is_object()) {
        return unavailable("its answer " + std::to_string(reply.status) + " cannot be read");
    }
    return std::move(read.get_object());
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out += name + "=" + url_escaped(value);
    }
    return out;
}

std::string base64(std::string_view bytes) {
    constexpr int kind = sodium_base64_VARIANT_ORIGINAL;
    std::string out(sodium_base64_encoded_len(bytes.size(), kind), '\0');
    sodium_bin2base64(
        out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
        kind);
    out.pop_back();
    return out;
}

Secret<std::string> chance() {
    return Secret(crypto::to_base64url(crypto::random_bytes(kChanceBytes)));
}

std::string digest_text(std::string_view bytes) {
    const auto digest = crypto::sha256(bytes);
    return crypto::to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

/// OpenID Connect Core, 3.1.3.6: the left half of the digest that goes with the token's algorithm.
bool is_hash_of(std::string_view at_hash, std::string_view access_token) {
    const auto of_256 = crypto::sha256(access_token);
    std::array<unsigned char, SHA512_DIGEST_LENGTH> of_512{};
    SHA512(
        reinterpret_cast<const unsigned char*>(access_token.data()), access_token.size(),
        of_512.data());
    const auto half = [](const auto& digest) {
        return crypto::to_base64url(
            {reinterpret_cast<const char*>(digest.data()), digest.size() / 2});
    };
    return at_hash == half(of_256) || at_hash == half(of_512);
}

struct Provider {
    std::string authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint;
    bool tells_issuer = false;  // RFC 9207.
};

Result<Provider> read_provider(const object& document, const OidcConfig& config) {
    if (text_field(document, "issuer") != config.issuer) {
        return unavailable("it calls itself " + in_short(text_field(document, "issuer")));
    }
    Provider out{
        .authorization_endpoint = text_field(document, "authorization_endpoint"),
        .token_endpoint = text_field(document, "token_endpoint"),
        .jwks_uri = text_field(document, "jwks_uri"),
        .userinfo_endpoint = text_field(document, "userinfo_endpoint"),
        .tells_issuer = is_true(document, "authorization_response_iss_parameter_supported")};
    for (const auto& url : {out.authorization_endpoint, out.token_endpoint, out.jwks_uri}) {
        if (!is_safe(url)) return unavailable("one of its addresses is missing or not https");
    }
    if (!out.userinfo_endpoint.empty() && !is_safe(out.userinfo_endpoint)) {
        return unavailable("one of its addresses is not https");
    }
    return out;
}

struct Tokens {
    Secret<std::string> id_token, access_token;
};

Result<> check_id_token(
    const Claims& claims, const Tokens& tokens, const OidcConfig& config,
    const OidcAttempt& attempt) {
    const auto nonce = text_field(claims.others, "nonce");
    if (!crypto::equal_in_constant_time(nonce, attempt.nonce.reveal())) {
        return refused("wrong_nonce", "the provider answers another sign-in");
    }
    const bool has_party = claims.others.contains("azp");
    if ((has_party || claims.audience.size() > 1) &&
        text_field(claims.others, "azp") != config.client_id) {
        return refused("bad_token", "the provider's token is for another party");
    }
    if (claims.others.contains("at_hash") &&
        !is_hash_of(text_field(claims.others, "at_hash"), tokens.access_token.reveal())) {
        return refused("bad_token", "the provider's tokens do not belong together");
    }
    return {};
}

OidcPerson person_of(const Claims& claims) {
    OidcPerson out{
        .issuer = claims.issuer,
        .subject = claims.subject,
        .email = text_field(claims.others, "email"),
        .email_verified = is_true(claims.others, "email_verified"),
        .name = text_field(claims.others, "name"),
        .signed_in_at = claims.issued_at,
        .methods = {},
        .context = text_field(claims.others, "acr")};
    const auto* at = claims.others.if_contains("auth_time");
    if (at != nullptr && at->is_int64()) {
        out.signed_in_at =
            std::min(out.signed_in_at, Instant(std::chrono::seconds(at->get_int64())));
    }
    const auto* methods = claims.others.if_contains("amr");
    if (const auto* list = methods != nullptr ? methods->if_array() : nullptr) {
        for (const auto& one : *list) out.methods.emplace_back(json::text_or_nothing(one));
    }
    return out;
}

}  // namespace

struct OidcClient::State {
    State(OidcConfig its_config, const Clock& its_clock)
        : config(std::move(its_config)), clock(its_clock) {}

    const OidcConfig config;
    const Clock& clock;

    std::mutex mutex;  // Held while it asks: the others wait for what the first one learns.
    std::optional<Provider> known;
    Instant known_at;
    std::optional<Error> failed;
    Instant failed_at;
    Jwks keys;
    std::optional<Instant> keys_at;

    Result<object> ask(const fetch::Request& request) const {
        fetch::Client client(config.trust, config.limits);
        const auto reply = client.send(request);
        if (!reply) return unavailable(reply.error().message);
        if (reply->status != 200) {
            return unavailable("it answered " + std::to_string(reply->status));
        }
        return object_of(*reply);
    }

    Result<Provider> provider() {
        const std::scoped_lock lock(mutex);
        const auto now = clock.now();
        if (known && now < known_at + config.discovery_kept) return *known;
        if (failed && now < failed_at + kAgainAfterFailure) return tl::unexpected(*failed);
        auto found = discovered();
        if (found) {
            known = *found;
            known_at = now;
            failed.reset();
        } else {
            failed = found.error();
            failed_at = now;
        }
        return found;
    }

    Result<Provider> discovered() const {
        auto base = config.issuer;
        if (base.ends_with('/')) base.pop_back();
        TRY(const auto document, ask({.url = base + "/.well-known/openid-configuration"}));
        return read_provider(document, config);
    }

    Result<Jwks> current_keys(const Provider& at, bool lacking) {
        const std::scoped_lock lock(mutex);
        const auto now = clock.now();
        const auto kept =
            lacking ? config.keys_again_after : std::chrono::seconds(config.discovery_kept);
        if (!keys_at || now >= *keys_at + kept) {
            TRY(const auto document, ask({.url = at.jwks_uri}));
            auto read = Jwks::parse(boost::json::serialize(document));
            if (!read) return unavailable(read.error().message);
            keys = *std::move(read);
            keys_at = now;
        }
        return keys;
    }

    Result<Tokens> exchange(
        const Provider& at, const OidcAttempt& attempt, const std::string& code) const {
        std::vector<std::pair<std::string, std::string>> fields{
            {"grant_type", "authorization_code"},
            {"code", code},
            {"redirect_uri", config.redirect_uri},
            {"code_verifier", attempt.verifier.reveal()}};
        fetch::Request request{
            .method = "POST",
            .url = at.token_endpoint,
            .headers = {
                {"Content-Type", "application/x-www-form-urlencoded"},
                {"Accept", "application/json"}}};
        switch (config.authentication) {
            case ClientAuthentication::client_secret_basic:
                // RFC 6749, 2.3.1: each is escaped as in a form first.
                request.headers.emplace_back(
                    "Authorization", "Basic " + base64(
                                                    url_escaped(config.client_id) + ":" +
                                                    url_escaped(config.client_secret.reveal())));
                break;
            case ClientAuthentication::client_secret_post:
                fields.emplace_back("client_id", config.client_id);
                fields.emplace_back("client_secret", config.client_secret.reveal());
                break;
        }
        request.body = form(fields);
        fetch::Client client(config.trust, config.limits);
        const auto reply = client.send(request);
        if (!reply) return unavailable(reply.error().message);
        TRY(const auto answer, object_of(*reply));
        const auto error = text_field(answer, "error");
        if (error == "invalid_client" || error == "unauthorized_client" || reply->status >= 500) {
            return unavailable(
                "it answered " + std::to_string(reply->status) + " " + in_short(error));
        }
        if (reply->status != 200) {
            return refused("refused_by_provider", "the provider refused: " + in_short(error));
        }
        Tokens out{
            Secret(text_field(answer, "id_token")), Secret(text_field(answer, "access_token"))};
        if (out.id_token.empty()) return unavailable("it gave no id_token");
        return out;
    }

    Result<Claims> verified(const Provider& at, const Tokens& tokens) {
        const JwtRules rules{
            .issuer = config.issuer,
            .audience = config.client_id,
            .types = {"", "JWT"},
            .leeway = config.leeway};
        TRY(const auto first, current_keys(at, false));
        auto claims = verify_jwt(tokens.id_token.reveal(), first, rules, clock.now());
        if (claims || claims.error().code != "unknown_key") return claims;
        TRY(const auto newer, current_keys(at, true));
        return verify_jwt(tokens.id_token.reveal(), newer, rules, clock.now());
    }

    /// The standard's place for what the scopes name; many put it into the token as well.
    Result<> ask_who(const Provider& at, const Tokens& tokens, OidcPerson& person) const {
        TRY(const auto info, ask(
                                 {.url = at.userinfo_endpoint,
                                  .headers = {
                                      {"Authorization", "Bearer " + tokens.access_token.reveal()},
                                      {"Accept", "application/json"}}}));
        if (text_field(info, "sub") != person.subject) {
            return refused("bad_token", "the provider tells of another person");
        }
        person.email = text_field(info, "email");
        person.email_verified = is_true(info, "email_verified");
        if (person.name.empty()) person.name = text_field(info, "name");
        return {};
    }
};

OidcClient::OidcClient(OidcConfig config, const Clock& clock)
    : state_(std::make_unique<State>(std::move(config), clock)) {
    const auto& its = state_->config;
    if (!is_safe(its.issuer) || !is_safe(its.redirect_uri) || its.client_id.empty()) {
        throw std::invalid_argument(
            "sign-in with " + its.issuer +
            ": issuer and redirect_uri are to be https (or http on this machine), client_id not "
            "empty");
    }
}

OidcClient::~OidcClient() = default;

Result<OidcClient::Start> OidcClient::begin() {
    TRY(const auto provider, state_->provider());
    const auto& config = state_->config;
    std::string scope;
    for (const auto& one : config.scopes) scope += (scope.empty() ? "" : " ") + one;
    OidcAttempt attempt{.state = chance(), .nonce = chance(), .verifier = chance()};
    const bool has_query = provider.authorization_endpoint.find('?') != std::string::npos;
    auto url = provider.authorization_endpoint + (has_query ? "&" : "?") +
               form(
                   {{"response_type", "code"},
                    {"client_id", config.client_id},
                    {"redirect_uri", config.redirect_uri},
                    {"scope", scope},
                    {"state", attempt.state.reveal()},
                    {"nonce", attempt.nonce.reveal()},
                    {"code_challenge", digest_text(attempt.verifier.reveal())},
                    {"code_challenge_method", "S256"}});
    return Start{std::move(url), std::move(attempt)};
}

Result<OidcPerson> OidcClient::finish(const OidcAttempt& attempt, const OidcCallback& callback) {
    const bool ours = !attempt.state.empty() &&
                      crypto::equal_in_constant_time(attempt.state.reveal(), callback.state);
    if (!ours) return refused("wrong_state", "this is not the sign-in that was begun here");
    TRY(const auto provider, state_->provider());
    const bool told = !callback.issuer.empty() || provider.tells_issuer;
    if (told && callback.issuer != state_->config.issuer) {
        return refused("wrong_issuer", "this is another provider's answer");
    }
    if (!callback.error.empty() || callback.code.empty()) {
        return refused(
            "refused_by_provider", "the provider refused: " + in_short(callback.error) + " " +
                                       in_short(callback.error_description));
    }
    TRY(const auto tokens, state_->exchange(provider, attempt, callback.code));
    TRY(const auto claims, state_->verified(provider, tokens));
    CHECK(check_id_token(claims, tokens, state_->config, attempt));
    auto person = person_of(claims);
    const bool can_ask = !provider.userinfo_endpoint.empty() && !tokens.access_token.empty();
    if (person.email.empty() && can_ask) {
        CHECK(state_->ask_who(provider, tokens, person));
    }
    return person;
}

}  // namespace mobilytics::identity
