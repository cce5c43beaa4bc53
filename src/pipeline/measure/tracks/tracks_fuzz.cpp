// Bytes that may be a state of tracks: refused, or a state that can go on and writes itself again.

#include "pipeline/measure/tracks/tracks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mobilytics::measure;
    Tracks tracks;
    if (!tracks.read({reinterpret_cast<const char*>(data), size})) return 0;
    Tracks again;
    VERIFY(again.read(tracks.written()));
    VERIFY(again.written() == tracks.written());
    Heard heard;
    heard.at_ms = 1'700'000'000'000;
    heard.pseudonym = 1;
    heard.rssi_dbm = -60;
    heard.sequence = 100;
    for (heard.coarse = 1; heard.coarse < 20; ++heard.coarse) {
        heard.at_ms += 3'000;
        ++heard.pseudonym;
        tracks.add(heard);
    }
    tracks.devices(0);
    return 0;
}
