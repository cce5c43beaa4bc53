// What is measured of the simulated city against its truth, by density and by the share of phones
// that hide: script/truth. Writes a page with tables, and its plots.

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "simulation/measured.h"

namespace mobilytics::simulation {
namespace {

using namespace std::chrono_literals;

/// Friday, six in the morning in Chicago, and ten in the evening.
const Instant kFrom = parse_iso8601("2026-08-21T11:00:00Z").value();
const Instant kTo = kFrom + 16h;
constexpr std::uint32_t kBillboards = 4;
constexpr std::uint64_t kSeed = 7;

struct Scenario {
    std::uint32_t people = 0;
    double hiding = 0;
};
constexpr std::uint32_t kDensities[] = {20'000, 60'000, 150'000};
constexpr double kShares[] = {0, 0.5, 0.9, 1};

std::vector<Scenario> scenarios() {
    std::vector<Scenario> out;
    for (const std::uint32_t people : kDensities) {
        for (const double hiding : kShares) out.push_back({people, hiding});
    }
    return out;
}

/// Sums over the billboards; of quarters where it says so.
struct Totals {
    std::size_t people = 0;     // Who were in the zone with Wi-Fi on, different ones,
    std::size_t ots = 0;        // how often, for a second and more,
    double zone_s = 0;          // and how long.
    std::size_t phones = 0;     // Different ones that were heard,
    std::size_t phone_ots = 0;  // their visits of a second and more, whatever their addresses,
    std::size_t phone_visits = 0;
    double phone_dwell_s = 0;
    double reach = 0;  // As measured: addresses.
    std::size_t visits = 0, long_visits = 0;
    double dwell_s = 0;
    std::size_t quarters = 0, covered = 0, over = 0;
    /// Devices of quarters that were heard, that were counted; mean error and width in %.
    double heard = 0, counted = 0, off = 0, width = 0;
};

using Sender = std::pair<Role, std::uint32_t>;

bool has_wifi(const City& city, std::uint32_t person) {
    const auto devices = city.devices(person);
    return devices.front().kind == Kind::phone && devices.front().wifi != nullptr;
}

void add_street(const City& city, std::uint32_t asset, Totals& totals) {
    std::set<std::uint32_t> people;
    for (const auto& visit : city.visits(asset, kFrom, kTo)) {
        if (visit.role != Role::passer || visit.left > kTo || !has_wifi(city, visit.person))
            continue;
        people.insert(visit.person);
        totals.ots += visit.left - visit.entered >= 1s;
        totals.zone_s += static_cast<double>((visit.left - visit.entered).count()) * 1e-6;
    }
    totals.people += people.size();
}

void add_quarters(
    const std::map<Sender, std::vector<Heard>>& senders, Measured& measured, Totals& totals) {
    for (const auto& [start, bucket] : measured.buckets()) {
        if (start < kFrom || start + measure::kBucket > kTo || !bucket.counted) continue;
        std::size_t there = 0;
        for (const auto& [sender, heard] : senders) {
            there += std::ranges::any_of(heard, [&](const Heard& one) {
                return one.at >= start && one.at < start + measure::kBucket && one.rssi_dbm >= -90;
            });
        }
        if (there == 0) continue;
        const auto& devices = bucket.counted->devices;
        const auto milli = static_cast<std::int64_t>(1'000 * there);
        ++totals.quarters;
        totals.covered += devices.low_milli <= milli && milli <= devices.high_milli;
        totals.over += devices.low_milli > milli;
        totals.heard += static_cast<double>(there);
        totals.counted += devices.value_milli / 1'000.0;
        totals.off +=
            100 * std::abs(devices.value_milli / 1'000.0 / static_cast<double>(there) - 1);
        totals.width +=
            (devices.high_milli - devices.low_milli) / 10.0 / static_cast<double>(there);
    }
}

/// Of who stays there: until it is known as a resident.
bool is_within(
    const std::map<std::uint64_t, std::vector<measure::Visit>>& visited, std::uint64_t name,
    Instant at) {
    const auto visits = visited.find(name);
    return visits != visited.end() && std::ranges::any_of(visits->second, [&](const auto& visit) {
               return visit.first <= at && at <= visit.last;
           });
}

void add_asset(const City& city, std::uint32_t asset, Totals& totals) {
    Measured measured(city, asset, kFrom, kTo);
    add_street(city, asset, totals);
    const auto visited = measured.visits();
    std::map<Sender, std::vector<Heard>> senders, counted;
    for (const auto& [name, heard] : measured.air()) {
        for (const Heard& one : heard) {
            if (one.origin.broken) continue;
            const Sender sender{one.origin.role, one.origin.person};
            const bool passes = one.origin.role == Role::passer;
            if (passes) senders[sender].push_back(one);
            if (passes || is_within(visited, name, one.at)) counted[sender].push_back(one);
        }
    }
    for (auto& [sender, heard] : senders) {
        std::ranges::sort(heard, {}, &Heard::at);
        const auto visits = visits_of(heard);
        totals.phones += !visits.empty();
        totals.phone_visits += visits.size();
        for (const Stayed& visit : visits) {
            totals.phone_ots += visit.last - visit.first >= 1s;
            totals.phone_dwell_s += static_cast<double>((visit.last - visit.first).count()) * 1e-6;
        }
    }
    measure::ReachSketch reach;
    for (const auto& [start, bucket] : measured.buckets()) {
        for (const auto& exposure : bucket.exposures) {
            if (exposure.source == wire::RadioKind::wifi) reach.unite(exposure.reach);
        }
    }
    totals.reach += reach.estimate();
    for (const auto& [name, visits] : visited) {
        totals.visits += visits.size();
        for (const auto& visit : visits) {
            totals.long_visits += visit.last - visit.first >= 1s;
            totals.dwell_s += static_cast<double>((visit.last - visit.first).count()) * 1e-6;
        }
    }
    add_quarters(counted, measured, totals);
}

Totals totals_of(const Scenario& scenario) {
    const City city(
        {.seed = kSeed,
         .trucks = 0,
         .billboards = kBillboards,
         .people = scenario.people,
         .randomising = scenario.hiding});
    Totals out;
    for (std::uint32_t asset = 0; asset < kBillboards; ++asset) add_asset(city, asset, out);
    return out;
}

std::string fixed(double value, int digits) {
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%.*f", digits, value);
    return out.data();
}
std::string error(double found, double truth) {
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%+.0f %%", truth > 0 ? 100 * (found / truth - 1) : 0.0);
    return out.data();
}
double per(double sum, std::size_t of) { return of == 0 ? 0 : sum / static_cast<double>(of); }

std::string row_of(const Scenario& scenario, const Totals& t) {
    const auto n = [](std::size_t value) { return static_cast<double>(value); };
    const double frequency = t.reach > 0 ? n(t.visits) / t.reach : 0;
    const double true_frequency = per(n(t.phone_visits), t.phones);
    std::string out = "| " + std::to_string(scenario.people / 1'000) + " 000 | " +
                      fixed(100 * scenario.hiding, 0) + " % | ";
    out += std::to_string(t.phones) + " | " + fixed(t.reach, 0) + ", " +
           error(t.reach, n(t.phones)) + " | ";
    out += fixed(per(t.heard, t.quarters), 1) + " | " + fixed(per(t.counted, t.quarters), 1) +
           ", " + error(t.counted, t.heard) + "; " + fixed(per(t.off, t.quarters), 0) + " %; " +
           fixed(100 * per(n(t.covered), t.quarters), 0) + " % by " +
           fixed(per(t.width, t.quarters), 0) + " % | ";
    out += fixed(true_frequency, 2) + " | " + fixed(frequency, 2) + ", " +
           error(frequency, true_frequency) + " | ";
    const double dwell = per(t.dwell_s, t.visits);
    const double true_dwell = per(t.phone_dwell_s, t.phone_visits);
    out += fixed(true_dwell, 0) + " | " + fixed(dwell, 0) + ", " + error(dwell, true_dwell) + " | ";
    out += std::to_string(t.phone_ots) + " | " + std::to_string(t.long_visits) + ", " +
           error(n(t.long_visits), n(t.phone_ots)) + " |\n";
    return out;
}

std::string street_of(const Scenario& scenario, const Totals& t) {
    return "| " + std::to_string(scenario.people / 1'000) + " 000 | " +
           fixed(100 * scenario.hiding, 0) + " % | " + std::to_string(t.people) + " | " +
           std::to_string(t.ots) + " | " + fixed(per(t.zone_s, t.ots), 0) + " | " +
           std::to_string(t.phones) + " | " + std::to_string(t.long_visits) + " | " +
           fixed(per(t.dwell_s, t.visits), 0) + " |\n";
}

/// Bars of what was measured over what was there; 1 is the truth.
std::string plot_of(
    const std::string& title, const std::vector<std::pair<std::string, Totals>>& groups) {
    const auto ratio = [](double found, double truth) { return truth > 0 ? found / truth : 0; };
    constexpr double kMost = 4;
    constexpr int kHeight = 200;
    const int width = 60 + 150 * static_cast<int>(groups.size());
    std::string out =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) +
        "\" height=\"290\" font-family=\"sans-serif\" font-size=\"12\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"12\" y=\"20\" "
        "font-size=\"14\">" +
        title + "</text>\n";
    for (int line = 0; line <= 4; ++line) {
        const double y = 40 + kHeight * (1 - line / kMost);
        out += "<path d=\"M40 " + fixed(y, 1) + "H" + std::to_string(width - 10) + "\" stroke=\"" +
               (line == 1 ? "#111" : "#ddd") + "\"/><text x=\"12\" y=\"" + fixed(y + 4, 1) + "\">" +
               std::to_string(line) + "</text>\n";
    }
    constexpr std::array<const char*, 4> kColours{"#c2410c", "#15803d", "#1d4ed8", "#7e22ce"};
    for (std::size_t group = 0; group < groups.size(); ++group) {
        const Totals& t = groups[group].second;
        const std::array<double, 4> values{
            ratio(t.reach, static_cast<double>(t.phones)), ratio(t.counted, t.heard),
            ratio(per(t.dwell_s, t.visits), per(t.phone_dwell_s, t.phone_visits)),
            ratio(static_cast<double>(t.long_visits), static_cast<double>(t.phone_ots))};
        for (std::size_t bar = 0; bar < values.size(); ++bar) {
            const double high = kHeight * std::min(values[bar], kMost) / kMost;
            const double x =
                55 + 150.0 * static_cast<double>(group) + 28.0 * static_cast<double>(bar);
            out += "<rect x=\"" + fixed(x, 0) + "\" y=\"" + fixed(40 + kHeight - high, 1) +
                   "\" width=\"24\" height=\"" + fixed(high, 1) + "\" fill=\"" + kColours[bar] +
                   "\"/><text x=\"" + fixed(x, 0) + "\" y=\"" + fixed(36 + kHeight - high, 1) +
                   "\" font-size=\"10\">" + fixed(values[bar], 2) + "</text>\n";
        }
        out += "<text x=\"" + std::to_string(55 + 150 * group) + "\" y=\"258\">" +
               groups[group].first + "</text>\n";
    }
    constexpr std::array<const char*, 4> kNames{"reach", "counted devices", "dwell", "OTS"};
    for (std::size_t bar = 0; bar < kNames.size(); ++bar) {
        const std::string x = std::to_string(45 + 110 * bar);
        out += "<rect x=\"" + x + "\" y=\"268\" width=\"10\" height=\"10\" fill=\"" +
               kColours[bar] + "\"/><text x=\"" + std::to_string(60 + 110 * bar) + "\" y=\"277\">" +
               kNames[bar] + "</text>\n";
    }
    return out + "</svg>\n";
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error(file.string() + " cannot be written");
}

int tables(int argc, char** argv) {
    if (argc != 2 || argv[1][0] == '-') {
        std::fputs(
            "truth FOLDER: writes truth.md and its plots there. See script/truth.\n", stderr);
        return 2;
    }
    const std::filesystem::path folder = argv[1];
    std::string heard =
        "| people | hiding | phones heard | reach | phones a quarter | devices counted | "
        "frequency | as measured | dwell, s | as measured | OTS | as measured |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    std::string street =
        "| people | hiding | in the zone | OTS | dwell there, s | phones heard | OTS as measured | "
        "dwell as measured, s |\n|---|---|---|---|---|---|---|---|\n";
    std::vector<std::pair<std::string, Totals>> by_density, by_share;
    for (const Scenario& scenario : scenarios()) {
        const Totals totals = totals_of(scenario);
        heard += row_of(scenario, totals);
        street += street_of(scenario, totals);
        std::fputs(row_of(scenario, totals).c_str(), stdout);
        if (scenario.hiding == 0.9) {
            by_density.emplace_back(
                std::to_string(scenario.people / 1'000) + " 000 people", totals);
        }
        if (scenario.people == 60'000) {
            by_share.emplace_back(fixed(100 * scenario.hiding, 0) + " % hide", totals);
        }
    }
    std::ranges::sort(by_share, {}, [](const auto& entry) { return std::stoi(entry.first); });
    try {
        std::filesystem::create_directories(folder / "truth");
        write(
            folder / "truth/density.svg",
            plot_of("As measured, of what was there, 90 % hide", by_density));
        write(
            folder / "truth/hiding.svg",
            plot_of("As measured, of what was there, 60 000 people", by_share));
        write(
            folder / "truth.md",
            "<!-- Made by script/truth. -->\n\n# The simulated city against its truth\n\n"
            "Four billboards of the simulated city (`tests/simulation`, seed 7), a Friday from six in the "
            "morning to ten in the evening, from octets of radio through decoding,\npseudonyms, reports and measuring to facts. "
            "*Hiding*: the share of people whose phone takes a new address for each burst; the others "
            "keep\ntheir maker's. All of it is synthetic: how often phones send and how far they are "
            "heard is assumed.\n\n## Against the phones that were heard\n\nWhat randomisation does: the "
            "truth is what would have been measured of the same frames, had each phone kept one "
            "address, of those who pass.\nReach, visits, dwell and OTS count **addresses**. *Devices counted* is by "
            "quarters of an hour, of which residents are until they are known: mean, its bias; mean error; how "
            "often the\n90 % interval has the truth in it, and how wide it is, of the truth.\n\n"
            "Why they are off: a phone that takes a new address for each burst is a new one at each, "
            "mostly with a single sighting, so reach\nis too great, and dwell and OTS are lost. "
            "Counting devices learns how many bursts a phone sends there: from the addresses that are "
            "makers',\nonce ten of them have gone, and from how addresses of one model come, once more of "
            "them come together within five minutes than by chance.\nWho passes changes with the hour, and "
            "how much they send with it, which is learnt late: that is most of what is left. In the first "
            "hour or two,\nwhile all hide and nothing is known yet, the count lies between tracks and "
            "addresses, and so wide is its interval. Residents are found after six hours:\nuntil then their visits make the mean dwell too long.\n\n" +
                heard +
                "\n![by density](truth/density.svg)\n\n![by the share that hides](truth/hiding.svg)\n\n"
                "## Against the street\n\nPeople with Wi-Fi on who were within 50 m, and what a sensor "
                "that hears further, but only those who send, makes of them\nwithout calibration.\n\n" +
                street);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "truth: %s\n", problem.what());
        return 1;
    }
    return 0;
}

}  // namespace
}  // namespace mobilytics::simulation

int main(int argc, char** argv) { return mobilytics::simulation::tables(argc, argv); }
