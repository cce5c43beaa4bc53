#pragma once
// Devices that advertise by BLE, behind addresses that rotate. Counted by themselves: people carry
// both radios, so what Wi-Fi and BLE count is never added. A new private address of the same maker,
// kind and about the same strength, that begins shortly after another fell silent, takes its place.
// What no phone sends is left out. A plain value, bounded, as tracks.h. Chaining over a rotation is
// not yet held against captures that last so long.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/measure/tracks/heard.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::measure {

class ArchiveWriter;

struct Advertised {
    std::int64_t at_ms = 0;
    std::uint64_t pseudonym = 0;
    wire::AddressClass address_class = wire::AddressClass::ble_resolvable;
    std::int8_t rssi_dbm = 0;
    std::uint8_t type = 0;        // Of the PDU.
    std::uint8_t continuity = 0;  // Apple's; 0 none.
    std::uint16_t company = 0xFFFF;
};

struct BleRules {
    std::uint32_t frames_min = 3;        // Fewer may be noise that passed its check.
    std::int64_t hand_over_ms = 30'000;  // At most so long after the other fell silent,
    std::int64_t silent_ms = 2'000;      // which is more than this and five of its intervals.
    int rssi_db = 10;
    std::int64_t window_ms = 1'200'000;
    std::size_t addresses_max = 1 << 13;
};

class BleChain {
  public:
    explicit BleChain(const BleRules& rules = {}) : rules_(rules) {}

    /// In the order of time; one that is late counts as of now.
    void add(const Advertised& advertised);

    /// Devices heard since. Low: addresses that were there at one moment. High: all addresses, none
    /// chained.
    Estimate devices(std::int64_t since_ms) const;

    std::size_t addresses() const { return addresses_.size(); }

    /// The whole state; read() gives what written() was, by the same rules, and false, with nothing
    /// changed, for bytes that are not a state.
    std::string written() const;
    void write(ArchiveWriter& archive) const;
    bool read(std::string_view bytes);

  private:
    struct Address {
        std::int64_t first_ms = 0;
        std::int64_t last_ms = 0;
        std::uint64_t chain = 0;
        std::uint32_t frames = 0;
        std::uint32_t kind = 0;  // Company, class and type.
        std::int32_t rssi = 0;   // In 1/256 dB.
        bool followed = false;   // Another took its place.
        template <class Archive>
        friend void transfer(Archive& archive, Address& address) {
            archive(
                address.first_ms, address.last_ms, address.chain, address.frames, address.kind,
                address.rssi, address.followed);
        }
    };
    std::uint64_t chain_for(const Advertised& advertised, std::uint32_t kind);
    bool is_silent(const Address& address, std::int64_t at_ms) const;
    void look_for_silent();
    void sweep(std::int64_t silence_ms);
    bool holds_together() const;

    BleRules rules_;
    std::int64_t now_ms_ = 0;
    std::int64_t swept_ms_ = 0;
    std::uint64_t chains_ = 0;
    boost::unordered_flat_map<std::uint64_t, Address> addresses_;
    /// Who is silent, or may be within a second: looked for once a second, if anybody asks. Of no
    /// part in the state.
    std::vector<std::uint64_t> silent_;
    std::int64_t silent_ms_ = -1;  // Never.
};

}  // namespace mobilytics::measure
