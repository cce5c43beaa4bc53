#pragma once
// HTTPS, for sensors that do not reach the broker: the same envelope, the same ack. The device is
// the client certificate's common name, its uuid in 32 hexadecimal digits.
//
//   POST /device/v1/reports      an envelope -> 200 and the Ack, after the commit
//   GET  /device/v1/ack?boot=..  32 hexadecimal digits -> 200 and the Ack as it stands
//
// 403 `unknown_device`; 413, 415, 422 `bad_envelope` when nothing in it can be named; 429 and 503
// with Retry-After: send it again later.

#include <chrono>

#include "pipeline/ingest/ingest.h"

namespace mobilytics::http {
class Router;
}

namespace mobilytics::ingest {

inline constexpr const char* kEnvelopeType = "application/vnd.mobilytics.envelope";
inline constexpr const char* kAckType = "application/vnd.mobilytics.ack";

struct HttpsDoorConfig {
    std::chrono::milliseconds commit_max{10'000};  // For an answer; then 503.
};

/// `ingest` must outlive the router.
void mount_https_door(http::Router& router, Ingest& ingest, const HttpsDoorConfig& config = {});

}  // namespace mobilytics::ingest
