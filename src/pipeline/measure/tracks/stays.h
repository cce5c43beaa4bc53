#pragma once
// How many devices are present: from the bursts of each track that are near enough. A stay goes
// from a track's first burst at the gate or above to its last, is cut at a silence, and half of
// what is likely missed is added at each end. A track of one burst has no stay.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

namespace mobilytics::measure {

struct StayRules {
    int gate_dbm = -70;  // By calibration.
    std::int64_t silence_ms = 600'000;
    std::int64_t pad_ms = 300'000;
    std::int64_t slot_ms = 900'000;
    std::int64_t kept_ms = 7'200'000;  // Slots that end longer ago are forgotten.
    std::size_t open_max = 1 << 16;    // Over it, who was heard longest ago goes.
};

class Stays {
  public:
    explicit Stays(const StayRules& rules = {}) : rules_(rules) {}

    /// A burst of a track, in the order of time.
    void add(std::uint64_t track, std::int64_t at_ms, int rssi_dbm);

    /// Device-milliseconds in the slot that begins there; divided by its width, devices present on
    /// average. Of a slot that ended less than silence and pad ago it may still grow.
    std::int64_t presence_ms(std::int64_t slot_start_ms) const;

    std::size_t open() const { return open_.size(); }

    /// The whole state; read() gives what written() was, by the same rules, and false, with nothing
    /// changed, for bytes that are not a state.
    std::string written() const;
    bool read(std::string_view bytes);

  private:
    struct Stay {
        std::int64_t first_ms = 0;
        std::int64_t last_ms = 0;
        std::uint32_t bursts = 0;  // Of the track, at the gate.
        template <class Archive>
        friend void transfer(Archive& archive, Stay& stay) {
            archive(stay.first_ms, stay.last_ms, stay.bursts);
        }
    };
    template <class Add>
    void spread(std::int64_t first_ms, std::int64_t last_ms, const Add& add) const;
    void close(const Stay& stay);
    std::int64_t oldest_slot() const;
    bool holds_together() const;
    void sweep();
    void make_room();

    StayRules rules_;
    std::int64_t now_ms_ = 0;
    std::int64_t swept_ms_ = 0;
    boost::unordered_flat_map<std::uint64_t, Stay> open_;
    std::map<std::int64_t, std::int64_t> slots_;  // Of stays that are over, by slot.
};

}  // namespace mobilytics::measure
