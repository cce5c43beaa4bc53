#pragma once
// The visits of one asset that may still go on, found by device without a search. It is what every
// sighting touches, so it is small: a slot a visit, and an index of four bytes and a tag.

#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/measure/facts.h"

namespace mobilytics::measure {

/// Devices are compared within a salt epoch and a kind of radio only.
struct DeviceKey {
    std::uint64_t epoch = 0;
    std::uint64_t pseudonym = 0;
    wire::RadioKind source = wire::RadioKind::wifi;
    friend auto operator<=>(const DeviceKey&, const DeviceKey&) = default;

    /// Pseudonyms are as good as random, but not in tests.
    std::uint32_t hash() const {
        const std::uint64_t mixed =
            (pseudonym ^ (epoch << 1) ^ static_cast<std::uint64_t>(source)) * 0x9E3779B97F4A7C15U;
        return static_cast<std::uint32_t>(mixed >> 32);
    }
};

/// `closed`: the gap has passed, but the place of its last sightings may not be known yet.
/// `retracted`: of a co-traveller, and no visit after all.
enum class VisitState : std::uint8_t { free, open, closed, retracted };

struct OpenVisit {
    std::uint64_t epoch = 0;
    std::uint64_t pseudonym = 0;
    Instant first, last;
    std::uint32_t sightings = 0;
    std::uint32_t waiting = 0;  // Of its sightings, those whose position is not known yet.
    std::int8_t strongest_dbm = 0;
    wire::RadioKind source = wire::RadioKind::wifi;
    wire::AddressClass address_class = wire::AddressClass::global;
    VisitState state = VisitState::free;
    std::uint8_t hour = 0xFF;  // Of the day, in which it was last asked whether it is a resident's.
    friend bool operator==(const OpenVisit&, const OpenVisit&) = default;

    DeviceKey device() const { return {epoch, pseudonym, source}; }
};

class OpenVisits {
  public:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    /// The slot of the device's newest visit; kNone without one.
    std::uint32_t find(const DeviceKey& device) const;
    /// A slot for a new one, which find() gives from now on.
    std::uint32_t add(const DeviceKey& device);
    void remove(std::uint32_t slot);

    OpenVisit& operator[](std::uint32_t slot) { return slots_[slot]; }
    const OpenVisit& operator[](std::uint32_t slot) const { return slots_[slot]; }
    /// All slots, the free ones too.
    std::span<const OpenVisit> slots() const { return slots_; }
    std::span<OpenVisit> slots() { return slots_; }
    std::size_t size() const { return used_; }

    /// As slots() gave them: for a checkpoint.
    void restore(std::vector<OpenVisit> slots);

  private:
    struct Entry {
        std::uint32_t hash = 0;
        std::uint32_t slot = kNone;
    };
    std::size_t place_of(const DeviceKey& device, std::uint32_t hash) const;
    void enter(std::uint32_t hash, std::uint32_t slot);
    void erase(std::size_t place);
    void grow();

    std::vector<OpenVisit> slots_;
    std::vector<std::uint32_t> free_;
    std::vector<Entry> index_;  // Linear probing; a power of two, at most half full.
    std::size_t entries_ = 0;
    std::size_t used_ = 0;
};

}  // namespace mobilytics::measure
