#pragma once
// What a face and a market may be: pure functions.

#include "domains/assets/assets.h"

namespace mobilytics::assets {

/// invalid `bad_face`, with every fault.
Result<> check(const FaceTraits& face, AssetKind kind);

/// A face's versions, in their order, once it is `wanted`: the last one ends where the new one
/// begins. The same again leaves them as they are. conflict `face_retired`; conflict
/// `changed_later`, when `from` is not after the beginning of the last.
Result<std::vector<Face>> changed(std::vector<Face> versions, const NewFace& wanted, Instant now);

/// The last version, as it ends now; one that is only to begin, as soon as it has begun.
/// conflict `face_retired`.
Result<Face> retired(Face last, Instant now);

/// invalid `bad_market`, with every fault.
Result<> check(const NewMarket& market, Instant now);

}  // namespace mobilytics::assets
