#pragma once
// Captures and folders for tests, written down octet by octet.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "pipeline/sensor/decode/checksums.h"

namespace mobilytics::accuracy {

namespace fs = std::filesystem;
using Octets = std::vector<std::uint8_t>;

inline void put(Octets& out, std::uint64_t value, int size) {
    for (int at = 0; at < size; ++at) out.push_back(static_cast<std::uint8_t>(value >> (8 * at)));
}

/// A probe request of 02:..:05 with the sequence number 291.
inline Octets probe_request(bool fcs) {
    Octets out{0x40, 0, 0, 0, 255, 255, 255, 255, 255, 255, 2,
               1,    2, 3, 4, 5,   255, 255, 255, 255, 255, 255};
    put(out, 291U << 4, 2);
    for (const int octet : {0, 0, 1, 4, 2, 4, 11, 22, 45, 2, 1, 2}) {
        out.push_back(static_cast<std::uint8_t>(octet));
    }
    if (fcs) put(out, sensor::frame_check(out), 4);
    return out;
}

inline Octets pcap_of(std::uint32_t link, const std::vector<Octets>& frames) {
    Octets out;
    put(out, 0xA1B2C3D4, 4);
    put(out, 2, 2);
    put(out, 4, 2);
    put(out, 0, 8);
    put(out, 65'535, 4);
    put(out, link, 4);
    std::uint32_t second = 1'700'000'000;
    for (const Octets& frame : frames) {
        put(out, second++, 4);
        put(out, 250'000, 4);
        put(out, frame.size(), 4);
        put(out, frame.size(), 4);
        out.insert(out.end(), frame.begin(), frame.end());
    }
    return out;
}

inline Octets joined(Octets head, const Octets& tail) {
    head.insert(head.end(), tail.begin(), tail.end());
    return head;
}

inline Octets ppi(const Octets& frame) {
    Octets out{0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0};
    put(out, 0, 8);
    put(out, 1, 2);  // A check sum follows.
    put(out, 0, 8);
    out.push_back(static_cast<std::uint8_t>(-61));
    out.push_back(0);
    return joined(out, frame);
}

inline Octets prism(const Octets& frame) {
    Octets out;
    put(out, 0x44, 4);
    out.resize(92);
    put(out, static_cast<std::uint32_t>(-55), 4);
    out.resize(144);
    return joined(out, frame);
}

/// With a radio header: the strength, if it is one, and whether a check sum follows.
inline Octets radiotap(const Octets& frame, int rssi_dbm) {
    const bool has_strength = rssi_dbm < 0;
    Octets out{0, 0};
    put(out, has_strength ? 10 : 9, 2);
    put(out, has_strength ? 0x22 : 0x02, 4);
    out.push_back(0x10);
    if (has_strength) out.push_back(static_cast<std::uint8_t>(rssi_dbm));
    return joined(out, frame);
}

/// The next generation's blocks: section, interface, and a packet each 100 ms.
inline Octets pcapng_of(std::uint16_t link, const std::vector<Octets>& frames) {
    Octets out;
    const auto block = [&](std::uint32_t type, Octets body) {
        body.resize((body.size() + 3) / 4 * 4);
        put(out, type, 4);
        put(out, body.size() + 12, 4);
        out.insert(out.end(), body.begin(), body.end());
        put(out, body.size() + 12, 4);
    };
    Octets section;
    put(section, 0x1A2B3C4D, 4);
    put(section, 1, 2);
    put(section, 0, 2);
    put(section, ~std::uint64_t{0}, 8);
    block(0x0A0D0D0A, section);
    Octets interface;
    put(interface, link, 2);
    put(interface, 0, 2);
    put(interface, 65'535, 4);
    block(1, interface);
    std::uint64_t at_us = 1'700'000'000'250'000;
    for (const Octets& frame : frames) {
        Octets packet;
        put(packet, 0, 4);
        put(packet, at_us >> 32, 4);
        put(packet, at_us & 0xFFFFFFFF, 4);
        put(packet, frame.size(), 4);
        put(packet, frame.size(), 4);
        packet.insert(packet.end(), frame.begin(), frame.end());
        block(6, packet);
        at_us += 100'000;
    }
    return out;
}

class Folder : public testing::Test {
  protected:
    Folder() : path_(fs::path(testing::TempDir()) / ("accuracy_" + std::to_string(getpid()))) {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    ~Folder() override { fs::remove_all(path_); }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    void write(const std::string& name, const Octets& octets) const {
        write(name, std::string(octets.begin(), octets.end()));
    }
    fs::path path_;
    std::vector<std::string> notes_;
};

}  // namespace mobilytics::accuracy
