#pragma once
// What the modules are to be like, by the settings.

#include "apps/server/identity.h"
#include "apps/server/settings.h"
#include "domains/accounts/accounts.h"
#include "domains/fleet/fleet.h"
#include "pipeline/ingest/mqtt_door.h"
#include "pipeline/store/store.h"
#include "platform/http/probes.h"
#include "platform/http/static_files.h"

namespace mobilytics::server {

/// Without a slash at its end.
std::string public_url(const Settings& settings);
/// Whether browsers reach us by TLS, ours or that of a proxy before us: then no cookie goes
/// without.
bool by_tls(const Settings& settings);
/// Throws where one of them was not built.
http::StaticFilesConfig web_apps(const Settings& settings);
fleet::FleetConfig fleet_config(const Settings& settings);
/// The first company, as it begins.
accounts::CompanyProfile company_of(const Settings& settings, bool demo, Instant now);
store::Limits store_limits(const Settings& settings);
ingest::MqttDoorConfig door_config(const Settings& settings, const Identity& identity);
/// Who may be told figures.
http::Insiders insiders(const Settings& settings);

}  // namespace mobilytics::server
