#pragma once
// How often one may ask. A bucket of tokens for each key, an identity or an address, which fills
// evenly; what it remembers is bounded: the key that has been still the longest is forgotten.

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "foundation/clock.h"
#include "platform/http/message.h"

namespace mobilytics::http {

/// So many requests at once, and as many again every `per`.
struct Rate {
    std::int64_t requests;
    std::chrono::seconds per;
};

/// What became of one request.
struct Allowance {
    bool allowed;
    Rate rate;
    std::int64_t remaining;       // How many more may come at once.
    std::chrono::seconds wait{};  // Until one is allowed; nothing when this one was.
};

/// For any thread.
class RateLimiter {
  public:
    /// `clock` must outlive this.
    RateLimiter(Rate rate, const Clock& clock, std::size_t keys_max = 50'000);

    Allowance take(std::string_view key);

  private:
    struct Bucket {
        std::string key;
        double tokens;
        Instant filled_at;
    };
    Bucket& bucket(std::string_view key, Instant now);

    const Rate rate_;
    const Clock& clock_;
    const std::size_t keys_max_;
    std::mutex mutex_;
    std::list<Bucket> buckets_;  // The last used in front.
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key_;
};

/// RateLimit-Policy and RateLimit, as draft-ietf-httpapi-ratelimit-headers-10 has them.
void tell_allowance(Reply& reply, const Allowance& allowance);

/// 429 `too_many_requests`, with Retry-After.
Reply too_many_requests(const Allowance& allowance);

}  // namespace mobilytics::http
