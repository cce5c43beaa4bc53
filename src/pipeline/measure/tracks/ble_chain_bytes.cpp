// The state of BLE's chains as bytes and back, as that of tracks.

#include <algorithm>
#include <cstdlib>

#include "pipeline/measure/tracks/ble_chain.h"
#include "pipeline/measure/tracks/snapshot.h"

namespace mobilytics::measure {

namespace {

constexpr std::uint32_t kVersion = 1;

}  // namespace

std::string BleChain::written() const {
    ArchiveWriter archive;
    write(archive);
    return archive.take();
}

void BleChain::write(ArchiveWriter& archive) const {
    archive(kVersion, now_ms_, swept_ms_, chains_, sorted(addresses_));
}

bool BleChain::read(std::string_view bytes) {
    ArchiveReader archive(bytes);
    std::uint32_t version = 0;
    BleChain out(rules_);
    archive(version, out.now_ms_, out.swept_ms_, out.chains_);
    const bool whole = version == kVersion && read_map(archive, out.addresses_) && archive.at_end();
    if (!whole || !out.holds_together()) return false;
    *this = std::move(out);
    return true;
}

bool BleChain::holds_together() const {
    return is_time(now_ms_) && is_time(swept_ms_) && swept_ms_ <= now_ms_ &&
           addresses_.size() <= rules_.addresses_max &&
           std::all_of(addresses_.begin(), addresses_.end(), [&](const auto& entry) {
               const Address& address = entry.second;
               return is_time(address.first_ms) && address.first_ms <= address.last_ms &&
                      address.last_ms <= now_ms_ && address.chain >= 1 &&
                      address.chain <= chains_ && address.frames > 0 &&
                      std::abs(std::int64_t{address.rssi}) <= std::int64_t{128} * 256;
           });
}

}  // namespace mobilytics::measure
