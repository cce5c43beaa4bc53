#include "platform/pg/connections.h"

#include "foundation/monotonic.h"
#include "platform/pg/connection.h"

namespace mobilytics::pg {

namespace {

constexpr Query kRole{"pg.role", R"sql(
    SELECT rolname::text AS name, rolsuper OR rolbypassrls AS bypasses FROM pg_roles
    WHERE rolname = current_user
)sql"};

Sees sees_of(const std::string& role) {
    if (role == "mobilytics_system") return Sees::every_company;
    return role == "mobilytics_staff" ? Sees::staff : Sees::one_company;
}

const char* role_for(Sees sees) {
    switch (sees) {
        case Sees::one_company:
            return "requests of people connect as mobilytics_app, which sees one company's rows";
        case Sees::every_company: return "work for all companies connects as mobilytics_system";
        case Sees::staff: return "what staff see of all companies is read as mobilytics_staff";
    }
    return "";
}

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
    const auto bypasses = [](Row row) { return row.get<bool>("bypasses"); };
    if (*rows.first(bypasses)) {
        throw Failure(
            "this role sees every company's rows, whatever the tables say; connect as "
            "mobilytics_app, mobilytics_system or mobilytics_staff");
    }
    const auto name = *rows.first([](Row row) { return row.get<std::string>("name"); });
    if (sees_of(name) != sees_) throw Failure(std::string(role_for(sees_)) + ", not as " + name);
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
