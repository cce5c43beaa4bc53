#pragma once
// Frames of a capture file or pipe.

#include <memory>

#include "pipeline/sensor/decode/capture.h"
#include "pipeline/sensor/sources/octet_stream.h"
#include "pipeline/sensor/sources/source.h"

namespace mobilytics::sensor {

class CaptureFile final : public FrameSource {
  public:
    explicit CaptureFile(std::unique_ptr<OctetStream> stream) : stream_(std::move(stream)) {}

    Step next(RawFrame& frame, std::chrono::milliseconds wait_max) override;
    void cancel() override { stream_->cancel(); }
    const Error& failure() const override { return failure_; }
    bool live() const override { return stream_->live(); }

  private:
    Step fail_with(const char* code, const std::string& problem);
    /// More octets, or what to answer instead.
    std::optional<Step> fill(std::chrono::milliseconds wait_max);

    std::unique_ptr<OctetStream> stream_;
    CaptureParser parser_;
    std::size_t used_ = 0;  // By the frame given last.
    std::optional<Step> over_;
    Error failure_{ErrorKind::invalid, "", ""};
    bool begun_ = false;
};

}  // namespace mobilytics::sensor
