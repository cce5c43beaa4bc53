#pragma once
// How many devices are present, by gate: from the bursts of each track that are near enough. A stay
// goes from a track's first burst at the gate or above to its last, is cut at a silence, and half
// of what is likely missed is added at each end. A track of one burst has no stay.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace mobilytics::measure {

class ArchiveWriter;

/// Of strength, ascending: which of them a place is counted at, its calibration says.
inline constexpr std::array kGatesDbm{-80, -78, -76, -74, -72, -70, -68, -66, -64, -62, -60};
inline constexpr std::size_t kGates = kGatesDbm.size();
/// Device-milliseconds, of each.
using ByGate = std::array<std::int64_t, kGates>;

struct StayRules {
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
    /// average. Of a slot that ended less than two silences and a pad ago it may still grow.
    ByGate presence_ms(std::int64_t slot_start_ms) const;

    std::size_t open() const { return open_.size(); }
    /// Of memory, for figures.
    std::size_t bytes() const;

    /// The whole state; read() gives what written() was, by the same rules, and false, with nothing
    /// changed, for bytes that are not a state.
    std::string written() const;
    void write(ArchiveWriter& archive) const;
    bool read(std::string_view bytes);

  private:
    /// A track's, by gate; those it never passed come last. Times are their lower 32 bits: nothing
    /// stays that is older.
    struct Open {
        std::array<std::uint32_t, kGates> first{};
        std::array<std::uint32_t, kGates> last{};
        std::array<std::uint8_t, kGates> bursts{};  // 0, 1, or 2 for more.
    };
    struct SavedStay;
    static constexpr std::int64_t kAgeMax = std::int64_t{1} << 31;
    std::int64_t time_of(std::uint32_t lower) const {
        return now_ms_ - (static_cast<std::uint32_t>(now_ms_) - lower);
    }
    template <class Add>
    void spread(std::int64_t first_ms, std::int64_t last_ms, const Add& add) const;
    void close(const Open& open, std::size_t gate);
    void close_all();
    std::int64_t oldest_slot() const;
    bool restore(std::uint64_t track, const std::vector<SavedStay>& stays);
    bool holds_together() const;
    void sweep();
    void make_room();

    StayRules rules_;
    std::int64_t now_ms_ = 0;
    std::int64_t swept_ms_ = 0;
    boost::unordered_flat_map<std::uint64_t, Open> open_;
    std::map<std::int64_t, ByGate> slots_;  // Of stays that are over, by slot.
};

}  // namespace mobilytics::measure
