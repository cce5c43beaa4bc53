#pragma once
// What one asset's sensor hears, frame by frame. Worked out in slices of ten seconds, so memory is
// bounded however long it goes on.

#include <memory>

#include "simulation/city.h"
#include "simulation/frames.h"
#include "simulation/pace.h"

namespace mobilytics::simulation {

/// Who sent a frame.
struct Origin {
    Role role = Role::passer;
    std::uint32_t person = 0;  // Or the companion's number.
    std::uint8_t device = 0;   // Of the person's.
    bool broken = false;
};

class SimulatedRadio final : public sensor::FrameSource {
  public:
    SimulatedRadio(
        const City& city, std::uint32_t asset, Instant from, Instant to, const Clock* clock);

    sensor::Step next(sensor::RawFrame& frame, std::chrono::milliseconds wait_max) override;
    void cancel() override { pace_.cancel(); }
    const Error& failure() const override { return failure_; }
    bool live() const override { return pace_.live(); }
    /// Of the frame given last.
    const Origin& origin() const { return frames_[given_ - 1].origin; }

  private:
    struct Entry {
        Instant at;
        std::size_t begin = 0;
        std::size_t size = 0;
        sensor::LinkType link = sensor::LinkType::radiotap;
        Origin origin;
    };
    /// Somebody near, with what they carry.
    struct Active {
        const Encounter* encounter;
        std::vector<Device> devices;
    };
    /// A device within [begin, end) of the slice.
    struct Emitter {
        const Device& device;
        Instant begin, end;
        const Encounter* encounter;  // None: it stays at `distance_m`.
        double distance_m;
        double obstruction_db;
        Origin origin;
        double distance_at(Instant when) const {
            return encounter != nullptr ? encounter->distance_m(when) : distance_m;
        }
    };

    void make_slice();
    void load_days();
    void begin_encounters();
    void emit(const Emitter& emitter);
    void emit_bursts(const Emitter& emitter);
    void emit_burst(const Emitter& emitter, std::int64_t slot, std::int64_t slot_us);
    void emit_adverts(const Emitter& emitter);
    void emit_beacons(const Companion& point);
    /// The strength of a frame, if it is heard.
    std::optional<std::int8_t> heard(
        const Emitter& emitter, Instant at, double power_dbm, double threshold_dbm, Dice& dice);
    Damage damage_of(std::int8_t rssi_dbm, Dice& dice) const;
    void add(Instant at, std::size_t begin, sensor::LinkType link, Origin origin, Damage damage);

    const City& city_;
    std::uint32_t asset_;
    Instant from_, to_;
    Pace pace_;
    std::vector<Companion> companions_;
    std::vector<Companion> access_points_;
    std::vector<std::pair<LocalDay, std::unique_ptr<AssetDay>>> days_;  // Yesterday's and today's.
    std::vector<std::size_t> begun_;  // Of each day's encounters, so many.
    std::vector<Active> active_;
    Instant slice_;      // Its beginning.
    Instant slice_end_;  // Of what is in frames_.
    Octets octets_;
    std::vector<Entry> frames_;
    std::size_t given_ = 0;
    std::uint64_t number_ = 0;
    Octets pdu_;
    Error failure_{ErrorKind::unavailable, "", ""};
};

}  // namespace mobilytics::simulation
