#include "pipeline/sensor/decode/frame_decoder.h"

#include "pipeline/sensor/decode/advertisement.h"
#include "pipeline/sensor/decode/ble_link.h"
#include "pipeline/sensor/decode/checksums.h"
#include "pipeline/sensor/decode/hci.h"
#include "pipeline/sensor/decode/octets.h"
#include "pipeline/sensor/decode/radiotap.h"

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kManagementHeaderBytes = 24;
constexpr std::size_t kFcsBytes = 4;
constexpr Instant kTimeMax{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

bool fcs_good(Octets frame) {
    const std::size_t covered = frame.size() - kFcsBytes;
    return frame_check(frame.first(covered)) == OctetReader(frame.subspan(covered)).little32();
}

/// None, or why an 802.11 frame with a good FCS is not a device's probe request.
std::optional<FrameDrop> probe_request_fault(Octets frame) {
    if (frame.size() < 2) return FrameDrop::truncated;
    const std::uint8_t control = frame[0];
    if ((control & 0x0F) != 0) return FrameDrop::not_management;  // Version 0, type 0.
    if (control >> 4 != 4) return FrameDrop::not_probe_request;
    if (frame.size() < kManagementHeaderBytes) return FrameDrop::truncated;
    if ((frame[10] & 1) != 0) return FrameDrop::group_address;
    return std::nullopt;
}

/// A probe request's elements, behind its header and, where there is one, its HT control field.
Octets elements_of(Octets frame) {
    const bool ht_control = (frame[1] & 0x80) != 0;
    const std::size_t header = kManagementHeaderBytes + (ht_control ? 4 : 0);
    return frame.size() < header ? Octets{} : frame.subspan(header);
}

}  // namespace

bool FrameDecoder::plausible(const RawFrame& frame) {
    if (frame.at < Instant{} || frame.at >= kTimeMax) {
        drop(FrameDrop::bad_time);
    } else if (frame.bytes.size() > kFrameBytesMax) {
        drop(FrameDrop::too_long);
    } else if (frame.bytes.size() < frame.original_bytes) {
        drop(FrameDrop::truncated);
    } else {
        return true;
    }
    return false;
}

std::span<const Sighting> FrameDecoder::decode(const RawFrame& frame) {
    ++counts_.frames;
    size_ = 0;
    if (!plausible(frame)) return {};
    if (!decode_by_link(frame)) drop(FrameDrop::unknown_link);
    return {sightings_.data(), size_};
}

bool FrameDecoder::decode_by_link(const RawFrame& frame) {
    switch (frame.link) {
        case LinkType::ieee80211:
        case LinkType::radiotap: decode_wifi(frame); return true;
        case LinkType::ble:
        case LinkType::ble_with_radio:
        case LinkType::nordic_ble: decode_ble(frame); return true;
        case LinkType::hci_h4:
        case LinkType::hci_h4_directed:
        case LinkType::linux_monitor:
        case LinkType::hci_event: decode_hci(frame); return true;
    }
    return false;  // A file may name any number.
}

void FrameDecoder::keep(const Sighting& sighting) {
    // Strengths of 0 dBm and more are what drivers write that have none.
    const bool heard = sighting.rssi_dbm && *sighting.rssi_dbm < 0;
    if (!heard && options_.rssi_required) return drop(FrameDrop::no_rssi);
    Sighting& kept = sightings_[size_++];
    kept = sighting;
    if (!heard) kept.rssi_dbm.reset();
    ++counts_.sightings;
}

void FrameDecoder::decode_wifi(const RawFrame& frame) {
    Octets octets = frame.bytes;
    Sighting out;
    bool fcs = frame.fcs_bytes == kFcsBytes;
    if (frame.link == LinkType::radiotap) {
        const auto radio = read_radiotap(octets);
        if (!radio) return drop(FrameDrop::bad_radiotap);
        if (radio->bad()) return drop(FrameDrop::bad_fcs);
        if (radio->flags) fcs = radio->fcs_at_end();
        out.rssi_dbm = radio->signal_dbm;
        out.channel = channel_of(radio->frequency_mhz);
        octets = octets.subspan(radio->header_bytes);
    }
    if (fcs) {
        if (octets.size() < kFcsBytes) return drop(FrameDrop::truncated);
        // What is dropped anyway need not be summed: but a reason is only true of a good frame.
        if (!fcs_good(octets)) return drop(FrameDrop::bad_fcs);
        octets = octets.first(octets.size() - kFcsBytes);
    }
    if (const auto fault = probe_request_fault(octets)) return drop(*fault);
    if (!fingerprint_.read(elements_of(octets))) return drop(FrameDrop::malformed_element);

    out.at = frame.at;
    out.kind = wire::RadioKind::wifi;
    std::copy_n(octets.begin() + 10, out.address.size(), out.address.begin());
    const bool local = (out.address[0] & 2) != 0;
    out.address_class = local ? wire::AddressClass::local : wire::AddressClass::global;
    out.sequence = static_cast<std::uint16_t>((octets[22] | octets[23] << 8) >> 4);
    out.coarse = fingerprint_.coarse();
    out.fine = fingerprint_.fine();
    keep(out);
}

namespace {

Sighting sighting_of(const Advertisement& advertisement) {
    const Maker maker = read_maker(advertisement.data);
    Sighting out;
    out.kind = wire::RadioKind::ble;
    out.address = advertisement.address;
    out.address_class = ble_address_class(advertisement.address, advertisement.random_address);
    out.ble_type = static_cast<std::uint8_t>(advertisement.type);
    out.ble_subtype = maker.continuity;
    out.ble_company = maker.company;
    return out;
}

}  // namespace

void FrameDecoder::decode_ble(const RawFrame& frame) {
    const auto link = read_ble_link(frame.link, frame.bytes);
    if (const auto* reason = std::get_if<FrameDrop>(&link)) return drop(*reason);
    const auto& packet = std::get<BlePacket>(link);
    if (!pdu_bytes(packet.pdu)) {
        // A length that noise has made long is no sign that the capture was cut.
        return drop(packet.crc_good == false ? FrameDrop::ble_bad_crc : FrameDrop::truncated);
    }
    const bool crc_good = packet.crc_good ? *packet.crc_good : ble_crc_good(packet.pdu);
    if (!crc_good) return drop(FrameDrop::ble_bad_crc);
    const auto pdu = read_advertisement(packet.pdu);
    if (const auto* reason = std::get_if<FrameDrop>(&pdu)) return drop(*reason);
    Sighting out = sighting_of(std::get<Advertisement>(pdu));
    out.at = frame.at;
    out.rssi_dbm = packet.rssi_dbm;
    out.channel = packet.channel;
    keep(out);
}

void FrameDecoder::decode_hci(const RawFrame& frame) {
    const auto event = hci_event(frame.link, frame.bytes);
    if (!event) return drop(FrameDrop::hci_not_advertising);
    for (HciReports reports(*event); reports.more();) {
        const auto next = reports.next();
        if (const auto* reason = std::get_if<FrameDrop>(&next)) {
            drop(*reason);
            continue;
        }
        const auto& report = std::get<HciReport>(next);
        Sighting out = sighting_of(report.advertisement);
        out.at = frame.at;
        out.rssi_dbm = report.rssi_dbm;
        keep(out);
    }
}

}  // namespace mobilytics::sensor
