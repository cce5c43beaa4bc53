#pragma once
// What assets tells of faces, and the store learns.

#include "domains/assets/assets.h"
#include "domains/plays/plays.h"
#include "pipeline/report/report.h"
#include "pipeline/store/store.h"
#include "platform/events/events.h"

namespace mobilytics::server {

/// A face's versions as the store keeps them.
std::vector<store::Face> faces_of(CompanyId company, const std::vector<assets::Face>& versions);

/// What it is given must outlive `relay`.
void join_faces(events::Relay& relay, assets::Assets& assets, store::Store& store);

/// What reports of faces ask of the business, which must outlive it.
report::Business business_of(assets::Assets& assets, plays::Plays& plays);

}  // namespace mobilytics::server
