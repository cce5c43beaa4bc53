#pragma once
// Fixes of a text: a file, a pipe, a serial line.

#include <deque>
#include <memory>

#include "pipeline/sensor/decode/fix_parser.h"
#include "pipeline/sensor/sources/octet_stream.h"
#include "pipeline/sensor/sources/source.h"

namespace mobilytics::sensor {

class FixStream final : public FixSource {
  public:
    explicit FixStream(std::unique_ptr<OctetStream> stream) : stream_(std::move(stream)) {}

    Step next(Fix& fix, std::chrono::milliseconds wait_max) override;
    void cancel() override { stream_->cancel(); }
    const Error& failure() const override { return failure_; }
    bool live() const override { return stream_->live(); }
    const FixCounts& counts() const override;

  private:
    /// Reads another chunk; none, or what to answer once the fixes are given.
    std::optional<Step> read_more(std::chrono::milliseconds wait_max);
    Step fail_with(const Error& error);
    bool choose_parser(bool last);

    std::unique_ptr<OctetStream> stream_;
    std::unique_ptr<FixParser> parser_;
    std::vector<Fix> fixes_;
    std::size_t given_ = 0;
    std::optional<Step> over_;
    Error failure_{ErrorKind::invalid, "", ""};
};

}  // namespace mobilytics::sensor
