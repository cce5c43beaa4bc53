#include "pipeline/sensor/uplink/mqtt_courier.h"

#include "foundation/log.h"

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kAcksWaitingMax = 1'024;

}  // namespace

mqtt::ClientConfig MqttCourier::client_config(const MqttCourierConfig& config) {
    mqtt::ClientConfig out;
    out.host = config.host;
    out.port = config.port;
    out.trust = config.trust;
    out.client_id = config.device.uuid();
    out.topics = {wire::ack_topic(config.device)};
    out.in_flight_max = config.in_flight_max;
    out.payload_bytes_max = wire::kEnvelopeBytesMax;
    return out;
}

mqtt::Handlers MqttCourier::handlers(std::function<void()> woken) {
    mqtt::Handlers out;
    out.received = [this, woken](const mqtt::Message& message) {
        auto ack = wire::decode_ack(message.payload);
        {
            const std::lock_guard lock(mutex_);
            if (!ack) {
                if (++not_acks_ == 1) log::warning("ack_unreadable");
                return;
            }
            // Those of a boot tell more the later they come; the first ones can be spared.
            if (acks_.size() >= kAcksWaitingMax) acks_.erase(acks_.begin());
            acks_.push_back(*std::move(ack));
        }
        woken();
    };
    out.connected = [woken](bool) {
        log::info("broker_connected");
        woken();
    };
    out.disconnected = [](const std::string& why) {
        log::warning("broker_disconnected", {{"why", why}});
    };
    return out;
}

MqttCourier::MqttCourier(const MqttCourierConfig& config, std::function<void()> woken)
    : topic_(wire::reports_topic(config.device)),
      in_flight_max_(config.in_flight_max),
      client_(client_config(config), handlers(std::move(woken))) {}

SendResult MqttCourier::send(std::string envelope) {
    switch (client_.publish(topic_, std::move(envelope))) {
        case mqtt::PublishResult::taken: return {};
        case mqtt::PublishResult::not_connected: return {Sending::not_now, "not_connected", {}};
        case mqtt::PublishResult::full: return {Sending::not_now, "full", {}};
        case mqtt::PublishResult::too_large: break;
    }
    return {Sending::failed, "too_large", {}};
}

bool MqttCourier::ready() const {
    const auto figures = client_.figures();
    return figures.connected && figures.in_flight < in_flight_max_;
}

std::vector<wire::Ack> MqttCourier::take_acks() {
    const std::lock_guard lock(mutex_);
    return std::exchange(acks_, {});
}

void MqttCourier::start_over() { client_.reconnect("no ack came"); }

}  // namespace mobilytics::sensor
