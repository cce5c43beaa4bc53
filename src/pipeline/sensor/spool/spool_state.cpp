#include "pipeline/sensor/spool/spool_state.h"

#include <charconv>

#include <boost/json.hpp>

#include "foundation/log.h"

namespace mobilytics::sensor {

namespace json = boost::json;

namespace {

constexpr std::size_t kChecksumDigits = 8;

std::string checksum(std::string_view text) {
    std::array<char, kChecksumDigits + 1> out{};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    std::snprintf(out.data(), out.size(), "%08x", wire::crc32c({bytes, text.size()}));
    return out.data();
}

json::value encode(const SpoolState& state) {
    json::array losses;
    for (const auto& loss : state.losses) {
        losses.push_back(
            {{"boot", hex_of(loss.boot)},
             {"first", loss.first_seq},
             {"last", loss.last_seq},
             {"reason", word(loss.reason)}});
    }
    json::array settled;
    for (const auto& [boot, through] : state.settled) {
        settled.push_back({{"boot", hex_of(boot)}, {"through", through}});
    }
    return {
        {"starts", state.starts},
        {"boot", hex_of(state.boot)},
        {"last_good_us", state.last_good.time_since_epoch().count()},
        {"removed_through", state.removed_through},
        {"losses", losses},
        {"settled", settled}};
}

std::string text(const json::value& value) { return json::value_to<std::string>(value); }
std::uint64_t number(const json::value& value) { return value.to_number<std::uint64_t>(); }

/// Throws for what encode() does not write.
SpoolState decode(const json::value& value) {
    SpoolState state;
    state.starts = number(value.at("starts"));
    state.boot = boot_of(text(value.at("boot"))).value();
    state.last_good =
        Instant(std::chrono::microseconds(value.at("last_good_us").to_number<std::int64_t>()));
    state.removed_through = number(value.at("removed_through"));
    for (const auto& loss : value.at("losses").as_array()) {
        state.losses.push_back(
            {boot_of(text(loss.at("boot"))).value(), number(loss.at("first")),
             number(loss.at("last")),
             from_word<wire::LossReason>(text(loss.at("reason"))).value()});
    }
    for (const auto& settled : value.at("settled").as_array()) {
        state.settled[boot_of(text(settled.at("boot"))).value()] = number(settled.at("through"));
    }
    return state;
}

}  // namespace

std::string hex_of(const wire::BootId& id) { return DeviceId::from_bytes(id).uuid(); }

std::optional<wire::BootId> boot_of(std::string_view hex) {
    const auto id = DeviceId::from_uuid(hex);
    return id ? std::optional(id->bytes()) : std::nullopt;
}

bool holds_reserve(FileIo& io) {
    const auto file = io.open(std::string(kReserveName));
    if (!file) return false;
    const auto size = (*file)->size();
    return size && *size >= kReserveBytes;
}

bool hold_reserve(FileIo& io) {
    const std::string name(kReserveName);
    const auto make = [&]() -> Result<> {
        TRY(const auto file, io.create(name));
        CHECK(file->resize(kReserveBytes));
        return file->sync();
    };
    if (make()) return true;
    (void)io.remove(name);
    return false;
}

Result<> write_state(FileIo& io, const SpoolState& state) {
    const auto content = json::serialize(encode(state));
    return replace_file(io, std::string(kStateName), checksum(content) + " " + content + "\n");
}

Result<SpoolState> read_state(FileIo& io) {
    const auto content = read_file(io, std::string(kStateName));
    if (!content && content.error().code == "no_file") return SpoolState();
    if (!content) return tl::unexpected(content.error());
    std::string_view rest = *content;
    if (rest.ends_with('\n')) rest.remove_suffix(1);
    const auto sum = rest.substr(0, kChecksumDigits);
    rest.remove_prefix(std::min(rest.size(), kChecksumDigits + 1));
    try {
        if (checksum(rest) == sum) return decode(json::parse(rest));
    } catch (const std::exception&) {
        // As any other text that we did not write.
    }
    log::error("spool_state_unreadable");
    return SpoolState();
}

}  // namespace mobilytics::sensor
