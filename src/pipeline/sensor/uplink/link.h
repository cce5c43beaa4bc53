#pragma once
// The connection of one enrolled sensor with the platform: MQTT, HTTPS behind it, the salts, and
// the list of who opted out.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "pipeline/sensor/agent/machine_time.h"
#include "pipeline/sensor/enrol/identity.h"
#include "pipeline/sensor/pseudonym/salts.h"
#include "pipeline/sensor/uplink/device_client.h"
#include "pipeline/sensor/uplink/mqtt_courier.h"
#include "pipeline/sensor/uplink/uplink.h"

namespace mobilytics::sensor {

struct LinkConfig {
    Identity identity;
    CredentialFiles files;
    UplinkLimits uplink;
    bool https = true;  // Behind MQTT. Off: a broker that is away is waited for.
};

/// turn() and run() by one thread at a time; the rest for any.
class Link {
  public:
    /// All must outlive this. Begins to connect.
    Link(
        const LinkConfig& config, Spool& spool, Salts& salts, CompanyOptOuts& opt_outs,
        const MachineTime& machine);

    /// Fetches salts and the list where they are wanted, takes acks, sends. How long there will be
    /// nothing to do.
    std::chrono::milliseconds turn();
    /// turn() again and again, until stop().
    void run();
    void stop();
    /// There is something to do.
    void wake();

    const Uplink& uplink() const { return uplink_; }
    mqtt::ClientFigures broker() const { return mqtt_.figures(); }

  private:
    void wait(std::chrono::milliseconds time);

    Salts& salts_;
    CompanyOptOuts& opt_outs_;
    const MachineTime& machine_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool stopped_ = false;
    MqttCourier mqtt_;
    HttpsCourier https_;
    HttpsSalts salt_port_;
    Uplink uplink_;
};

}  // namespace mobilytics::sensor
