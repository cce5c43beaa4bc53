#include "platform/http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace mobilytics::http {

namespace {

double seconds_between(Instant from, Instant to) {
    // A clock that was set back fills nothing, and takes nothing away.
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

}  // namespace

RateLimiter::RateLimiter(Rate rate, const Clock& clock, std::size_t keys_max)
    : rate_(rate), clock_(clock), keys_max_(keys_max) {
    VERIFY(rate.requests > 0 && rate.per.count() > 0 && keys_max > 0);
}

RateLimiter::Bucket& RateLimiter::bucket(std::string_view key, Instant now) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        buckets_.splice(buckets_.begin(), buckets_, found->second);
        return buckets_.front();
    }
    if (buckets_.size() == keys_max_) {
        by_key_.erase(buckets_.back().key);
        buckets_.pop_back();
    }
    buckets_.push_front({std::string(key), static_cast<double>(rate_.requests), now});
    by_key_.emplace(buckets_.front().key, buckets_.begin());
    return buckets_.front();
}

Allowance RateLimiter::take(std::string_view key) {
    const auto now = clock_.now();
    const auto size = static_cast<double>(rate_.requests);
    const double per_second = size / static_cast<double>(rate_.per.count());
    const std::scoped_lock lock(mutex_);
    auto& its = bucket(key, now);
    its.tokens = std::min(size, its.tokens + seconds_between(its.filled_at, now) * per_second);
    its.filled_at = now;
    if (its.tokens < 1) {
        const double wait = std::ceil((1 - its.tokens) / per_second);
        return {false, rate_, 0, std::chrono::seconds(static_cast<std::int64_t>(wait))};
    }
    its.tokens -= 1;
    return {true, rate_, static_cast<std::int64_t>(its.tokens), {}};
}

void tell_allowance(Reply& reply, const Allowance& allowance) {
    const auto quota = std::to_string(allowance.rate.requests);
    const auto window = std::to_string(allowance.rate.per.count());
    reply.headers.add("RateLimit-Policy", "\"route\";q=" + quota + ";w=" + window);
    auto now = "\"route\";r=" + std::to_string(allowance.remaining);
    if (!allowance.allowed) now += ";t=" + std::to_string(allowance.wait.count());
    reply.headers.add("RateLimit", now);
}

Reply too_many_requests(const Allowance& allowance) {
    auto reply =
        problem(429, {ErrorKind::unavailable, "too_many_requests", "you ask too often; wait"});
    reply.headers.add("Retry-After", std::to_string(allowance.wait.count()));
    tell_allowance(reply, allowance);
    return reply;
}

}  // namespace mobilytics::http
