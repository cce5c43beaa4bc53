#pragma once
// Where the business and the data's way meet: what domains tell, and who of the pipeline learns it.

#include <functional>

#include "domains/accounts/accounts.h"
#include "domains/assets/assets.h"
#include "domains/fleet/fleet.h"
#include "domains/regions/regions.h"
#include "pipeline/ingest/ingest.h"
#include "pipeline/store/store.h"
#include "platform/events/events.h"

namespace mobilytics::server {

/// All that is joined, in one list. What it is given must outlive `relay`.
void join(
    events::Relay& relay, ingest::Ingest& ingest, store::Store& store, fleet::Fleet& fleet,
    std::function<void(const fleet::DeviceChanged&)> on_device);

/// The same for regions, whose shapes are asked for.
void join_regions(events::Relay& relay, regions::Regions& regions, store::Store& store);

}  // namespace mobilytics::server
