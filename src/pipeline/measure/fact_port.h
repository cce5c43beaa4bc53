#pragma once
// What measure needs of the store that comes after it. pipeline/store implements it.

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/measure/facts.h"

namespace mobilytics::measure {

/// What an asset is, for measuring.
struct AssetDimension {
    CompanyId company;
    AssetId asset;
    bool moving = false;
    std::optional<PathPoint> position;  // Of a fixed asset; its time is not used.
    std::string time_zone = "UTC";      // IANA.
    friend bool operator==(const AssetDimension&, const AssetDimension&) = default;
};

/// Which sensor was on which asset, when: [from, to).
struct Attachment {
    CompanyId company;
    DeviceId device;
    AssetId asset;
    Instant from;
    std::optional<Instant> to;  // None: until further notice.
    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// All of it, as it stands. `version` grows with every change.
struct Dimensions {
    std::int64_t version = 0;
    std::map<AssetId, AssetDimension> assets;
    std::vector<Attachment> attachments;  // Ordered by (device, from).
};

class FactPort {
  public:
    virtual ~FactPort() = default;

    /// Facts, checkpoints and position in one transaction. Throws Unavailable when it may pass;
    /// then nothing was kept.
    virtual void commit(const FactBatch& batch) = 0;

    /// Where the last commit stood; the default before the first.
    virtual ingest::StreamPosition position() = 0;
    virtual std::vector<Checkpoint> checkpoints() = 0;
    /// What is kept of an asset's buckets in [from, to): to look back without the reports.
    virtual std::vector<BucketFacts> buckets(AssetId asset, Instant from, Instant to) = 0;
    /// The same pointer until something changes.
    virtual std::shared_ptr<const Dimensions> dimensions() = 0;
};

}  // namespace mobilytics::measure
