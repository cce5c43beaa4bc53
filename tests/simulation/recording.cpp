#include "simulation/recording.h"

#include <fstream>
#include <map>
#include <set>
#include <stdexcept>

#include "simulation/receiver.h"
#include "simulation/simulated_radio.h"

namespace mobilytics::simulation {

namespace {

using std::chrono::milliseconds;

class File {
  public:
    explicit File(const std::filesystem::path& path)
        : path_(path), out_(path, std::ios::binary | std::ios::trunc) {}
    void write(std::string_view text) {
        out_.write(text.data(), static_cast<std::streamsize>(text.size()));
    }
    void close() {
        out_.close();
        if (!out_) throw std::runtime_error("cannot write " + path_.string());
    }

  private:
    std::filesystem::path path_;
    std::ofstream out_;
};

void append_little(std::string& out, std::uint64_t value, int octets) {
    for (int i = 0; i < octets; ++i) out += static_cast<char>(value >> 8 * i);
}

class PcapFile {
  public:
    PcapFile(const std::filesystem::path& path, sensor::LinkType link) : file_(path) {
        std::string header;
        append_little(header, 0xA1B2C3D4, 4);
        append_little(header, 2, 2);
        append_little(header, 4, 2);
        append_little(header, 0, 8);
        append_little(header, 65535, 4);
        append_little(header, static_cast<std::uint16_t>(link), 4);
        file_.write(header);
    }
    void write(const sensor::RawFrame& frame) {
        const auto us = static_cast<std::uint64_t>(frame.at.time_since_epoch().count());
        std::string record;
        append_little(record, us / 1'000'000, 4);
        append_little(record, us % 1'000'000, 4);
        append_little(record, frame.bytes.size(), 4);
        append_little(record, frame.original_bytes, 4);
        record.append(reinterpret_cast<const char*>(frame.bytes.data()), frame.bytes.size());
        file_.write(record);
    }
    void close() { file_.close(); }

  private:
    File file_;
};

using Sender = std::pair<Role, std::uint32_t>;

/// How often an asset's sensor heard somebody, and how loud: with a time that tells visits apart.
struct Heard {
    Instant at;
    bool wifi = false;
    std::int8_t rssi_dbm = 0;
};
using HeardBySender = std::map<Sender, std::vector<Heard>>;

HeardBySender record_radio(
    const City& city, const Asset& asset, Instant from, Instant to,
    const std::filesystem::path& stem, Recorded& recorded) {
    SimulatedRadio radio(city, asset.number, from, to, nullptr);
    PcapFile wifi(stem.string() + ".wifi.pcap", sensor::LinkType::radiotap);
    PcapFile ble(stem.string() + ".ble.pcap", sensor::LinkType::ble_with_radio);
    HeardBySender heard;
    sensor::RawFrame frame;
    while (radio.next(frame, milliseconds(0)) == sensor::Step::ready) {
        const bool of_wifi = frame.link == sensor::LinkType::radiotap;
        (of_wifi ? wifi : ble).write(frame);
        ++(of_wifi ? recorded.wifi_frames : recorded.ble_frames);
        const Origin& origin = radio.origin();
        if (origin.broken) continue;
        const std::size_t strength_at = of_wifi ? 14 : 1;
        heard[{origin.role, origin.person}].push_back(
            {frame.at, of_wifi, static_cast<std::int8_t>(frame.bytes[strength_at])});
    }
    wifi.close();
    ble.close();
    return heard;
}

void record_positions(
    const City& city, const Asset& asset, Instant from, Instant to,
    const std::filesystem::path& stem, Recorded& recorded) {
    const auto receiver = city.receiver(asset.number, from, to);
    if (!receiver) return;
    File file(stem.string() + ".nmea");
    sensor::Fix fix;
    while (receiver->next(fix, milliseconds(0)) == sensor::Step::ready) {
        file.write(nmea_of(fix));
        ++recorded.fixes;
    }
    file.close();
}

std::string visit_line(const Asset& asset, const Visit& visit, const HeardBySender& heard) {
    int wifi = 0;
    int ble = 0;
    int strongest = -128;
    if (const auto found = heard.find({visit.role, visit.person}); found != heard.end()) {
        for (const Heard& one : found->second) {
            if (one.at < visit.entered || one.at >= visit.left) continue;
            ++(one.wifi ? wifi : ble);
            strongest = std::max<int>(strongest, one.rssi_dbm);
        }
    }
    const std::string_view motion = !asset.moving       ? "fixed"
                                    : visit.asset_stood ? "standing"
                                                        : "driving";
    std::array<char, 32> closest{};
    std::snprintf(closest.data(), closest.size(), "%.1f", visit.closest_m);
    const bool passes = visit.role == Role::passer;
    return asset.code + ',' + std::string(word(visit.role)) + ',' + std::to_string(visit.person) +
           ',' + to_iso8601(visit.entered) + ',' + to_iso8601(visit.left) + ',' +
           (passes ? std::string(word(visit.mode)) : "") + ',' + std::string(motion) + ',' +
           closest.data() + ',' + std::to_string(wifi) + ',' + std::to_string(ble) + ',' +
           (wifi + ble > 0 ? std::to_string(strongest) : "") + '\n';
}

std::string device_line(
    const std::string& owner, Role role, std::uint32_t person, const Device& device) {
    return owner + ',' + std::string(word(role)) + ',' + std::to_string(person) + ',' +
           std::string(word(device.kind)) + ',' +
           (device.wifi != nullptr ? std::string(device.wifi->name) : "") + ',' +
           (device.wifi != nullptr ? std::string(word(device.randomisation)) : "") + ',' +
           std::string(word(device.advert)) + '\n';
}

std::string asset_line(const Asset& asset) {
    std::array<char, 64> place{};
    std::snprintf(
        place.data(), place.size(), "%.6f,%.6f", asset.position.latitude_deg,
        asset.position.longitude_deg);
    return asset.code + ",\"" + asset.name + "\"," + (asset.moving ? "truck" : "billboard") + ',' +
           place.data() + '\n';
}

}  // namespace

Recorded record(
    const City& city, std::span<const std::uint32_t> assets, Instant from, Instant to,
    const std::filesystem::path& folder, const std::function<void(const Asset&)>& done) {
    std::filesystem::create_directories(folder);
    Recorded recorded;
    std::set<std::uint32_t> people;
    File truth(folder / "synthetic-visits.csv");
    File devices(folder / "synthetic-devices.csv");
    File list(folder / "synthetic-assets.csv");
    truth.write(
        "asset,role,person,entered,left,mode,motion,closest_m,wifi_frames,ble_frames,"
        "strongest_dbm\n");
    devices.write("asset,role,person,kind,model,randomisation,advert\n");
    list.write("asset,name,kind,latitude,longitude\n");
    for (const std::uint32_t number : assets) {
        const Asset& asset = city.assets()[number];
        const auto stem = folder / (asset.code + "-synthetic");
        const auto heard = record_radio(city, asset, from, to, stem, recorded);
        record_positions(city, asset, from, to, stem, recorded);
        list.write(asset_line(asset));
        for (const Visit& visit : city.visits(number, from, to)) {
            truth.write(visit_line(asset, visit, heard));
            if (visit.role == Role::passer) people.insert(visit.person);
            ++recorded.visits;
        }
        const auto companions = city.companions(number);
        for (std::uint32_t i = 0; i < companions.size(); ++i) {
            devices.write(device_line(asset.code, companions[i].role, i, companions[i].device));
        }
        if (done) done(asset);
    }
    for (const std::uint32_t person : people) {
        for (const Device& device : city.devices(person)) {
            devices.write(device_line("", Role::passer, person, device));
        }
    }
    truth.close();
    devices.close();
    list.close();
    return recorded;
}

}  // namespace mobilytics::simulation
