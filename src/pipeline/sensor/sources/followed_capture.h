#pragma once
// Frames that another program writes into a FIFO as it hears them. When that program ends, the next
// one is waited for: whoever keeps it running may start it again.

#include <memory>
#include <mutex>
#include <string>

#include "pipeline/sensor/sources/octet_stream.h"
#include "pipeline/sensor/sources/source.h"

namespace mobilytics::sensor {

class FollowedCapture final : public FrameSource {
  public:
    explicit FollowedCapture(std::string path) : path_(std::move(path)) {}

    Step next(RawFrame& frame, std::chrono::milliseconds wait_max) override;
    void cancel() override;
    const Error& failure() const override { return failure_; }
    bool live() const override { return true; }

  private:
    /// Opens it anew. Else it was cancelled, or failure() says why.
    bool open();
    void leave();

    const std::string path_;
    Cancel cancel_;
    std::mutex mutex_;  // Of current_: cancel() comes from another thread.
    std::unique_ptr<FrameSource> current_;
    std::chrono::milliseconds pause_{0};  // Before it is opened again; counts down.
    Error failure_{ErrorKind::unavailable, "", ""};
};

}  // namespace mobilytics::sensor
