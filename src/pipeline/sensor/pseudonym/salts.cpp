#include "pipeline/sensor/pseudonym/salts.h"

#include <algorithm>

#include "foundation/log.h"

namespace mobilytics::sensor {

Salts::Salts(wire::SaltMode mode, std::string zone, const SaltLimits& limits)
    : mode_(mode), zone_(std::move(zone)), limits_(limits) {}

Salts::Day& Salts::day_of(LocalDay day) {
    auto& found = days_[day];
    while (days_.size() > limits_.days_max) {
        days_.erase(days_.begin()->first == day ? std::next(days_.begin()) : days_.begin());
    }
    return found;
}

SaltPointer Salts::of(LocalDay day) {
    const std::lock_guard lock(mutex_);
    auto& salts = day_of(day);
    if (salts.company != nullptr) return salts.company;
    if (salts.own == nullptr) salts.own = make_strict_salt();
    return salts.own;
}

std::optional<LocalDay> Salts::next_wanted(std::uint64_t mono_us) const {
    for (const auto& [day, salts] : days_) {
        const bool wanted = salts.company == nullptr && !salts.refused;
        if (wanted && mono_us >= salts.retry_at_us) return day;
    }
    return std::nullopt;
}

void Salts::turn_strict() {
    if (mode_ == wire::SaltMode::strict) return;
    mode_ = wire::SaltMode::strict;
    for (auto& [day, salts] : days_) {
        salts.company.reset();
        salts.refused = false;
    }
    log::info("salt_mode_changed", {{"mode", "strict"}});
}

void Salts::take(const InForce& told) {
    if (told.mode == wire::SaltMode::strict) return turn_strict();
    if (mode_ != told.mode) log::info("salt_mode_changed", {{"mode", "standard"}});
    mode_ = told.mode;
    for (auto& [day, salts] : days_) {
        if (salts.company == nullptr) continue;
        if (std::ranges::find(told.epochs, salts.company->epoch) != told.epochs.end()) continue;
        salts.company.reset();
        salts.refused = true;
        log::info("salt_dropped", {{"day", day.str()}});
    }
}

void Salts::confirm(SaltPort& port, std::uint64_t mono_us) {
    {
        const std::lock_guard lock(mutex_);
        if (mono_us < confirm_at_us_) return;
    }
    const auto told = port.in_force();  // Without the lock, as below.
    const std::lock_guard lock(mutex_);
    const auto next = told ? limits_.confirm_every : limits_.retry_every;
    confirm_at_us_ = mono_us + static_cast<std::uint64_t>(std::chrono::microseconds(next).count());
    if (told) take(*told);
}

bool Salts::fetch_wanted(SaltPort& port, Instant wall, std::uint64_t mono_us) {
    confirm(port, mono_us);
    const auto tomorrow = local_day(wall, zone_).plus(std::chrono::days(1));
    bool came = false;
    for (;;) {
        std::optional<LocalDay> wanted;
        {
            const std::lock_guard lock(mutex_);
            if (mode_ != wire::SaltMode::standard) return came;
            const bool near = start_of(tomorrow, zone_) - wall < limits_.tomorrow_before;
            if (near && !days_.empty()) day_of(tomorrow);
            wanted = next_wanted(mono_us);
        }
        if (!wanted) return came;
        auto fetched = port.fetch(*wanted);  // Without the lock: recording goes on meanwhile.
        const std::lock_guard lock(mutex_);
        auto& salts = day_of(*wanted);
        const auto retry =
            std::chrono::duration_cast<std::chrono::microseconds>(limits_.retry_every);
        salts.retry_at_us = mono_us + static_cast<std::uint64_t>(retry.count());
        if (fetched) {
            salts.company = std::make_shared<const Salt>(*std::move(fetched));
            came = true;
            log::info("salt_received", {{"day", wanted->str()}});
        } else if (fetched.error().kind == ErrorKind::forbidden) {
            turn_strict();
        } else if (fetched.error().kind == ErrorKind::conflict) {
            salts.refused = true;
            log::info("salt_refused", {{"day", wanted->str()}, {"why", fetched.error().code}});
        } else {
            log::warning(
                "salt_not_received", {{"day", wanted->str()}, {"why", fetched.error().code}});
            return came;  // Nobody answers: the others would not come either.
        }
    }
}

bool Salts::settled() const {
    const std::lock_guard lock(mutex_);
    return mode_ != wire::SaltMode::standard ||
           std::all_of(days_.begin(), days_.end(), [](const auto& entry) {
               return entry.second.company != nullptr || entry.second.refused;
           });
}

}  // namespace mobilytics::sensor
