// Bytes that may be a state of BLE's chains: refused, or a state that can go on and writes itself
// again.

#include "foundation/vocabulary.h"
#include "pipeline/measure/tracks/ble_chain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mobilytics::measure;
    BleChain chain;
    if (!chain.read({reinterpret_cast<const char*>(data), size})) return 0;
    BleChain again;
    VERIFY(again.read(chain.written()));
    VERIFY(again.written() == chain.written());
    Advertised advertised;
    advertised.at_ms = 1'700'000'000'000;
    advertised.rssi_dbm = -60;
    for (advertised.pseudonym = 1; advertised.pseudonym < 40; ++advertised.pseudonym) {
        advertised.at_ms += 1'500;
        for (int frame = 0; frame < 3; ++frame) chain.add(advertised);
    }
    chain.devices(0);
    return 0;
}
