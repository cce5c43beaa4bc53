#pragma once
// Tells what applies now, where it has changed.

#include <vector>

#include "domains/calibration/model_store.h"

namespace mobilytics::calibration {

/// What applies to each of these.
void tell_assets(pg::Transaction& tx, const std::vector<AssetId>& assets);
/// What applies to all that this model is of.
void tell_changed(pg::Transaction& tx, const Model& model);

}  // namespace mobilytics::calibration
