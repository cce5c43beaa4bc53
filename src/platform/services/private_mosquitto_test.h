#pragma once
// For tests against a real broker: one with its own authority, and certificates for whoever is to
// connect.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/services/private_mosquitto.h"

namespace mobilytics::services {

/// Files in PEM, for whoever connects.
struct ClientFiles {
    std::filesystem::path authority;
    std::filesystem::path certificate;
    std::filesystem::path key;
    std::string serial;
};

class TestBroker {
  public:
    TestBroker() : authority_(folder_ / "pki", now()) {
        crypto::write_file(
            folder_ / "authority.pem", authority_.certificate_pem(), crypto::Readable::by_all);
        auto [certificate, key] = signed_for({"localhost", "", {"localhost", "127.0.0.1"}});
        broker_.emplace(BrokerIdentity{
            authority_.certificate_pem(), std::move(certificate), std::move(key),
            authority_.revocation_list({}, now())});
    }
    TestBroker(const TestBroker&) = delete;
    TestBroker& operator=(const TestBroker&) = delete;

    PrivateMosquitto& broker() { return *broker_; }
    std::uint16_t port() const { return broker_->port(); }
    std::string url() const { return "mqtts://127.0.0.1:" + std::to_string(port()); }
    const crypto::Authority& authority() const { return authority_; }

    /// A certificate for a device (its uuid in 32 hexadecimal digits), or for kGatewayName.
    ClientFiles client(const std::string& common_name) {
        const auto [certificate, key] = signed_for({common_name, "company", {}});
        const ClientFiles out{
            folder_ / "authority.pem", folder_ / (common_name + ".pem"),
            folder_ / (common_name + ".key"), crypto::read_certificate(certificate)->serial};
        crypto::write_file(out.certificate, certificate, crypto::Readable::by_all);
        crypto::write_file(out.key, key.reveal(), crypto::Readable::by_owner);
        return out;
    }
    /// Of this certificate, and no other.
    void revoke(const ClientFiles& client, const std::string& common_name) {
        const crypto::Revoked revoked[] = {{client.serial, now()}};
        const std::string names[] = {common_name};
        broker_->revoke(authority_.revocation_list(revoked, now()), names);
    }

  private:
    static Instant now() { return SystemClock().now(); }
    std::pair<std::string, Secret<std::string>> signed_for(
        const crypto::Authority::Names& names) const {
        auto key = crypto::make_key();
        const auto request = crypto::make_request(key, names.common_name);
        return {*authority_.sign(request, names, now(), std::chrono::days(1)), std::move(key)};
    }

    const TemporaryFolder temporary_;
    const std::filesystem::path folder_ = temporary_.path();
    const crypto::Authority authority_;
    std::optional<PrivateMosquitto> broker_;
};

}  // namespace mobilytics::services
