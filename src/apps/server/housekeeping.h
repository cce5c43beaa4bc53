#pragma once
// What is done every so often: privacy modes that were asked for take effect, salts that have had
// their day are destroyed, rows about one device and answers to requests forgotten, old facts put
// in order.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "domains/accounts/accounts.h"
#include "domains/accounts/companies.h"
#include "domains/fleet/fleet.h"
#include "pipeline/store/store.h"
#include "platform/idempotency/idempotency.h"

namespace mobilytics::server {

class Housekeeping {
  public:
    /// What it is given must outlive this.
    Housekeeping(
        accounts::Accounts& accounts, accounts::Companies& companies, fleet::Fleet& fleet,
        store::Store& store, idempotency::Replies& replies);
    ~Housekeeping();
    Housekeeping(const Housekeeping&) = delete;
    Housekeeping& operator=(const Housekeeping&) = delete;

  private:
    void run();
    void once();
    void once_for(CompanyId company);

    accounts::Accounts& accounts_;
    accounts::Companies& companies_;
    fleet::Fleet& fleet_;
    store::Store& store_;
    idempotency::Replies& replies_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace mobilytics::server
