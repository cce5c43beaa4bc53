// How near the counts are to the truth: script/accuracy.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "apps/accuracy/perturbed.h"

namespace {

using namespace mobilytics;            // NOLINT(google-build-using-namespace): a program.
using namespace mobilytics::accuracy;  // NOLINT(google-build-using-namespace)

constexpr const char* kUsage =
    "script/accuracy [--seed N] [--perturbed] [--labelled-pcap DIR] [--labelled-csv DIR]\n"
    "                [--counted DIR]\n"
    "\n"
    "Counts devices and people in captures whose truth is known, and says how far off it is.\n"
    "\n"
    "  --labelled-pcap DIR   a folder per device, with captures (pcap, pcapng) of that device alone\n"
    "  --labelled-csv DIR    tables of probe requests with a column Label\n"
    "  --counted DIR         tables with datetime and occupancy, captures of the same names beside\n"
    "  --perturbed           and what losses, jitter and other phones do to rooms' devices\n"
    "  --seed N              of the mixes; 1 unless said\n"
    "\n"
    "Without a folder: the sets polimi_lab_csv and brno_lab_occupancy below $MOBILYTICS_REAL_DATA.\n"
    "Mixes: 60, of 3 to 22 devices over 20 minutes. Rooms: each day by a calibration of the others.\n";

struct Work {
    std::string option;
    std::string folder;
};

struct Wanted {
    std::uint64_t seed = 1;
    bool hiding = false;  // Devices of rooms, made to hide.
    bool perturbed = false;
};

Result<std::vector<Figure>> figures_of(const Work& work, const Wanted& wanted) {
    std::vector<std::string> notes;
    const auto all = [&]() -> Result<std::vector<Figure>> {
        if (work.option == "--counted") {
            TRY(const auto recordings, counted_rooms(work.folder, notes));
            TRY(auto out, evaluate_room(recordings, wanted.seed, wanted.hiding));
            if (wanted.perturbed) {
                const auto more = evaluate_perturbed(recordings, wanted.seed);
                out.insert(out.end(), more.begin(), more.end());
            }
            return out;
        }
        const bool captures = work.option == "--labelled-pcap";
        auto read =
            captures ? labelled_captures(work.folder, notes) : labelled_tables(work.folder, notes);
        TRY(const auto devices, std::move(read));
        return evaluate_devices(
            captures ? "labelled captures" : "labelled tables", devices, wanted.seed);
    };
    auto out = all();
    constexpr std::size_t kNotesMax = 20;
    for (std::size_t at = 0; at < std::min(notes.size(), kNotesMax); ++at) {
        std::fprintf(stderr, "note: %s\n", notes[at].c_str());
    }
    if (notes.size() > kNotesMax) {
        std::fprintf(stderr, "note: and %zu more\n", notes.size() - kNotesMax);
    }
    return out;
}

int refuse(const std::string& problem) {
    std::fprintf(stderr, "accuracy: %s\n", problem.c_str());
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<Work> work;
    Wanted wanted;
    for (int at = 1; at < argc; ++at) {
        const std::string option = argv[at];
        if (option == "--help" || option == "-h") {
            std::fputs(kUsage, stdout);
            return 0;
        }
        if (option == "--perturbed") {
            wanted.perturbed = true;
            continue;
        }
        const bool known = option == "--labelled-pcap" || option == "--labelled-csv" ||
                           option == "--counted" || option == "--seed";
        if (!known) return refuse("unknown option " + option + "; see --help");
        if (++at == argc) return refuse(option + " needs a value");
        if (option == "--seed") {
            char* end = nullptr;
            wanted.seed = std::strtoull(argv[at], &end, 10);
            if (*end != 0 || *argv[at] == 0) return refuse("--seed needs a whole number");
        } else {
            work.push_back({option, argv[at]});
        }
    }
    wanted.hiding = work.empty();
    if (work.empty()) {
        const char* data = std::getenv("MOBILYTICS_REAL_DATA");
        if (data == nullptr || *data == 0) {
            return refuse("name a folder, or set MOBILYTICS_REAL_DATA; see --help");
        }
        work.push_back({"--labelled-csv", std::string(data) + "/polimi_lab_csv"});
        work.push_back({"--counted", std::string(data) + "/brno_lab_occupancy"});
    }
    std::vector<Figure> figures;
    int code = 0;
    for (const Work& one : work) {
        const auto more = figures_of(one, wanted);
        if (!more) {
            code = refuse(more.error().message);
            continue;
        }
        figures.insert(figures.end(), more->begin(), more->end());
    }
    if (!figures.empty()) std::fputs(table_of(figures).c_str(), stdout);
    return code;
}
