#include <algorithm>
#include <array>
#include <tuple>

#include <openssl/ec.h>

#include "foundation/json.h"
#include "platform/crypto/files.h"
#include "platform/crypto/openssl.h"
#include "platform/crypto/pki.h"
#include "platform/identity/jwt.h"

namespace mobilytics::identity {

namespace ssl = crypto::openssl;

namespace {

constexpr std::string_view kAbout = "identity.signing_keys";  // What the sealed text is bound to.
constexpr std::size_t kNumberBytes = 32;

using DigestContext = ssl::Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Signature = ssl::Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Secret<std::string> make_pem(Algorithm algorithm) {
    if (algorithm == Algorithm::es256) return crypto::make_key();
    VERIFY(algorithm == Algorithm::eddsa);  // We do not sign with RSA.
    const ssl::Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    VERIFY(key != nullptr);
    return Secret(ssl::written([&](BIO* to) {
        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }));
}

SigningKeys::Key make_key(KeyState state, Instant now, const KeyRules& rules) {
    auto pem = make_pem(rules.algorithm);
    auto id = PublicKey::from_pem(pem.reveal())->thumbprint();
    return {.id = std::move(id), .state = state, .since = now, .pem = std::move(pem)};
}

/// Whether a key is to come to its next state, or to go.
bool is_over(const SigningKeys::Key& key, Instant now, const KeyRules& rules) {
    switch (key.state) {
        case KeyState::current: return now >= key.since + rules.current_for;
        case KeyState::retiring: return now >= key.since + rules.retiring_for;
        case KeyState::next: return false;  // With the current one.
    }
    VERIFY(false);
    return false;
}

bool next_is_known(const std::vector<SigningKeys::Key>& keys, Instant now, const KeyRules& rules) {
    return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
        return key.state == KeyState::next && now >= key.since + rules.next_for;
    });
}

bool stays(const SigningKeys::Key& key, bool turns, Instant now, const KeyRules& rules) {
    return !is_over(key, now, rules) || (key.state == KeyState::current && !turns);
}

int rank(KeyState state) {
    switch (state) {
        case KeyState::current: return 0;
        case KeyState::next: return 1;
        case KeyState::retiring: return 2;
    }
    VERIFY(false);
    return 0;
}

std::int64_t seconds_of(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant.time_since_epoch()).count();
}

boost::json::object claims_of(const Claims& claims) {
    VERIFY(!claims.audience.empty());
    auto out = claims.others;
    out["iss"] = claims.issuer;
    out["sub"] = claims.subject;
    if (claims.audience.size() == 1) {
        out["aud"] = claims.audience.front();
    } else {
        out["aud"] = boost::json::array(claims.audience.begin(), claims.audience.end());
    }
    out["iat"] = seconds_of(claims.issued_at);
    out["exp"] = seconds_of(claims.expires_at);
    if (claims.not_before) out["nbf"] = seconds_of(*claims.not_before);
    if (!claims.id.empty()) out["jti"] = claims.id;
    return out;
}

/// ECDSA's two numbers, of 32 bytes each (RFC 7518, 3.4).
std::string fixed_of_der(std::string_view der) {
    const auto* at = bytes_of(der);
    const Signature both(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    VERIFY(both != nullptr);
    std::string out(2 * kNumberBytes, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    VERIFY(
        BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), to, kNumberBytes) == kNumberBytes &&
        BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), to + kNumberBytes, kNumberBytes) ==
            kNumberBytes);
    return out;
}

}  // namespace

struct SigningKeys::Signer {
    std::string id;
    Algorithm algorithm;
    ssl::Key key;

    std::string sign(std::string_view message) const {
        const DigestContext context(EVP_MD_CTX_new());
        const auto* digest = algorithm == Algorithm::eddsa ? nullptr : EVP_sha256();
        std::array<unsigned char, 128> bytes{};
        std::size_t size = bytes.size();
        VERIFY(
            EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
            EVP_DigestSign(context.get(), bytes.data(), &size, bytes_of(message), message.size()) ==
                1);
        const std::string_view out(reinterpret_cast<const char*>(bytes.data()), size);
        return algorithm == Algorithm::es256 ? fixed_of_der(out) : std::string(out);
    }
};

SigningKeys::SigningKeys(std::vector<Key> keys) : keys_(std::move(keys)) {
    std::sort(keys_.begin(), keys_.end(), [](const auto& a, const auto& b) {
        return std::tuple(rank(a.state), a.since, a.id) < std::tuple(rank(b.state), b.since, b.id);
    });
    for (const auto& key : keys_) {
        jwks_.keys_.push_back({key.id, *PublicKey::from_pem(key.pem.reveal())});
    }
    VERIFY(!keys_.empty() && keys_.front().state == KeyState::current);
    const auto& current = keys_.front();
    ssl::Key key(PEM_read_bio_PrivateKey(
        ssl::memory_of(current.pem.reveal()).get(), nullptr, nullptr, nullptr));
    VERIFY(key != nullptr);
    signer_ = std::make_shared<const Signer>(
        current.id, jwks_.keys_.front().key.algorithm(), std::move(key));
}

SigningKeys SigningKeys::make(Instant now, const KeyRules& rules) {
    return SigningKeys(
        {make_key(KeyState::current, now, rules), make_key(KeyState::next, now, rules)});
}

bool SigningKeys::due(Instant now, const KeyRules& rules) const {
    const bool turns = next_is_known(keys_, now, rules);
    return std::any_of(keys_.begin(), keys_.end(), [&](const auto& key) {
        return !stays(key, turns, now, rules);
    });
}

SigningKeys SigningKeys::rotated(Instant now, const KeyRules& rules) const {
    const bool next_known = next_is_known(keys_, now, rules);
    const bool turns = next_known && is_over(keys_.front(), now, rules);
    std::vector<Key> out;
    for (auto key : keys_) {
        if (key.state == KeyState::retiring && is_over(key, now, rules)) continue;
        if (turns && key.state != KeyState::retiring) {
            key.state = key.state == KeyState::next ? KeyState::current : KeyState::retiring;
            key.since = now;
        }
        out.push_back(std::move(key));
    }
    if (turns) out.push_back(make_key(KeyState::next, now, rules));
    return SigningKeys(std::move(out));
}

std::string SigningKeys::sealed(const crypto::SealedBox& box) const {
    boost::json::array all;
    for (const auto& key : keys_) {
        all.push_back(boost::json::object{
            {"id", key.id},
            {"state", word(key.state)},
            {"since", to_iso8601(key.since)},
            {"pem", key.pem.reveal()}});
    }
    return box.seal(Secret(boost::json::serialize(all)), kAbout);
}

Result<SigningKeys> SigningKeys::open(std::string_view sealed, const crypto::SealedBox& box) {
    const auto plain = box.open(sealed, kAbout);
    if (!plain) {
        return fail(ErrorKind::invalid, "bad_keys", "these keys were not sealed here");
    }
    std::vector<Key> keys;
    const auto list = boost::json::parse(plain->reveal());
    for (const auto& one : list.as_array()) {
        const auto& key = one.as_object();
        keys.push_back(
            {.id = std::string(key.at("id").as_string()),
             .state = from_word<KeyState>(key.at("state").as_string()).value(),
             .since = *parse_iso8601(key.at("since").as_string()),
             .pem = Secret(std::string(key.at("pem").as_string()))});
    }
    return SigningKeys(std::move(keys));
}

Secret<std::string> SigningKeys::sign(const Claims& claims, std::string_view type) const {
    const boost::json::object header{
        {"alg", jose_name(signer_->algorithm)}, {"kid", signer_->id}, {"typ", type}};
    const auto message = crypto::to_base64url(boost::json::serialize(header)) + "." +
                         crypto::to_base64url(boost::json::serialize(claims_of(claims)));
    return Secret(message + "." + crypto::to_base64url(signer_->sign(message)));
}

}  // namespace mobilytics::identity
