#include "apps/server/background.h"

#include "apps/server/mail_templates.h"
#include "domains/assets/assets.h"
#include "domains/backoffice/backoffice_api.h"
#include "domains/fleet/fleet.h"
#include "domains/webhooks/webhooks_api.h"
#include "platform/jobs/workers.h"
#include "platform/mail/mail.h"

namespace mobilytics::server {

namespace {

constexpr std::size_t kOwnConnections = 8;  // Beside a thread's: to take jobs, and to keep leases.

pg::Address as(pg::Address address, const char* role) {
    address.user = role;
    return address;
}

pg::PoolLimits limits(const BackgroundSettings& settings) {
    return {
        .connections_max = static_cast<std::size_t>(settings.jobs.threads) + kOwnConnections,
        .statement_max = std::chrono::seconds(30)};
}

jobs::WorkersConfig workers_config(const BackgroundSettings& settings) {
    jobs::WorkersConfig out;
    out.threads = static_cast<int>(settings.jobs.threads);
    out.ahead = out.threads;
    return out;
}

/// Whoever waits for companies' servers keeps nothing else waiting.
jobs::WorkersConfig couriers_config(const webhooks::WebhooksConfig& webhooks) {
    jobs::WorkersConfig out;
    out.threads = webhooks.at_once;
    out.ahead = 0;
    out.tells_depth = false;
    return out;
}

mail::SmtpConfig smtp_config(const BackgroundSettings::Mail& settings) {
    mail::SmtpConfig out;
    out.host = settings.host;
    out.port = settings.port;
    out.security = *from_word<mail::Security>(settings.security);  // Checked when it was read.
    out.username = settings.username;
    out.password = settings.password;
    out.from = settings.from;
    out.from_name = settings.from_name;
    out.authority_file = settings.authority_file;
    out.per_second = static_cast<double>(settings.per_second);
    return out;
}

webhooks::WebhooksConfig webhooks_config(const BackgroundSettings::Webhooks& settings) {
    webhooks::WebhooksConfig out;
    out.allow_http = settings.allow_http;
    out.egress.allowed = *fetch::networks_of(settings.allowed_networks);
    return out;
}

boost::json::object data_of(const assets::AssetChanged& told) {
    boost::json::object out{
        {"asset_id", told.asset.str()}, {"code", told.code},         {"name", told.name},
        {"kind", word(told.kind)},      {"state", word(told.state)}, {"time_zone", told.time_zone}};
    if (told.latitude && told.longitude) {
        out["latitude"] = *told.latitude;
        out["longitude"] = *told.longitude;
    }
    return out;
}

boost::json::object data_of(const assets::AttachmentsChanged& told) {
    boost::json::array attachments;
    for (const auto& each : told.attachments) {
        boost::json::object one{{"asset_id", each.asset_id.str()}, {"from", to_iso8601(each.from)}};
        if (each.to) one["to"] = to_iso8601(*each.to);
        attachments.push_back(std::move(one));
    }
    return {{"device_id", told.device.str()}, {"attachments", std::move(attachments)}};
}

boost::json::object data_of(const fleet::DeviceChanged& told) {
    return {
        {"device_id", told.device.str()},
        {"state", told.accepted ? "active" : "revoked"},
        {"changed_at", to_iso8601(told.changed_at)}};
}

template <class T>
std::optional<boost::json::object> all_of(const T& told) {
    return data_of(told);
}

/// What companies may be told of, in one list.
void offer_all(webhooks::Webhooks& webhooks, events::Relay& relay) {
    webhooks.offer<assets::AssetChanged>(
        relay,
        {"assets.asset_changed", "An asset was registered, changed or retired.",
         R"({"asset_id":"asset_018f2f6e8c7a7c0e9a51c3b0d2e4f601","code":"M-12","name":"Madison 12",)"
         R"("kind":"billboard","state":"in_service","time_zone":"America/Chicago",)"
         R"("latitude":41.8819,"longitude":-87.6278})"},
        all_of<assets::AssetChanged>);
    webhooks.offer<assets::AttachmentsChanged>(
        relay,
        {"assets.attachments_changed", "A sensor was put on an asset, or taken off.",
         R"({"device_id":"device_018f2f6e8c7a7c0e9a51c3b0d2e4f601","attachments":[{"asset_id":)"
         R"("asset_018f2f6e8c7a7c0e9a51c3b0d2e4f601","from":"2026-08-21T09:30:00.000000Z"}]})"},
        all_of<assets::AttachmentsChanged>);
    webhooks.offer<fleet::DeviceChanged>(
        relay,
        {"fleet.device_changed", "A sensor joined, or was revoked.",
         R"({"device_id":"device_018f2f6e8c7a7c0e9a51c3b0d2e4f601","state":"active",)"
         R"("changed_at":"2026-08-21T09:30:00.000000Z"})"},
        all_of<fleet::DeviceChanged>);
}

}  // namespace

struct Background::Parts {
    Parts(const BackgroundSettings& settings, const Ground& ground)
        : pool(as(ground.address, "mobilytics_app"), limits(settings)),
          system(as(ground.address, "mobilytics_system"), limits(settings)),
          staff(as(ground.address, "mobilytics_staff")),
          outbox(ground.seal, ground.clock, mail_templates(), smtp_config(settings.mail)),
          webhooks(pool, staff, ground.seal, ground.clock, webhooks_config(settings.webhooks)),
          backoffice(pool, staff, outbox, ground.clock),
          workers(
              {pool, system, as(ground.address, "mobilytics_system"), ground.clock,
               ground.registry},
              workers_config(settings)),
          couriers(
              {pool, system, as(ground.address, "mobilytics_system"), ground.clock,
               ground.registry},
              couriers_config(webhooks_config(settings.webhooks))) {
        outbox.serve(workers, system);
        webhooks.serve(couriers);
        offer_all(webhooks, ground.relay);
    }

    pg::Pool pool;
    pg::SystemPool system;
    pg::StaffPool staff;
    mail::Outbox outbox;
    webhooks::Webhooks webhooks;
    backoffice::Backoffice backoffice;
    jobs::Workers workers, couriers;
};

Background::Background(const BackgroundSettings& settings, const Ground& ground)
    : parts_(std::make_unique<Parts>(settings, ground)) {}

Background::~Background() = default;

jobs::Workers& Background::workers() { return parts_->workers; }

const mail::Outbox& Background::outbox() const { return parts_->outbox; }

pg::SystemPool& Background::system() { return parts_->system; }

void Background::mount(http::Router& router) {
    webhooks::mount(router, parts_->webhooks);
    backoffice::mount(router, parts_->backoffice);
}

void Background::start() {
    parts_->workers.start();
    parts_->couriers.start();
}

void Background::stop() {
    parts_->couriers.stop();
    parts_->workers.stop();
}

}  // namespace mobilytics::server
