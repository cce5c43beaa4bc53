#pragma once
// What an answer means, and when it is tried again. Pure.

#include <chrono>
#include <optional>
#include <string>

#include "domains/webhooks/webhooks.h"

namespace mobilytics::webhooks {

inline constexpr int kTriesMax = 10;

AttemptOutcome outcome_of(const Result<fetch::Reply>& answer);

/// How long after the try of this number, from 1; none: it was the last. `chance` is in [0, 1): a
/// tenth is added or taken off by it.
std::optional<std::chrono::milliseconds> wait_after(int number, double chance);

/// How long an endpoint is left alone that failed so often, one after the other; none: it is not.
/// From the fifth on a minute, doubled at each, an hour at most.
std::optional<std::chrono::milliseconds> hold_after(int failures);

/// What a 429 or 503 asks for with Retry-After, at most a day: seconds or an HTTP date. None: it
/// asks for nothing that can be read.
std::optional<std::chrono::milliseconds> retry_after(const fetch::Reply& reply, Instant now);

/// The beginning of an answer, or why there was none, as one line of ASCII.
std::string detail_of(const Result<fetch::Reply>& answer);

}  // namespace mobilytics::webhooks
