#include "platform/identity/public_key.h"

#include <array>
#include <optional>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "foundation/json.h"
#include "platform/crypto/openssl.h"
#include "platform/identity/cbor.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {

namespace ssl = crypto::openssl;

namespace {

constexpr std::size_t kNumberBytes = 32;  // Of a coordinate, of a half of a signature.
constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;

using Builder = ssl::Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = ssl::Owned<OSSL_PARAM, OSSL_PARAM_free>;
using KeyContext = ssl::Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = ssl::Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Signature = ssl::Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

ssl::Number number_of(std::string_view bytes) {
    return ssl::Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string bytes_of_number(const BIGNUM* number, std::size_t size) {
    std::string out(size, '\0');
    VERIFY(
        BN_bn2binpad(
            number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size)) ==
        static_cast<int>(size));
    return out;
}

/// Null, when OpenSSL will not have it; it checks that a point is on its curve.
ssl::Key key_of(const char* type, const Builder& builder) {
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    const bool good =
        parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
    ssl::Key key(made);
    if (good) {
        const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
        if (check && EVP_PKEY_public_check(check.get()) == 1) return key;
    }
    ERR_clear_error();
    return nullptr;
}

ssl::Key ec_key(const std::string& x, const std::string& y) {
    if (x.size() != kNumberBytes || y.size() != kNumberBytes) return nullptr;
    const auto point = "\x04" + x + y;
    const Builder builder(OSSL_PARAM_BLD_new());
    VERIFY(
        OSSL_PARAM_BLD_push_utf8_string(
            builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(
            builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
    return key_of("EC", builder);
}

ssl::Key rsa_key(const std::string& n, const std::string& e) {
    if (n.size() > kRsaBitsMax / 8 + 1 || e.empty() || e.size() > 8) return nullptr;
    const auto modulus = number_of(n);
    const auto exponent = number_of(e);
    const int bits = BN_num_bits(modulus.get());
    if (bits < kRsaBitsMin || bits > kRsaBitsMax) return nullptr;
    if (BN_is_odd(exponent.get()) == 0 || BN_is_one(exponent.get()) == 1) return nullptr;
    const Builder builder(OSSL_PARAM_BLD_new());
    VERIFY(
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1);
    return key_of("RSA", builder);
}

ssl::Key ed_key(const std::string& x) {
    if (x.size() != kNumberBytes) return nullptr;
    return ssl::Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()));
}

tl::unexpected<Error> bad_key() {
    return fail(
        ErrorKind::invalid, "bad_key", "this is not a public key for ES256, EdDSA or RS256");
}

/// The bytes of a field in base64url; empty, where there are none.
std::string field(const boost::json::object& jwk, std::string_view name) {
    const auto* found = jwk.if_contains(name);
    if (found == nullptr) return "";
    return from_base64url(json::text_or_nothing(*found)).value_or("");
}

std::string_view text_field(const boost::json::object& jwk, std::string_view name) {
    const auto* found = jwk.if_contains(name);
    return found != nullptr ? json::text_or_nothing(*found) : "";
}

std::string cose_bytes(const Cbor& key, std::int64_t name) {
    const auto* found = key.find(name, Cbor::Kind::bytes);
    return found != nullptr ? found->bytes : "";
}

/// A signature of two numbers, in DER.
std::string der_of_fixed(std::string_view signature) {
    if (signature.size() != 2 * kNumberBytes) return "";
    const Signature both(ECDSA_SIG_new());
    VERIFY(
        ECDSA_SIG_set0(
            both.get(), number_of(signature.substr(0, kNumberBytes)).release(),
            number_of(signature.substr(kNumberBytes)).release()) == 1);
    return ssl::der_of(both.get(), i2d_ECDSA_SIG);
}

ssl::Number number_parameter(const EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    VERIFY(EVP_PKEY_get_bn_param(key, name, &number) == 1);
    return ssl::Number(number);
}

}  // namespace

struct PublicKey::State {
    ssl::Key key;
    std::string first, second;  // x and y, x, or n and e: bytes, n and e without leading zeros.
};

std::string_view jose_name(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::es256: return "ES256";
        case Algorithm::eddsa: return "EdDSA";
        case Algorithm::rs256: return "RS256";
    }
    VERIFY(false);
    return "";
}

Result<PublicKey> PublicKey::of(Algorithm algorithm, std::string first, std::string second) {
    ssl::Key key;
    switch (algorithm) {
        case Algorithm::es256: key = ec_key(first, second); break;
        case Algorithm::eddsa: key = ed_key(first); break;
        case Algorithm::rs256:
            first.erase(0, first.find_first_not_of('\0'));
            second.erase(0, second.find_first_not_of('\0'));
            key = rsa_key(first, second);
            break;
    }
    if (!key) return bad_key();
    return PublicKey(
        algorithm,
        std::make_shared<const State>(std::move(key), std::move(first), std::move(second)));
}

Result<PublicKey> PublicKey::from_jwk(const boost::json::object& jwk) {
    if (jwk.contains("d") || jwk.contains("k")) return bad_key();
    const auto kind = text_field(jwk, "kty");
    const auto curve = text_field(jwk, "crv");
    std::optional<Algorithm> algorithm;
    if (kind == "EC" && curve == "P-256") algorithm = Algorithm::es256;
    if (kind == "OKP" && curve == "Ed25519") algorithm = Algorithm::eddsa;
    if (kind == "RSA") algorithm = Algorithm::rs256;
    if (!algorithm) return bad_key();
    const auto said = text_field(jwk, "alg");
    // RFC 9864 has a name of its own for EdDSA on this curve.
    const bool same =
        said == jose_name(*algorithm) || (said == "Ed25519" && *algorithm == Algorithm::eddsa);
    if (jwk.contains("alg") && !same) return bad_key();
    if (*algorithm == Algorithm::rs256) return of(*algorithm, field(jwk, "n"), field(jwk, "e"));
    return of(*algorithm, field(jwk, "x"), field(jwk, "y"));
}

Result<PublicKey> PublicKey::from_cose(std::string_view bytes) {
    const auto key = read_cbor(bytes);
    if (!key) return bad_key();
    // RFC 9052, 7.1, and RFC 9053, 7: 1 is the kind, 3 the algorithm, -1 the curve (or n), -2 x (or
    // e), -3 y; -4 would be private.
    const auto* kind = key->find(1, Cbor::Kind::integer);
    const auto* algorithm = key->find(3, Cbor::Kind::integer);
    if (kind == nullptr || algorithm == nullptr) return bad_key();
    if (key->find(-4, Cbor::Kind::bytes) != nullptr) return bad_key();
    const auto* curve = key->find(-1, Cbor::Kind::integer);
    const auto is = [&](std::int64_t alg, std::int64_t kty, std::int64_t crv) {
        return algorithm->integer == alg && kind->integer == kty &&
               (crv == 0 ? curve == nullptr : curve != nullptr && curve->integer == crv);
    };
    if (is(-7, 2, 1)) return of(Algorithm::es256, cose_bytes(*key, -2), cose_bytes(*key, -3));
    if (is(-8, 1, 6)) return of(Algorithm::eddsa, cose_bytes(*key, -2), "");
    if (is(-257, 3, 0)) return of(Algorithm::rs256, cose_bytes(*key, -1), cose_bytes(*key, -2));
    return bad_key();
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    ssl::Key key(PEM_read_bio_PrivateKey(ssl::memory_of(pem).get(), nullptr, nullptr, nullptr));
    if (!key) key.reset(PEM_read_bio_PUBKEY(ssl::memory_of(pem).get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!key) return bad_key();
    if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) {
        std::size_t size = kNumberBytes;
        std::string x(size, '\0');
        VERIFY(
            EVP_PKEY_get_raw_public_key(
                key.get(), reinterpret_cast<unsigned char*>(x.data()), &size) == 1);
        return of(Algorithm::eddsa, std::move(x), "");
    }
    const auto part = [&](const char* name, std::size_t size) {
        const auto number = number_parameter(key.get(), name);
        const auto bytes = static_cast<std::size_t>(BN_num_bytes(number.get()));
        return bytes_of_number(number.get(), std::max(size, bytes));
    };
    if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
        return of(Algorithm::rs256, part(OSSL_PKEY_PARAM_RSA_N, 0), part(OSSL_PKEY_PARAM_RSA_E, 0));
    }
    if (EVP_PKEY_is_a(key.get(), "EC") != 1) return bad_key();
    return of(
        Algorithm::es256, part(OSSL_PKEY_PARAM_EC_PUB_X, kNumberBytes),
        part(OSSL_PKEY_PARAM_EC_PUB_Y, kNumberBytes));
}

boost::json::object PublicKey::jwk() const {
    const auto first = crypto::to_base64url(state_->first);
    const auto second = crypto::to_base64url(state_->second);
    // In the order of the alphabet, as the thumbprint is made.
    switch (algorithm_) {
        case Algorithm::es256:
            return {{"crv", "P-256"}, {"kty", "EC"}, {"x", first}, {"y", second}};
        case Algorithm::eddsa: return {{"crv", "Ed25519"}, {"kty", "OKP"}, {"x", first}};
        case Algorithm::rs256: return {{"e", second}, {"kty", "RSA"}, {"n", first}};
    }
    VERIFY(false);
    return {};
}

std::string PublicKey::thumbprint() const {
    const auto digest = crypto::sha256(boost::json::serialize(jwk()));
    return crypto::to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool PublicKey::verifies(
    std::string_view message, std::string_view signature, EcdsaForm form) const {
    std::string der;
    if (algorithm_ == Algorithm::es256 && form == EcdsaForm::fixed) {
        der = der_of_fixed(signature);
        signature = der;
    }
    const DigestContext context(EVP_MD_CTX_new());
    const auto* digest = algorithm_ == Algorithm::eddsa ? nullptr : EVP_sha256();
    VERIFY(EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, state_->key.get()) == 1);
    const bool good = EVP_DigestVerify(
                          context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
    ERR_clear_error();
    return good;
}

}  // namespace mobilytics::identity
