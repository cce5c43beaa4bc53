#pragma once
// Envelopes by MQTT: published with QoS 1, acks come on a topic of the device's own, the last one
// retained there. That the broker has a message proves nothing: only the platform's ack does.

#include <functional>
#include <mutex>
#include <vector>

#include "pipeline/sensor/uplink/courier.h"
#include "platform/mqtt/mqtt.h"

namespace mobilytics::sensor {

struct MqttCourierConfig {
    std::string host;
    std::uint16_t port = 8883;
    mqtt::Trust trust;
    DeviceId device;
    std::size_t in_flight_max = 32;  // Envelopes that the broker has not taken.
};

class MqttCourier final : public Courier {
  public:
    /// `woken` is called, on another thread, when an ack or a connection has come. Begins to
    /// connect.
    MqttCourier(const MqttCourierConfig& config, std::function<void()> woken);

    SendResult send(std::string envelope) override;
    bool ready() const override;
    std::vector<wire::Ack> take_acks() override;
    void start_over() override;
    mqtt::ClientFigures figures() const { return client_.figures(); }

  private:
    static mqtt::ClientConfig client_config(const MqttCourierConfig& config);
    mqtt::Handlers handlers(std::function<void()> woken);

    const std::string topic_;
    const std::size_t in_flight_max_;
    std::mutex mutex_;
    std::vector<wire::Ack> acks_;
    std::uint64_t not_acks_ = 0;
    mqtt::Client client_;  // Last: its thread uses what is above.
};

}  // namespace mobilytics::sensor
