#pragma once
// What people carry and places have: phones by their models, watches, tags, beacons. The models are
// invented; how they behave is what is known of real ones.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "foundation/clock.h"
#include "foundation/enum_words.h"
#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::simulation {

/// How a phone chooses the address of its probe requests.
BOOST_DEFINE_ENUM_CLASS(Randomisation, none, per_12_hours, per_ssid, per_burst)

/// What a BLE device says.
BOOST_DEFINE_ENUM_CLASS(
    Advert, none, apple_nearby, google_nearby, samsung_phone, apple_headphones, apple_tag,
    apple_ibeacon, windows, watch, exposure)

struct WifiModel {
    std::string_view name;
    double share = 0;  // Of all phones.
    Randomisation randomisation = Randomisation::per_burst;
    double bursts_per_minute = 1;
    int frames_min = 2;  // In a burst, as one sensor hears it.
    int frames_max = 4;
    double power_dbm = 15;
    Advert advert = Advert::none;
    std::vector<std::uint8_t> elements;  // Behind the SSID; the DS channel is filled in.
};

/// All of them; some of one list of elements.
std::span<const WifiModel> wifi_models();

BOOST_DEFINE_ENUM_CLASS(Kind, phone, laptop, wearable, headphones, tag, beacon, access_point)

/// One radio device. What it sends when follows from this and the time alone.
struct Device {
    std::uint64_t id = 0;
    Kind kind = Kind::phone;
    const WifiModel* wifi = nullptr;  // None: no Wi-Fi, or off.
    Randomisation randomisation = Randomisation::none;
    Advert advert = Advert::none;
    double rate = 1;  // How much oftener than its model it sends.
};

/// The devices of a person: a phone, and perhaps more.
std::vector<Device> devices_of(std::uint64_t seed, std::uint32_t person);
/// A laptop of a café with a maker's address; a driver's phone; and so on.
Device make_device(std::uint64_t seed, std::uint64_t number, Kind kind);

/// Wi-Fi address at a burst.
sensor::Address wifi_address(const Device& device, Instant when, std::uint64_t burst, int ssid);

/// What an advert says, from the PDU's header to the end of its data, and how often.
struct AdvertShape {
    double interval_s = 1;
    double power_dbm = 0;
};
AdvertShape shape_of(Advert advert);
/// Appends the PDU without its CRC.
void append_pdu(const Device& device, Instant when, std::vector<std::uint8_t>& out);

}  // namespace mobilytics::simulation
