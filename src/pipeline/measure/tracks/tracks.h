#pragma once
// Devices behind changing addresses: what one place hears of one salt epoch, as tracks. A track is
// what is believed to be one device: its addresses are joined by scored evidence, never by
// certainty. A plain value: the same sightings give the same state, bit by bit, on any machine, and
// a copy or its bytes go on as the original would. Nothing here grows without limit. Source:
// decision 16.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/measure/tracks/arrivals.h"
#include "pipeline/measure/tracks/counting_rules.h"
#include "pipeline/measure/tracks/heard.h"
#include "pipeline/measure/tracks/latest.h"
#include "pipeline/measure/tracks/passing.h"

namespace mobilytics::measure {

class ArchiveWriter;

struct DeviceTrack {
    std::uint64_t number = 0;  // Counted up; 0: this place is free.
    std::uint64_t address = 0;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    std::int64_t burst_ms = 0;    // When the last burst began.
    std::int64_t adopted_ms = 0;  // When it took its address.
    std::int32_t rate = -1;       // Of sequence numbers, in 1/256 a second; -1: not known.
    std::int32_t rssi = 0;        // Mean and variance, in 1/256.
    std::int32_t variance = 16 << 8;
    std::int16_t sequence = -1;
    std::uint16_t bursts = 0;  // All saturate.
    std::uint16_t kept = 0;    // Of them, with this address.
    std::uint16_t heard = 0;   // Sightings with a strength.
    bool global = false;
    LatestFour coarse, fine;
    friend bool operator==(const DeviceTrack&, const DeviceTrack&) = default;
};

class Tracks {
  public:
    explicit Tracks(const CountingRules& rules = {}) : rules_(rules) {}

    /// The track of a sighting.
    struct Placed {
        std::uint64_t track = 0;  // Its number.
        bool begins_burst = false;
        bool is_new = false;  // Nobody was heard before who could be it.
        bool global = false;  // It began with a maker's address.
    };
    /// One sighting. They come in the order of time; one that is late counts as of now.
    Placed add(const Heard& heard);
    /// Any order: they are brought into theirs.
    void add(std::vector<Heard> heard);

    /// Different devices heard since.
    Estimate devices(std::int64_t since_ms) const;

    std::size_t tracks() const { return tracks_.size() - free_.size(); }
    std::size_t addresses() const { return addresses_.size(); }
    /// Of memory, for figures.
    std::size_t bytes() const;
    /// Candidates that were scored to the end, for figures. Of no part in the state.
    std::uint64_t scored() const { return scored_; }

    /// The whole state; read() gives what written() was, and false for bytes that are not a state.
    std::string written() const;
    void write(ArchiveWriter& archive) const;
    bool read(std::string_view bytes);

  private:
    using Slot = std::uint32_t;
    static constexpr Slot kNone = ~Slot{0};
    static constexpr std::size_t kCandidatesMax = 48;  // Of a fingerprint: those heard last.
    static constexpr std::size_t kForeignMax = 16;     // Of 64 numbers: those that came last.
    /// Times are kept as their lower 32 bits: nothing stays that is older.
    static constexpr std::int64_t kAgeMax = std::int64_t{1} << 31;

    struct Address {
        std::uint32_t last = 0;  // In ms, the lower bits.
        std::uint32_t bits = 0;  // Its slot, twice, and 1 if it had one burst so far.
        Slot slot() const { return bits >> 1; }
        bool single() const { return (bits & 1) != 0; }
    };
    static std::uint32_t bits_of(Slot slot, bool single) { return slot << 1 | (single ? 1U : 0U); }
    struct SavedAddress;
    /// What is looked at of a track that is likely none's: eight octets of it.
    struct Last {
        std::uint32_t at = 0;  // In ms, the lower bits.
        std::int16_t sequence = -1;
    };
    /// What is known of a coarse fingerprint.
    struct List {
        std::int64_t last_ms = 0;
        std::vector<Slot> slots;  // Of tracks that have it.
        LatestFour aliases;
        std::uint32_t by_number = 1 << 16;  // Links whose numbers went on, of all: in 2^-16.
        std::uint32_t links = 2 << 16;
        std::uint32_t varied = 0;  // How often a device showed a new fine one, of all: in 2^-16.
        std::uint32_t shown = 0;
        LatestBursts bursts;
        mutable FoundGrids found = {};
    };
    struct SavedList;
    /// Whose numbers came to be in one 64 of them, the latest last; some are elsewhere by now.
    struct Comers {
        std::array<Slot, 2 * kForeignMax + 1> slots{};
        std::size_t size = 0;
    };
    struct Hash {
        std::size_t operator()(std::uint64_t key) const { return key * 0x9E3779B97F4A7C15U; }
    };
    template <class Key, class Value>
    using Map = boost::unordered_flat_map<Key, Value, Hash>;

    /// A new address, and what is the same for all whose it could be.
    struct Newcomer {
        const Heard& heard;
        std::uint32_t carry = 1 << 15;  // How often this model's numbers go on, in 2^-16.
        const LatestFour* fine_aliases = nullptr;
        Nats fine_same = 0;   // What it says that a track had this fine fingerprint,
        Nats fine_other = 0;  // and that it had others only.
        /// The surest of those that had others only; none: the least there is.
        Nats surest_other = std::numeric_limits<Nats>::min();
    };
    /// Who could have taken it: what is known of the score without looking closely, and the most
    /// that it can be.
    struct Candidate {
        Slot slot = kNone;
        Nats sure = 0;
        Nats most = 0;
        bool is_other = false;  // By its fine fingerprints.
    };
    /// The best that was found; of equal ones the first.
    struct Best {
        Nats score = 0;
        Slot slot = kNone;
        std::size_t order = 0;
        std::uint32_t by_number = 0;  // How likely it is by its number, in 2^-16.
    };
    std::int64_t time_of(std::uint32_t lower) const {
        return now_ms_ - (static_cast<std::uint32_t>(now_ms_) - lower);
    }
    bool returns(const Address& address, const Heard& heard) const;
    Slot split(const Heard& heard);
    Slot associate(const Heard& heard);
    void gather(Newcomer& one, const List& list, bool alias);
    void judge_gathered(const Newcomer& one, Best& best);
    void judge_foreign(const Newcomer& one, Best& best);
    void judge_comers(const Newcomer& one, std::size_t hundred, Best& best);
    Candidate appraise(const Newcomer& one, Slot slot, Nats prior) const;
    void judge(const Newcomer& one, const Candidate& candidate, std::size_t order, Best& best);
    Nats by_lists(const Newcomer& one, const DeviceTrack& track) const;
    Nats most_of_foreign(const Newcomer& one) const;
    void learn(const Heard& heard, const Best& best);
    void set_fine(Newcomer& one, const List* list) const;
    void learn_fine(const Newcomer& one, const Best& best);
    static void note_fine(List& list, std::uint32_t varied);
    bool update(const Heard& heard, Slot slot);
    void note_lists(const Heard& heard, Slot slot, bool is_same);
    void note_number(Slot slot);
    List& list_of(std::uint32_t coarse, std::int64_t at_ms);
    void enlist(List& list, Slot slot);
    Slot new_track(const Heard& heard);
    void free_track(Slot slot);
    void sweep();
    void note_gone(const DeviceTrack& track);
    void make_room();
    void forget_lists();
    void drop_addresses_of_the_dead();
    bool restore(const std::array<std::vector<Slot>, 64>& comers);
    bool restore(const std::map<std::uint64_t, SavedAddress>& addresses);
    bool restore(const std::map<std::uint32_t, SavedList>& lists);
    bool restore(const std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>>& cases);
    bool holds_together() const;

    CountingRules rules_;
    std::int64_t now_ms_ = 0;
    std::int64_t swept_ms_ = 0;
    std::uint64_t number_ = 0;
    std::vector<DeviceTrack> tracks_;
    std::vector<Last> last_;  // Of each.
    std::vector<Slot> free_;
    Map<std::uint64_t, Address> addresses_;
    Map<std::uint32_t, List> lists_;
    Map<std::uint32_t, LatestFour> fine_aliases_;
    std::array<Comers, 64> by_number_;  // By the upper bits of the sequence number.
    Passing passing_;
    Arrivals arrivals_;
    bool mingled_ = false;  // When it was swept last: then makers' addresses stay by themselves.
    std::uint64_t scored_ = 0;
    std::vector<Candidate> gathered_;  // Of the address in hand: no allocation for each.

    friend class Families;
};

}  // namespace mobilytics::measure
