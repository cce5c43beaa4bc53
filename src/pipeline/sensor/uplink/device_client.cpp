#include "pipeline/sensor/uplink/device_client.h"

#include <charconv>

#include <boost/json.hpp>

#include "platform/crypto/digest.h"

namespace mobilytics::sensor {

namespace json = boost::json;

namespace {

constexpr std::string_view kEnvelopeType = "application/vnd.mobilytics.envelope";
constexpr std::size_t kSaltBytes = 32;
/// Of 10 000 who opted out, a third of it.
constexpr std::size_t kListBytesMax = 1 << 20;
/// An answer may not be large; a commit may take its time.
constexpr fetch::Limits kLimits{
    .connect_max = std::chrono::milliseconds(10'000),
    .total_max = std::chrono::milliseconds(30'000),
    .body_bytes_max = wire::kAckBytesMax};

fetch::Limits with_list(fetch::Limits limits) {
    limits.body_bytes_max = kListBytesMax;
    return limits;
}

std::span<const std::uint8_t> as_bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::chrono::milliseconds retry_after(const fetch::Reply& reply) {
    const auto header = reply.headers.find("retry-after");
    if (header == reply.headers.end()) return {};
    std::uint32_t seconds = 0;
    const auto& text = header->second;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds(seconds);
}

/// The code of an RFC 9457 problem, or the status in words.
std::string code_of(const fetch::Reply& reply) {
    boost::system::error_code error;
    const auto body = json::parse(reply.body, error);
    const auto* object = error ? nullptr : body.if_object();
    const auto* code = object != nullptr ? object->if_contains("code") : nullptr;
    if (code != nullptr && code->is_string()) return std::string(code->get_string());
    return "status_" + std::to_string(reply.status);
}

const json::string* text_in(const json::object* object, std::string_view name) {
    const auto* field = object != nullptr ? object->if_contains(name) : nullptr;
    return field != nullptr ? field->if_string() : nullptr;
}

}  // namespace

HttpsCourier::HttpsCourier(std::string url, fetch::Trust trust)
    : url_(std::move(url)), client_(std::move(trust), kLimits) {}

SendResult HttpsCourier::send(std::string envelope) {
    fetch::Request request{.method = "POST", .url = url_ + "/device/v1/reports"};
    request.headers.emplace_back("Content-Type", kEnvelopeType);
    request.body = std::move(envelope);
    const auto reply = client_.send(request);
    if (!reply) return {Sending::failed, reply.error().code, {}};
    if (reply->status != 200) return {Sending::failed, code_of(*reply), retry_after(*reply)};
    auto ack = wire::decode_ack(as_bytes(reply->body));
    if (!ack) return {Sending::failed, "bad_ack", {}};
    acks_.push_back(*std::move(ack));
    return {};
}

HttpsSalts::HttpsSalts(std::string url, fetch::Trust trust)
    : url_(std::move(url)), client_(std::move(trust), with_list(kLimits)) {}

Result<Salt> HttpsSalts::fetch(LocalDay day) {
    fetch::Request request{.url = url_ + "/device/v1/salt?day=" + day.str()};
    TRY(const auto reply, client_.send(request));
    if (reply.status == 200) return read_salt(reply.body, day);
    if (reply.status == 410) {
        return fail(ErrorKind::conflict, "salt_destroyed", "there is no salt for that day");
    }
    if (reply.status == 403 && code_of(reply) == "strict_mode") {
        return fail(ErrorKind::forbidden, "strict_mode", "this company lets no salt out");
    }
    return fail(ErrorKind::unavailable, code_of(reply), "no salt was given");
}

Result<InForce> HttpsSalts::in_force() {
    TRY(const auto reply, client_.send({.url = url_ + "/device/v1/privacy"}));
    if (reply.status == 200) return read_in_force(reply.body);
    return fail(ErrorKind::unavailable, code_of(reply), "what is in force was not told");
}

Result<std::optional<ToldOptOuts>> HttpsSalts::opt_outs(const std::string& version) {
    fetch::Request request{.url = url_ + "/device/v1/opt-outs"};
    if (!version.empty()) request.headers.emplace_back("If-None-Match", '"' + version + '"');
    TRY(const auto reply, client_.send(request));
    if (reply.status == 304) return std::nullopt;
    if (reply.status == 200) {
        TRY(auto told, read_opt_outs(reply.body));
        return std::optional(std::move(told));
    }
    return fail(ErrorKind::unavailable, code_of(reply), "no list of opt-outs was given");
}

Result<InForce> read_in_force(std::string_view text) {
    const auto bad = fail(ErrorKind::unavailable, "bad_privacy", "this is not what is in force");
    boost::system::error_code error;
    const auto parsed = json::parse(text, error);
    const auto* object = error ? nullptr : parsed.if_object();
    const auto* mode = text_in(object, "mode");
    const auto* list = object != nullptr ? object->if_contains("epochs") : nullptr;
    if (mode == nullptr || list == nullptr || !list->is_array()) return bad;
    InForce out;
    if (*mode == "standard") {
        out.mode = wire::SaltMode::standard;
    } else if (*mode != "strict") {
        return bad;
    }
    for (const auto& one : list->get_array()) {
        const auto* epoch = one.if_string();
        if (epoch == nullptr) return bad;
        const auto bytes = crypto::from_hex(std::string_view(*epoch));
        wire::SaltEpoch name{};
        if (!bytes || bytes->size() != name.size()) return bad;
        std::copy(bytes->begin(), bytes->end(), name.begin());
        out.epochs.push_back(name);
    }
    return out;
}

Result<Salt> read_salt(std::string_view text, LocalDay day) {
    const auto bad = fail(ErrorKind::unavailable, "bad_salt", "this is not a salt");
    boost::system::error_code error;
    const auto parsed = json::parse(text, error);
    const auto* object = error ? nullptr : parsed.if_object();
    const auto* epoch = text_in(object, "epoch");
    const auto* salt = text_in(object, "salt");
    const auto* mode = text_in(object, "mode");
    const auto* of_day = text_in(object, "day");
    if (epoch == nullptr || salt == nullptr || mode == nullptr || of_day == nullptr) return bad;
    if (*mode != "standard" || *of_day != day.str()) return bad;
    const auto epoch_bytes = crypto::from_hex(std::string_view(*epoch));
    const auto salt_bytes = crypto::from_hex(std::string_view(*salt));
    Salt out;
    if (!epoch_bytes || !salt_bytes || epoch_bytes->size() != out.epoch.size() ||
        salt_bytes->size() != kSaltBytes) {
        return bad;
    }
    std::copy(epoch_bytes->begin(), epoch_bytes->end(), out.epoch.begin());
    out.mode = wire::SaltMode::standard;
    out.key = Secret<std::string>(*salt_bytes);
    return out;
}

}  // namespace mobilytics::sensor
