#pragma once
// Who was heard at a fixed asset since its midnight: the states of counting, one for each salt
// epoch, for pseudonyms of two epochs are never compared. Cheap to copy: what is not written to is
// shared with the copies.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/measure/counted.h"
#include "pipeline/measure/piece.h"
#include "pipeline/measure/tracks/ble_chain.h"
#include "pipeline/measure/tracks/tracks.h"

namespace mobilytics::measure {

class ArchiveReader;
class ArchiveWriter;

/// What is kept of one place: 20 octets an address, 200 a track, as there are any. A full stand
/// hears ten thousand phones within the 20 minutes that a silent one is kept. Over a limit those
/// heard longest ago are forgotten; how many, the upper bound of the count knows.
struct CrowdLimits {
    std::size_t tracks = 1 << 15;
    std::size_t addresses = 1 << 17;
    std::size_t ble_addresses = 1 << 15;
    /// Salts at once: of sensors that make their own, one a sensor. Others are not counted.
    std::size_t epochs = 4;
    /// After such a silence an epoch gives way to another: none of its tracks goes on.
    std::chrono::microseconds epoch_silence = std::chrono::minutes(20);
};

/// Of one epoch.
class Crowd {
  public:
    explicit Crowd(const CrowdLimits& limits = {});
    /// How many devices were forgotten, for there were too many.
    std::int64_t add(Instant at, const Sighting& sighting);
    Counted counted(Instant bucket) const;
    ByGate present_ms(Instant bucket) const;
    /// Of memory, for figures.
    std::size_t bytes() const;

    std::string written() const;
    void write(ArchiveWriter& archive) const;
    /// False, with nothing changed, for bytes that are not a state.
    bool read(std::string_view bytes);

  private:
    /// Of the newest bucket: when it is counted, what was before is told.
    struct Forgotten {
        Instant bucket;
        std::int64_t wifi = 0, ble = 0;
    };
    std::int64_t add_ble(Instant at, const Sighting& sighting);
    Forgotten& forgotten_at(Instant at);

    CrowdLimits limits_;
    Tracks tracks_;
    Stays stays_;
    BleChain ble_;
    Forgotten forgotten_;
};

class Crowds {
  public:
    /// The one of this epoch, to be written to; null where there are too many.
    Crowd* of(std::uint64_t epoch, Instant at);
    /// Of what was heard of the bucket, up to `heard_until`. Good once, when the bucket is over.
    Counted counted(Instant bucket, Instant heard_until) const;
    /// What may still grow, of a bucket that was counted when it was over.
    void count_again(Counted& counted, Instant bucket) const;
    void clear() { epochs_.clear(); }
    std::size_t bytes() const;

    template <class Archive>
    friend void transfer(Archive& archive, Crowds& crowds) {
        archive(crowds.epochs_);
    }

  private:
    struct Epoch {
        std::uint64_t epoch = 0;
        Instant heard;  // Last.
        std::shared_ptr<Crowd> crowd;

        void transfer_to(ArchiveWriter& archive);
        void transfer_to(ArchiveReader& archive);
        template <class Archive>
        friend void transfer(Archive& archive, Epoch& one) {
            one.transfer_to(archive);
        }
    };
    std::vector<Epoch> epochs_;
};

}  // namespace mobilytics::measure
