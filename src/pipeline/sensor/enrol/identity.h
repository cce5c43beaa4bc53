#pragma once
// Who this sensor is: what it was given when it joined, kept in its state folder.

#include <filesystem>
#include <optional>
#include <string>

#include "foundation/caller.h"
#include "foundation/secret.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

/// Where in the state folder the credentials are; all in PEM.
struct CredentialFiles {
    std::filesystem::path authority, certificate, key;
};
CredentialFiles credential_files(const std::filesystem::path& state_folder);

struct Identity {
    DeviceId device;
    CompanyId company;
    std::string mqtt_url;   // "mqtts://host:8883"
    std::string https_url;  // "https://host:8443"
    std::string time_zone;  // Of the company: its local days.
    wire::SaltMode salt_mode = wire::SaltMode::strict;
    friend bool operator==(const Identity&, const Identity&) = default;
};

/// None, where this sensor has not joined. invalid `bad_identity`, when what is there is damaged.
Result<std::optional<Identity>> load_identity(const std::filesystem::path& state_folder);
/// Last of all credentials: with it, the sensor has joined. Throws std::system_error.
void save_identity(const std::filesystem::path& state_folder, const Identity& identity);

struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
};
/// Of "mqtts://host:8883"; "[::1]" for an address of version 6. invalid `bad_url`.
Result<Endpoint> parse_endpoint(
    std::string_view url, std::string_view scheme, std::uint16_t default_port);

}  // namespace mobilytics::sensor
