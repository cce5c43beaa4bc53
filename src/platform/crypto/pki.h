#pragma once
// Certificates: an authority of our own, what it signs, and what a sensor needs to ask for one.
// X.509 with keys on the curve P-256, over OpenSSL.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/clock.h"
#include "foundation/result.h"
#include "foundation/secret.h"

namespace mobilytics::crypto {

/// What of a certificate matters to us.
struct CertificateInfo {
    std::string common_name;
    std::string organization;
    std::string serial;  // Hexadecimal, lower case, without leading zeros.
    Instant not_before, not_after;
    std::string sha256;  // Of its DER, 64 hexadecimal digits.
};
/// invalid `bad_certificate`.
Result<CertificateInfo> read_certificate(std::string_view pem);

/// Whether the certificate is of this key's owner. False for what is neither.
bool is_pair(std::string_view certificate_pem, const Secret<std::string>& key_pem);

/// A private key in PEM (PKCS #8), on P-256.
Secret<std::string> make_key();
/// A signing request of this key's owner, in PEM.
std::string make_request(const Secret<std::string>& key_pem, std::string_view common_name);
/// SHA-256 of the public key of a signing request (DER, SubjectPublicKeyInfo), hexadecimal. invalid
/// `bad_csr`, also when it is not signed by its own key or the key is weaker than P-256 or RSA
/// 3072.
Result<std::string> key_digest_of_request(std::string_view csr_pem);

struct Revoked {
    std::string serial;
    Instant at;
};

/// Our certificate authority: its key and certificate are files in a folder, made at the first use.
/// For any thread.
class Authority {
  public:
    /// Throws std::runtime_error, when its files are not a pair. `now` is when it is, if it is
    /// made.
    Authority(const std::filesystem::path& folder, Instant now);
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    const std::string& certificate_pem() const { return certificate_pem_; }
    /// Ten characters of base 32, the first 50 bits of the SHA-256 of its certificate: the second
    /// half of a claim code.
    std::string pin() const;

    struct Names {
        std::string common_name;
        std::string organization;
        std::vector<std::string> hosts;  // DNS names and addresses; empty for a client's.
    };
    /// A certificate for whoever asks, under the names that we give, whatever the request says of
    /// them. Good from an hour before `now`. invalid `bad_csr`.
    Result<std::string> sign(
        std::string_view csr_pem, const Names& names, Instant now, std::chrono::days lives) const;

    /// The list of revoked certificates, in PEM; good for ten years, for it is replaced at each
    /// change. Each is a second newer than the one before, if need be by being dated back up to a
    /// day: OpenSSL, which keeps all that it was given, heeds the newest by the second, and none
    /// that is of the future.
    std::string revocation_list(std::span<const Revoked> revoked, Instant now) const;

  private:
    struct Pair;
    std::unique_ptr<Pair> pair_;
    std::string certificate_pem_;
    mutable std::atomic<std::int64_t> listed_at_s_ = 0;  // The date of the last list.
};

/// Whether `authority_pem` is the authority that a claim code's second half pins.
bool pin_fits(std::string_view authority_pem, std::string_view pin);

}  // namespace mobilytics::crypto
