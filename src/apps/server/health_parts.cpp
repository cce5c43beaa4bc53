#include "apps/server/health_parts.h"

#include "apps/server/backup/backup.h"
#include "apps/server/doctor/checks.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"

namespace mobilytics::server {

namespace {

using Days = std::chrono::duration<double, std::chrono::days::period>;

Seen with(Seen seen, std::optional<double> value, const char* unit) {
    if (!value) return seen;
    seen.value = value;
    seen.unit = unit;
    return seen;
}

std::optional<double> days_since(std::optional<Instant> at, Instant now) {
    if (!at) return std::nullopt;
    return Days(now - *at).count();
}

std::optional<double> days_left(const std::filesystem::path& certificate, Instant now) {
    const auto pem = crypto::read_file(certificate);
    if (!pem) return std::nullopt;
    const auto info = crypto::read_certificate(*pem);
    if (!info) return std::nullopt;
    return Days(info->not_after - now).count();
}

Seen disk(const std::filesystem::path& data) {
    const auto space = space_of(data);
    const auto free = 100.0 * static_cast<double>(space.bytes_free) /
                      static_cast<double>(std::max<std::uint64_t>(space.bytes, 1));
    return with(seen(check_space(space)), free, "percent");
}

}  // namespace

void list_parts(
    HealthWatch& health, const Watched& watched, const Settings& settings, const Clock& clock) {
    for (const auto& [name, service] : watched.services) {
        health.part(name, [healthy = service.healthy] {
            if (healthy()) return Seen{HealthState::ok, "answers"};
            return Seen{
                HealthState::fail, "does not answer",
                "bring it back, see its log: all goes on by itself then"};
        });
    }
    const auto data = watched.data;
    health.part("disk", [data] { return disk(data); });
    for (const auto& [name, file] : watched.certificates) {
        const auto check = "certificate_" + name;
        const auto key = name == "http" ? std::filesystem::path(settings.http.key_file)
                                        : data / "pki" / (name + ".key");
        health.part(check, [check, file, key, &clock] {
            const auto now = clock.now();
            return with(
                seen(check_certificate(check, file, key, now)), days_left(file, now), "days");
        });
    }
    health.part("backup", [data, &clock] {
        const auto last = last_backup(data);
        const auto now = clock.now();
        return with(seen(check_backup(last, now)), days_since(last, now), "days");
    });
    health.part("restore", [data, &clock] {
        const auto last = last_verified(data);
        const auto now = clock.now();
        return with(seen(check_verified(last, now)), days_since(last, now), "days");
    });
    health.part("clock", [] { return seen(check_synchronized(clock_is_synchronized())); });
    health.part("clock_postgres", [theirs_of = watched.clock_of_postgres, &clock] {
        const auto before = clock.now();
        const auto theirs = theirs_of();
        const auto offset = theirs - before - (clock.now() - before) / 2;
        return with(
            seen(check_offset("postgres", offset)), std::chrono::duration<double>(offset).count(),
            "s");
    });
    health.version("mobilytics", MOBILYTICS_VERSION);
}

}  // namespace mobilytics::server
