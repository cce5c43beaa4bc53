#pragma once
// A way to the platform for envelopes, and for acks back.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

enum class Sending {
    taken,    // On its way; whether it arrived only an ack says.
    not_now,  // Not connected, or too much under way. Nothing was sent.
    failed,   // It was tried, and did not come through.
};

struct SendResult {
    Sending sending = Sending::taken;
    std::string why = {};                      // A word, of what is not taken.
    std::chrono::milliseconds retry_after{0};  // The platform asked for it.
};

/// One thread at a time.
class Courier {
  public:
    virtual ~Courier() = default;
    /// May wait for an answer, if that is its nature; then for a bounded time.
    virtual SendResult send(std::string envelope) = 0;
    /// Whether it would take an envelope now.
    virtual bool ready() const = 0;
    /// Acks that came since the last call.
    virtual std::vector<wire::Ack> take_acks() = 0;
    /// What was sent is not answered: begin anew, if that can help.
    virtual void start_over() {}
};

}  // namespace mobilytics::sensor
