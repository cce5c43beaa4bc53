#include "pipeline/ingest/mqtt_door.h"

#include <utility>

#include "foundation/log.h"

namespace mobilytics::ingest {

namespace {

mqtt::ClientConfig subscribed(mqtt::ClientConfig config) {
    config.topics = {kReportsFilter};
    return config;
}

}  // namespace

MqttDoor::MqttDoor(Ingest& ingest, MqttDoorConfig config)
    : ingest_(ingest), config_(std::move(config)) {
    mqtt::Handlers handlers;
    handlers.received = [this](const mqtt::Message& message) { receive(message); };
    handlers.connected = [this](bool) {
        log::info("ingest_mqtt_connected");
        pump();
    };
    {
        // Its thread may call back before we know it.
        const std::lock_guard lock(mutex_);
        client_ = std::make_unique<mqtt::Client>(subscribed(config_.client), std::move(handlers));
    }
    ingest_.answer_with([this](DeviceId device, const wire::Ack& ack) { send(device, ack); });
}

MqttDoor::~MqttDoor() {
    ingest_.answer_with({});
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    client_.reset();
}

bool MqttDoor::wait_until_connected(std::chrono::milliseconds wait_max) const {
    return client_->wait_until_connected(wait_max);
}

mqtt::ClientFigures MqttDoor::figures() const { return client_->figures(); }

std::size_t MqttDoor::acks_waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

void MqttDoor::receive(const mqtt::Message& message) {
    const auto device = wire::device_of_topic(message.topic);
    if (!device || wire::reports_topic(*device) != message.topic) {
        ingest_.count_drop(DropReason::bad_topic);
        return;
    }
    const auto* begin = reinterpret_cast<const char*>(message.payload.data());
    // What is turned away is counted there; the sensor has it still.
    ingest_.offer(*device, std::string(begin, message.payload.size()), config_.room_wait);
}

void MqttDoor::send(DeviceId device, const wire::Ack& ack) {
    {
        const std::lock_guard lock(mutex_);
        const AckOf key{device, ack.boot};
        const auto [found, is_new] = waiting_.insert_or_assign(key, wire::encode(ack));
        if (is_new) order_.push_back(key);
        if (order_.size() > config_.acks_waiting_max) {
            waiting_.erase(order_.front());
            order_.pop_front();
        }
    }
    pump();
}

void MqttDoor::pump() {
    const std::lock_guard lock(mutex_);
    while (!closing_ && !order_.empty()) {
        const auto key = order_.front();
        const auto found = waiting_.find(key);
        // Whatever became of it, there is room for the next one.
        const auto done = [this](mqtt::Outcome, const std::string&) { pump(); };
        const auto result = client_->publish(wire::ack_topic(key.first), found->second, true, done);
        if (result == mqtt::PublishResult::not_connected || result == mqtt::PublishResult::full) {
            return;
        }
        VERIFY(result == mqtt::PublishResult::taken);  // An ack is small.
        waiting_.erase(found);
        order_.pop_front();
    }
}

}  // namespace mobilytics::ingest
