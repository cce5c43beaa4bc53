// Records a simulated city into files: see --help.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>

#include "pipeline/sensor/decode/fix_text.h"
#include "simulation/recording.h"

namespace {

using namespace mobilytics;              // NOLINT: a program, not a header.
using namespace mobilytics::simulation;  // NOLINT

constexpr const char* kHelp = R"(simulate - records a simulated city (synthetic data)

  simulate --out FOLDER [--from INSTANT] [--hours N] [--seed N] [--asset CODE]

  --out FOLDER     where to write; made if it is not there
  --from INSTANT   2026-08-21T13:00:00Z by default
  --hours N        1 by default
  --seed N         1 by default; the same seed gives the same octets
  --people N       who live in the city, 100000 by default
  --asset CODE     only this one, such as SIM-T01 or SIM-B03
  --help           this

Exit codes: 0 done, 1 could not write, 2 not understood.
)";

int not_understood(const std::string& what) {
    std::fprintf(stderr, "simulate: %s; see --help\n", what.c_str());
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    std::map<std::string, std::string> given{
        {"--from", "2026-08-21T13:00:00Z"},
        {"--hours", "1"},
        {"--seed", "1"},
        {"--people", "100000"},
        {"--asset", ""},
        {"--out", ""}};
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--help") {
            std::fputs(kHelp, stdout);
            return 0;
        }
        if (!given.contains(name)) return not_understood("what is " + name + "?");
        if (++i == argc) return not_understood(name + " needs a value");
        given[name] = argv[i];
    }
    const auto from = sensor::read_iso_time(given["--from"]);
    const auto hours = sensor::read_number(given["--hours"]);
    const auto seed = sensor::read_digits(given["--seed"]);
    const auto people = sensor::read_digits(given["--people"]);
    if (!from) return not_understood("--from is not an instant");
    if (!hours || *hours <= 0) return not_understood("--hours is not a number above 0");
    if (!seed || !people) return not_understood("--seed and --people are whole numbers");
    if (given["--out"].empty()) return not_understood("--out is missing");

    CityOptions options;
    options.seed = static_cast<std::uint64_t>(*seed);
    options.people = static_cast<std::uint32_t>(*people);
    const City city(options);
    std::vector<std::uint32_t> assets;
    for (const Asset& asset : city.assets()) {
        if (given["--asset"].empty() || given["--asset"] == asset.code) {
            assets.push_back(asset.number);
        }
    }
    if (assets.empty()) return not_understood("there is no asset " + given["--asset"]);
    try {
        const auto recorded = record(
            city, assets, *from, *from + seconds(*hours * 3600), given["--out"],
            [](const Asset& asset) { std::fprintf(stderr, "%s\n", asset.code.c_str()); });
        std::printf(
            "%llu Wi-Fi frames, %llu BLE frames, %llu fixes, %llu visits (synthetic)\n",
            static_cast<unsigned long long>(recorded.wifi_frames),
            static_cast<unsigned long long>(recorded.ble_frames),
            static_cast<unsigned long long>(recorded.fixes),
            static_cast<unsigned long long>(recorded.visits));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "simulate: %s\n", error.what());
        return 1;
    }
    return 0;
}
