// What we hear in real captures, frame by frame, is what tshark hears in them.

#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "pipeline/sensor/decode/frame_decoder.h"
#include "pipeline/sensor/sources/open.h"
#include "pipeline/sensor/sources/real_data_test.h"

namespace mobilytics::sensor {
namespace {

using std::chrono::milliseconds;

struct Heard {
    std::uint64_t number = 0;
    std::string address;
    int rssi_dbm = 0;
    int sequence = 0;
    friend bool operator==(const Heard&, const Heard&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Heard& heard) {
        return out << heard.number << ' ' << heard.address << ' ' << heard.rssi_dbm << ' '
                   << heard.sequence;
    }
};

/// What one list has and the other lacks: "+" only ours, "-" only theirs. Both are in order.
std::string difference(const std::vector<Heard>& ours, const std::vector<Heard>& theirs) {
    std::ostringstream out;
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < ours.size() || k < theirs.size()) {
        const bool both = i < ours.size() && k < theirs.size();
        if (both && ours[i] == theirs[k]) {
            ++i;
            ++k;
        } else if (k == theirs.size() || (both && ours[i].number <= theirs[k].number)) {
            out << "+ " << ours[i++] << '\n';
        } else {
            out << "- " << theirs[k++] << '\n';
        }
    }
    return out.str();
}

std::string text_of(const Address& address) {
    std::array<char, 18> text{};
    std::snprintf(
        text.data(), text.size(), "%02x:%02x:%02x:%02x:%02x:%02x", address[0], address[1],
        address[2], address[3], address[4], address[5]);
    return text.data();
}

struct Reading {
    std::vector<Heard> heard;
    std::vector<Sighting> sightings;                          // Without their spans.
    std::map<std::uint64_t, std::vector<std::uint8_t>> lost;  // Frames without a sighting.
    FrameCounts counts;
};

Reading read_all(const std::filesystem::path& file) {
    Reading out;
    auto source = open_capture(file);
    if (!source) {
        ADD_FAILURE() << source.error().message;
        return out;
    }
    FrameDecoder decoder;
    RawFrame frame;
    Step step = Step::ready;
    while ((step = (*source)->next(frame, milliseconds(0))) == Step::ready) {
        const auto sightings = decoder.decode(frame);
        if (sightings.empty()) out.lost[frame.number] = {frame.bytes.begin(), frame.bytes.end()};
        for (Sighting sighting : sightings) {
            out.heard.push_back(
                {frame.number, text_of(sighting.address), *sighting.rssi_dbm, sighting.sequence});
            sighting.coarse = sighting.fine = {};
            out.sightings.push_back(sighting);
        }
    }
    EXPECT_EQ(step, Step::end) << (*source)->failure().message;
    out.counts = decoder.counts();
    return out;
}

TEST(CaptureWitness, ProbeRequestsAreThoseOfTshark) {
    SKIP_WITHOUT_REAL_DATA();
    std::uint64_t frames = 0;
    for (const auto& file : files_in(*real_data() / "brno_lab_occupancy", ".pcap")) {
        SCOPED_TRACE(file);
        std::vector<Heard> expected;
        std::uint64_t from_groups = 0;  // Made so by the anonymiser of this data.
        for (const auto& row : tshark(
                 file, {"frame.number", "wlan.sa", "radiotap.dbm_antsignal", "wlan.seq"},
                 "wlan.fc.type_subtype == 4 && !(wlan.fcs.status == 0)")) {
            ASSERT_EQ(row.size(), 4U);
            if (row[2].empty() || std::stoi(row[2]) >= 0) continue;  // No strength.
            if ((std::stoi(row[1].substr(0, 2), nullptr, 16) & 1) != 0) {
                ++from_groups;
            } else {
                expected.push_back(
                    {std::stoull(row[0]), row[1], std::stoi(row[2]), std::stoi(row[3])});
            }
        }
        const Reading ours = read_all(file);
        EXPECT_EQ(ours.counts.of(FrameDrop::group_address), from_groups);
        EXPECT_EQ(difference(ours.heard, expected), "");
        EXPECT_EQ(ours.counts.frames, ours.counts.sightings + ours.lost.size());
        frames += ours.counts.sightings;
    }
    EXPECT_EQ(frames, 63'178U);
}

/// Bit by bit, as the specification draws the register: against the tables of ble_check().
bool crc_good(std::span<const std::uint8_t> pdu) {
    const std::size_t size = pdu.size() < 2 ? 0 : std::size_t{2} + pdu[1];
    if (size == 0 || pdu.size() < size + 3) return false;
    std::uint32_t position = 0x555555;
    for (const std::uint8_t octet : pdu.first(size)) {
        for (int bit = 0; bit < 8; ++bit) {
            const bool next = ((position >> 23) & 1) != ((octet >> bit) & 1U);
            position = position << 1 & 0xFFFFFF;
            if (next) position ^= 0x00065B;
        }
    }
    for (int bit = 0; bit < 24; ++bit) {
        const bool sent = (pdu[size + bit / 8] >> bit % 8 & 1) != 0;
        if (sent != ((position >> (23 - bit) & 1) != 0)) return false;
    }
    return true;
}

TEST(CaptureWitness, AdvertisementsAreThoseOfTshark) {
    SKIP_WITHOUT_REAL_DATA();
    std::uint64_t sightings = 0;
    for (const auto& file : files_in(*real_data() / "ble_mitll", ".pcapng")) {
        SCOPED_TRACE(file);
        const Reading ours = read_all(file);
        std::vector<Heard> expected;
        for (const auto& row : tshark(
                 file, {"frame.number", "btle.access_address", "btle.advertising_header.pdu_type",
                        "btle.advertising_address", "btle_rf.signal_dbm", "nordic_ble.rssi",
                        "btle.crc", "btle.crc.incorrect", "nordic_ble.crcok", "_ws.malformed"})) {
            ASSERT_EQ(row.size(), 10U);
            const std::uint64_t number = std::stoull(row[0]);
            const bool nordic = !row[8].empty();
            bool good = nordic ? row[8] == "1" : row[7].empty();
            const auto lost = ours.lost.find(number);
            if (!nordic && !row[9].empty() && lost != ours.lost.end()) {
                // It stumbled over the data and gave no verdict on the CRC.
                constexpr std::size_t kHeaders = 14;
                good = crc_good(std::span(lost->second).subspan(kHeaders));
            }
            const bool advertisement = row[2] == "0x00" || row[2] == "0x01" || row[2] == "0x02" ||
                                       row[2] == "0x04" || row[2] == "0x06" || row[2] == "0x07";
            if (row[1] != "0x8e89bed6" || !good || !advertisement || row[3].empty()) continue;
            const std::string& rssi = nordic ? row[5] : row[4];
            expected.push_back({number, row[3], std::stoi(rssi), 0});
        }
        EXPECT_EQ(difference(ours.heard, expected), "");
        sightings += ours.counts.sightings;
    }
    EXPECT_EQ(sightings, 16'530U);
}

/// Wireshark's tools write the same frames in other forms.
TEST(CaptureWitness, WhateverFormAFileHasTheSameIsHeard) {
    SKIP_WITHOUT_REAL_DATA();
    const auto wifi = *real_data() / "brno_lab_occupancy" / "position_1_sc6-61_2023-04-16.pcap";
    const auto ble =
        *real_data() / "ble_mitll" / "1-May_Anechoic_Chamber_nRF52_nrf52_capture_0.pcapng";
    std::string folder = (std::filesystem::temp_directory_path() / "capture.XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const auto written = [&](const std::string& command, const std::string& name) {
        const auto path = std::filesystem::path(folder) / name;
        lines_of(command + " " + quoted(path));
        return path;
    };
    const Reading plain = read_all(wifi);
    for (const char* form : {"nsecpcap", "pcapng"}) {
        const auto other = written("editcap -F " + std::string(form) + " " + quoted(wifi), form);
        EXPECT_EQ(difference(read_all(other).heard, plain.heard), "") << form;
    }
    // One file with interfaces of two kinds: libpcap would refuse it.
    const auto both = std::filesystem::path(folder) / "both";
    lines_of("mergecap -a -w " + quoted(both) + " " + quoted(wifi) + " " + quoted(ble));
    const Reading merged = read_all(both);
    EXPECT_EQ(merged.counts.sightings, plain.counts.sightings + read_all(ble).counts.sightings);
    const std::vector<Heard> first(
        merged.heard.begin(),
        merged.heard.begin() + static_cast<std::ptrdiff_t>(plain.heard.size()));
    EXPECT_EQ(difference(first, plain.heard), "");
    std::filesystem::remove_all(folder);
}

/// The columns of these files, which came with the captures: Frame, Time, Source, DeviceName, RSSI,
/// Tx Power, PDU Type, Company.
TEST(CaptureWitness, AdvertisementsAreThoseOfTheTablesThatCameWithThem) {
    SKIP_WITHOUT_REAL_DATA();
    std::size_t companies = 0;
    for (auto file : files_in(*real_data() / "ble_mitll", ".pcapng")) {
        SCOPED_TRACE(file);
        const Reading ours = read_all(file);
        std::map<std::uint64_t, std::vector<std::string>> rows;
        std::ifstream table(file.replace_extension(".csv"));
        for (std::string line; std::getline(table, line);) {
            if (line.ends_with('\r')) line.pop_back();
            const auto cells = cells_of(line, ',');
            if (cells[0] != "Frame") rows[std::stoull(cells[0])] = cells;
        }
        EXPECT_EQ(rows.size(), ours.counts.frames);
        for (std::size_t i = 0; i < ours.heard.size(); ++i) {
            const Heard& heard = ours.heard[i];
            const auto& row = rows.at(heard.number);
            ASSERT_EQ(row.size(), 8U);
            EXPECT_EQ(row[2], heard.address) << heard;
            EXPECT_EQ(row[4], std::to_string(heard.rssi_dbm)) << heard;
            EXPECT_EQ(row[6], std::to_string(ours.sightings[i].ble_type)) << heard;
            if (row[7].empty()) continue;
            EXPECT_EQ(row[7], std::to_string(ours.sightings[i].ble_company)) << heard;
            ++companies;
        }
    }
    EXPECT_EQ(companies, 15'510U);
}

}  // namespace
}  // namespace mobilytics::sensor
