#pragma once
// The platform's device contract over HTTPS, as an enrolled sensor speaks it: reports, which need
// no broker, salts, and who opted out. By mutual TLS.

#include <memory>
#include <string>

#include "pipeline/sensor/pseudonym/company_opt_outs.h"
#include "pipeline/sensor/pseudonym/salts.h"
#include "pipeline/sensor/uplink/courier.h"
#include "platform/fetch/fetch.h"

namespace mobilytics::sensor {

/// POST /device/v1/reports. The reply is the ack.
class HttpsCourier final : public Courier {
  public:
    /// `url` is the platform's, "https://sensors.example:8443".
    HttpsCourier(std::string url, fetch::Trust trust);

    SendResult send(std::string envelope) override;
    bool ready() const override { return true; }
    std::vector<wire::Ack> take_acks() override { return std::exchange(acks_, {}); }
    /// A send that is under way ends soon. For any thread.
    void stop() { client_.stop(); }

  private:
    const std::string url_;
    fetch::Client client_;
    std::vector<wire::Ack> acks_;
};

/// GET /device/v1/salt?day=, /device/v1/privacy and /device/v1/opt-outs.
class HttpsSalts final : public SaltPort, public OptOutPort {
  public:
    HttpsSalts(std::string url, fetch::Trust trust);
    Result<Salt> fetch(LocalDay day) override;
    Result<InForce> in_force() override;
    Result<std::optional<ToldOptOuts>> opt_outs(const std::string& version) override;
    void stop() { client_.stop(); }

  private:
    const std::string url_;
    fetch::Client client_;
};

/// What is in force, of the platform's answer; unavailable `bad_privacy`, for any other text.
Result<InForce> read_in_force(std::string_view json);
/// The salt in the platform's answer for `day`; unavailable `bad_salt`, for any other text.
Result<Salt> read_salt(std::string_view json, LocalDay day);

}  // namespace mobilytics::sensor
