// What counting behind changing addresses costs: a place with a thousand phones, each of which
// sends three frames a minute from an address of its own.

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "apps/accuracy/mixes.h"
#include "pipeline/measure/tracks/tracks.h"

namespace {

using namespace mobilytics::accuracy;

constexpr std::size_t kPhones = 1'000;
constexpr std::size_t kModels = 200;
constexpr int kMinutes = 60;
constexpr int kFrames = 3;

Rows crowd() {
    Rows out;
    for (std::size_t phone = 0; phone < kPhones; ++phone) {
        Chance chance{1, phone};
        Heard heard;
        heard.coarse = static_cast<std::uint32_t>(1 + chance.below(kModels));
        heard.fine = heard.coarse;
        heard.rssi_dbm = static_cast<std::int8_t>(-static_cast<int>(45 + chance.below(45)));
        const bool carries = chance.below(2) == 0;
        int number = static_cast<int>(chance.below(4096));
        for (int minute = 0; minute < kMinutes; ++minute) {
            heard.pseudonym = chance.bits();
            heard.at_ms = minute * 60'000LL + static_cast<std::int64_t>(chance.below(60'000));
            if (!carries) number = static_cast<int>(chance.below(4096));
            for (int frame = 0; frame < kFrames; ++frame) {
                heard.at_ms += 20;
                heard.sequence = static_cast<std::int16_t>(number++ % 4096);
                out.push_back(heard);
            }
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

double cpu_ns(const auto& work) {
    const auto now = [] {
        timespec at{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
        return static_cast<double>(at.tv_sec) * 1e9 + static_cast<double>(at.tv_nsec);
    };
    const double before = now();
    work();
    return now() - before;
}

}  // namespace

int main() {
    const Rows air = crowd();
    mobilytics::measure::Tracks tracks;
    const double add = cpu_ns([&] {
        for (const Heard& heard : air) tracks.add(heard);
    });
    const double count = cpu_ns([&] { tracks.devices(air.back().at_ms - 900'000); });
    const auto sightings = static_cast<double>(air.size());
    std::printf("measure/tracks sighting,%.1f,ns CPU\n", add / sightings);
    std::printf(
        "measure/tracks candidates,%.2f,a sighting\n",
        static_cast<double>(tracks.scored()) / sightings);
    std::printf("measure/tracks quarter,%.2f,ms CPU\n", count / 1e6);
    std::printf(
        "measure/tracks memory,%.0f,MB a million live devices\n",
        static_cast<double>(tracks.bytes()) / kPhones);
    return 0;
}
