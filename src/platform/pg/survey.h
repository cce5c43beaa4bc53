#pragma once
// What a database is and holds, for copies of it and for who checks an installation: asked as its
// owner, in one view of it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/clock.h"
#include "platform/pg/connections.h"

namespace mobilytics::pg {

/// A table's rows, whatever their order: how many, and the sums of the halves of their MD5. Source
/// of the digest: the row as text, in UTC.
struct TableRows {
    std::string table;  // "assets.asset"
    std::int64_t rows = 0;
    std::string digest;
    friend bool operator==(const TableRows&, const TableRows&) = default;
};

struct AppliedMigration {
    std::string module;
    std::string file;
    friend bool operator==(const AppliedMigration&, const AppliedMigration&) = default;
};

struct RoleRights {
    std::string name;
    bool sees_past_walls = false;  // Superuser or BYPASSRLS.
    bool may_login = true;
    friend bool operator==(const RoleRights&, const RoleRights&) = default;
};

/// One transaction that sees the database as it was when this was made, and changes nothing. Throws
/// Unavailable and Failure as a pool does.
class Survey {
  public:
    explicit Survey(const Address& owner);
    ~Survey();
    Survey(const Survey&) = delete;
    Survey& operator=(const Survey&) = delete;

    /// 150007.
    int server_version();
    /// As pg_settings has it; none for what this server does not know.
    std::optional<std::string> setting(std::string_view name);
    /// The first transaction that has not begun, as an xid8: what is ordered by transactions must
    /// find itself behind it in a copy, too.
    std::uint64_t next_transaction();
    /// The server's clock, now.
    Instant clock();
    /// Ours, of this server: their names begin with mobilytics_.
    std::vector<RoleRights> roles();
    /// Who is asked here.
    RoleRights self();
    /// To whom the tables belong; none, when there are none.
    std::optional<std::string> owner();
    /// Empty, when nothing was ever migrated here; ordered by module and file.
    std::vector<AppliedMigration> migrations();
    /// Tables that are a company's, or that requests of people can touch, without a wall around
    /// their rows.
    std::vector<std::string> unwalled();
    /// By what pg_dump sees what this sees, as long as this lives.
    std::string snapshot();
    /// Of every table that is not the server's own, ordered by name. Failure, where rows would be
    /// hidden from this role.
    std::vector<TableRows> rows();

  private:
    std::unique_ptr<Connection> connection_;
};

/// What an address says, for programs of PostgreSQL's own: PGHOST and the like. A password does not
/// stand among their words then, where others on the machine would see it. Failure for what is no
/// address.
std::vector<std::pair<std::string, std::string>> environment_of(const Address& address);

/// Those of these roles that are not there, none of which sees past a wall; who asks may give them
/// what is theirs. Failure for what is no plain name.
void make_roles(const Address& owner, const std::vector<RoleRights>& roles);

/// pg_notify, by a connection of its own.
void notify(const Address& address, const std::string& channel, const std::string& payload);

}  // namespace mobilytics::pg
