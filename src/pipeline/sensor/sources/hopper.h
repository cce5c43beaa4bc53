#pragma once
// Sends a Wi-Fi interface from channel to channel, so that one radio hears them all in turn. Speaks
// nl80211 over generic netlink itself. Source: linux/nl80211.h, NL80211_CMD_SET_WIPHY.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"

namespace mobilytics::sensor {

/// Octets of a netlink request that tunes interface `index`; `family` is nl80211's number. For
/// Hopper, and its test.
std::vector<std::uint8_t> tune_request(
    std::uint16_t family, std::uint32_t sequence, int index, std::uint32_t frequency_mhz);

/// The kernel's answer to a request: 0, or its errno; none for what is no answer.
std::optional<int> netlink_error(std::span<const std::uint8_t> answer);

/// Of 1..14 the 2.4 GHz, from 32 on the 5 GHz channel; 0 for none.
std::uint32_t frequency_of(std::uint8_t channel);

class Hopper {
  public:
    /// invalid `no_interface`, `no_channel`; unavailable `no_nl80211`, where there is no wireless
    /// stack.
    static Result<Hopper> open(const std::string& interface, std::vector<std::uint8_t> channels);
    ~Hopper();
    Hopper(Hopper&& other) noexcept;
    Hopper& operator=(Hopper&& other) = delete;

    /// To the next channel; at the end of the list from its beginning. A channel that the regulator
    /// or the radio refuses is passed over. forbidden `not_permitted`, invalid `no_channel` when
    /// all were refused, unavailable `radio_gone`.
    Result<std::uint8_t> hop();

  private:
    Hopper(int socket, std::uint16_t family, int index, std::vector<std::uint8_t> channels);
    /// An errno; 0 if it went well.
    int ask(std::span<const std::uint8_t> request);

    int socket_ = -1;
    std::uint16_t family_ = 0;
    int index_ = 0;
    std::uint32_t sequence_ = 0;
    std::vector<std::uint8_t> channels_;
    std::size_t next_ = 0;
};

}  // namespace mobilytics::sensor
