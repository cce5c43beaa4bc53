#include "platform/crypto/pki.h"

#include <array>
#include <ctime>
#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/crypto/openssl.h"

namespace mobilytics::crypto {

using namespace openssl;
namespace chrono = std::chrono;

namespace {

constexpr chrono::days kAuthorityLives{365 * 20};
constexpr chrono::days kRevocationListLives{365 * 10};
/// As many lists can be made at once, each a second newer than the one before.
constexpr chrono::days kRevocationListDatedBack{1};
constexpr std::size_t kPinCharacters = 10;
constexpr int kRsaBitsMin = 3072;  // 128 bits of security, as P-256 has: NIST SP 800-57.
constexpr int kSerialBytes = 16;

std::time_t seconds_of(Instant instant) {
    return chrono::floor<chrono::seconds>(instant).time_since_epoch().count();
}

Instant instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    VERIFY(ASN1_TIME_to_tm(time, &parts) == 1);
    return Instant(chrono::seconds(timegm(&parts)));
}

std::string entry_of(const X509_NAME* name, int kind) {
    const int at = X509_NAME_get_index_by_NID(name, kind, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const auto* entry = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    const int size = ASN1_STRING_to_UTF8(&text, entry);
    if (size < 0) return {};
    std::string out(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return out;
}

void add_entry(X509_NAME* name, const char* kind, std::string_view text) {
    if (text.empty()) return;
    VERIFY(
        X509_NAME_add_entry_by_txt(
            name, kind, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
            static_cast<int>(text.size()), -1, 0) == 1);
}

void add_extension(X509* certificate, X509V3_CTX* context, int kind, const std::string& value) {
    const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, context, kind, value.c_str()));
    VERIFY(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string alternative_names(const std::vector<std::string>& hosts) {
    std::string out;
    for (const auto& host : hosts) {
        const bool address =
            host.find_first_not_of("0123456789.") == host.npos || host.find(':') != host.npos;
        out += (out.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + host;
    }
    return out;
}

void set_serial(X509* certificate) {
    auto bytes = random_bytes(kSerialBytes);
    bytes[0] = static_cast<char>((bytes[0] & 0x7F) | 0x40);  // Positive, and of one length.
    const Number number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), kSerialBytes, nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

void set_times(X509* certificate, Instant from, Instant to) {
    ASN1_TIME_set(X509_getm_notBefore(certificate), seconds_of(from));
    ASN1_TIME_set(X509_getm_notAfter(certificate), seconds_of(to));
}

tl::unexpected<Error> bad_request(const char* why) {
    ERR_clear_error();
    return fail(ErrorKind::invalid, "bad_csr", why);
}

/// The request's public key, when the request is its own and the key strong enough.
Result<std::pair<Request, Key>> checked_request(std::string_view pem) {
    Request request(PEM_read_bio_X509_REQ(memory_of(pem).get(), nullptr, nullptr, nullptr));
    if (!request) return bad_request("this is no signing request in PEM");
    Key key(X509_REQ_get_pubkey(request.get()));
    if (!key) return bad_request("the request has no key that we can read");
    const int kind = EVP_PKEY_base_id(key.get());
    std::array<char, 32> curve{};
    std::size_t size = 0;
    const bool strong =
        (kind == EVP_PKEY_RSA && EVP_PKEY_bits(key.get()) >= kRsaBitsMin) ||
        (kind == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key.get(), curve.data(), curve.size(), &size) == 1 &&
         std::string_view(curve.data(), size) == "prime256v1");
    if (!strong) return bad_request("the key is to be on P-256, or RSA of 3072 bits or more");
    if (X509_REQ_verify(request.get(), key.get()) != 1) {
        return bad_request("the request is not signed by its own key");
    }
    return std::pair(std::move(request), std::move(key));
}

Key key_of(const Secret<std::string>& pem) {
    Key key(PEM_read_bio_PrivateKey(memory_of(pem.reveal()).get(), nullptr, nullptr, nullptr));
    if (!key) throw std::runtime_error("this is no private key in PEM");
    return key;
}

std::string pem_of(X509* certificate) {
    return written([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

}  // namespace

Result<CertificateInfo> read_certificate(std::string_view pem) {
    const auto certificate = certificate_of(pem);
    if (!certificate) {
        return fail(ErrorKind::invalid, "bad_certificate", "this is no certificate in PEM");
    }
    const auto* name = X509_get_subject_name(certificate.get());
    const Number serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr));
    std::string digits(static_cast<std::size_t>(BN_num_bytes(serial.get())), '\0');
    BN_bn2bin(serial.get(), reinterpret_cast<unsigned char*>(digits.data()));
    return CertificateInfo{
        .common_name = entry_of(name, NID_commonName),
        .organization = entry_of(name, NID_organizationName),
        .serial = to_hex(digits),
        .not_before = instant_of(X509_get0_notBefore(certificate.get())),
        .not_after = instant_of(X509_get0_notAfter(certificate.get())),
        .sha256 = sha256_hex(der_of<X509>(certificate.get(), i2d_X509)),
    };
}

bool is_pair(std::string_view certificate_pem, const Secret<std::string>& key_pem) {
    const auto certificate = certificate_of(certificate_pem);
    const Key key(
        PEM_read_bio_PrivateKey(memory_of(key_pem.reveal()).get(), nullptr, nullptr, nullptr));
    const bool same =
        certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
    ERR_clear_error();
    return same;
}

Secret<std::string> make_key() {
    const Key key(EVP_EC_gen("P-256"));
    VERIFY(key);
    return Secret(written([&](BIO* out) {
        return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }));
}

std::string make_request(const Secret<std::string>& key_pem, std::string_view common_name) {
    const auto key = key_of(key_pem);
    const Request request(X509_REQ_new());
    add_entry(X509_REQ_get_subject_name(request.get()), "CN", common_name);
    VERIFY(X509_REQ_set_pubkey(request.get(), key.get()) == 1);
    VERIFY(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0);
    return written([&](BIO* out) { return PEM_write_bio_X509_REQ(out, request.get()); });
}

Result<std::string> key_digest_of_request(std::string_view csr_pem) {
    TRY(const auto checked, checked_request(csr_pem));
    return sha256_hex(der_of<EVP_PKEY>(checked.second.get(), i2d_PUBKEY));
}

struct Authority::Pair {
    Key key;
    Certificate certificate;
};

namespace {

/// A new authority's key and certificate, in PEM.
std::pair<Secret<std::string>, std::string> make_authority(Instant now) {
    auto key_pem = make_key();
    const auto key = key_of(key_pem);
    const Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_serial(certificate.get());
    set_times(certificate.get(), now - chrono::hours(1), now + kAuthorityLives);
    auto* name = X509_get_subject_name(certificate.get());
    add_entry(name, "CN", "Mobilytics device authority " + to_hex(random_bytes(4)));
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), key.get());
    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    add_extension(certificate.get(), &context, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(certificate.get(), &context, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate.get(), &context, NID_subject_key_identifier, "hash");
    VERIFY(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
    return {std::move(key_pem), pem_of(certificate.get())};
}

}  // namespace

Authority::Authority(const std::filesystem::path& folder, Instant now) {
    std::filesystem::create_directories(folder);
    const auto key_file = folder / "authority.key";
    const auto certificate_file = folder / "authority.pem";
    auto key = read_file(key_file);
    auto certificate = read_file(certificate_file);
    if (!key || !certificate) {
        // The key first: a certificate without its key would be an authority that can sign nothing.
        auto [new_key, new_certificate] = make_authority(now);
        write_file(key_file, new_key.reveal(), Readable::by_owner);
        write_file(certificate_file, new_certificate, Readable::by_all);
        key = new_key.reveal();
        certificate = std::move(new_certificate);
    }
    certificate_pem_ = *std::move(certificate);
    pair_ = std::make_unique<Pair>(
        Pair{key_of(Secret(*std::move(key))), certificate_of(certificate_pem_)});
    if (!pair_->certificate ||
        X509_check_private_key(pair_->certificate.get(), pair_->key.get()) != 1) {
        throw std::runtime_error(
            "authority.key and authority.pem in " + folder.string() + " do not belong together");
    }
}

Authority::~Authority() = default;

std::string Authority::pin() const {
    const auto digest = sha256(der_of<X509>(pair_->certificate.get(), i2d_X509));
    return to_base32({reinterpret_cast<const char*>(digest.data()), digest.size()}, kPinCharacters);
}

Result<std::string> Authority::sign(
    std::string_view csr_pem, const Names& names, Instant now, chrono::days lives) const {
    TRY(const auto checked, checked_request(csr_pem));
    const Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_serial(certificate.get());
    set_times(certificate.get(), now - chrono::hours(1), now + lives);
    auto* name = X509_get_subject_name(certificate.get());
    add_entry(name, "O", names.organization);
    add_entry(name, "CN", names.common_name);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(pair_->certificate.get()));
    X509_set_pubkey(certificate.get(), checked.second.get());
    X509V3_CTX context{};
    X509V3_set_ctx(&context, pair_->certificate.get(), certificate.get(), nullptr, nullptr, 0);
    add_extension(certificate.get(), &context, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), &context, NID_key_usage, "critical,digitalSignature");
    add_extension(
        certificate.get(), &context, NID_ext_key_usage,
        names.hosts.empty() ? "clientAuth" : "serverAuth,clientAuth");
    add_extension(certificate.get(), &context, NID_authority_key_identifier, "keyid");
    if (!names.hosts.empty()) {
        add_extension(
            certificate.get(), &context, NID_subject_alt_name, alternative_names(names.hosts));
    }
    VERIFY(X509_sign(certificate.get(), pair_->key.get(), EVP_sha256()) > 0);
    return pem_of(certificate.get());
}

std::string Authority::revocation_list(std::span<const Revoked> revoked, Instant now) const {
    const RevocationList list(X509_CRL_new());
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(pair_->certificate.get()));
    const std::int64_t now_s = seconds_of(now);
    const std::int64_t least_s = seconds_of(now - kRevocationListDatedBack);
    auto before_s = listed_at_s_.load();
    std::int64_t at_s = 0;
    do {
        // Were there ever more than that, the last ones are of the same second: a list of the
        // future would shut everybody out.
        at_s = std::min(std::max(before_s + 1, least_s), now_s);
    } while (!listed_at_s_.compare_exchange_weak(before_s, at_s));
    const Owned<ASN1_TIME, ASN1_TIME_free> time(ASN1_TIME_set(nullptr, at_s));
    X509_CRL_set1_lastUpdate(list.get(), time.get());
    ASN1_TIME_set(time.get(), seconds_of(now + kRevocationListLives));
    X509_CRL_set1_nextUpdate(list.get(), time.get());
    for (const auto& [serial, at] : revoked) {
        X509_REVOKED* entry = X509_REVOKED_new();
        BIGNUM* number = nullptr;
        VERIFY(BN_hex2bn(&number, serial.c_str()) > 0);
        const Number owned(number);
        const Owned<ASN1_INTEGER, ASN1_INTEGER_free> integer(BN_to_ASN1_INTEGER(number, nullptr));
        X509_REVOKED_set_serialNumber(entry, integer.get());
        ASN1_TIME_set(time.get(), seconds_of(at));
        X509_REVOKED_set_revocationDate(entry, time.get());
        X509_CRL_add0_revoked(list.get(), entry);  // The list owns it now.
    }
    const Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
    ASN1_INTEGER_set_int64(number.get(), at_s);
    X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, X509V3_ADD_DEFAULT);
    X509_CRL_sort(list.get());
    VERIFY(X509_CRL_sign(list.get(), pair_->key.get(), EVP_sha256()) > 0);
    return written([&](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()); });
}

bool pin_fits(std::string_view authority_pem, std::string_view pin) {
    const auto info = read_certificate(authority_pem);
    if (!info) return false;
    const auto digest = from_hex(info->sha256);
    return equal_in_constant_time(to_base32(*digest, kPinCharacters), normal_base32(pin));
}

}  // namespace mobilytics::crypto
