// Frames written down octet by octet, and what is heard in them.

#include "pipeline/sensor/decode/frame_decoder.h"

#include <gtest/gtest.h>

#include "pipeline/sensor/decode/checksums.h"
#include "pipeline/sensor/decode/radiotap.h"
#include "pipeline/sensor/decode/written_octets.h"

namespace mobilytics::sensor {
namespace {

using Bytes = std::vector<std::uint8_t>;
using wire::AddressClass;
using wire::RadioKind;

constexpr Instant kAt{std::chrono::microseconds(1'666'083'222'597'864)};

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

/// Decodes one frame; keeps what the spans point at.
struct Decoded {
    explicit Decoded(LinkType link, const Bytes& bytes, DecodeOptions options = {})
        : decoder(options) {
        RawFrame frame;
        frame.link = link;
        frame.at = kAt;
        frame.bytes = bytes;
        frame.original_bytes = static_cast<std::uint32_t>(bytes.size());
        sightings = decoder.decode(frame);
    }
    FrameDecoder decoder;
    std::span<const Sighting> sightings;
};

FrameDrop drop_of(LinkType link, const Bytes& bytes, DecodeOptions options = {}) {
    const Decoded decoded(link, bytes, options);
    EXPECT_EQ(decoded.sightings.size(), 0U);
    std::optional<FrameDrop> found;
    for (std::size_t i = 0; i < kFrameDrops; ++i) {
        const auto reason = static_cast<FrameDrop>(i);
        if (decoded.decoder.counts().of(reason) == 1) found = reason;
    }
    EXPECT_TRUE(found);
    return found.value_or(FrameDrop::unknown_link);
}

Bytes bytes_of(std::span<const std::uint8_t> span) { return {span.begin(), span.end()}; }

// Channel 2, -94 dBm, antenna 0: a header as an ESP32 writes it.
const Bytes kRadio = octets("0000 0e00 28080000 7109 8000 a2 00");
const Bytes kHeader = octets("4000 0000 ffffffffffff 7efd7ae43166 ffffffffffff b088");
const Bytes kElements = octets(
    "00 03 414243"            // SSID "ABC".
    "01 04 82848b96"          // Supported rates.
    "32 02 0c12"              // Extended supported rates.
    "03 01 01"                // DS parameter set.
    "7f 02 0004"              // Extended capabilities.
    "ff 03 230108"            // HE capabilities.
    "ff 02 0700"              // Another extension.
    "dd 07 0050f2 08 001000"  // Microsoft, 8.
    "dd 03 0017f2");          // Apple, without a type.
const Bytes kProbeRequest = kHeader + kElements;

Bytes with_fcs(Bytes frame) {
    const std::uint32_t check = frame_check(frame);
    for (int shift = 0; shift < 32; shift += 8) {
        frame.push_back(static_cast<std::uint8_t>(check >> shift));
    }
    return frame;
}

TEST(FrameDecoder, AProbeRequestIsHeard) {
    const Bytes frame = kRadio + kProbeRequest;
    const Decoded decoded(LinkType::radiotap, frame);
    ASSERT_EQ(decoded.sightings.size(), 1U);
    const Sighting& heard = decoded.sightings[0];
    EXPECT_EQ(heard.at, kAt);
    EXPECT_EQ(heard.kind, RadioKind::wifi);
    EXPECT_EQ(heard.address, (Address{0x7e, 0xfd, 0x7a, 0xe4, 0x31, 0x66}));
    EXPECT_EQ(heard.address_class, AddressClass::local);
    EXPECT_EQ(heard.rssi_dbm, -94);
    EXPECT_EQ(heard.channel, 2);
    EXPECT_EQ(heard.sequence, 2187);
    EXPECT_EQ(bytes_of(heard.coarse), octets("01 32 7f ff23 ff07 dd0050f208 dd0017f200"));
    EXPECT_EQ(
        bytes_of(heard.fine), octets("01 04 82848b96  32 02 0c12  7f 02 0004  ff23 02 0108"
                                     "ff07 00  dd0050f208 00  dd0017f200 00"));
    EXPECT_EQ(heard.ble_company, kNoCompany);
    EXPECT_EQ(decoded.decoder.counts().sightings, 1U);
}

TEST(FrameDecoder, AnAddressOfAMakerIsGlobal) {
    Bytes frame = kRadio + kProbeRequest;
    frame[kRadio.size() + 10] = 0x7c;
    EXPECT_EQ(Decoded(LinkType::radiotap, frame).sightings[0].address_class, AddressClass::global);
}

TEST(FrameDecoder, AnHtControlFieldIsPassedOver) {
    Bytes header = kHeader;
    header[1] |= 0x80;
    const Bytes frame = kRadio + header + octets("11223344") + kElements;
    EXPECT_EQ(
        bytes_of(Decoded(LinkType::radiotap, frame).sightings[0].coarse),
        octets("01 32 7f ff23 ff07 dd0050f208 dd0017f200"));
}

TEST(FrameDecoder, ACheckSequenceAtTheEndIsCheckedAndTakenOff) {
    // Flags 0x10 (FCS at the end) and channel 6; -50 dBm.
    const Bytes radio = octets("0000 0f00 2a000000 10 00 8509 a000 ce");
    const Bytes good = radio + with_fcs(kProbeRequest);
    EXPECT_EQ(Decoded(LinkType::radiotap, good).sightings[0].channel, 6);
    for (std::size_t i = radio.size(); i < good.size(); ++i) {
        Bytes bad = good;
        bad[i] ^= 0x20;
        EXPECT_EQ(drop_of(LinkType::radiotap, bad), FrameDrop::bad_fcs) << i;
    }
    Bytes marked = good;
    marked[8] |= 0x40;
    EXPECT_EQ(drop_of(LinkType::radiotap, marked), FrameDrop::bad_fcs);
}

TEST(FrameDecoder, EachFaultHasItsReason) {
    const Bytes good = kRadio + kProbeRequest;
    const auto with = [&](std::size_t at, std::uint8_t value) {
        Bytes frame = good;
        frame[at] = value;
        return drop_of(LinkType::radiotap, frame);
    };
    const std::size_t header = kRadio.size();
    EXPECT_EQ(with(0, 1), FrameDrop::bad_radiotap);
    EXPECT_EQ(with(2, 0xFF), FrameDrop::bad_radiotap);
    EXPECT_EQ(with(12, 0), FrameDrop::no_rssi);
    EXPECT_EQ(with(12, 10), FrameDrop::no_rssi);
    EXPECT_EQ(with(header, 0x80), FrameDrop::not_probe_request);
    EXPECT_EQ(with(header, 0x48), FrameDrop::not_management);
    EXPECT_EQ(with(header, 0x41), FrameDrop::not_management);
    EXPECT_EQ(with(header + 10, 0x7F), FrameDrop::group_address);
    EXPECT_EQ(with(good.size() - 4, 4), FrameDrop::malformed_element);
    EXPECT_EQ(drop_of(LinkType{9}, good), FrameDrop::unknown_link);
    EXPECT_EQ(drop_of(LinkType::radiotap, Bytes(4097)), FrameDrop::too_long);
    EXPECT_EQ(drop_of(LinkType::radiotap, {}), FrameDrop::bad_radiotap);
    EXPECT_EQ(drop_of(LinkType::radiotap, kRadio), FrameDrop::truncated);
}

TEST(FrameDecoder, AFrameCutAtCaptureOrWithoutATimeIsDropped) {
    const Bytes good = kRadio + kProbeRequest;
    FrameDecoder decoder;
    RawFrame frame;
    frame.bytes = good;
    frame.at = kAt;
    frame.original_bytes = static_cast<std::uint32_t>(good.size() + 1);
    EXPECT_EQ(decoder.decode(frame).size(), 0U);
    EXPECT_EQ(decoder.counts().of(FrameDrop::truncated), 1U);
    frame.original_bytes = 0;
    frame.at = Instant(std::chrono::microseconds(-1));
    EXPECT_EQ(decoder.decode(frame).size(), 0U);
    EXPECT_EQ(decoder.counts().of(FrameDrop::bad_time), 1U);
}

TEST(FrameDecoder, WithoutARadioHeaderThereIsNoStrength) {
    EXPECT_EQ(drop_of(LinkType::ieee80211, kProbeRequest), FrameDrop::no_rssi);
    const Decoded decoded(LinkType::ieee80211, kProbeRequest, {.rssi_required = false});
    EXPECT_EQ(decoded.sightings[0].rssi_dbm, std::nullopt);
}

TEST(Radiotap, TheFirstWordsSignalIsOfAllAntennas) {
    // As mac80211 writes it: TSFT, flags, rate, channel, signal, RX flags; then two antennas.
    const Bytes header = octets(
        "00 00 2600 2f4000a0 20080 0a0 20080000"
        "0807060504030201 10 02 6c09 a000 c4 00 0000 c4 00 ba 01");
    const auto radio = read_radiotap(header);
    ASSERT_TRUE(radio);
    EXPECT_EQ(radio->signal_dbm, -60);
    EXPECT_EQ(radio->tsft_us, 0x0102030405060708U);
    EXPECT_EQ(channel_of(radio->frequency_mhz), 1);
    EXPECT_TRUE(radio->fcs_at_end());
}

TEST(Radiotap, WithoutItTheStrongestAntennaCounts) {
    const Bytes header = octets("00 00 1400 000000a0 200800a0 20080000 c4 00 ba 01");
    EXPECT_EQ(read_radiotap(header)->signal_dbm, -60);
}

TEST(Radiotap, AVendorsFieldsArePassedOver) {
    // Vendor namespace with three octets of its own, then radiotap's again with a signal.
    const Bytes header = octets("00 00 1a00 000000c0 ffffff bf 20000000 001122 00 0300 aabbcc d8");
    const auto radio = read_radiotap(header);
    ASSERT_TRUE(radio);
    EXPECT_EQ(radio->signal_dbm, -40);
}

TEST(Radiotap, ChannelsAreToldByFrequency) {
    EXPECT_EQ(channel_of(2412), 1);
    EXPECT_EQ(channel_of(2472), 13);
    EXPECT_EQ(channel_of(2484), 14);
    EXPECT_EQ(channel_of(5180), 36);
    EXPECT_EQ(channel_of(5885), 177);
    EXPECT_EQ(channel_of(5955), 1);
    EXPECT_EQ(channel_of(7115), 233);
    EXPECT_EQ(channel_of(2413), 0);
    EXPECT_EQ(channel_of(0), 0);
    EXPECT_EQ(channel_of(65535), 0);
}

// An advertisement of TestPhone1 in a chamber, MITRE's first frame: ADV_IND, flags, power, name,
// Apple.
const Bytes kBleRadio = octets("00 e4 80 00 d6be898e 3700");
const Bytes kAccess = octets("d6be898e");

Bytes with_crc(const Bytes& pdu) {
    const std::uint32_t check = ble_check(pdu);
    return pdu + Bytes{
                     static_cast<std::uint8_t>(check), static_cast<std::uint8_t>(check >> 8),
                     static_cast<std::uint8_t>(check >> 16)};
}

const Bytes kPdu = octets("40 11 7372dfa6407d 020106 07ff 4c00 1005 0118");

TEST(FrameDecoder, AnAdvertisementIsHeard) {
    const Bytes frame = kBleRadio + kAccess + with_crc(kPdu);
    const Decoded decoded(LinkType::ble_with_radio, frame);
    ASSERT_EQ(decoded.sightings.size(), 1U);
    const Sighting& heard = decoded.sightings[0];
    EXPECT_EQ(heard.kind, RadioKind::ble);
    EXPECT_EQ(heard.address, (Address{0x7d, 0x40, 0xa6, 0xdf, 0x72, 0x73}));
    EXPECT_EQ(heard.address_class, AddressClass::ble_resolvable);
    EXPECT_EQ(heard.rssi_dbm, -28);
    EXPECT_EQ(heard.channel, 37);
    EXPECT_EQ(heard.sequence, 0);
    EXPECT_EQ(heard.ble_type, 0);
    EXPECT_EQ(heard.ble_company, 0x004C);
    EXPECT_EQ(heard.ble_subtype, 0x10);
    EXPECT_TRUE(heard.coarse.empty());
}

TEST(FrameDecoder, EveryBrokenBitOfAPduIsFound) {
    const Bytes good = kBleRadio + kAccess + with_crc(kPdu);
    for (std::size_t bit = 14 * 8; bit < good.size() * 8; ++bit) {
        Bytes bad = good;
        bad[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        const Decoded decoded(LinkType::ble_with_radio, bad);
        EXPECT_EQ(decoded.sightings.size(), 0U) << bit;
    }
}

TEST(FrameDecoder, WhatTheRadioFoundOfTheCrcIsBelieved) {
    Bytes frame = kBleRadio + kAccess + kPdu + octets("000000");
    EXPECT_EQ(drop_of(LinkType::ble_with_radio, frame), FrameDrop::ble_bad_crc);
    frame[9] = 0x0C;  // Checked, valid.
    EXPECT_EQ(Decoded(LinkType::ble_with_radio, frame).sightings.size(), 1U);
    frame[9] = 0x04;  // Checked, not valid.
    EXPECT_EQ(drop_of(LinkType::ble_with_radio, frame), FrameDrop::ble_bad_crc);
    frame[8] = 0x36;
    EXPECT_EQ(drop_of(LinkType::ble_with_radio, frame), FrameDrop::ble_whitened);
}

TEST(FrameDecoder, KindsOfRandomAddressesAreToldApart) {
    const auto class_of = [](std::uint8_t header, std::uint8_t top) {
        Bytes pdu = kPdu;
        pdu[0] = header;
        pdu[7] = top;
        const Bytes frame = kBleRadio + kAccess + with_crc(pdu);
        return Decoded(LinkType::ble_with_radio, frame).sightings[0].address_class;
    };
    EXPECT_EQ(class_of(0x00, 0x7d), AddressClass::ble_public);
    EXPECT_EQ(class_of(0x40, 0xfd), AddressClass::ble_static);
    EXPECT_EQ(class_of(0x40, 0x40), AddressClass::ble_resolvable);
    EXPECT_EQ(class_of(0x40, 0x3d), AddressClass::ble_non_resolvable);
}

TEST(FrameDecoder, OnlyAdvertisersAreHeard) {
    const auto drop = [](const Bytes& pdu) {
        return drop_of(LinkType::ble_with_radio, kBleRadio + kAccess + with_crc(pdu));
    };
    EXPECT_EQ(drop(octets("c3 0c 010203040506 0a0b0c0d0e0f")), FrameDrop::ble_not_advertising);
    EXPECT_EQ(drop(octets("00 05 0102030405")), FrameDrop::ble_malformed);
    EXPECT_EQ(drop(octets("01 06 010203040506")), FrameDrop::ble_malformed);
    EXPECT_EQ(drop(Bytes{0x00, 38} + Bytes(38)), FrameDrop::ble_malformed);
    Bytes other = kBleRadio + octets("d6be898f") + with_crc(kPdu);
    EXPECT_EQ(drop_of(LinkType::ble_with_radio, other), FrameDrop::ble_not_advertising);
}

TEST(FrameDecoder, AnExtendedAdvertisementIsHeardWhereItNamesItsSender) {
    // Address, data info, power; then data of the company 0x0075.
    const Bytes named = octets("47 11 0a 49 665544332211 3412 f4 05ff 7500 0102");
    const Bytes frame = kBleRadio + kAccess + with_crc(named);
    const Decoded decoded(LinkType::ble_with_radio, frame);
    ASSERT_EQ(decoded.sightings.size(), 1U);
    EXPECT_EQ(decoded.sightings[0].ble_type, 7);
    EXPECT_EQ(decoded.sightings[0].address, (Address{0x11, 0x22, 0x33, 0x44, 0x55, 0x66}));
    EXPECT_EQ(decoded.sightings[0].ble_company, 0x0075);
    // Data info and a pointer to the auxiliary packet.
    const Bytes nameless = octets("07 07 06 18 3412 251000");
    EXPECT_EQ(
        drop_of(LinkType::ble_with_radio, kBleRadio + kAccess + with_crc(nameless)),
        FrameDrop::ble_no_address);
    const Bytes cut = octets("47 08 07 11 665544332211");
    EXPECT_EQ(
        drop_of(LinkType::ble_with_radio, kBleRadio + kAccess + with_crc(cut)),
        FrameDrop::ble_malformed);
}

TEST(FrameDecoder, AMemberOfTheSigIsNamedByItsServiceData) {
    const Bytes pdu = octets("42 11 010203040506 0303 6ffd 0616 6ffd 0a0b 00");
    const Bytes frame = kBleRadio + kAccess + with_crc(pdu);
    EXPECT_EQ(Decoded(LinkType::ble_with_radio, frame).sightings[0].ble_company, 0xFD6F);
}

TEST(FrameDecoder, NordicsHeadersOfAllVersionsAreRead) {
    const Bytes packet = kAccess + with_crc(kPdu);
    const Bytes received = octets("0a 01 26 34 0000 00000000") + packet;  // Channel 38, -52 dBm.
    const auto size = static_cast<std::uint8_t>(received.size());
    const Bytes legacy = octets("beef 06 0000 0000") + Bytes{size} + received;
    const Bytes first = octets("0b 06") + Bytes{size} + octets("01 2900 06") + received;
    const Bytes second = octets("0b") + Bytes{size} + octets("00 02 2900 06") + received;
    const Bytes third = octets("0b") + Bytes{size} + octets("00 03 2900 02") + received;
    for (const Bytes& frame : {legacy, first, second, third}) {
        const Decoded decoded(LinkType::nordic_ble, frame);
        ASSERT_EQ(decoded.sightings.size(), 1U);
        EXPECT_EQ(decoded.sightings[0].rssi_dbm, -52);
        EXPECT_EQ(decoded.sightings[0].channel, 38);
    }
    Bytes bad = second;
    bad[8] = 0;
    EXPECT_EQ(drop_of(LinkType::nordic_ble, bad), FrameDrop::ble_bad_crc);
    bad = second;
    bad[3] = 4;
    EXPECT_EQ(drop_of(LinkType::nordic_ble, bad), FrameDrop::bad_radiotap);
    bad = second;
    bad[6] = 0x0D;
    EXPECT_EQ(drop_of(LinkType::nordic_ble, bad), FrameDrop::ble_not_advertising);
    bad = second;
    bad.pop_back();
    EXPECT_EQ(drop_of(LinkType::nordic_ble, bad), FrameDrop::bad_radiotap);
}

TEST(FrameDecoder, ReportsOfAControllerAreHeard) {
    // Two legacy reports in one event: ADV_NONCONN_IND of a public address, SCAN_RSP of a random
    // one.
    const Bytes event = octets(
        "04 3e 1b 02 02"
        "03 00 060504030201 05 04ff0600aa c8"
        "04 01 665544332251 00 7f");
    const Decoded decoded(LinkType::hci_h4, event, {.rssi_required = false});
    ASSERT_EQ(decoded.sightings.size(), 2U);
    EXPECT_EQ(decoded.sightings[0].address, (Address{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(decoded.sightings[0].address_class, AddressClass::ble_public);
    EXPECT_EQ(decoded.sightings[0].ble_type, 2);
    EXPECT_EQ(decoded.sightings[0].ble_company, 6);
    EXPECT_EQ(decoded.sightings[0].rssi_dbm, -56);
    EXPECT_EQ(decoded.sightings[1].address_class, AddressClass::ble_resolvable);
    EXPECT_EQ(decoded.sightings[1].ble_type, 4);
    EXPECT_EQ(decoded.sightings[1].rssi_dbm, std::nullopt);
    EXPECT_EQ(Decoded(LinkType::hci_h4, event).sightings.size(), 1U);
}

TEST(FrameDecoder, ExtendedReportsOfAControllerAreHeard) {
    const Bytes event = octets(
        "3e 1e 0d 01"
        "1300 01 665544332271 01 00 ff 7f b0 0000 00 000000000000 04 03ff4c00");
    const Bytes monitored = octets("0000 0003") + event;
    for (const auto& [link, frame] :
         {std::pair{LinkType::hci_event, event}, std::pair{LinkType::linux_monitor, monitored}}) {
        const Decoded decoded(link, frame);
        ASSERT_EQ(decoded.sightings.size(), 1U);
        EXPECT_EQ(decoded.sightings[0].ble_type, 0);
        EXPECT_EQ(decoded.sightings[0].rssi_dbm, -80);
        EXPECT_EQ(decoded.sightings[0].ble_company, 0x004C);
    }
    Bytes anonymous = event;
    anonymous[6] = 0xFF;
    EXPECT_EQ(drop_of(LinkType::hci_event, anonymous), FrameDrop::ble_no_address);
    Bytes cut = event;
    cut.pop_back();
    EXPECT_EQ(drop_of(LinkType::hci_event, cut), FrameDrop::hci_malformed);
    EXPECT_EQ(
        drop_of(LinkType::hci_event, octets("0e 04 01 0c20 00")), FrameDrop::hci_not_advertising);
    EXPECT_EQ(drop_of(LinkType::hci_h4, octets("02 00")), FrameDrop::hci_not_advertising);
}

TEST(Checksums, AreThoseOfTheStandards) {
    const std::string_view digits = "123456789";
    const Bytes text(digits.begin(), digits.end());
    EXPECT_EQ(frame_check(text), 0xCBF43926U);
    EXPECT_EQ(ble_check(text), 0xC25A56U);  // CRC-24/BLE of reveng's catalogue.
}

}  // namespace
}  // namespace mobilytics::sensor
