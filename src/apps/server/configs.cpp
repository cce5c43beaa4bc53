#include "apps/server/configs.h"

#include "platform/services/private_mosquitto.h"

namespace mobilytics::server {

using namespace std::chrono_literals;

namespace {

/// Of a web app; `name` is its setting's.
std::filesystem::path built(const std::string& name, const std::filesystem::path& folder) {
    if (std::filesystem::is_regular_file(folder / "index.html")) return folder;
    throw std::runtime_error(
        "http." + name + ": there is no index.html in " +
        std::filesystem::absolute(folder).string() +
        "; name the folder of the built app, or start from the one where it was built");
}

}  // namespace

std::string public_url(const Settings& settings) {
    if (const auto& said = settings.http.public_url; !said.empty()) {
        return said.substr(0, said.find_last_not_of('/') + 1);
    }
    const bool tls = !settings.http.certificate_file.empty();
    const auto& address = settings.http.address;
    const auto host = address == "0.0.0.0" || address == "::" ? settings.devices.host : address;
    return (tls ? "https://" : "http://") + host + ":" + std::to_string(settings.http.port);
}

bool by_tls(const Settings& settings) { return public_url(settings).starts_with("https://"); }

http::StaticFilesConfig web_apps(const Settings& settings) {
    http::StaticFilesConfig out;
    out.folder = built("dashboard", settings.http.dashboard);
    out.below["/backoffice"] = built("backoffice", settings.http.backoffice);
    return out;
}

fleet::FleetConfig fleet_config(const Settings& settings) {
    fleet::FleetConfig out;
    out.mqtt_url =
        "mqtts://" + settings.devices.host + ":" + std::to_string(settings.devices.mqtt_port);
    out.https_url =
        "https://" + settings.devices.host + ":" + std::to_string(settings.devices.https_port);
    out.public_url = public_url(settings);
    return out;
}

accounts::CompanyProfile company_of(const Settings& settings, bool demo, Instant now) {
    const auto mode = from_word<accounts::PrivacyMode>(settings.company.privacy_mode);
    VERIFY(mode);
    return {
        CompanyId::fresh(now), demo ? "Demo city (synthetic)" : settings.company.name,
        settings.company.time_zone, *mode, demo};
}

store::Limits store_limits(const Settings& settings) {
    store::Limits out;
    out.memory_bytes_max = settings.store.memory_mib << 20;
    out.threads = settings.store.threads;
    out.visits_kept = settings.store.visits_kept;
    return out;
}

ingest::MqttDoorConfig door_config(const Settings& settings, const Identity& identity) {
    ingest::MqttDoorConfig out;
    out.client.host = "127.0.0.1";
    out.client.port = settings.devices.mqtt_port;
    out.client.trust = mqtt::Trust{
        identity.authority_file(), identity.gateway().certificate_file,
        identity.gateway().key_file};
    out.client.client_id = std::string(services::kGatewayName);
    out.client.pause_max = 5s;  // The broker is ours, on this machine.
    return out;
}

http::Insiders insiders(const Settings& settings) {
    return {settings.metrics.token, !settings.has_unnamed_proxy()};
}

}  // namespace mobilytics::server
