#include "platform/pg/connections.h"

#include "foundation/monotonic.h"
#include "platform/pg/connection.h"

namespace mobilytics::pg {

namespace {

constexpr Query kRole{"pg.role", R"sql(
    SELECT rolname::text AS name, rolsuper OR rolbypassrls AS bypasses,
           rolname = 'mobilytics_system' AS is_system
    FROM pg_roles WHERE rolname = current_user
)sql"};

}  // namespace

Connections::Connections(Address address, PoolLimits limits, Sees sees)
    : address_(std::move(address)), limits_(limits), sees_(sees) {
    figures_.connections_max = limits_.connections_max;
}

Connections::~Connections() { VERIFY(idle_.size() == figures_.open); }

std::unique_ptr<Connection> Connections::take() {
    const Stopwatch waited;
    std::unique_lock lock(mutex_);
    const auto has_one = [this] {
        return !idle_.empty() || figures_.open < limits_.connections_max;
    };
    ++figures_.waiting;
    const bool got_one = freed_.wait_for(lock, limits_.wait_max, has_one);
    --figures_.waiting;
    figures_.waited_total += waited.elapsed();
    if (!got_one) {
        ++figures_.refused_total;
        throw Unavailable("all Postgres connections are in use");
    }
    ++figures_.taken_total;
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->is_idle()) return connection;
        --figures_.open;  // The server has closed it meanwhile.
        ++figures_.lost_total;
    }
    ++figures_.open;
    lock.unlock();
    try {
        return connect();
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

std::unique_ptr<Connection> Connections::connect() {
    auto connection = std::make_unique<Connection>(address_, limits_.statement_max);
    check_role(*connection);
    const std::lock_guard lock(mutex_);
    ++figures_.connected_total;
    return connection;
}

void Connections::check_role(Connection& connection) const {
    const auto rows = connection.run(kRole);
    const auto flag = [&](const char* column) {
        return *rows.first([column](Row row) { return row.get<bool>(column); });
    };
    if (flag("bypasses")) {
        throw Failure(
            "this role sees every company's rows, whatever the tables say; connect as "
            "mobilytics_app or mobilytics_system");
    }
    if (flag("is_system") != (sees_ == Sees::every_company)) {
        throw Failure(
            flag("is_system")
                ? "mobilytics_system sees every company's rows; connect as mobilytics_app"
                : "work for all companies connects as mobilytics_system");
    }
}

void Connections::give_back(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        if (connection != nullptr) {
            idle_.push_back(std::move(connection));
        } else {
            --figures_.open;
            ++figures_.lost_total;
        }
    }
    freed_.notify_one();
}

PoolFigures Connections::figures() const {
    const std::lock_guard lock(mutex_);
    auto out = figures_;
    out.in_use = out.open - idle_.size();
    return out;
}

}  // namespace mobilytics::pg
