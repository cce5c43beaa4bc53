#include "apps/server/foundations.h"

#include "domains/accounts/accounts_migrations.h"
#include "domains/annotations/annotations_migrations.h"
#include "domains/assets/assets_migrations.h"
#include "domains/calibration/calibration_migrations.h"
#include "domains/fleet/fleet_migrations.h"
#include "domains/gdpr/gdpr_migrations.h"
#include "domains/notices/notices_migrations.h"
#include "domains/optouts/optouts_migrations.h"
#include "domains/plays/plays_migrations.h"
#include "domains/regions/regions_migrations.h"
#include "domains/webhooks/webhooks_migrations.h"
#include "pipeline/ingest/ingest_migrations.h"
#include "platform/audit/audit_migrations.h"
#include "platform/events/events_migrations.h"
#include "platform/idempotency/idempotency_migrations.h"
#include "platform/jobs/jobs_migrations.h"
#include "platform/mail/mail_migrations.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg_migrations.h"

namespace mobilytics::server {

namespace {

constexpr std::size_t kReaders = 2;
constexpr std::size_t kStaff = 4;
constexpr std::chrono::minutes kReadingMax{2};
constexpr pg::Query kAnswers{"server.answers", "SELECT 1 AS one"};
constexpr pg::Query kVersion{
    "server.version", "SELECT current_setting('server_version') AS version"};
constexpr pg::Query kClock{"server.clock", "SELECT clock_timestamp() AS at"};

}  // namespace

std::vector<std::span<const pg::Migration>> known_migrations() {
    return std::vector<std::span<const pg::Migration>>(
        {pg::kMigrations, audit::kMigrations, events::kMigrations, idempotency::kMigrations,
         accounts::kMigrations, annotations::kMigrations, assets::kMigrations,
         calibration::kMigrations, fleet::kMigrations, gdpr::kMigrations, ingest::kMigrations,
         jobs::kMigrations, mail::kMigrations, notices::kMigrations, optouts::kMigrations,
         plays::kMigrations, regions::kMigrations, webhooks::kMigrations});
}

Foundations::Foundations(const Settings& settings) {
    pg::Address owner{settings.database.url.reveal()};
    if (owner.server.empty()) {
        owner.server = postgres_.emplace(settings.data / "postgres").url();
    }
    pg::migrate(owner, known_migrations());
    const pg::PoolLimits limits{
        .connections_max = static_cast<std::size_t>(settings.database.connections_max)};
    auto as = [&owner](const char* role) {
        auto out = owner;
        out.user = role;
        return out;
    };
    system_address_ = as("mobilytics_system");
    pool_.emplace(as("mobilytics_app"), limits);
    system_.emplace(system_address_, limits);
    staff_.emplace(as("mobilytics_staff"), pg::PoolLimits{.connections_max = kStaff});
    reading_.emplace(
        system_address_, pg::PoolLimits{.connections_max = kReaders, .statement_max = kReadingMax});
}

Instant Foundations::clock() {
    return *system_->begin().run(kClock).first([](pg::Row row) { return row.get<Instant>("at"); });
}

std::string Foundations::version() {
    return *system_->begin().run(kVersion).first(
        [](pg::Row row) { return row.get<std::string>("version"); });
}

bool Foundations::healthy() {
    try {
        system_->begin().run(kAnswers);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace mobilytics::server
