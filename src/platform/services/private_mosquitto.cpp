#include "platform/services/private_mosquitto.h"

#include <csignal>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "platform/crypto/files.h"

namespace mobilytics::services {

namespace fs = std::filesystem;

namespace {

constexpr timeval kAnswerMax{.tv_sec = 5, .tv_usec = 0};

sockaddr_in address_of(const std::string& address, std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    if (inet_pton(AF_INET, address.c_str(), &out.sin_addr) != 1) {
        throw std::runtime_error(address + " is not an IPv4 address for the MQTT broker");
    }
    return out;
}

/// Closed at the end.
class Socket {
  public:
    Socket() : file_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    ~Socket() { close(file_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int file() const { return file_; }

  private:
    int file_;
};

std::uint16_t free_port(const std::string& address) {
    const Socket probe;
    auto at = address_of(address, 0);
    socklen_t size = sizeof at;
    auto* plain = reinterpret_cast<sockaddr*>(&at);
    if (bind(probe.file(), plain, size) != 0 || getsockname(probe.file(), plain, &size) != 0) {
        throw std::system_error(errno, std::system_category(), "no port is free at " + address);
    }
    return ntohs(at.sin_port);
}

/// Devices write their reports and read their acknowledgements; %u is the certificate's name.
std::string access_list(std::span<const std::string> revoked) {
    std::string out =
        "pattern write mob/v1/%u/reports\n"
        "pattern read mob/v1/%u/ack\n"
        "\nuser " +
        std::string(kGatewayName) + "\ntopic readwrite mob/v1/#\n";
    for (const auto& name : revoked) {
        if (name.find_first_of("\r\n") != name.npos) throw std::runtime_error("not a name");
        out += "\nuser " + name + "\ntopic deny mob/v1/" + name + "/#\n";
    }
    return out;
}

}  // namespace

PrivateMosquitto::PrivateMosquitto(
    const fs::path& folder, const BrokerIdentity& identity, const MosquittoConfig& config)
    : folder_(fs::weakly_canonical(fs::absolute(folder))), config_(config) {
    start(identity);
}

PrivateMosquitto::PrivateMosquitto(const BrokerIdentity& identity)
    : thrown_away_(std::in_place), folder_(thrown_away_->path()), config_{.port = 0} {
    start(identity);
}

PrivateMosquitto::~PrivateMosquitto() = default;

void PrivateMosquitto::write(std::string_view name, std::string_view content) const {
    const auto path = folder_ / name;
    crypto::write_file(path, content, crypto::Readable::by_owner);
    if (geteuid() == 0 && chown(path.c_str(), user_.uid, user_.gid) != 0) {
        throw std::system_error(errno, std::system_category(), "cannot give away " + path.string());
    }
}

void PrivateMosquitto::start(const BrokerIdentity& identity) {
    user_ = runs_as("mosquitto");
    make_private_folder(folder_, user_);
    lock_ = std::make_unique<FolderLock>(folder_);
    if (config_.port == 0) config_.port = free_port(config_.address);
    write("authority.pem", identity.authority_pem);
    write("certificate.pem", identity.certificate_pem);
    write("certificate.key", identity.key_pem.reveal());
    write("revoked.pem", identity.revocation_list_pem);
    write("access_list", access_list({}));
    write("mosquitto.conf", settings());
    server_ = std::make_unique<Supervised>(Service{
        .name = "mosquitto",
        .user = "mosquitto",
        .log = folder_ / "log",
        .command =
            [this] {
                return std::vector<std::string>{
                    "/usr/sbin/mosquitto", "-c", (folder_ / "mosquitto.conf").string()};
            },
        .answers = [this] { return takes_connections(); },
        .stop_signal = SIGTERM,
        .limits = config_.supervision});
}

std::string PrivateMosquitto::settings() const {
    const auto file = [this](const char* name) { return (folder_ / name).string() + "\n"; };
    const auto line = [](const char* name, auto number) {
        return name + (" " + std::to_string(number)) + "\n";
    };
    return "# Written anew at each start.\n"
           "per_listener_settings true\n"
           "log_dest stdout\n"
           "log_type error\nlog_type warning\nlog_type notice\n"
           "log_timestamp_format %Y-%m-%dT%H:%M:%S\n"
           "connection_messages false\n"
           "persistence true\n"
           "persistence_location " +
           folder_.string() +
           "/\n"
           "autosave_interval 30\n"
           "persistent_client_expiration 14d\n"
           "set_tcp_nodelay true\n" +
           line("max_packet_size", config_.packet_bytes_max) +
           line("max_inflight_messages", config_.in_flight_max) +
           line("max_queued_messages", config_.queued_max) +
           line("max_queued_bytes", config_.queued_bytes_max) + "\nlistener " +
           std::to_string(config_.port) + " " + config_.address + "\n" +
           line("max_connections", config_.connections_max) + "cafile " + file("authority.pem") +
           "certfile " + file("certificate.pem") + "keyfile " + file("certificate.key") +
           "crlfile " + file("revoked.pem") +
           "tls_version tlsv1.2\n"
           "ciphers ECDHE+AESGCM:ECDHE+CHACHA20\n"
           "require_certificate true\n"
           "use_identity_as_username true\n"
           "allow_anonymous false\n"
           "allow_zero_length_clientid false\n"
           "acl_file " +
           file("access_list");
}

/// It listens before it has read its certificates, and may yet end over them: so it must also have
/// taken the connection, and ended it when it heard nothing.
bool PrivateMosquitto::takes_connections() const {
    const Socket probe;
    const auto at = address_of(config_.address, config_.port);
    setsockopt(probe.file(), SOL_SOCKET, SO_RCVTIMEO, &kAnswerMax, sizeof kAnswerMax);
    if (connect(probe.file(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return false;
    char said = 0;
    return shutdown(probe.file(), SHUT_WR) == 0 && read(probe.file(), &said, 1) >= 0;
}

void PrivateMosquitto::revoke(
    std::string_view revocation_list_pem, std::span<const std::string> names) {
    write("revoked.pem", revocation_list_pem);
    write("access_list", access_list(names));
    server_->signal(SIGHUP);
}

}  // namespace mobilytics::services
