#pragma once
// MQTT, for sensors: takes what they publish to mob/v1/<device>/reports, as one of a shared
// subscription, and publishes acks, retained, to mob/v1/<device>/ack. The device is the topic's:
// the broker lets each write to its own only.
//
// The broker's acknowledgement means nothing here. What is not taken is not acked, and comes again.

#include <deque>
#include <map>
#include <mutex>

#include "pipeline/ingest/ingest.h"
#include "platform/mqtt/mqtt.h"

namespace mobilytics::ingest {

inline constexpr const char* kReportsFilter = "$share/ingest/mob/v1/+/reports";

struct MqttDoorConfig {
    mqtt::ClientConfig client;  // Its topics are filled in here.
    /// For room, before a message is dropped: meanwhile nothing more is read from the broker. Well
    /// below keep_alive.
    std::chrono::milliseconds room_wait{5'000};
    std::size_t acks_waiting_max = 100'000;  // For the broker; beyond, the oldest is forgotten.
};

class MqttDoor {
  public:
    /// Begins to connect. `ingest` must outlive this, and has no other door of the kind.
    MqttDoor(Ingest& ingest, MqttDoorConfig config);
    ~MqttDoor();
    MqttDoor(const MqttDoor&) = delete;
    MqttDoor& operator=(const MqttDoor&) = delete;

    bool wait_until_connected(std::chrono::milliseconds wait_max) const;
    mqtt::ClientFigures figures() const;
    std::size_t acks_waiting() const;

  private:
    using AckOf = std::pair<DeviceId, wire::BootId>;

    void receive(const mqtt::Message& message);
    void send(DeviceId device, const wire::Ack& ack);
    /// Gives the broker what waits for it, as far as it takes it.
    void pump();

    Ingest& ingest_;
    const MqttDoorConfig config_;
    mutable std::mutex mutex_;
    std::map<AckOf, std::string> waiting_;  // The newest of each boot.
    std::deque<AckOf> order_;
    bool closing_ = false;
    std::unique_ptr<mqtt::Client> client_;
};

}  // namespace mobilytics::ingest
