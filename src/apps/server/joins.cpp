#include "apps/server/joins.h"

#include <algorithm>

#include "apps/server/calibration_ports.h"
#include "platform/crypto/digest.h"

namespace mobilytics::server {

namespace {

std::int32_t e7(double degrees) { return static_cast<std::int32_t>(std::lround(degrees * 1e7)); }

store::Asset asset_of(const assets::AssetChanged& told) {
    store::Asset out;
    out.dimension.company = told.company;
    out.dimension.asset = told.asset;
    out.dimension.moving = told.kind == assets::AssetKind::vehicle;
    out.dimension.time_zone = told.time_zone;
    if (told.latitude && told.longitude) {
        out.dimension.position = measure::PathPoint{{}, e7(*told.latitude), e7(*told.longitude)};
    }
    out.code = told.code;
    out.name = told.name;
    out.kind = std::string(word(told.kind));
    out.retired = told.state == assets::AssetState::retired;
    return out;
}

store::RegionSet set_of(const regions::SetChanged& told, regions::Content content) {
    store::RegionSet out{
        .company = told.company,
        .set = told.set,
        .name = told.name,
        .kind = std::string(word(told.kind)),
        .version = told.version,
        .valid_from = told.at,
        .regions = {}};
    for (auto& entry : content.entries) {
        out.regions.push_back(
            {.code = std::move(entry.code),
             .name = std::move(entry.name),
             .population = entry.population,
             .population_source = std::move(entry.population_source),
             .area_m2 = entry.area_m2,
             .shape = std::move(entry.shape)});
    }
    return out;
}

}  // namespace

void join(
    events::Relay& relay, ingest::Ingest& ingest, store::Store& store, fleet::Fleet& fleet,
    std::function<void(const fleet::DeviceChanged&)> on_device) {
    relay.subscribe<fleet::DeviceChanged>("ingest", [&ingest](const auto& told) {
        ingest.learn({told.company, told.device, told.accepted, told.changed_at});
    });
    relay.subscribe<fleet::SaltsRevoked>("ingest_epochs", [&ingest](const auto& told) {
        for (const auto& epoch : told.epochs) {
            const auto bytes = crypto::from_hex(epoch);
            ingest::RevokedEpoch revoked{told.company, {}, told.revoked_at};
            VERIFY(bytes && bytes->size() == revoked.epoch.size());
            std::ranges::copy(*bytes, revoked.epoch.begin());
            ingest.learn(revoked);
        }
    });
    relay.subscribe<accounts::PrivacyModeChanged>(
        "fleet_salts", [&fleet](const auto& told) { fleet.destroy_salts(told.company); });
    relay.subscribe<fleet::DeviceChanged>("broker", std::move(on_device));
    relay.subscribe<accounts::CompanyChanged>("store_companies", [&store](const auto& told) {
        store.learn(store::Company{
            told.company, told.time_zone, told.synthetic,
            told.privacy_mode == accounts::PrivacyMode::strict, told.suppress_below});
    });
    relay.subscribe<assets::AssetChanged>(
        "store_assets", [&store](const auto& told) { store.learn(asset_of(told)); });
    relay.subscribe<calibration::CalibrationChanged>(
        "store_calibrations", [&store](const auto& told) { store.learn(calibrations_of(told)); });
    relay.subscribe<assets::AttachmentsChanged>("store_attachments", [&store](const auto& told) {
        for (const auto& attachment : told.attachments) {
            store.learn(measure::Attachment{
                told.company, told.device, attachment.asset_id, attachment.from, attachment.to});
        }
    });
}

void join_regions(events::Relay& relay, regions::Regions& regions, store::Store& store) {
    relay.subscribe<regions::SetChanged>("store_regions", [&](const auto& told) {
        if (told.state == regions::RegionSetState::removed) {
            store.forget(told.company, told.set);
            return;
        }
        // None where it was removed since, or so much has changed: what is told next is newer.
        auto content = regions.content_of(told.company, told.set, told.version);
        if (content) store.learn(set_of(told, *std::move(content)));
    });
    relay.subscribe<regions::SensitiveChanged>("store_sensitive", [&](const auto& told) {
        store.learn(store::SensitivePlaces{told.company, regions.sensitive_shapes(told.company)});
    });
}

}  // namespace mobilytics::server
