#pragma once
// What everything else stands on: PostgreSQL, migrated, and the pools of our roles.

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "apps/server/settings.h"
#include "platform/pg/migrate.h"
#include "platform/pg/pg.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::server {

/// Of every module that has tables, in the order in which they are applied.
std::vector<std::span<const pg::Migration>> known_migrations();

/// The database, private or given; migrated.
class Foundations {
  public:
    explicit Foundations(const Settings& settings);

    pg::Pool& pool() { return *pool_; }
    pg::SystemPool& system() { return *system_; }
    /// For who reads much at once, and may take its time.
    pg::SystemPool& reading() { return *reading_; }
    /// For what our staff see of all companies.
    pg::StaffPool& staff() { return *staff_; }
    /// For connections of one's own, as mobilytics_system.
    const pg::Address& system_address() const { return system_address_; }
    bool healthy();
    /// What its clock says. Throws as a pool does.
    Instant clock();
    /// "15.8". Throws as a pool does.
    std::string version();
    /// Of our own PostgreSQL; 0 where it is another's.
    std::uint64_t restarts() const { return postgres_ ? postgres_->server().restarts() : 0; }

  private:
    std::optional<services::PrivatePostgres> postgres_;
    pg::Address system_address_;
    std::optional<pg::Pool> pool_;
    std::optional<pg::SystemPool> system_, reading_;
    std::optional<pg::StaffPool> staff_;
};

}  // namespace mobilytics::server
