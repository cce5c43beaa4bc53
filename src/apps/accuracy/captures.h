#pragma once
// Captures as the sensor would hear them: the sensor's own reading of files, frames, fingerprints
// and pseudonyms, with a fixed salt. What public captures need beside that is done here: radio
// headers that no sensor of ours has, and frames that do not say whether a check sum follows.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "foundation/result.h"
#include "pipeline/measure/tracks/heard.h"
#include "pipeline/sensor/decode/frame_decoder.h"
#include "pipeline/sensor/pseudonym/pseudonymiser.h"

namespace mobilytics::accuracy {

using measure::Heard;

/// Makes pseudonyms and fingerprints, as a sensor with a salt of this name would.
class Listener {
  public:
    explicit Listener(const std::string& salt_name);
    Heard heard(const sensor::Sighting& sighting, std::optional<int> rssi_dbm) const;
    std::uint64_t pseudonym(const sensor::Address& address) const;
    std::uint32_t fine(std::span<const std::uint8_t> list) const { return maker_.fine(list); }

  private:
    sensor::Pseudonymiser maker_;
};

struct Capture {
    std::vector<Heard> heard;   // By time.
    std::int64_t first_ms = 0;  // Of any frame.
    sensor::FrameCounts counts;
    std::string problem;  // Where the file ends badly; what came before stands.
};

/// Whether a file begins as a capture does, packed or not.
bool is_capture(const std::filesystem::path& file);
/// The probe requests of a capture. invalid `unreadable`, `not_a_capture`.
Result<Capture> read_capture(const std::filesystem::path& file, const Listener& listener);
/// The same of octets in memory, named for messages.
Result<Capture> capture_of(
    std::span<const std::uint8_t> octets, const Listener& listener, const std::string& name);

/// Why a capture gave no probe request, in words: "812 frames: 812 bad_fcs".
std::string reasons(const sensor::FrameCounts& counts);

}  // namespace mobilytics::accuracy
