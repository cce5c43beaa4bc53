#pragma once
// What is done every so often: salts that have had their day are destroyed, rows about one device
// and answers to requests forgotten, old facts put in order.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "domains/fleet/fleet.h"
#include "pipeline/store/store.h"
#include "platform/idempotency/idempotency.h"

namespace mobilytics::server {

class Housekeeping {
  public:
    /// What it is given must outlive this.
    Housekeeping(
        fleet::Fleet& fleet, store::Store& store, idempotency::Replies& replies, CompanyId company);
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

  private:
    void run();
    void once();

    fleet::Fleet& fleet_;
    store::Store& store_;
    idempotency::Replies& replies_;
    const CompanyId company_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace mobilytics::server
