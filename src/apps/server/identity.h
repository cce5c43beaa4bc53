#pragma once
// Who we are to sensors: our authority, and the certificates that we show them.

#include <filesystem>
#include <string>

#include "foundation/clock.h"
#include "foundation/secret.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"

namespace mobilytics::server {

/// Files of the folder `pki`: authority.{key,pem}, salt.key, and of the server and the gateway
/// NAME.{key,pem}, made where they are not there and made again a month before they end.
class Identity {
  public:
    /// `host` is how sensors reach us, beside localhost and this machine's name.
    Identity(const std::filesystem::path& folder, const std::string& host, const Clock& clock);

    const crypto::Authority& authority() const { return authority_; }
    const crypto::SealedBox& seal() const { return seal_; }

    struct Pair {
        std::filesystem::path certificate_file, key_file;
        std::string certificate_pem;
        Secret<std::string> key_pem;
    };
    const Pair& server() const { return server_; }
    const Pair& gateway() const { return gateway_; }
    std::filesystem::path authority_file() const { return folder_ / "authority.pem"; }

  private:
    Pair pair(const std::string& name, const crypto::Authority::Names& names) const;

    const std::filesystem::path folder_;
    const Clock& clock_;
    const crypto::Authority authority_;
    const crypto::SealedBox seal_;
    Pair server_, gateway_;
};

}  // namespace mobilytics::server
