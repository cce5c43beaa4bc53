#pragma once
// What of a probe request's elements tells its sender's model and variant: two lists of octets,
// which the pseudonymiser hashes. Elements stand in them in the order of the frame, but for SSID
// (0) and DS parameter set (3), which are in neither: one says what is sought, the other where.
//
//   coarse   an element:         its id
//            an extension:       255 ‖ its extension id
//            a vendor's:         221 ‖ the three octets of the OUI ‖ the octet of the type
//            What of these a short element lacks is written as 0.
//   fine     as coarse, then one octet n and n octets of value. The value is the element's body
//            (behind the extension id) where it tells capabilities: supported rates (1), HT
//            capabilities (45), extended supported rates (50), extended capabilities (127), VHT
//            capabilities (191), and the extensions HE (35), HE 6 GHz band (59) and EHT (108)
//            capabilities. Of all others n is 0: an operating class varies with the channel, a
//            vendor's body may name the device (the UUID of WPS).
//
// Source: what told 22 labelled phones apart with an error of 7-13 % was the coarse list; equality
// of whole bodies was too fine, one phone having had 55 of them.

#include <array>
#include <cstdint>
#include <span>

namespace mobilytics::sensor {

inline constexpr std::size_t kElementsMax = 128;  // In a frame; one with more is malformed.
inline constexpr std::size_t kFrameBytesMax = 4096;

class Fingerprint {
  public:
    /// Reads the elements. False if one reaches past the end, or there are more than kElementsMax:
    /// then the lists are of no use. The lists live until the next call.
    bool read(std::span<const std::uint8_t> elements);

    std::span<const std::uint8_t> coarse() const { return {coarse_.data(), coarse_size_}; }
    std::span<const std::uint8_t> fine() const { return {fine_.data(), fine_size_}; }

  private:
    static constexpr std::size_t kNameBytesMax = 5;

    std::array<std::uint8_t, kElementsMax * kNameBytesMax> coarse_{};
    std::array<std::uint8_t, kElementsMax*(kNameBytesMax + 1) + kFrameBytesMax> fine_{};
    std::size_t coarse_size_ = 0;
    std::size_t fine_size_ = 0;
};

}  // namespace mobilytics::sensor
