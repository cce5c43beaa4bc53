#pragma once
// Faces and markets in Postgres. Their SQL is in face_store.cpp and market_store.cpp.

#include <optional>
#include <vector>

#include "domains/assets/assets.h"
#include "platform/pg/pg.h"

namespace mobilytics::assets {

/// The last versions of an asset's faces, retired ones too, in the order of their ids.
std::vector<Face> select_faces(pg::Transaction& tx, AssetId asset);
/// Every version of one face, in their order; none where there is no such face.
std::vector<Face> select_versions(pg::Transaction& tx, FaceId id);
/// Known by (id, from): its end may come later.
void upsert(pg::Transaction& tx, const Face& face);

/// False when the company has a market of this name; then nothing is written.
bool insert(pg::Transaction& tx, const Market& market);
bool update(pg::Transaction& tx, const Market& market);
/// Whether there was one.
bool erase(pg::Transaction& tx, MarketId id);
std::optional<Market> select(pg::Transaction& tx, MarketId id);
/// At most `count`, by name.
std::vector<Market> select_markets(pg::Transaction& tx, std::int64_t count);

}  // namespace mobilytics::assets
