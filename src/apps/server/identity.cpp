#include "apps/server/identity.h"

#include <array>

#include <unistd.h>

#include "platform/services/private_mosquitto.h"

namespace mobilytics::server {

namespace {

constexpr std::chrono::days kLives{365 * 2};
constexpr std::chrono::days kMadeAgainBefore{30};

std::vector<std::string> hosts_of(const std::string& host) {
    std::vector<std::string> out{"localhost", "127.0.0.1", "::1"};
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) == 0) out.emplace_back(name.data());
    if (std::find(out.begin(), out.end(), host) == out.end()) out.push_back(host);
    return out;
}

}  // namespace

Identity::Identity(const std::filesystem::path& folder, const std::string& host, const Clock& clock)
    : folder_(folder),
      clock_(clock),
      authority_(folder, clock.now()),
      seal_(folder / "salt.key"),
      server_(pair(
          "server", {.common_name = host, .organization = "Mobilytics", .hosts = hosts_of(host)})),
      gateway_(pair(
          "gateway", {.common_name = std::string(services::kGatewayName),
                      .organization = "Mobilytics",
                      .hosts = {}})) {}

Identity::Pair Identity::pair(
    const std::string& name, const crypto::Authority::Names& names) const {
    Pair out;
    out.certificate_file = folder_ / (name + ".pem");
    out.key_file = folder_ / (name + ".key");
    const auto now = clock_.now();
    const auto certificate = crypto::read_file(out.certificate_file);
    const auto key = crypto::read_file(out.key_file);
    if (certificate && key) {
        const auto info = crypto::read_certificate(*certificate);
        if (info && info->common_name == names.common_name &&
            info->not_after - kMadeAgainBefore > now) {
            out.certificate_pem = *certificate;
            out.key_pem = Secret(*key);
            return out;
        }
    }
    out.key_pem = crypto::make_key();
    const auto made =
        authority_.sign(crypto::make_request(out.key_pem, names.common_name), names, now, kLives);
    VERIFY(made);
    out.certificate_pem = *made;
    crypto::write_file(out.key_file, out.key_pem.reveal(), crypto::Readable::by_owner);
    crypto::write_file(out.certificate_file, out.certificate_pem, crypto::Readable::by_all);
    return out;
}

}  // namespace mobilytics::server
