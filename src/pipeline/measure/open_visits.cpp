#include "pipeline/measure/open_visits.h"

#include <utility>

namespace mobilytics::measure {

namespace {
constexpr std::size_t kIndexMin = 16;
}

/// Where the device's entry is, or the empty place where it would be.
std::size_t OpenVisits::place_of(const DeviceKey& device, std::uint32_t hash) const {
    const std::size_t mask = index_.size() - 1;
    std::size_t place = hash & mask;
    for (;; place = (place + 1) & mask) {
        const Entry& entry = index_[place];
        if (entry.slot == kNone) return place;
        if (entry.hash != hash) continue;
        const OpenVisit& visit = slots_[entry.slot];
        if (visit.pseudonym == device.pseudonym && visit.epoch == device.epoch &&
            visit.source == device.source) {
            return place;
        }
    }
}

std::uint32_t OpenVisits::find(const DeviceKey& device) const {
    if (index_.empty()) return kNone;
    return index_[place_of(device, device.hash())].slot;
}

std::uint32_t OpenVisits::add(const DeviceKey& device) {
    if ((entries_ + 1) * 2 > index_.size()) grow();
    auto slot = static_cast<std::uint32_t>(slots_.size());
    if (free_.empty()) {
        slots_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    const std::uint32_t hash = device.hash();
    const std::size_t place = place_of(device, hash);
    entries_ += index_[place].slot == kNone ? 1 : 0;
    index_[place] = {hash, slot};
    slots_[slot] = {};
    slots_[slot].epoch = device.epoch;
    slots_[slot].pseudonym = device.pseudonym;
    slots_[slot].source = device.source;
    slots_[slot].state = VisitState::open;
    ++used_;
    return slot;
}

void OpenVisits::remove(std::uint32_t slot) {
    const DeviceKey device = slots_[slot].device();
    const std::size_t place = place_of(device, device.hash());
    if (index_[place].slot == slot) erase(place);  // Not, if a newer visit of the device has it.
    slots_[slot] = {};
    free_.push_back(slot);
    --used_;
}

/// Moves back what had to step over the place, so that no probe ends too early.
void OpenVisits::erase(std::size_t place) {
    const std::size_t mask = index_.size() - 1;
    for (std::size_t next = (place + 1) & mask; index_[next].slot != kNone;
         next = (next + 1) & mask) {
        const std::size_t home = index_[next].hash & mask;
        if (((next - home) & mask) >= ((next - place) & mask)) {
            index_[place] = index_[next];
            place = next;
        }
    }
    index_[place] = {};
    --entries_;
}

void OpenVisits::grow() {
    const auto before =
        std::exchange(index_, std::vector<Entry>(index_.empty() ? kIndexMin : index_.size() * 2));
    for (const Entry& entry : before) {
        if (entry.slot != kNone) enter(entry.hash, entry.slot);
    }
}

void OpenVisits::enter(std::uint32_t hash, std::uint32_t slot) {
    const std::size_t mask = index_.size() - 1;
    std::size_t place = hash & mask;
    while (index_[place].slot != kNone) place = (place + 1) & mask;
    index_[place] = {hash, slot};
}

void OpenVisits::restore(std::vector<OpenVisit> slots) {
    *this = {};
    slots_ = std::move(slots);
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
        if (slots_[slot].state == VisitState::free) {
            free_.push_back(slot);
            continue;
        }
        ++used_;
        if ((entries_ + 1) * 2 > index_.size()) grow();
        const DeviceKey device = slots_[slot].device();
        const std::size_t place = place_of(device, device.hash());
        const std::uint32_t other = index_[place].slot;
        if (other == kNone) {
            ++entries_;
        } else if (slots_[other].first > slots_[slot].first) {
            continue;  // The newer visit of the device is the one to be found.
        }
        index_[place] = {device.hash(), slot};
    }
}

}  // namespace mobilytics::measure
