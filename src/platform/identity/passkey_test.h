#pragma once
// An authenticator and its browser, for tests of whoever takes passkeys: it makes keys and signs
// with them as real ones do, and lies where it is told to.

#include <string>
#include <string_view>
#include <utility>

#include "foundation/json.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/openssl.h"
#include "platform/identity/passkey.h"
#include "platform/identity/public_key.h"
#include "platform/identity/text.h"

namespace mobilytics::identity {

class TestAuthenticator {
  public:
    explicit TestAuthenticator(std::string its_origin, Algorithm algorithm = Algorithm::es256)
        : origin(std::move(its_origin)), key_(make_key(algorithm)), algorithm_(algorithm) {}

    // What it says, and may be made to say wrongly.
    std::string origin;
    std::string party_id = {};   // Empty: the one that it was asked for.
    std::string challenge = {};  // Base64url; empty: the one that it was asked with.
    std::string deed = {};       // Empty: "webauthn.create" or "webauthn.get".
    json::object client_data = {{"crossOrigin", false}};  // Beside those three.
    unsigned flags = 0x05;                                // Present and verified.
    std::int64_t sign_count = 0;
    std::string credential_id = crypto::random_bytes(32);
    std::string aaguid = std::string(16, '\xAA');
    std::string cose_key = {};    // Empty: its own.
    std::string after_data = {};  // Follows the authenticator's data.
    std::string form = "none";    // Of attestation: "packed" is by itself.
    std::string statement = {};   // CBOR of another statement; empty: that of the form.

    /// What PublicKeyCredential.toJSON() gives, once it was asked with creation_options().
    json::object create(const json::object& options) {
        user_handle_ = from_base64url(options.at("user").at("id").as_string()).value();
        const auto party =
            party_id.empty() ? std::string(options.at("rp").at("id").as_string()) : party_id;
        const auto data = authenticator_data(party, flags | 0x40U, attested()) + after_data;
        const auto said = client_data_text(options, "webauthn.create");
        auto its_statement = statement;
        if (its_statement.empty() && form == "packed") {
            its_statement = "\xA2" + text("alg") + number(cose_number()) + text("sig") +
                            bytes(sign(data, said));
        }
        if (its_statement.empty()) its_statement = "\xA0";
        const auto attestation = "\xA3" + text("fmt") + text(form) + text("attStmt") +
                                 its_statement + text("authData") + bytes(data);
        return credential(
            {{"clientDataJSON", crypto::to_base64url(said)},
             {"attestationObject", crypto::to_base64url(attestation)},
             {"transports", boost::json::array{"internal", "hybrid"}}});
    }

    /// The same, once it was asked with request_options().
    json::object get(const json::object& options) {
        const auto party =
            party_id.empty() ? std::string(options.at("rpId").as_string()) : party_id;
        const auto data = authenticator_data(party, flags, "") + after_data;
        const auto said = client_data_text(options, "webauthn.get");
        return credential(
            {{"clientDataJSON", crypto::to_base64url(said)},
             {"authenticatorData", crypto::to_base64url(data)},
             {"signature", crypto::to_base64url(sign(data, said))},
             {"userHandle", crypto::to_base64url(user_handle_)}});
    }

    /// CBOR, as far as is needed here.
    static std::string head(unsigned major, std::size_t argument) {
        std::string out;
        const auto first = [&](std::size_t info) {
            out += static_cast<char>(major << 5U | static_cast<unsigned>(info));
        };
        if (argument < 24) {
            first(argument);
        } else if (argument < 256) {
            first(24);
        } else {
            first(25);
            out += static_cast<char>(argument >> 8);
        }
        if (argument >= 24) out += static_cast<char>(argument & 0xFF);
        return out;
    }
    static std::string number(std::int64_t value) {
        return value < 0 ? head(1, static_cast<std::size_t>(-1 - value))
                         : head(0, static_cast<std::size_t>(value));
    }
    static std::string text(std::string_view value) {
        return head(3, value.size()) + std::string(value);
    }
    static std::string bytes(std::string_view value) {
        return head(2, value.size()) + std::string(value);
    }

  private:
    static crypto::openssl::Key make_key(Algorithm algorithm) {
        EVP_PKEY* key = nullptr;
        switch (algorithm) {
            case Algorithm::es256: key = EVP_EC_gen("P-256"); break;
            case Algorithm::eddsa: key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); break;
            case Algorithm::rs256: key = EVP_RSA_gen(2048); break;
        }
        VERIFY(key != nullptr);
        return crypto::openssl::Key(key);
    }

    std::int64_t cose_number() const {
        return algorithm_ == Algorithm::es256 ? -7 : algorithm_ == Algorithm::eddsa ? -8 : -257;
    }

    std::string own_cose_key() const {
        const auto pem =
            crypto::openssl::written([&](BIO* to) { return PEM_write_bio_PUBKEY(to, key_.get()); });
        const auto jwk = PublicKey::from_pem(pem)->jwk();
        const auto part = [&](const char* name) {
            return bytes(from_base64url(jwk.at(name).as_string()).value());
        };
        const auto alg = number(3) + number(cose_number());
        switch (algorithm_) {
            case Algorithm::es256:
                return head(5, 5) + number(1) + number(2) + alg + number(-1) + number(1) +
                       number(-2) + part("x") + number(-3) + part("y");
            case Algorithm::eddsa:
                return head(5, 4) + number(1) + number(1) + alg + number(-1) + number(6) +
                       number(-2) + part("x");
            case Algorithm::rs256:
                return head(5, 4) + number(1) + number(3) + alg + number(-1) + part("n") +
                       number(-2) + part("e");
        }
        VERIFY(false);
        return "";
    }

    std::string attested() const {
        std::string size{
            static_cast<char>(credential_id.size() >> 8),
            static_cast<char>(credential_id.size() & 0xFF)};
        return aaguid + size + credential_id + (cose_key.empty() ? own_cose_key() : cose_key);
    }

    std::string authenticator_data(
        const std::string& party, unsigned its_flags, const std::string& more) const {
        const auto digest = crypto::sha256(party);
        std::string out(reinterpret_cast<const char*>(digest.data()), digest.size());
        out += static_cast<char>(its_flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out += static_cast<char>(sign_count >> shift & 0xFF);
        }
        return out + more;
    }

    std::string client_data_text(const json::object& options, const char* its_deed) const {
        auto data = client_data;
        data["type"] = deed.empty() ? its_deed : deed;
        data["challenge"] = challenge.empty() ? options.at("challenge") : json::value(challenge);
        data["origin"] = origin;
        return boost::json::serialize(data);
    }

    std::string sign(const std::string& data, const std::string& said) const {
        const auto digest = crypto::sha256(said);
        const auto message =
            data + std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
        const crypto::openssl::Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
        std::string out(512, '\0');
        std::size_t size = out.size();
        VERIFY(
            EVP_DigestSignInit(
                context.get(), nullptr, algorithm_ == Algorithm::eddsa ? nullptr : EVP_sha256(),
                nullptr, key_.get()) == 1 &&
            EVP_DigestSign(
                context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1);
        out.resize(size);
        return out;
    }

    json::object credential(json::object response) const {
        const auto id = crypto::to_base64url(credential_id);
        return {
            {"id", id},
            {"rawId", id},
            {"type", "public-key"},
            {"authenticatorAttachment", "platform"},
            {"response", std::move(response)},
            {"clientExtensionResults", json::object()}};
    }

    crypto::openssl::Key key_;
    Algorithm algorithm_;
    std::string user_handle_;
};

}  // namespace mobilytics::identity
