#pragma once
// Where frames and fixes come from: files, pipes, radios, receivers. The agent reads each from one
// thread; cancel() alone may be called from others.

#include <chrono>
#include <optional>

#include "pipeline/sensor/decode/fix.h"
#include "pipeline/sensor/decode/sighting.h"

namespace mobilytics::sensor {

/// What asking for the next came to.
enum class Step {
    ready,   // There is one.
    idle,    // Nothing within the time that was allowed, or less. Ask again.
    end,     // Nothing more will come: the end of a file, or cancelled.
    failed,  // Nor here, and failure() says why. What was given before stands.
};

class Source {
  public:
    virtual ~Source() = default;

    /// From any thread: a next() that waits returns `end` now, and so does every later one.
    virtual void cancel() = 0;

    /// Of a step `failed`. Codes: unreadable, not_a_capture, bad_capture, cut_off (a file that ends
    /// within a record), not_gpx, no_columns, radio_gone, ...
    virtual const Error& failure() const = 0;

    /// Whether it hears now (a radio, a receiver), so that waiting for it is right, or plays what
    /// was recorded.
    virtual bool live() const = 0;
};

class FrameSource : public Source {
  public:
    /// The next frame, waiting at most `wait_max`; what it points at lives until the next call.
    virtual Step next(RawFrame& frame, std::chrono::milliseconds wait_max) = 0;

    /// Frames that the radio or the kernel lost for want of time, since the start.
    virtual std::uint64_t lost() const { return 0; }
};

class FixSource : public Source {
  public:
    /// The next fix, waiting at most `wait_max`.
    virtual Step next(Fix& fix, std::chrono::milliseconds wait_max) = 0;

    virtual const FixCounts& counts() const = 0;
};

}  // namespace mobilytics::sensor
