#pragma once
// The LE scan of a Bluetooth controller, through a raw HCI socket of BlueZ. Passive: it asks no
// device for anything. Source: Bluetooth Core 5.4, vol. 4 part E 7.8.10, .11, .64 and .65.

#include <memory>
#include <string>

#include "pipeline/sensor/sources/octet_stream.h"
#include "pipeline/sensor/sources/source.h"

namespace mobilytics::sensor {

class BluetoothScan final : public FrameSource {
  public:
    static Result<std::unique_ptr<FrameSource>> open(
        const std::string& interface, const Clock& clock);

    /// Takes over a socket whose messages are HCI packets behind their indicator. The clock must
    /// outlive this.
    BluetoothScan(int socket, const Clock& clock) : socket_(socket), clock_(clock) {}
    /// Stops the scan.
    ~BluetoothScan() override;

    /// Begins the scan: extended where the controller knows that, else legacy. unavailable
    /// `no_answer`, `scan_refused`.
    Result<> start();

    Step next(RawFrame& frame, std::chrono::milliseconds wait_max) override;
    void cancel() override { cancel_.raise(); }
    const Error& failure() const override { return failure_; }
    bool live() const override { return true; }

  private:
    /// The controller's status; none if it does not answer.
    std::optional<std::uint8_t> command(
        std::uint16_t opcode, std::span<const std::uint8_t> parameters);
    std::span<const std::uint8_t> receive();

    int socket_;
    const Clock& clock_;
    Cancel cancel_;
    std::array<std::uint8_t, 1024> message_{};
    std::uint64_t number_ = 0;
    bool extended_ = false;
    bool scanning_ = false;
    std::optional<Step> over_;
    Error failure_{ErrorKind::unavailable, "", ""};
};

}  // namespace mobilytics::sensor
