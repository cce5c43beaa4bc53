#include "platform/identity/jwt.h"

#include <algorithm>
#include <cmath>

#include "foundation/json.h"
#include "platform/crypto/digest.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {

namespace {

constexpr std::size_t kKeysMax = 100;
constexpr double kSecondsMax = 253'402'300'800;  // The year 10000.

tl::unexpected<Error> refused(const char* code, const char* message) {
    return fail(ErrorKind::unauthenticated, code, message);
}

/// An object in base64url; none for anything else.
std::optional<boost::json::object> object_of(std::string_view text) {
    const auto bytes = from_base64url(text);
    boost::json::error_code fault;
    auto read = bytes ? boost::json::parse(*bytes, fault) : boost::json::value();
    if (fault || !read.is_object()) return std::nullopt;
    return std::move(read.get_object());
}

std::string_view text_field(const boost::json::object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found != nullptr ? json::text_or_nothing(*found) : "";
}

/// "application/at+jwt" and "AT+JWT" are "at+jwt" (RFC 7515, 4.1.9).
std::string plain_type(std::string_view type) {
    std::string out(type);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    constexpr std::string_view prefix = "application/";
    if (out.starts_with(prefix)) out.erase(0, prefix.size());
    return out;
}

std::optional<Algorithm> algorithm_of(std::string_view name) {
    for (const auto one : {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256}) {
        if (jose_name(one) == name) return one;
    }
    if (name == "Ed25519") return Algorithm::eddsa;  // RFC 9864.
    return std::nullopt;
}

struct Header {
    Algorithm algorithm;
    std::string key_id;
};

Result<Header> read_header(std::string_view text, const JwtRules& rules) {
    const auto header = object_of(text);
    if (!header) return refused("bad_token", "this is not a token");
    // What "crit" names must be understood, and we understand nothing of it; "b64" comes with it.
    if (header->contains("crit") || header->contains("zip") || header->contains("enc")) {
        return refused("bad_token", "the token asks for more than a signature");
    }
    const auto algorithm = algorithm_of(text_field(*header, "alg"));
    if (!algorithm) return refused("bad_token", "the token's algorithm is not taken here");
    const auto type = plain_type(text_field(*header, "typ"));
    const bool taken = std::any_of(rules.types.begin(), rules.types.end(), [&](const auto& one) {
        return plain_type(one) == type;
    });
    if (!taken) return refused("bad_token", "the token is of another type");
    return Header{*algorithm, std::string(text_field(*header, "kid"))};
}

/// RFC 7519's NumericDate, which may have a fraction.
std::optional<Instant> instant_of(const boost::json::object& claims, std::string_view name) {
    const auto* found = claims.if_contains(name);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    const auto seconds = found->to_number<double>();
    if (!std::isfinite(seconds) || seconds < 0 || seconds > kSecondsMax) return std::nullopt;
    return Instant(std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6)));
}

std::vector<std::string> audience_of(const boost::json::object& claims) {
    const auto* found = claims.if_contains("aud");
    if (found == nullptr) return {};
    if (found->is_string()) return {std::string(found->get_string())};
    std::vector<std::string> out;
    if (const auto* list = found->if_array()) {
        for (const auto& one : *list) out.emplace_back(json::text_or_nothing(one));
    }
    return out;
}

Result<Claims> read_claims(std::string_view text) {
    auto read = object_of(text);
    if (!read) return refused("bad_token", "the token's claims cannot be read");
    const auto issued_at = instant_of(*read, "iat");
    const auto expires_at = instant_of(*read, "exp");
    const auto not_before = instant_of(*read, "nbf");
    if (!issued_at || !expires_at || (read->contains("nbf") && !not_before)) {
        return refused("bad_token", "the token does not say when it is good");
    }
    Claims out{
        .issuer = std::string(text_field(*read, "iss")),
        .audience = audience_of(*read),
        .subject = std::string(text_field(*read, "sub")),
        .issued_at = *issued_at,
        .expires_at = *expires_at,
        .not_before = not_before,
        .id = std::string(text_field(*read, "jti")),
        .others = std::move(*read)};
    for (const char* name : {"iss", "aud", "sub", "iat", "exp", "nbf", "jti"}) {
        out.others.erase(name);
    }
    if (out.subject.empty()) return refused("bad_token", "the token says nothing of whom");
    return out;
}

Result<> check_claims(const Claims& claims, const JwtRules& rules, Instant now) {
    if (claims.issuer != rules.issuer || rules.issuer.empty()) {
        return refused("wrong_issuer", "the token is another issuer's");
    }
    const auto& all = claims.audience;
    const bool for_us = std::find(all.begin(), all.end(), rules.audience) != all.end();
    if (!for_us || rules.audience.empty()) {
        return refused("wrong_audience", "the token is for somebody else");
    }
    if (now >= claims.expires_at + rules.leeway) {
        return refused("token_expired", "the token has expired");
    }
    if (now + rules.leeway < std::max(claims.issued_at, claims.not_before.value_or(Instant{}))) {
        return refused("token_not_yet", "the token is not good yet");
    }
    return {};
}

}  // namespace

Result<Jwks> Jwks::parse(std::string_view json) {
    boost::json::error_code fault;
    const auto document = boost::json::parse(json, fault);
    const auto* object = fault ? nullptr : document.if_object();
    const auto* keys = object != nullptr ? object->if_contains("keys") : nullptr;
    const auto* list = keys != nullptr ? keys->if_array() : nullptr;
    if (list == nullptr || list->size() > kKeysMax) {
        return fail(ErrorKind::invalid, "bad_jwks", "this is not a set of keys");
    }
    Jwks out;
    for (const auto& one : *list) {
        const auto* jwk = one.if_object();
        if (jwk == nullptr) continue;
        if (jwk->contains("use") && text_field(*jwk, "use") != "sig") continue;
        if (auto key = PublicKey::from_jwk(*jwk)) {
            out.keys_.push_back({std::string(text_field(*jwk, "kid")), *std::move(key)});
        }
    }
    return out;
}

const PublicKey* Jwks::find(std::string_view id, Algorithm algorithm) const {
    const PublicKey* found = nullptr;
    for (const auto& one : keys_) {
        if (one.key.algorithm() != algorithm || (!id.empty() && one.id != id)) continue;
        if (found != nullptr) return nullptr;  // Which of them is not told.
        found = &one.key;
    }
    return found;
}

std::string Jwks::text() const {
    boost::json::array keys;
    for (const auto& one : keys_) {
        auto jwk = one.key.jwk();
        jwk["kid"] = one.id;
        jwk["alg"] = jose_name(one.key.algorithm());
        jwk["use"] = "sig";
        keys.push_back(std::move(jwk));
    }
    return boost::json::serialize(boost::json::object{{"keys", std::move(keys)}});
}

Result<Claims> verify_jwt(
    std::string_view token, const Jwks& keys, const JwtRules& rules, Instant now) {
    const auto first = token.find('.');
    const auto second = first == token.npos ? first : token.find('.', first + 1);
    if (token.size() > rules.bytes_max || second == token.npos) {
        return refused("bad_token", "this is not a token");
    }
    TRY(const auto header, read_header(token.substr(0, first), rules));
    const auto* key = keys.find(header.key_id, header.algorithm);
    if (key == nullptr) return refused("unknown_key", "the token's key is not known");
    const auto signature = from_base64url(token.substr(second + 1));
    if (!signature ||
        !key->verifies(token.substr(0, second), *signature, PublicKey::EcdsaForm::fixed)) {
        return refused("wrong_signature", "the token was not signed by its issuer");
    }
    TRY(auto claims, read_claims(token.substr(first + 1, second - first - 1)));
    CHECK(check_claims(claims, rules, now));
    return claims;
}

}  // namespace mobilytics::identity
