#pragma once
// From a captured frame to the sightings in it. For the agent; one decoder per thread. Allocates
// nothing and throws nothing: what is not a sighting is dropped for a counted reason.

#include <array>
#include <span>

#include "pipeline/sensor/decode/fingerprint.h"
#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::sensor {

struct DecodeOptions {
    /// A sighting without a strength is dropped (no_rssi). Off, it is given without one: for files
    /// of link types 105 and 251, which never have any.
    bool rssi_required = true;
};

/// At most so many come of one frame: an HCI event of extended reports holds no more.
inline constexpr std::size_t kSightingsPerFrameMax = 25;

class FrameDecoder {
  public:
    explicit FrameDecoder(DecodeOptions options = {}) : options_(options) {}

    /// The sightings of a frame: none or one, several of an HCI event. They and what they point at
    /// live until the next call or until the decoder is moved.
    std::span<const Sighting> decode(const RawFrame& frame);

    const FrameCounts& counts() const { return counts_; }

  private:
    void drop(FrameDrop reason) { ++counts_.dropped[static_cast<std::size_t>(reason)]; }
    bool plausible(const RawFrame& frame);
    bool decode_by_link(const RawFrame& frame);
    void keep(const Sighting& sighting);
    void decode_wifi(const RawFrame& frame);
    void decode_ble(const RawFrame& frame);
    void decode_hci(const RawFrame& frame);

    DecodeOptions options_;
    FrameCounts counts_;
    Fingerprint fingerprint_;
    std::array<Sighting, kSightingsPerFrameMax> sightings_{};
    std::size_t size_ = 0;
};

}  // namespace mobilytics::sensor
