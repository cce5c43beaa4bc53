#include "pipeline/sensor/uplink/link.h"

#include "platform/crypto/digest.h"

namespace mobilytics::sensor {

namespace {

MqttCourierConfig mqtt_config(const LinkConfig& config) {
    const auto endpoint = parse_endpoint(config.identity.mqtt_url, "mqtts", 8883);
    VERIFY(endpoint);  // Checked when it was enrolled.
    MqttCourierConfig out;
    out.host = endpoint->host;
    out.port = endpoint->port;
    out.trust = {config.files.authority, config.files.certificate, config.files.key};
    out.device = config.identity.device;
    return out;
}

fetch::Trust https_trust(const LinkConfig& config) {
    return {
        config.files.authority.string(), config.files.certificate.string(),
        config.files.key.string()};
}

std::uint64_t seed() {
    std::uint64_t out = 0;
    for (const char byte : crypto::random_bytes(sizeof out)) {
        out = out << 8 | static_cast<std::uint8_t>(byte);
    }
    return out;
}

}  // namespace

Link::Link(
    const LinkConfig& config, Spool& spool, Salts& salts, CompanyOptOuts& opt_outs,
    const MachineTime& machine)
    : salts_(salts),
      opt_outs_(opt_outs),
      machine_(machine),
      mqtt_(mqtt_config(config), [this] { wake(); }),
      https_(config.identity.https_url, https_trust(config)),
      salt_port_(config.identity.https_url, https_trust(config)),
      uplink_(spool, mqtt_, config.https ? &https_ : nullptr, config.uplink, seed()) {}

std::chrono::milliseconds Link::turn() {
    const auto now = machine_.read();
    opt_outs_.refresh(salt_port_, now.mono_us);  // First: who begins with a salt follows it too.
    salts_.fetch_wanted(salt_port_, now.wall, now.mono_us);
    return uplink_.turn(machine_.read().mono_us);
}

void Link::run() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (stopped_) return;
        }
        wait(turn());
    }
}

void Link::wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return woken_ || stopped_; });
    woken_ = false;
}

void Link::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void Link::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    https_.stop();
    salt_port_.stop();
    changed_.notify_all();
}

}  // namespace mobilytics::sensor
