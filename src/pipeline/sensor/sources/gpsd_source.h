#pragma once
// Fixes of a gpsd daemon over TCP.

#include <memory>

#include "pipeline/sensor/decode/fix_parser.h"
#include "pipeline/sensor/sources/octet_stream.h"
#include "pipeline/sensor/sources/open.h"

namespace mobilytics::sensor {

class GpsdSource final : public FixSource {
  public:
    explicit GpsdSource(GpsdOptions options)
        : options_(std::move(options)), parser_(gpsd_parser()) {}
    ~GpsdSource() override;

    Step next(Fix& fix, std::chrono::milliseconds wait_max) override;
    void cancel() override { cancel_.raise(); }
    const Error& failure() const override { return failure_; }
    bool live() const override { return true; }
    const FixCounts& counts() const override { return parser_->counts(); }
    /// Why there is no connection now; empty while there is one.
    const std::string& trouble() const { return trouble_; }

  private:
    /// Each does one thing for at most `wait_max`.
    void connect(std::chrono::milliseconds wait_max);
    void receive(std::chrono::milliseconds wait_max);
    void disconnect(std::string trouble);
    bool dial();

    GpsdOptions options_;
    std::unique_ptr<FixParser> parser_;
    Cancel cancel_;
    int socket_ = -1;
    bool connected_ = false;
    std::chrono::milliseconds pause_{0};       // Before the next attempt; counts down.
    std::chrono::milliseconds next_pause_{0};  // After the next failure.
    std::vector<Fix> fixes_;
    std::size_t given_ = 0;
    std::string trouble_ = "not yet connected";
    Error failure_{ErrorKind::unavailable, "", ""};
};

}  // namespace mobilytics::sensor
