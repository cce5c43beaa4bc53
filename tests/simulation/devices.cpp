#include "simulation/devices.h"

#include "pipeline/sensor/decode/written_octets.h"
#include "simulation/dice.h"

namespace mobilytics::simulation {

namespace {

using sensor::octets;

// Elements that several models share.
constexpr std::string_view kOldRates = "01 04 02040b16 32 08 0c1218243048606c 03 01 01";
constexpr std::string_view kNewRates = "01 08 82848b960c121824 32 04 3048606c 03 01 01";
constexpr std::string_view kAppleHt = "2d 1a 2d4017ff00000000000000000000000000000000000000000000";
constexpr std::string_view kTwoStreamHt =
    "2d 1a ef0117ffff000000000000000000000000000000000000000000";
constexpr std::string_view kOneStreamHt =
    "2d 1a 2c0003ff00000000000000000000000000000000000000000000";
constexpr std::string_view kVht = "bf 0c b2798933faff0000faff0020";
constexpr std::string_view kHe =
    "ff 1c 23 010808180080 203002000d009f08000000 f5fff5ff 391cc7711c07";
constexpr std::string_view kApple = "dd 0b 0017f20a00010400000000";
constexpr std::string_view kMicrosoft = "dd 07 0050f208001000";
constexpr std::string_view kBroadcom = "dd 09 001018020000100000";
constexpr std::string_view kAlliance = "dd 07 506f9a16 010103";
constexpr std::string_view kSamsung = "dd 0b 0000f0220000000000000d";
constexpr std::string_view kEpigram = "dd 06 00904c040817";
constexpr std::string_view kCapabilities8 = "7f 08 0400080400000040";
constexpr std::string_view kCapabilities10 = "7f 0a 04000a82014000400001";
constexpr std::string_view kInterworking = "6b 01 0f";

std::vector<std::uint8_t> joined(std::initializer_list<std::string_view> parts) {
    std::vector<std::uint8_t> out;
    for (const std::string_view part : parts) {
        const auto more = octets(part);
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

std::vector<WifiModel> make_models() {
    using enum Randomisation;
    const auto aurora =
        joined({kOldRates, kAppleHt, kCapabilities8, kApple, kMicrosoft, kBroadcom, kHe});
    const auto aurora_old =
        joined({kOldRates, kAppleHt, kCapabilities8, kApple, kMicrosoft, kBroadcom});
    const auto meridian = joined(
        {kNewRates, kTwoStreamHt, kCapabilities10, kInterworking, kVht, kMicrosoft, kAlliance,
         kHe});
    const auto vega =
        joined({kOldRates, kTwoStreamHt, kCapabilities8, kSamsung, kMicrosoft, kBroadcom});
    return {
        {"Aurora 11", 0.10, per_burst, 1.3, 2, 4, 15, Advert::apple_nearby, aurora},
        {"Aurora 12", 0.12, per_burst, 1.1, 2, 4, 15, Advert::apple_nearby, aurora},
        {"Aurora 14", 0.16, per_burst, 1.2, 2, 5, 15, Advert::apple_nearby, aurora},
        {"Aurora 8", 0.07, per_burst, 0.7, 2, 3, 14, Advert::apple_nearby, aurora_old},
        {"Meridian 6", 0.06, per_burst, 0.9, 2, 5, 14, Advert::google_nearby, meridian},
        {"Meridian 8", 0.05, per_burst, 0.6, 3, 6, 14, Advert::google_nearby, meridian},
        {"Vega S21", 0.11, per_burst, 1.6, 2, 4, 15, Advert::samsung_phone, vega},
        {"Vega A52", 0.08, per_12_hours, 2.1, 2, 6, 14, Advert::samsung_phone,
         joined({kNewRates, kTwoStreamHt, kCapabilities8, kSamsung, kAlliance})},
        {"Vega J6", 0.03, none, 2.0, 3, 8, 13, Advert::none,
         joined({kNewRates, kOneStreamHt, kMicrosoft, kEpigram})},
        {"Orion Note 9", 0.06, per_ssid, 1.4, 2, 6, 14, Advert::google_nearby,
         joined({kOldRates, kTwoStreamHt, kCapabilities10, kVht, kAlliance, kMicrosoft})},
        {"Orion 12", 0.04, per_burst, 1.0, 2, 4, 14, Advert::none,
         joined({kNewRates, kTwoStreamHt, kCapabilities10, kAlliance, kHe})},
        {"Pulse G7", 0.05, per_12_hours, 0.8, 2, 4, 14, Advert::google_nearby,
         joined({kNewRates, kOneStreamHt, kInterworking, kCapabilities8, kMicrosoft})},
        {"Lumen X", 0.03, per_ssid, 0.4, 2, 3, 13, Advert::none,
         joined({kOldRates, kOneStreamHt, kCapabilities8, kEpigram, kAlliance})},
        {"Kestrel 2", 0.04, none, 0.2, 2, 8, 13, Advert::exposure,
         joined({kNewRates, kOneStreamHt, kCapabilities8})},
    };
}

/// The first model of laptops stands behind those of phones.
const WifiModel& laptop_model() {
    static const WifiModel kLaptop{
        "Granite 14",
        0,
        Randomisation::none,
        1.0,
        2,
        5,
        17,
        Advert::windows,
        joined({kNewRates, kTwoStreamHt, kCapabilities10, kVht, kMicrosoft, kHe})};
    return kLaptop;
}

sensor::Address address_of(std::uint64_t bits) {
    sensor::Address out{};
    for (auto& octet : out) {
        octet = static_cast<std::uint8_t>(bits);
        bits >>= 8;
    }
    return out;
}

const WifiModel& drawn_model(Dice& dice) {
    double drawn = dice.uniform();
    for (const WifiModel& model : wifi_models()) {
        if (drawn < model.share) return model;
        drawn -= model.share;
    }
    return wifi_models().front();
}

std::uint64_t period(Instant when, std::chrono::minutes length, std::uint64_t id) {
    // Everybody's periods begin at another moment.
    const std::chrono::microseconds since =
        when.time_since_epoch() + std::chrono::seconds(id % 86'400);
    return static_cast<std::uint64_t>(since / length);
}

}  // namespace

std::span<const WifiModel> wifi_models() {
    static const std::vector<WifiModel> kModels = make_models();
    return kModels;
}

Device make_device(std::uint64_t seed, std::uint64_t number, Kind kind) {
    Dice dice{seed, 20, number};
    Device out;
    out.id = dice.bits();
    out.kind = kind;
    switch (kind) {
        case Kind::phone:
            out.wifi = &drawn_model(dice);
            out.advert = out.wifi->advert;
            out.randomisation = out.wifi->randomisation;
            out.rate = dice.between(0.85, 1.15);
            if (dice.happens(0.08)) out.wifi = nullptr;  // Switched off.
            break;
        case Kind::laptop:
            out.wifi = &laptop_model();
            out.advert = laptop_model().advert;
            break;
        case Kind::wearable: out.advert = Advert::watch; break;
        case Kind::headphones: out.advert = Advert::apple_headphones; break;
        case Kind::tag: out.advert = Advert::apple_tag; break;
        case Kind::beacon: out.advert = Advert::apple_ibeacon; break;
        case Kind::access_point: break;
    }
    return out;
}

std::vector<Device> devices_of(std::uint64_t seed, std::uint32_t person) {
    const std::uint64_t first = std::uint64_t{person} * 4;
    std::vector<Device> out{make_device(seed, first, Kind::phone)};
    Dice dice{seed, 21, person};
    if (dice.happens(0.16)) out.push_back(make_device(seed, first + 1, Kind::wearable));
    if (dice.happens(0.10)) out.push_back(make_device(seed, first + 2, Kind::headphones));
    if (dice.happens(0.06)) out.push_back(make_device(seed, first + 3, Kind::tag));
    return out;
}

sensor::Address wifi_address(const Device& device, Instant when, std::uint64_t burst, int ssid) {
    std::uint64_t what = 0;
    switch (device.randomisation) {
        case Randomisation::none: {
            // Makers' blocks that are nobody's.
            auto address = address_of(mixed(device.id));
            address[0] = 0x00;
            address[1] = device.kind == Kind::laptop ? 0xA0 : 0xB0;
            return address;
        }
        case Randomisation::per_12_hours:
            what = 1 + period(when, std::chrono::hours(12), device.id);
            break;
        case Randomisation::per_ssid: what = 1000 + static_cast<std::uint64_t>(ssid); break;
        case Randomisation::per_burst: what = 1'000'000 + burst; break;
    }
    auto address = address_of(mixed(device.id ^ mixed(what)));
    address[0] = static_cast<std::uint8_t>((address[0] & 0xFC) | 0x02);
    return address;
}

AdvertShape shape_of(Advert advert) {
    switch (advert) {
        case Advert::none: return {1e9, 0};
        case Advert::apple_nearby: return {1.3, 6};
        case Advert::google_nearby: return {2.2, 2};
        case Advert::samsung_phone: return {3.0, 2};
        case Advert::apple_headphones: return {2.0, 0};
        case Advert::apple_tag: return {4.0, 2};
        case Advert::apple_ibeacon: return {5.0, 0};
        case Advert::windows: return {5.0, 2};
        case Advert::watch: return {4.0, -4};
        case Advert::exposure: return {2.0, 2};
    }
    return {};
}

namespace {

/// The data of an advertisement; XX stands for an octet that varies.
std::string_view data_of(Advert advert) {
    switch (advert) {
        case Advert::none: return "";
        case Advert::apple_nearby: return "02011a 020a0c 0bff4c001006XX1eXXXXXXXX";
        case Advert::google_nearby: return "02011a 0303f3fe 0c16f3fe4a17234d50XX1132XX";
        case Advert::samsung_phone: return "02011a 0fff75000112XX21XXXXXXXXXX010200";
        case Advert::apple_headphones:
            return "1eff4c000719 01XX2055XX8f110004 XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
        case Advert::apple_tag:
            return "1eff4c001219 1c XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX 01XX";
        case Advert::apple_ibeacon:
            return "020106 1aff4c000215e2c56db5dffb48d2b060d0f5a71096e000010002c5";
        case Advert::windows:
            return "1eff0600010920 XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
        case Advert::watch: return "020106 0303 3dfe 08ff8700XXXXXXXXXX";
        case Advert::exposure: return "03036ffd 17166ffd XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
    }
    return "";
}

struct AdvertHeader {
    std::uint8_t type;
    bool random;
    std::uint8_t top;  // Bits of the random address.
    std::chrono::minutes kept;
};
AdvertHeader header_of(Advert advert) {
    using std::chrono::hours;
    using std::chrono::minutes;
    switch (advert) {
        case Advert::apple_tag: return {0, true, 0xC0, hours(24)};
        case Advert::apple_ibeacon: return {2, false, 0x00, hours(24 * 365)};
        case Advert::windows: return {2, true, 0x00, minutes(16)};
        case Advert::watch: return {0, true, 0xC0, hours(24 * 365)};
        case Advert::exposure: return {2, true, 0x00, minutes(13)};
        case Advert::apple_headphones: return {0, true, 0x40, minutes(15)};
        case Advert::none:
        case Advert::apple_nearby:
        case Advert::google_nearby:
        case Advert::samsung_phone: break;
    }
    return {0, true, 0x40, minutes(15)};
}

}  // namespace

void append_pdu(const Device& device, Instant when, std::vector<std::uint8_t>& out) {
    const AdvertHeader header = header_of(device.advert);
    const std::uint64_t turn = period(when, header.kept, device.id);
    Dice dice{device.id, 22, turn};
    auto address = address_of(dice.bits());
    address[0] = static_cast<std::uint8_t>((address[0] & 0x3F) | header.top);
    if (!header.random) address[0] = 0x00;
    const std::size_t begin = out.size();
    out.push_back(static_cast<std::uint8_t>(header.type | (header.random ? 0x40 : 0)));
    out.push_back(0);
    out.insert(out.end(), address.rbegin(), address.rend());
    const std::string_view data = data_of(device.advert);
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    for (std::size_t i = 0; i < data.size();) {
        if (data[i] == ' ') {
            ++i;
            continue;
        }
        const bool varies = data[i] == 'X';
        const int octet = varies ? 0 : digit(data[i]) << 4 | digit(data[i + 1]);
        out.push_back(static_cast<std::uint8_t>(varies ? dice.bits() : octet));
        i += 2;
    }
    out[begin + 1] = static_cast<std::uint8_t>(out.size() - begin - 2);
}

}  // namespace mobilytics::simulation
