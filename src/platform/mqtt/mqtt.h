#pragma once
// An MQTT 5 client, over libmosquitto, for the gateway and for the sensor. It has a thread of its
// own, which connects, connects again, and calls back; what is asked of it is put on a bounded list
// for that thread, so that nobody waits for the network.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/enum_words.h"

namespace mobilytics::mqtt {

/// Files in PEM.
struct Trust {
    std::filesystem::path authority;    // Who may have signed the broker's certificate.
    std::filesystem::path certificate;  // Ours.
    std::filesystem::path key;          // Belongs to it.
};

struct Will {
    std::string topic;
    std::string payload;
    bool retained = false;
};

struct ClientConfig {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8883;
    std::optional<Trust> trust = {};  // None: without TLS.
    std::string client_id = {};  // One connection of a broker has it; the next one takes it over.
    std::vector<std::string> topics =
        {};  // To subscribe to with QoS 1; "$share/group/..." to share.
    std::optional<Will> will = {};
    /// How long the broker keeps what comes for us while we are away; 0: not at all.
    std::chrono::seconds session_expiry{0};
    std::chrono::seconds keep_alive{30};
    std::size_t in_flight_max = 100;  // Published, and neither acknowledged nor lost yet.
    std::size_t payload_bytes_max = 4 << 20;
    std::chrono::milliseconds connect_max{10'000};  // Until the broker has said yes to all.
    /// Before the n-th try in a row it waits for some time between nothing and
    /// min(pause_max, pause_first * 2^n), drawn evenly: so that a thousand do not come at once.
    std::chrono::milliseconds pause_first{1'000};
    std::chrono::milliseconds pause_max{300'000};
    std::chrono::milliseconds useful_after{60'000};  // Connected so long, the tries count anew.
};

struct Message {
    std::string_view topic;
    std::span<const std::uint8_t> payload;
    bool retained = false;
};

/// What became of a message. Of `lost` nobody knows: the broker may have it.
BOOST_DEFINE_ENUM_CLASS(Outcome, acknowledged, refused, lost)

/// Called on the client's thread, one at a time; they may not throw, nor destroy the client.
struct Handlers {
    /// May take its time: nothing more is read from the broker until it returns, which is how a
    /// slow receiver slows its senders down. Not longer than keep_alive, or the broker hangs up.
    std::function<void(const Message&)> received = [](const Message&) {};
    /// Connected and subscribed; `session_kept` when the broker had kept our session.
    std::function<void(bool session_kept)> connected = [](bool) {};
    /// The connection is gone, or could not be made; why, for people. What was in flight is lost.
    std::function<void(const std::string& why)> disconnected = [](const std::string&) {};
};

using Completion = std::function<void(Outcome outcome, const std::string& why)>;

BOOST_DEFINE_ENUM_CLASS(PublishResult, taken, not_connected, full, too_large)

struct ClientFigures {
    bool connected = false;
    std::size_t in_flight = 0;
    std::uint64_t connections_total = 0;
    std::uint64_t tries_total = 0;
    std::uint64_t published_total = 0;
    std::uint64_t received_total = 0;
    std::string last_trouble;  // Empty while connected.
};

class Client {
  public:
    /// Begins to connect. Throws std::invalid_argument for a config that cannot be.
    Client(ClientConfig config, Handlers handlers);
    /// Says goodbye to the broker, in a second at most (which keeps the session, but sends no
    /// will); what is in flight is lost.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// With QoS 1, and without waiting, from any thread. When it is `taken`, `done` is called once,
    /// on the client's thread; else never.
    PublishResult publish(
        std::string topic, std::string payload, bool retained = false, Completion done = {});

    /// Whether it was connected within that time.
    bool wait_until_connected(std::chrono::milliseconds wait_max) const;
    ClientFigures figures() const;

    /// Lets go of the broker, and comes back after the usual pause: for a broker that acknowledges
    /// and does not deliver.
    void reconnect(std::string why);

  private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

}  // namespace mobilytics::mqtt
