#pragma once
// Frames of a Wi-Fi interface in monitor mode, through libpcap.

#include <memory>

#include <pcap/pcap.h>

#include "pipeline/sensor/sources/hopper.h"
#include "pipeline/sensor/sources/octet_stream.h"
#include "pipeline/sensor/sources/open.h"

namespace mobilytics::sensor {

class Radio final : public FrameSource {
  public:
    static Result<std::unique_ptr<FrameSource>> open(const RadioOptions& options);
    ~Radio() override;

    Step next(RawFrame& frame, std::chrono::milliseconds wait_max) override;
    void cancel() override { cancel_.raise(); }
    const Error& failure() const override { return failure_; }
    bool live() const override { return true; }
    std::uint64_t lost() const override;

  private:
    using Handle = std::unique_ptr<pcap_t, decltype(&pcap_close)>;

    Radio(Handle handle, std::optional<Hopper> hopper, std::chrono::milliseconds dwell);
    Step fail_with(Error error);
    /// Whether the radio is still of use.
    bool hop_when_due();

    Handle handle_;
    LinkType link_;
    std::optional<Hopper> hopper_;
    Cancel cancel_;
    int timer_ = -1;   // Readable when it is time to hop.
    int either_ = -1;  // An epoll: readable when the timer or the radio is.
    std::uint64_t number_ = 0;
    Error failure_{ErrorKind::unavailable, "", ""};
    std::optional<Step> over_;
};

}  // namespace mobilytics::sensor
