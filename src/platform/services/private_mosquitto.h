#pragma once
// An MQTT broker of our own (Mosquitto 2), for an installation that has none and for tests. Devices
// reach it by mutual TLS only, and each its own topics only.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/secret.h"
#include "platform/services/child_process.h"
#include "platform/services/supervised.h"

namespace mobilytics::services {

struct MosquittoConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8883;  // 0 for any that is free.
    int connections_max = 20'000;
    std::size_t packet_bytes_max =
        (4 << 20) + (64 << 10);  // An envelope of reports, and its topic.
    int in_flight_max = 20;      // Messages to one client that it has not acknowledged;
    int queued_max = 2'000;      // and that wait for it; what comes then is dropped,
    std::size_t queued_bytes_max = 64 << 20;  // which costs nothing: devices send it again.
    SupervisionLimits supervision = {.start_max = std::chrono::milliseconds(15'000)};
};

/// What it shows to others, and whom it believes; all in PEM.
struct BrokerIdentity {
    std::string authority_pem;
    std::string certificate_pem;
    Secret<std::string> key_pem;
    std::string revocation_list_pem;
};

/// The name, in its certificate, of who may read and write for all devices.
inline constexpr std::string_view kGatewayName = "mobilytics-gateway";

class PrivateMosquitto {
  public:
    /// In `folder`, which is kept. Returns once it takes connections. As root it runs as the user
    /// mosquitto. When it dies it is started again; when we end, however, it ends as well. Throws
    /// std::runtime_error when it will not start.
    PrivateMosquitto(
        const std::filesystem::path& folder, const BrokerIdentity& identity,
        const MosquittoConfig& config = {});
    /// In a folder that is thrown away at the end, at a port that is free: for tests.
    explicit PrivateMosquitto(const BrokerIdentity& identity);
    ~PrivateMosquitto();
    PrivateMosquitto(const PrivateMosquitto&) = delete;
    PrivateMosquitto& operator=(const PrivateMosquitto&) = delete;

    std::uint16_t port() const { return config_.port; }

    /// From now on nobody of the list may connect, and those of `names` (the common names of their
    /// certificates) who are connected may neither write nor read any more.
    void revoke(std::string_view revocation_list_pem, std::span<const std::string> names);

    const Supervised& server() const { return *server_; }

  private:
    void start(const BrokerIdentity& identity);
    void write(std::string_view name, std::string_view content) const;
    std::string settings() const;
    bool takes_connections() const;

    const std::optional<TemporaryFolder> thrown_away_;
    const std::filesystem::path folder_;
    MosquittoConfig config_;
    User user_;
    std::unique_ptr<FolderLock> lock_;
    std::unique_ptr<Supervised> server_;  // Last: the first to end.
};

}  // namespace mobilytics::services
