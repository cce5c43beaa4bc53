#include "pipeline/ingest/mqtt_door.h"

#include <csignal>

#include "pipeline/ingest/ingest_test.h"
#include "platform/services/private_mosquitto_test.h"

namespace mobilytics::ingest {
namespace {

/// A sensor's connection to the broker: publishes, and keeps the acks that come.
class DeviceLink {
  public:
    DeviceLink(services::TestBroker& broker, DeviceId device)
        : device_(device), client_(config(broker, device), handlers()) {}

    void send(const std::string& envelope) {
        client_.publish(wire::reports_topic(device_), envelope);
    }
    bool wait_until_connected() const { return client_.wait_until_connected(30s); }
    /// The newest ack, as soon as all up to `seq` is settled; sends again what is not, meanwhile.
    std::optional<wire::Ack> settled(std::uint64_t seq, const std::function<void()>& send_again) {
        const Deadline deadline(60s);
        std::unique_lock lock(mutex_);
        while (!came_.wait_for(lock, 500ms, [&] { return ack_ && ack_->cumulative_seq >= seq; })) {
            if (deadline.passed()) return std::nullopt;
            lock.unlock();
            send_again();
            lock.lock();
        }
        return ack_;
    }

  private:
    static mqtt::ClientConfig config(services::TestBroker& broker, DeviceId device) {
        const auto files = broker.client(device.uuid());
        mqtt::ClientConfig config;
        config.port = broker.port();
        config.trust = mqtt::Trust{files.authority, files.certificate, files.key};
        config.client_id = device.uuid();
        config.topics = {wire::ack_topic(device)};
        config.pause_first = 50ms;
        config.pause_max = 200ms;
        return config;
    }
    mqtt::Handlers handlers() {
        mqtt::Handlers out;
        out.received = [this](const mqtt::Message& message) {
            const std::lock_guard lock(mutex_);
            ack_ = wire::decode_ack(message.payload);
            came_.notify_all();
        };
        return out;
    }

    const DeviceId device_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::optional<wire::Ack> ack_;
    mqtt::Client client_;
};

class MqttDoorTest : public IngestTest {
  protected:
    std::unique_ptr<MqttDoor> open_door() {
        const auto files = broker.client(std::string(services::kGatewayName));
        MqttDoorConfig door;
        door.client.port = broker.port();
        door.client.trust = mqtt::Trust{files.authority, files.certificate, files.key};
        door.client.client_id = "gateway";
        door.client.pause_first = 50ms;
        door.client.pause_max = 200ms;
        auto out = std::make_unique<MqttDoor>(running(), door);
        EXPECT_TRUE(out->wait_until_connected(30s));
        return out;
    }

    services::TestBroker broker;
};

TEST_F(MqttDoorTest, AReportIsAckedThroughTheBroker) {
    const SensorBoot sensor{add_device()};
    const auto door = open_door();
    DeviceLink link(broker, sensor.device);
    ASSERT_TRUE(link.wait_until_connected());
    const auto send = [&] { link.send(sensor.envelope(1, 3)); };
    send();
    const auto ack = link.settled(3, send);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->boot, sensor.boot);
    EXPECT_EQ(ack->window_max, 256U);
    EXPECT_EQ(kept().size(), 3U);
    // Whoever connects later hears it at once, for it is retained.
    DeviceLink again(broker, sensor.device);
    EXPECT_TRUE(again.settled(3, [] {}));
}

TEST_F(MqttDoorTest, GarbageAndStrangersAreCountedAndOthersGoOn) {
    const SensorBoot sensor{add_device()}, stranger{DeviceId::fresh(kNow)};
    const auto door = open_door();
    DeviceLink link(broker, sensor.device), other(broker, stranger.device);
    ASSERT_TRUE(link.wait_until_connected());
    ASSERT_TRUE(other.wait_until_connected());
    other.send(stranger.frame(1));
    link.send("garbage of some length");
    link.send("");
    const auto send = [&] { link.send(sensor.frame(1)); };
    send();
    ASSERT_TRUE(link.settled(1, send));
    EXPECT_EQ(kept().size(), 1U);
    EXPECT_GE(counted("mobilytics_ingest_refused_total{reason=\"bad_magic\"}"), 1);
    const auto unknown = std::string("mobilytics_ingest_dropped_total{reason=\"unknown_device\"}");
    const Deadline deadline(30s);
    while (counted(unknown) < 1 && !deadline.passed()) std::this_thread::sleep_for(10ms);
    EXPECT_GE(counted(unknown), 1);
}

TEST_F(MqttDoorTest, ABrokerThatIsKilledCostsNothing) {
    const SensorBoot sensor{add_device()};
    const auto door = open_door();
    DeviceLink link(broker, sensor.device);
    ASSERT_TRUE(link.wait_until_connected());
    for (std::uint64_t round = 0; round < 3; ++round) {
        const auto first = round * 10 + 1, last = round * 10 + 10;
        const auto send = [&] { link.send(sensor.envelope(first, last)); };
        send();
        if (round > 0) broker.broker().server().signal(SIGKILL);
        ASSERT_TRUE(link.settled(last, send));
    }
    EXPECT_EQ(kept().size(), 30U);
    EXPECT_GE(door->figures().connections_total, 2U);
}

TEST_F(MqttDoorTest, WhatWaitsWhileTheGatewayIsAwayIsSentAgain) {
    const SensorBoot sensor{add_device()};
    auto door = open_door();
    DeviceLink link(broker, sensor.device);
    ASSERT_TRUE(link.wait_until_connected());
    door.reset();
    const auto send = [&] { link.send(sensor.envelope(1, 5)); };
    send();
    restart();
    door = open_door();
    EXPECT_TRUE(link.settled(5, send));
    EXPECT_EQ(kept().size(), 5U);
}

}  // namespace
}  // namespace mobilytics::ingest
