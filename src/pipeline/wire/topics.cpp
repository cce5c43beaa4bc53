#include <algorithm>

#include "pipeline/wire/wire.h"

namespace mobilytics::wire {

namespace {

constexpr std::string_view kPrefix = "mob/v1/";
constexpr std::string_view kReports = "/reports";
constexpr std::string_view kAck = "/ack";
constexpr std::size_t kUuidDigits = 32;

std::string topic(DeviceId device, std::string_view last) {
    return std::string(kPrefix) + device.uuid() + std::string(last);
}

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string reports_topic(DeviceId device) { return topic(device, kReports); }
std::string ack_topic(DeviceId device) { return topic(device, kAck); }

std::optional<DeviceId> device_of_topic(std::string_view topic) {
    if (!topic.starts_with(kPrefix)) return std::nullopt;
    topic.remove_prefix(kPrefix.size());
    const auto uuid = topic.substr(0, kUuidDigits);
    const auto last = topic.substr(uuid.size());
    if (uuid.size() != kUuidDigits || (last != kReports && last != kAck)) return std::nullopt;
    if (!std::all_of(uuid.begin(), uuid.end(), is_lower_hex)) return std::nullopt;
    const auto device = DeviceId::from_uuid(uuid);
    return device ? std::optional(*device) : std::nullopt;
}

}  // namespace mobilytics::wire
