#include "apps/accuracy/labelled.h"

#include <algorithm>
#include <cmath>

#include "apps/accuracy/files.h"
#include "pipeline/sensor/decode/fingerprint.h"

namespace mobilytics::accuracy {

namespace {

namespace fs = std::filesystem;

Result<> is_folder(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return {};
    return fail(ErrorKind::invalid, "no_folder", folder.string() + " is no folder");
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

std::vector<fs::path> captures_below(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        if (entry.is_regular_file(error) && is_capture(entry.path())) out.push_back(entry.path());
    }
    std::ranges::sort(out);
    return out;
}

/// The folders of devices: below, where the only folder with captures in it has folders of its own.
Result<std::vector<fs::path>> device_folders(fs::path folder) {
    for (;;) {
        std::vector<fs::path> found;
        bool captures_here = false;
        for (const auto& entry : sorted_entries(folder)) {
            if (fs::is_directory(entry)) {
                if (!captures_below(entry).empty()) found.push_back(entry);
            } else {
                captures_here = captures_here || is_capture(entry);
            }
        }
        if (found.size() > 1 || (found.size() == 1 && captures_here)) return found;
        if (found.empty()) {
            return fail(
                ErrorKind::invalid, "no_devices",
                folder.string() + (captures_here ? " has captures, but no folder for each device"
                                                 : " has no captures (pcap or pcapng) below it"));
        }
        const auto inside = sorted_entries(found.front());
        const bool deeper = std::ranges::any_of(inside, [](const fs::path& entry) {
            return fs::is_directory(entry) && !captures_below(entry).empty();
        });
        if (!deeper) return found;
        folder = found.front();
    }
}

/// The elements that the columns tell, in the order that phones use.
class ElementColumns {
  public:
    explicit ElementColumns(const Table& table) {
        for (const auto& [id, name] : kNames) columns_.emplace_back(id, table.column(name));
    }
    bool any() const {
        return std::ranges::any_of(
            columns_, [](const auto& column) { return column.second.has_value(); });
    }
    std::optional<std::vector<std::uint8_t>> elements(const Table& table) const {
        std::vector<std::uint8_t> out;
        for (const auto& [id, column] : columns_) {
            const auto text = table.cell(column);
            if (text.empty()) continue;
            auto body = octets(text);
            if (!body) return std::nullopt;
            body->resize(std::min<std::size_t>(body->size(), 255));
            out.push_back(id);
            out.push_back(static_cast<std::uint8_t>(body->size()));
            out.insert(out.end(), body->begin(), body->end());
        }
        return out;
    }

  private:
    static constexpr std::array<std::pair<std::uint8_t, std::string_view>, 7> kNames{
        {{1, "Supported Rates"},
         {50, "Extended Supported Rates"},
         {45, "HT Capabilities"},
         {127, "Extended Capabilities"},
         {191, "VHT Capabilities"},
         {255, "HE Capabilities"},
         {221, "Vendor Specific Tags"}}};
    std::vector<std::pair<std::uint8_t, std::optional<std::size_t>>> columns_;
};

Result<> read_table(
    const fs::path& file, const Listener& listener, Devices& out, std::vector<std::string>& notes) {
    TRY(auto table, Table::read(file));
    const auto at = table.column("Timestamp");
    const auto address = table.column("MAC Address");
    const auto label = table.column("Label");
    const ElementColumns columns(table);
    if (!at || !address || !label || !columns.any()) {
        return fail(
            ErrorKind::invalid, "no_columns",
            file.string() +
                " lacks one of the columns Timestamp, MAC Address, Label and those of "
                "elements (Supported Rates, HT Capabilities, ...)");
    }
    const auto rssi = table.column("RSSI");
    const auto sequence = table.column("Sequence Number");
    std::map<std::string, Rows> of_labels;
    sensor::Fingerprint fingerprint;
    std::size_t refused = 0;
    while (table.next()) {
        const auto seconds = number(table.cell(at));
        const auto octets_of_address = octets(table.cell(address));
        const auto elements = columns.elements(table);
        if (!seconds || !octets_of_address || octets_of_address->size() != 6 || !elements ||
            (octets_of_address->front() & 1) != 0 || !fingerprint.read(*elements)) {
            ++refused;
            continue;
        }
        sensor::Sighting sighting;
        sighting.at = Instant(std::chrono::microseconds(std::llround(*seconds * 1e6)));
        std::ranges::copy(*octets_of_address, sighting.address.begin());
        sighting.address_class =
            (sighting.address[0] & 2) != 0 ? wire::AddressClass::local : wire::AddressClass::global;
        sighting.coarse = fingerprint.coarse();
        sighting.fine = fingerprint.fine();
        const auto strength = number(table.cell(rssi));
        Heard heard = listener.heard(
            sighting, strength ? std::optional(static_cast<int>(*strength)) : std::nullopt);
        const auto counted = number(table.cell(sequence));
        const bool has_number = counted && *counted >= 0 && *counted < 4096;
        heard.sequence = has_number ? static_cast<std::int16_t>(*counted) : std::int16_t{-1};
        of_labels[std::string(table.cell(label))].push_back(heard);
    }
    if (refused > 0)
        notes.push_back(file.string() + ": " + std::to_string(refused) + " lines unread");
    for (auto& [name, rows] : of_labels) {
        std::ranges::sort(rows);
        out[name].push_back(std::move(rows));
    }
    return {};
}

}  // namespace

Result<Devices> labelled_captures(const fs::path& folder, std::vector<std::string>& notes) {
    CHECK(is_folder(folder));
    TRY(const auto folders, device_folders(folder));
    Devices out;
    const Listener listener("labelled");
    for (const fs::path& device : folders) {
        for (const fs::path& file : captures_below(device)) {
            auto capture = read_capture(file, listener);
            if (!capture) {
                notes.push_back(capture.error().message);
                continue;
            }
            if (!capture->problem.empty()) notes.push_back(capture->problem);
            if (capture->heard.empty()) {
                notes.push_back(
                    file.string() + ": no probe request in " + reasons(capture->counts));
                continue;
            }
            out[device.filename().string()].push_back(std::move(capture->heard));
        }
    }
    if (!out.empty()) return out;
    return fail(
        ErrorKind::invalid, "no_devices",
        folder.string() + ": none of its captures has a probe request" +
            (notes.empty() ? "" : "; " + notes.front()));
}

Result<Devices> labelled_tables(const fs::path& folder, std::vector<std::string>& notes) {
    CHECK(is_folder(folder));
    Devices out;
    std::optional<Error> problem;
    const Listener listener("labelled");
    for (const fs::path& file : sorted_entries(folder)) {
        const std::string name = file.filename().string();
        if (!name.ends_with(".csv") && !name.ends_with(".csv.gz")) continue;
        if (const auto read = read_table(file, listener, out, notes); !read) {
            notes.push_back(read.error().message);
            if (!problem) problem = read.error();
        }
    }
    if (out.empty() && problem) return tl::unexpected(*std::move(problem));
    if (!out.empty()) return out;
    return fail(
        ErrorKind::invalid, "no_devices",
        folder.string() + " has no table (.csv) with a labelled line");
}

std::uint32_t model_of(const std::vector<Rows>& captures) {
    std::map<std::uint32_t, std::size_t> shown;
    for (const Rows& rows : captures) {
        for (const Heard& heard : rows) ++shown[heard.coarse];
    }
    return std::ranges::max_element(shown, {}, [](const auto& entry) { return entry.second; })
        ->first;
}

}  // namespace mobilytics::accuracy
