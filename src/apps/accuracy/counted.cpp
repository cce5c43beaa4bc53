#include "apps/accuracy/counted.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "apps/accuracy/files.h"

namespace mobilytics::accuracy {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSampleMs = 5'000;

struct Seen {
    std::int64_t at_ms = 0;
    double people = 0;
};

struct Columns {
    std::optional<std::size_t> at, people, address, rssi, sequence, elements, makers;
    explicit Columns(const Table& table)
        : at(table.column("datetime")),
          people(table.column("occupancy")),
          address(table.column("src")),
          rssi(table.column("rssi")),
          sequence(table.column("seq_num")),
          elements(table.column("dot11elt")),
          makers(table.column("oui")) {}
};

/// A line of a table as a sighting. Its fingerprints are of the element ids alone.
std::optional<Heard> heard_of(
    const Table& table, const Columns& columns, std::int64_t at_ms, const Listener& listener) {
    const auto octets_of_address = octets(table.cell(columns.address));
    if (!octets_of_address || octets_of_address->size() != 6) return std::nullopt;
    if ((octets_of_address->front() & 1) != 0) return std::nullopt;
    const std::string lists =
        std::string(table.cell(columns.elements)) + std::string(table.cell(columns.makers));
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(lists.data());
    sensor::Sighting sighting;
    sighting.at = Instant(std::chrono::milliseconds(at_ms));
    std::ranges::copy(*octets_of_address, sighting.address.begin());
    const bool local = (octets_of_address->front() & 2) != 0;
    sighting.address_class = local ? wire::AddressClass::local : wire::AddressClass::global;
    sighting.coarse = sighting.fine = {bytes, lists.size()};
    const auto rssi = number(table.cell(columns.rssi));
    Heard out =
        listener.heard(sighting, rssi ? std::optional(static_cast<int>(*rssi)) : std::nullopt);
    const auto sequence = number(table.cell(columns.sequence));
    const bool counted = sequence && *sequence >= 0 && *sequence < 4096;
    out.sequence = counted ? static_cast<std::int16_t>(*sequence) : std::int16_t{-1};
    return out;
}

std::int64_t floor_to_bin(std::int64_t at_ms) { return at_ms - (at_ms % kBinMs + kBinMs) % kBinMs; }

/// The mean of each quarter of an hour that is counted for half of it at least.
std::map<std::int64_t, double> binned(const std::vector<Seen>& seen) {
    std::map<std::int64_t, double> out;
    if (seen.size() < 2) return out;
    std::size_t at = 0;
    const std::int64_t end = seen.back().at_ms;
    for (std::int64_t bin = floor_to_bin(seen.front().at_ms); bin < end; bin += kBinMs) {
        double sum = 0;
        int samples = 0;
        const std::int64_t until = std::min(bin + kBinMs, end);
        for (auto t = std::max(bin, seen.front().at_ms); t < until; t += kSampleMs) {
            while (at + 1 < seen.size() && seen[at + 1].at_ms <= t) ++at;
            sum += seen[at].people;
            ++samples;
        }
        if (samples * kSampleMs >= kBinMs / 2) out[bin] = sum / samples;
    }
    return out;
}

std::optional<fs::path> capture_beside(const std::string& base) {
    for (const char* ending : {".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz"}) {
        if (fs::exists(base + ending)) return base + ending;
    }
    return std::nullopt;
}

std::string base_of(const fs::path& table) {
    std::string out = table.string();
    if (out.ends_with(".gz")) out.resize(out.size() - 3);
    out.resize(out.size() - 4);
    return out;
}

Result<Recording> read_recording(const fs::path& file, std::vector<std::string>& notes) {
    TRY(auto table, Table::read(file));
    const Columns columns(table);
    const auto capture = capture_beside(base_of(file));
    if (!columns.at || !columns.people || (!capture && (!columns.address || !columns.rssi))) {
        return fail(
            ErrorKind::invalid, "no_columns",
            file.string() +
                " lacks one of the columns datetime, occupancy, and, without a capture "
                "of the same name, src and rssi");
    }
    Recording out;
    out.name = fs::path(base_of(file)).filename().string();
    const Listener listener(out.name);
    std::vector<Seen> seen;
    std::optional<std::int64_t> first_ms;
    while (table.next()) {
        const auto at_ms = time_ms(table.cell(columns.at));
        if (!at_ms) continue;
        if (!first_ms) first_ms = at_ms;
        if (const auto people = number(table.cell(columns.people)))
            seen.push_back({*at_ms, *people});
        if (capture) continue;
        if (const auto heard = heard_of(table, columns, *at_ms, listener))
            out.heard.push_back(*heard);
    }
    if (!first_ms || seen.empty()) {
        return fail(ErrorKind::invalid, "no_columns", file.string() + " has no line with people");
    }
    out.day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(*first_ms)));
    if (capture) {
        TRY(auto heard, read_capture(*capture, listener));
        if (!heard.problem.empty()) notes.push_back(heard.problem);
        // A table in local time beside a capture in UTC: zones differ by quarters of an hour.
        const double off = static_cast<double>(heard.first_ms - *first_ms) / kBinMs;
        for (Seen& one : seen) one.at_ms += std::llround(off) * kBinMs;
        out.heard = std::move(heard.heard);
        out.from_capture = true;
    }
    std::ranges::sort(seen, {}, &Seen::at_ms);
    std::ranges::sort(out.heard);
    out.people = binned(seen);
    return out;
}

}  // namespace

Result<std::vector<Recording>> counted_rooms(
    const fs::path& folder, std::vector<std::string>& notes) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        return fail(ErrorKind::invalid, "no_folder", folder.string() + " is no folder");
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".csv") || name.ends_with(".csv.gz")) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::vector<Recording> out;
    std::optional<Error> problem;
    for (const fs::path& file : files) {
        auto recording = read_recording(file, notes);
        if (recording) {
            out.push_back(*std::move(recording));
        } else {
            notes.push_back(recording.error().message);
            if (!problem) problem = recording.error();
        }
    }
    if (out.empty() && problem) return tl::unexpected(*std::move(problem));
    if (!out.empty()) return out;
    return fail(
        ErrorKind::invalid, "no_tables",
        folder.string() + " has no table (.csv, .csv.gz) of what was heard and counted");
}

}  // namespace mobilytics::accuracy
