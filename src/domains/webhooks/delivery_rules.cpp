#include "domains/webhooks/delivery_rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include <date/date.h>

namespace mobilytics::webhooks {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kRetryAfterMax = 24h;
constexpr std::size_t kDetailBytesMax = 200;

// As the contract says.
constexpr std::array<std::chrono::milliseconds, kTriesMax - 1> kWaits{5s,  5min, 30min, 2h, 5h,
                                                                      10h, 14h,  20h,   24h};

}  // namespace

AttemptOutcome outcome_of(const Result<fetch::Reply>& answer) {
    if (!answer) {
        const auto& code = answer.error().code;
        if (code == "too_large") return AttemptOutcome::too_large;
        if (code == "not_trusted") return AttemptOutcome::not_trusted;
        if (code == "address_refused") return AttemptOutcome::address_refused;
        return AttemptOutcome::no_answer;
    }
    const auto status = answer->status;
    if (status >= 200 && status < 300) return AttemptOutcome::delivered;
    if (status >= 300 && status < 400) return AttemptOutcome::redirected;
    if (status == 410) return AttemptOutcome::gone;
    if (status == 429) return AttemptOutcome::too_many;
    return AttemptOutcome::refused;
}

std::optional<std::chrono::milliseconds> wait_after(int number, double chance) {
    if (number < 1 || number > static_cast<int>(kWaits.size())) return std::nullopt;
    const auto wait = static_cast<double>(kWaits.at(static_cast<std::size_t>(number - 1)).count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(wait * (0.9 + 0.2 * chance)));
}

std::optional<std::chrono::milliseconds> hold_after(int failures) {
    constexpr int kBorne = 4;
    constexpr int kDoublingsMax = 6;  // 64 minutes, which is more than the most.
    constexpr std::chrono::milliseconds kFirst = 1min, kMost = 1h;
    if (failures <= kBorne) return std::nullopt;
    return std::min(kMost, kFirst * (1 << std::min(failures - kBorne - 1, kDoublingsMax)));
}

std::optional<std::chrono::milliseconds> retry_after(const fetch::Reply& reply, Instant now) {
    constexpr int kTooMany = 429, kUnavailable = 503;
    if (reply.status != kTooMany && reply.status != kUnavailable) return std::nullopt;
    const auto field = reply.headers.find("retry-after");
    if (field == reply.headers.end()) return std::nullopt;
    const auto& text = field->second;
    std::int64_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    std::chrono::milliseconds wait{0};
    if (read.ec == std::errc() && read.ptr == text.data() + text.size()) {
        wait = std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 24 * 3600));
    } else {
        std::istringstream in(text);
        date::sys_seconds at;
        in >> date::parse("%a, %d %b %Y %H:%M:%S GMT", at);
        if (in.fail()) return std::nullopt;
        wait = std::chrono::ceil<std::chrono::milliseconds>(
            at.time_since_epoch() - now.time_since_epoch());
    }
    return std::clamp<std::chrono::milliseconds>(wait, 0ms, kRetryAfterMax);
}

std::string detail_of(const Result<fetch::Reply>& answer) {
    std::string out = answer ? answer->body.substr(0, kDetailBytesMax)
                             : answer.error().message.substr(0, kDetailBytesMax);
    for (auto& c : out) {
        if (c < 0x20 || c >= 0x7F) c = '?';
    }
    return out;
}

}  // namespace mobilytics::webhooks
