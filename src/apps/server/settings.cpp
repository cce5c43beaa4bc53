#include "apps/server/settings.h"

#include "foundation/enum_words.h"
#include "foundation/log.h"
#include "foundation/zone.h"
#include "platform/crypto/files.h"

namespace mobilytics::server {

namespace {

void list(config::Book& book, Settings::Http& http) {
    book.section("http", "The dashboard and the API.")
        .field("address", http.address, "Where to listen; 0.0.0.0 for every network.")
        .field("port", http.port, "TCP port", "Of dashboard and API.", {.min = 1})
        .field("certificate_file", http.certificate_file, "PEM; with key_file, TLS is spoken.")
        .field("key_file", http.key_file, "PEM; belongs to certificate_file.")
        .field("public_url", http.public_url, "How browsers and new sensors reach us.")
        .field("dashboard", http.dashboard, "The folder of the built dashboard.")
        .field("backoffice", http.backoffice, "The folder of the built backoffice.")
        .field("workers", http.workers, "threads", "That answer requests.", {1, 256})
        .field(
            "trusted_proxies", http.trusted_proxies,
            "Networks of proxies before us, 10.0.0.0/8,::1: they are believed whom they come for.")
        .field(
            "forwarding_header", http.forwarding_header,
            "Where they say it: x_forwarded_for or forwarded.")
        .field("log_requests", http.log_requests, "A line for each request.")
        .field(
            "identity_requests", http.identity_requests, "requests",
            "A minute of one person or one key.", {10, 1'000'000})
        .field(
            "address_requests", http.address_requests, "requests", "A minute of one address.",
            {10, 1'000'000})
        .field(
            "drain_delay", http.drain_delay,
            "Served on with /readyz 503 when told to stop: how often a balancer looks, times how "
            "often it must fail.",
            {0, 600'000})
        .field(
            "drain_max", http.drain_max, "After that, for requests in hand; then they are cut.",
            {0, 600'000})
        .field(
            "tls_only", http.tls_only,
            "How long browsers are told to come by TLS only (HSTS), where they do; 0: they are not.",
            {0, 3650});
}

}  // namespace

config::Book Settings::book() {
    config::Book book;
    list(book, http);
    book.section("devices", "Where sensors send their reports.")
        .field("address", devices.address, "Where to listen; 0.0.0.0 for every network.")
        .field("host", devices.host, "The name or address by which sensors reach us.")
        .field("https_port", devices.https_port, "TCP port", "HTTPS with certificates.", {.min = 1})
        .field("mqtt_port", devices.mqtt_port, "TCP port", "MQTT with certificates.", {.min = 1});
    book.section("database", "PostgreSQL 15 or newer, the system of record.")
        .field("url", database.url, "libpq's URL of its owner; empty: a private server in data.")
        .field(
            "backup_url", database.backup_url,
            "The same of a role with BYPASSRLS, for backups; empty: as url.")
        .field(
            "connections_max", database.connections_max, "connections",
            "Of each of our two roles at a time.", {8, 500});
    book.section("company", "Made at the first start; changed in the dashboard afterwards.")
        .field("name", company.name, "What it is called.")
        .field("time_zone", company.time_zone, "IANA; its days are this zone's.")
        .field("privacy_mode", company.privacy_mode, "standard or strict: see docs/protocol.md.");
    book.section("store", "The analytics store, DuckDB in process.")
        .field("memory_mib", store.memory_mib, "MiB", "Of its buffers.", {128, 1 << 20})
        .field("threads", store.threads, "threads", "For questions and commits.", {1, 256})
        .field("visits_kept", store.visits_kept, "Of rows about one device.", {1, 24});
    book.section("report", "What is shown.")
        .field(
            "suppress_below", report.suppress_below, "devices",
            "A figure that rests on fewer is not shown.", {5, 50});
    book.section("metrics", "Who is told of the inside: /metrics, /readyz?verbose.")
        .field("token", metrics.token, "Of who asks from elsewhere: Authorization: Bearer TOKEN.")
        .field("token_file", metrics.token_file, "The same, in a file of its own.");
    book.section("log", "JSON lines on standard error.")
        .field("level", log.level, "info, warning or error.");
    background.list_in(book);
    identity.list_in(book);
    return book;
}

bool Settings::has_unnamed_proxy() const {
    return http.public_url.starts_with("https://") && http.certificate_file.empty() &&
           http.trusted_proxies.empty();
}

namespace {

constexpr std::size_t kTokenCharactersMin = 16;

/// Of its file, into the token.
void read_token(Settings::Metrics& metrics, std::vector<Fault>& faults) {
    if (metrics.token_file.empty()) return;
    if (!metrics.token.empty()) {
        faults.push_back({"metrics.token_file", "goes without metrics.token: set one of them"});
        return;
    }
    auto content = crypto::read_file(metrics.token_file);
    if (!content) {
        faults.push_back({"metrics.token_file", "cannot be read: " + metrics.token_file});
        return;
    }
    content->erase(content->find_last_not_of(" \t\r\n") + 1);
    if (content->empty()) faults.push_back({"metrics.token_file", "is empty"});
    metrics.token = Secret(*std::move(content));
}

Result<> check(const Settings& settings, std::vector<Fault> faults) {
    const auto token = settings.metrics.token.reveal().size();
    if (token > 0 && token < kTokenCharactersMin) {
        faults.push_back({"metrics.token", "has 16 characters at least"});
    }
    if (!zone_exists(settings.company.time_zone)) {
        faults.push_back({"company.time_zone", "is no IANA time zone, like America/Chicago"});
    }
    if (settings.company.privacy_mode != "standard" && settings.company.privacy_mode != "strict") {
        faults.push_back({"company.privacy_mode", "is to be standard or strict"});
    }
    if (!from_word<log::Level>(settings.log.level)) {
        faults.push_back({"log.level", "is to be info, warning or error"});
    }
    if (settings.http.certificate_file.empty() != settings.http.key_file.empty()) {
        faults.push_back({"http.key_file", "goes with http.certificate_file: set both or neither"});
    }
    const auto header = from_word<http::ForwardingHeader>(settings.http.forwarding_header);
    if (!header) {
        faults.push_back({"http.forwarding_header", "is to be x_forwarded_for or forwarded"});
    } else if (const auto good = http::Proxies::parse(settings.http.trusted_proxies, *header);
               !good) {
        faults.push_back({"http.trusted_proxies", good.error().message});
    }
    for (auto& fault : settings.background.faults()) faults.push_back(std::move(fault));
    for (auto& fault : settings.identity.faults()) faults.push_back(std::move(fault));
    if (!faults.empty()) {
        return tl::unexpected(Error{
            ErrorKind::invalid, "bad_config", "the configuration has faults", std::move(faults)});
    }
    return {};
}

}  // namespace

Result<> read(
    Settings& settings, config::Book& book, const std::filesystem::path& file,
    const std::map<std::string, std::string>& environment) {
    const auto path = file.empty() ? settings.data / "mobilytics.toml" : file;
    const auto content = crypto::read_file(path);
    if (!content && !file.empty()) {
        return fail(ErrorKind::not_found, "no_config", "there is no file " + file.string());
    }
    CHECK(book.read(content.value_or(""), path.string(), environment));
    std::vector<Fault> faults;
    read_token(settings.metrics, faults);
    return check(settings, std::move(faults));
}

}  // namespace mobilytics::server
