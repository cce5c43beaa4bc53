#pragma once
// The bounded set of connections that Pool, SystemPool and StaffPool hand out.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "foundation/result.h"

namespace mobilytics::pg {

/// The SQL is wrong, or it was refused for a reason that its domain did not foresee.
class Failure : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The connection was lost while COMMIT was under way: what was done may stand, or may not. Only
/// who can do all of it again without harm may go on; others tell.
class CommitUnknown : public Unavailable {
    using Unavailable::Unavailable;
};

struct Address {
    std::string server;         // A libpq URL, or "key=value" text.
    std::string database = {};  // Over what that says, when not empty.
    std::string user = {};      // As database.
};

struct PoolLimits {
    std::size_t connections_max = 8;
    std::chrono::milliseconds wait_max{2000};       // For a connection to come free.
    std::chrono::milliseconds statement_max{5000};  // For one statement to answer; 0: no limit.
};

/// How a pool fares, for metrics. What ends in _total only grows.
struct PoolFigures {
    std::size_t connections_max = 0;
    std::size_t open = 0;
    std::size_t in_use = 0;
    std::size_t waiting = 0;            // Threads that wait for a connection now.
    std::uint64_t taken_total = 0;      // Transactions begun.
    std::uint64_t refused_total = 0;    // Because none came free in time.
    std::uint64_t connected_total = 0;  // Connections made.
    std::uint64_t lost_total = 0;       // Connections that broke, or were not to be had.
    std::chrono::nanoseconds waited_total{0};
};

class Connection;

/// staff: of every company, what tables show to our staff.
enum class Sees { one_company, every_company, staff };

class Connections {
  public:
    Connections(Address address, PoolLimits limits, Sees sees);
    ~Connections();

    /// Throws Unavailable, when the server does not answer or none comes free in time; Failure,
    /// when the role is not one that `sees` just that.
    std::unique_ptr<Connection> take();
    void give_back(std::unique_ptr<Connection> connection);  // Null for one that is lost.
    PoolFigures figures() const;

  private:
    std::unique_ptr<Connection> connect();
    void check_role(Connection& connection) const;

    const Address address_;
    const PoolLimits limits_;
    const Sees sees_;
    mutable std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> idle_;
    PoolFigures figures_;  // open counts the idle ones and those in use.
};

}  // namespace mobilytics::pg
