#include "apps/server/installation.h"

#include <atomic>
#include <optional>
#include <thread>

#include "apps/server/account_letters.h"
#include "apps/server/background.h"
#include "apps/server/backup/store_copies.h"
#include "apps/server/calibration_ports.h"
#include "apps/server/configs.h"
#include "apps/server/demo.h"
#include "apps/server/face_joins.h"
#include "apps/server/foundations.h"
#include "apps/server/health_parts.h"
#include "apps/server/housekeeping.h"
#include "apps/server/identity.h"
#include "apps/server/joins.h"
#include "apps/server/letters.h"
#include "apps/server/news.h"
#include "apps/server/refusals.h"
#include "apps/server/revocations.h"
#include "apps/server/roster.h"
#include "apps/server/trail.h"
#include "apps/server/vitals.h"
#include "domains/accounts/accounts_api.h"
#include "domains/accounts/routes.h"
#include "domains/annotations/annotations.h"
#include "domains/annotations/annotations_api.h"
#include "domains/assets/assets_api.h"
#include "domains/calibration/calibration_api.h"
#include "domains/fleet/device_routes.h"
#include "domains/fleet/fleet_api.h"
#include "domains/notices/notices.h"
#include "domains/optouts/device_routes.h"
#include "domains/optouts/optouts_api.h"
#include "domains/plays/plays_api.h"
#include "domains/regions/regions_api.h"
#include "foundation/log.h"
#include "pipeline/ingest/https_door.h"
#include "pipeline/ingest/mqtt_door.h"
#include "pipeline/measure/measure.h"
#include "pipeline/report/report.h"
#include "pipeline/report/report_api.h"
#include "platform/http/probes.h"
#include "platform/http/static_files.h"
#include "platform/idempotency/idempotency.h"
#include "platform/objects/objects.h"
#include "platform/services/private_mosquitto.h"

namespace mobilytics::server {

namespace {

using namespace std::chrono_literals;

/// Of all companies.
std::vector<fleet::RevokedCertificate> revoked_certificates(
    accounts::Accounts& accounts, fleet::Fleet& fleet) {
    std::vector<fleet::RevokedCertificate> out;
    for (const auto& company : accounts.active_companies()) {
        const auto its = fleet.revoked_certificates(company);
        out.insert(out.end(), its.begin(), its.end());
    }
    return out;
}

Result<Caller> nobody(const http::Shown&) {
    return fail(ErrorKind::unauthenticated, "no_person", "this port is for sensors");
}

/// A server, and the thread that it runs on.
class Serving {
  public:
    Serving(const http::ServerConfig& config, const http::Router& router)
        : server_(config, router), thread_([this] { server_.run(); }) {}
    ~Serving() {
        server_.stop();
        thread_.join();
    }
    void route_to(const http::Router& router) { server_.route_to(router); }
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

  private:
    http::Server server_;
    std::thread thread_;
};

}  // namespace

struct Installation::Parts {
    Parts(const Settings& all, bool with_demo);

    services::BrokerIdentity broker_identity();
    void revoke(const fleet::DeviceChanged& told);
    NewsGround news();
    http::ServerConfig api_config();
    http::ServerConfig device_config();
    void mount();
    accounts::Ground ground() { return {foundations.pool(), clock}; }
    void learn_companies();
    Watched watched();
    std::unique_ptr<Serving> begin_to_listen();

    const Settings& settings;
    const SystemClock clock;
    metrics::Registry registry;
    // Who looks at us while migrations run is told so, from the first moment.
    std::atomic<bool> serving = false;
    http::Router starting;
    std::unique_ptr<Serving> starting_server;
    Foundations foundations;
    Identity identity;
    accounts::Accounts accounts;
    accounts::Accounts::FirstStart first;
    accounts::CompanyProfile company;
    assets::Assets assets;
    annotations::Annotations annotations;
    fleet::Fleet fleet;
    plays::Plays plays;
    optouts::OptOuts opt_outs;
    regions::Regions regions;
    Revocations revocations;
    services::PrivateMosquitto mosquitto;
    std::unique_ptr<store::Store> store;
    StoredDevices stored_devices;
    MeasuredFit measured_fit;
    calibration::Calibration calibration;
    ingest::Ingest ingest;
    events::Relay relay;
    Trail trail;
    Background background;
    notices::Notices notices;
    ingest::StoredReports accepted;
    http::EventHub hub;
    report::Live live;
    measure::Measure measure;
    ingest::MqttDoor mqtt_door;
    report::Report report;
    idempotency::Replies replies;
    accounts::Proofs proofs;
    accounts::Companies companies;
    Housekeeping housekeeping;
    StoreCopies store_copies;
    HealthWatch health;
    Vitals vitals;

    accounts::Sessions sessions;
    accounts::Passkeys passkeys;
    accounts::Profiles profiles;
    accounts::People people;
    accounts::Keys keys;
    accounts::Backoffice backoffice;
    accounts::Tokens tokens;
    accounts::Oidc oidc;
    objects::Objects objects;
    accounts::Logos logos;
    accounts::Desk desk;
    http::StaticFiles web;
    http::Probes probes;
    Refusals refusals;
    http::Router api, device;
    std::optional<Serving> device_server;
    std::unique_ptr<Serving> api_server;
    std::optional<Demo> demo;
    std::string welcome;
};

Installation::Parts::Parts(const Settings& all, bool with_demo)
    : settings(all),
      starting(nobody, {}),
      starting_server(begin_to_listen()),
      foundations(all),
      identity(all.data / "pki", all.devices.host, clock),
      accounts(foundations.pool(), clock),
      first(accounts.open_installation(company_of(all, with_demo, clock.now()))),
      company(*accounts.find_company({first.company, Role::owner})),
      assets(
          foundations.pool(), clock, accounts,
          [this](CompanyId of, DeviceId id) { return fleet.check_device(of, id); }),
      annotations(foundations.pool(), clock, assets),
      fleet(
          {foundations.pool(), clock, accounts, assets, identity.authority(), identity.seal()},
          fleet_config(all)),
      plays(foundations.pool(), clock, assets),
      opt_outs({foundations.pool(), clock, fleet, identity.seal()}),
      regions(foundations.pool(), clock),
      revocations(revoked_certificates(accounts, fleet)),
      mosquitto(
          all.data / "mosquitto", broker_identity(),
          {.address = all.devices.address, .port = all.devices.mqtt_port}),
      store(store::open_duckdb_store(all.data / "store.duckdb", store_limits(all), clock)),
      stored_devices(*store),
      calibration({foundations.pool(), clock, assets, stored_devices, measured_fit}),
      ingest(foundations.system(), clock, registry),
      relay(foundations.system(), foundations.system_address(), clock),
      trail(all, foundations, identity, clock, registry),
      background(
          all.background, {foundations.system_address(), identity.seal(), clock, registry, relay}),
      notices(
          {foundations.pool(), identity.seal(), clock, background.outbox(),
           [this](CompanyId of) { return members_of(people, of); }},
          {.public_url = public_url(all)}),
      accepted(foundations.reading(), foundations.system_address()),
      live(*store, foundations.system(), foundations.system_address(), hub, clock),
      measure(
          accepted, *store, clock, registry, {},
          [this](const measure::Committed& done) { ingest.note_read(done.position); }),
      mqtt_door(ingest, door_config(all, identity)),
      report(
          *store, foundations.pool(), live, clock, {.suppress_below = all.report.suppress_below},
          business_of(assets, plays)),
      replies(foundations.pool(), identity.seal(), clock),
      proofs(ground(), identity.seal()),
      companies(ground(), identity.seal(), proofs),
      housekeeping(accounts, companies, fleet, *store, replies),
      store_copies(*store, foundations.system_address(), all.data),
      health(clock),
      vitals(watched(), registry, clock),
      sessions(
          ground(), identity.seal(), proofs,
          {.secure = by_tls(all),
           .passkeys = accounts::relying_party(public_url(all)).has_value(),
           .provider = all.identity.provider_name()}),
      passkeys(
          ground(), sessions, proofs,
          {.party = accounts::relying_party(public_url(all)), .secure = by_tls(all)}),
      profiles(ground(), identity.seal(), proofs),
      people(ground(), identity.seal()),
      keys(ground()),
      backoffice(ground(), foundations.staff(), identity.seal(), proofs),
      tokens(ground(), accounts, identity.seal(), public_url(all)),
      oidc(ground(), identity.seal(), sessions, all.identity.provider(public_url(all))),
      objects(all.data / "objects", clock),
      logos(ground(), objects),
      desk{sessions, passkeys, profiles, companies, people, keys, backoffice, tokens, oidc, logos},
      web(web_apps(all)),
      probes(registry, insiders(all)),
      refusals(
          foundations.pool(), clock, registry,
          [this](PersonId person) { return sessions.home_of(person); }),
      api([this](
              const http::Shown& shown) { return accounts::authenticate(accounts, tokens, shown); },
          {.session_cookie = accounts::Sessions::cookie_name(by_tls(all)),
           .metrics = &registry,
           .clock = &clock,
           .repeats = &replies,
           .origin = public_url(all),
           .on_refusal = [this](const http::Refusal& told) { refusals.note(told); },
           .rate_of_address = http::Rate{all.http.address_requests, 60s},
           .rate_of_identity = http::Rate{all.http.identity_requests, 60s}}),
      device(nobody, {.metrics = &registry, .clock = &clock}) {
    learn_companies();
    join(relay, ingest, *store, fleet, [this](const auto& told) { revoke(told); });
    join_faces(relay, assets, *store);
    join_regions(relay, regions, *store);
    const LettersGround letters{
        background.outbox(), background.system(), identity.seal(), public_url(all)};
    join_letters(relay, letters);
    join_account_letters(relay, letters);
    join_news(relay, news());
    trail.serve(background.workers());
    notices.serve(background.workers());
    calibration.serve(background.workers());
    watch_sensors(background.workers(), news());
    // What was told while we were down is learnt before anybody is let in.
    while (relay.deliver() > 0) continue;
    relay.start();
    accounts::turn_signing_keys(background.system(), identity.seal(), clock);
    accounts::serve_signing_keys(background.workers(), identity.seal(), clock);
    background.start();
    refusals.start();
    store->on_news([this](const store::News& news) { live.note_news(news); });
    live.start();
    mount();
    device_server.emplace(device_config(), device);
    // It listens already. From here to its end nothing may fail that leaves it without what it
    // asks.
    api_server = std::move(starting_server);
    serving = true;
    api_server->route_to(api);

    if (company.synthetic) {
        demo.emplace(
            DemoConfig{
                all.data / "demo", "http://127.0.0.1:" + std::to_string(all.http.port), company.id},
            assets, fleet, clock);
    }
    welcome = "\nMobilytics is up: " + public_url(all) + "\n";
    if (first.one_time_password) {
        welcome += "Sign in as " + std::string(accounts::kFirstEmail) +
                   "\nOne-time password: " + first.one_time_password->reveal() + "\n";
    }
    welcome +=
        "Kept in " + std::filesystem::absolute(all.data).string() + "\nStop it with Ctrl-C.\n\n";
    log::info("up", {{"url", public_url(all)}, {"synthetic", company.synthetic}});
}

void Installation::Parts::learn_companies() {
    for (const auto& id : accounts.active_companies()) {
        const auto known = accounts.find_company({id, Role::owner});
        if (!known) continue;
        store->learn(store::Company{
            id, known->time_zone, known->synthetic,
            known->privacy_mode == accounts::PrivacyMode::strict,
            known->suppress_below.value_or(0)});
    }
}

Watched Installation::Parts::watched() {
    Watched out;
    out.data = settings.data;
    out.pools = {
        {"app", [this] { return foundations.pool().figures(); }},
        {"system", [this] { return foundations.system().figures(); }},
        {"reading", [this] { return foundations.reading().figures(); }},
        {"staff", [this] { return foundations.staff().figures(); }}};
    out.certificates = {
        {"authority", identity.authority_file()},
        {"server", identity.server().certificate_file},
        {"gateway", identity.gateway().certificate_file}};
    if (!settings.http.certificate_file.empty()) {
        out.certificates["http"] = settings.http.certificate_file;
    }
    out.services["postgres"] = {
        [this] { return foundations.healthy(); }, [this] { return foundations.restarts(); }};
    out.services["broker"] = {
        [this] { return mosquitto.server().healthy(); },
        [this] { return mosquitto.server().restarts(); }};
    out.services["broker_session"] = {
        [this] { return mqtt_door.figures().connected; },
        [this] { return mqtt_door.figures().connections_total; }};
    out.clock_of_postgres = [this] { return foundations.clock(); };
    out.workers = static_cast<std::size_t>(settings.http.workers);
    list_parts(health, out, settings, clock);
    health.part("store", [this] {
        store->snapshot()->as_of(company.id);  // Throws, with what is wrong.
        return Seen{HealthState::ok, "answers"};
    });
    health.version("postgres", foundations.version());
    background.watch(health);
    out.also = [this] { health.look(); };
    return out;
}

std::unique_ptr<Serving> Installation::Parts::begin_to_listen() {
    http::Probes::mount_starting(starting);
    return std::make_unique<Serving>(api_config(), starting);
}

services::BrokerIdentity Installation::Parts::broker_identity() {
    return {
        identity.authority().certificate_pem(), identity.server().certificate_pem,
        identity.server().key_pem,
        identity.authority().revocation_list(revocations.list(), clock.now())};
}

void Installation::Parts::revoke(const fleet::DeviceChanged& told) {
    if (told.accepted) return;
    revocations.add({told.device, told.certificate_serial, told.changed_at});
    mosquitto.revoke(
        identity.authority().revocation_list(revocations.list(), clock.now()), revocations.names());
}

NewsGround Installation::Parts::news() {
    return {
        .notices = notices,
        .clock = clock,
        .time_zone =
            [this](CompanyId of) {
                const auto known = accounts.find_company({of, Role::owner});
                return known ? known->time_zone : std::string("UTC");
            },
        .name_of =
            [this](CompanyId of, DeviceId sensor) {
                return fleet.name_of(of, sensor).value_or(sensor.str());
            },
        .companies = [this] { return accounts.active_companies(); },
        .sensors = [this](CompanyId of) { return sensors_of(fleet, foundations.pool(), of); }};
}

http::ServerConfig Installation::Parts::api_config() {
    http::ServerConfig out;
    out.address = settings.http.address;
    out.port = settings.http.port;
    out.workers = static_cast<std::size_t>(settings.http.workers);
    out.drain_delay = settings.http.drain_delay;
    out.drain_max = settings.http.drain_max;
    out.on_stop = [this] {
        if (serving) probes.drain();
    };
    if (by_tls(settings)) out.tls_only = settings.http.tls_only;
    out.log_requests = settings.http.log_requests;
    // Checked when the settings were read.
    out.proxies = *http::Proxies::parse(
        settings.http.trusted_proxies,
        *from_word<http::ForwardingHeader>(settings.http.forwarding_header));
    out.metrics = &registry;
    if (!settings.http.certificate_file.empty()) {
        out.tls = http::TlsConfig{
            .certificate_file = settings.http.certificate_file,
            .key_file = settings.http.key_file,
            .client_ca_file = ""};
    }
    return out;
}

http::ServerConfig Installation::Parts::device_config() {
    http::ServerConfig out;
    out.address = settings.devices.address;
    out.port = settings.devices.https_port;
    out.workers = static_cast<std::size_t>(settings.http.workers);
    out.metrics = &registry;
    out.metrics_listener = "devices";
    out.log_requests = settings.http.log_requests;
    out.tls = http::TlsConfig{
        .certificate_file = identity.server().certificate_file.string(),
        .key_file = identity.server().key_file.string(),
        .client_ca_file = identity.authority_file().string(),
        .accepted = [this](const http::PeerCertificate& peer) {
            return !revocations.has(peer.common_name);
        }};
    return out;
}

void Installation::Parts::mount() {
    accounts::mount(api, desk);
    accounts::mount_by_hand(api, desk);
    assets::mount(api, assets);
    calibration::mount(api, calibration);
    annotations::mount(api, annotations);
    fleet::mount(api, fleet);
    plays::mount(api, plays);
    plays::mount_by_hand(api, plays, assets, clock);
    optouts::mount(api, opt_outs);
    regions::mount(api, regions);
    regions::mount_by_hand(api, regions);
    report::mount(api, report);
    background.mount(api);
    notices::mount_all(api, notices);
    trail.mount(api);
    probes.check("postgres", [this]() -> std::optional<std::string> {
        if (foundations.healthy()) return std::nullopt;
        return "does not answer";
    });
    probes.check("broker", [this]() -> std::optional<std::string> {
        if (mosquitto.server().healthy()) return std::nullopt;
        return "does not take connections";
    });
    probes.check("store", [this]() -> std::optional<std::string> {
        store->snapshot()->as_of(company.id);  // Throws, with what is wrong.
        return std::nullopt;
    });
    probes.mount(api);
    web.mount(api);
    fleet::mount_device_routes(device, fleet);
    optouts::mount_device_routes(device, opt_outs);
    ingest::mount_https_door(device, ingest);
}

Installation::Installation(const Settings& settings, bool demo)
    : parts_(std::make_unique<Parts>(settings, demo)) {}

Installation::~Installation() {
    parts_->demo.reset();
    // From the doors inward: first no more requests, then no more reports, then what they went to.
    parts_->api_server.reset();
    parts_->device_server.reset();
    parts_->background.stop();
    parts_->relay.stop();
    parts_->live.stop();
    parts_->accepted.stop();
    log::info("stopped");
}

const std::string& Installation::welcome() const { return parts_->welcome; }

Result<std::string> reset_password(const Settings& settings, const std::string& email) {
    const SystemClock clock;
    Foundations foundations(settings);
    accounts::Accounts accounts(foundations.pool(), clock);
    const auto first = accounts.open_installation(company_of(settings, false, clock.now()));
    if (first.one_time_password && email == accounts::kFirstEmail) {
        return "One-time password: " + first.one_time_password->reveal() + "\n";
    }
    TRY(const auto password, accounts.reset_password(email));
    return "One-time password: " + password.reveal() + "\n";
}

}  // namespace mobilytics::server
