#pragma once
// Receives what sensors send, loses nothing of it, and answers after the commit. Doors
// (mqtt_door.h, https_door.h) bring parcels; examiners open and check them; committers keep as many
// as wait in one transaction and then answer. stored_reports.h reads what was accepted, ledger.h
// what is missing.

#include <functional>
#include <memory>

#include "pipeline/ingest/accepted_reports.h"  // IWYU pragma: export
#include "pipeline/ingest/admission.h"         // IWYU pragma: export
#include "pipeline/ingest/boot_clock.h"        // IWYU pragma: export
#include "pipeline/ingest/device_list.h"       // IWYU pragma: export
#include "pipeline/ingest/ingest_metrics.h"    // IWYU pragma: export
#include "pipeline/ingest/ledger.h"            // IWYU pragma: export
#include "pipeline/ingest/parcel.h"            // IWYU pragma: export
#include "pipeline/ingest/revoked_epochs.h"    // IWYU pragma: export
#include "pipeline/ingest/stored_reports.h"    // IWYU pragma: export
#include "pipeline/ingest/whereabouts.h"       // IWYU pragma: export

namespace mobilytics::ingest {

/// What waits for one commit: as much as has come, up to these.
struct GroupLimits {
    std::size_t reports_max = 512;
    std::size_t bytes_max = 8 << 20;
    std::chrono::milliseconds wait_max{20};  // For more to come.
};

/// How long things are kept. Reports hold pseudonyms: never longer than a day.
struct Retention {
    std::chrono::hours reports{24};
    std::chrono::hours boots{24 * 400};   // What is sent again after that is taken for new.
    std::chrono::hours refused{24 * 30};  // That something was; its bytes as long as reports.
    std::int64_t refused_rows_max = 10'000;
    std::size_t refused_bytes_max = 64 << 10;  // Of each.
    double refused_rows_per_s = 50;            // More are counted, and not kept.
    std::chrono::seconds look_every{60};
};

struct IngestConfig {
    std::size_t examiners = 2;
    std::size_t committers = 2;
    AdmissionLimits waiting;
    AdmissionLimits examined;  // What was found in those whose commit is next.
    GroupLimits group;
    DeviceRate device_rate;
    std::uint32_t window = 256;                 // Reports that a sensor may have under way.
    std::chrono::milliseconds pause_max{5000};  // That it is asked for when we are full.
    TimePolicy time;
    Retention retention;
    std::chrono::milliseconds live_every{500};  // Between messages to the live map.
    std::chrono::seconds devices_every{10};     // Between looks at what others have learnt.
};

/// Why a parcel was not taken.
struct Turned {
    DropReason reason = DropReason::stopping;
    std::chrono::milliseconds retry_after{0};
};

class Ingest {
  public:
    using AckSink = std::function<void(DeviceId, const wire::Ack&)>;

    /// Begins to work. `pool`, `clock` and `registry` must outlive this; the pool needs a
    /// connection for each committer, and three more. Throws Unavailable, when Postgres is away.
    Ingest(
        pg::SystemPool& pool, const Clock& clock, metrics::Registry& registry,
        const IngestConfig& config = {});
    /// What is not committed now is not answered: sensors send it again.
    ~Ingest();

    /// What the fleet says of a device. Throws Unavailable; then it is not known.
    void learn(const DeviceFact& fact);
    /// What is heard with such a salt from now on is refused, `revoked_epoch`. Throws Unavailable.
    void learn(const RevokedEpoch& revoked);

    /// Takes an envelope for later; waits for room at most so long. After its commit the acks go to
    /// the sink. None when it was taken.
    std::optional<Turned> offer(
        DeviceId sender, std::string envelope, std::chrono::milliseconds wait_max);
    /// Where acks of what was offered go; a committer's thread calls it. Waits until a call under
    /// way has come back.
    void answer_with(AckSink sink);

    /// Takes an envelope and waits for its commit. `stopping` also when the commit takes longer
    /// than `wait_max`: it may come about, and the sensor asks again.
    tl::expected<Outcome, Turned> deliver(
        DeviceId sender, std::string envelope, std::chrono::milliseconds wait_max);
    /// What is settled of a boot, as it stands; none when the device may not send. Throws
    /// Unavailable.
    std::optional<wire::Ack> ack(DeviceId sender, const wire::BootId& boot);

    /// Counts what never came to be a parcel.
    void count_drop(DropReason reason);

    /// How far the stream was read and what was made of it kept: reports that go unread are counted
    /// and raise an alarm.
    void note_read(StreamPosition up_to);

    /// Drops what is too old, and makes room for what comes; done by itself as well. Throws
    /// Unavailable.
    void keep_house();

    double filled() const;

  private:
    struct Parts;
    std::optional<Turned> submit(
        std::unique_ptr<Parcel> parcel, std::chrono::milliseconds wait_max);

    std::unique_ptr<Parts> parts_;
};

}  // namespace mobilytics::ingest
