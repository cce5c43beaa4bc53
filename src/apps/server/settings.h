#pragma once
// All that can be set, in one place: the structs of the modules, and the list of their fields.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "apps/server/background_settings.h"
#include "apps/server/identity_settings.h"
#include "foundation/secret.h"
#include "pipeline/ingest/ingest.h"
#include "pipeline/store/store.h"
#include "platform/config/config.h"
#include "platform/http/server.h"

namespace mobilytics::server {

struct Settings {
    struct Http {
        std::string address = "127.0.0.1";
        std::uint16_t port = 8080;
        std::string certificate_file;  // Empty: plain HTTP.
        std::string key_file;
        std::string public_url;  // Empty: made of address and port.
        std::string dashboard = "web/apps/dashboard/dist";
        std::string backoffice = "web/dist/backoffice";
        std::int64_t workers = 8;
        std::string trusted_proxies;  // Networks, with commas.
        std::string forwarding_header = "x_forwarded_for";
        bool log_requests = true;
        std::int64_t identity_requests = 1200;  // Of a person or a key, a minute.
        std::int64_t address_requests = 6000;   // Of an address, a minute.
        std::chrono::milliseconds drain_delay{200};
        std::chrono::milliseconds drain_max{10'000};
        std::chrono::days tls_only{365};
    } http;
    struct Devices {
        std::string address = "127.0.0.1";
        std::uint16_t https_port = 8443;
        std::uint16_t mqtt_port = 8883;
        std::string host = "127.0.0.1";  // By which sensors reach us.
        std::string mqtt_url;            // Empty: a Mosquitto of our own.
    } devices;
    struct Database {
        Secret<std::string> url;         // Empty: a PostgreSQL of our own.
        Secret<std::string> backup_url;  // Empty: url.
        std::int64_t connections_max = 12;
    } database;
    struct Company {
        std::string name = "My company";
        std::string time_zone = "America/Chicago";
        std::string privacy_mode = "standard";
    } company;
    struct Store {
        std::int64_t memory_mib = 1024;
        int threads = 2;
        std::chrono::hours visits_kept{24};
    } store;
    struct Report {
        std::int64_t suppress_below = 10;
    } report;
    struct Metrics {
        Secret<std::string> token;  // Empty, and without a file: none.
        std::string token_file;     // What it says is the token, once it has been read.
    } metrics;
    struct Log {
        std::string level = "info";
    } log;
    BackgroundSettings background;
    IdentitySettings identity;

    std::filesystem::path data = "data";

    /// Whether a proxy stands before us that `http.trusted_proxies` does not name: then who comes
    /// over the loopback may be anybody.
    bool has_unnamed_proxy() const;

    /// The list of what can be set. This must outlive the book.
    config::Book book();
};

/// Settings of `file` (none: `data`/mobilytics.toml, where there is one) and of the environment.
/// invalid `bad_config`.
Result<> read(
    Settings& settings, config::Book& book, const std::filesystem::path& file,
    const std::map<std::string, std::string>& environment);

}  // namespace mobilytics::server
