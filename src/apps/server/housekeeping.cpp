#include "apps/server/housekeeping.h"

#include "foundation/log.h"

namespace mobilytics::server {

namespace {

constexpr std::chrono::minutes kEvery{5};

}  // namespace

Housekeeping::Housekeeping(
    accounts::Accounts& accounts, accounts::Companies& companies, fleet::Fleet& fleet,
    store::Store& store, idempotency::Replies& replies)
    : accounts_(accounts),
      companies_(companies),
      fleet_(fleet),
      store_(store),
      replies_(replies),
      thread_([this] { run(); }) {}

Housekeeping::~Housekeeping() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Housekeeping::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        once();
        lock.lock();
        changed_.wait_for(lock, kEvery, [this] { return stopping_; });
    }
}

void Housekeeping::once_for(CompanyId company) {
    // Each for itself: one that fails keeps the others from nothing.
    const log::Scope scope({{"company", company.str()}});
    try {
        if (companies_.take_effect(company)) log::info("standard_mode_began");
    } catch (const std::exception& failure) {
        log::warning("standard_mode_not_begun", {{"why", failure.what()}});
    }
    try {
        if (const auto gone = fleet_.destroy_salts(company); gone > 0) {
            log::info("salts_destroyed", {{"count", gone}});
        }
    } catch (const std::exception& failure) {
        log::warning("salts_not_destroyed", {{"why", failure.what()}});
    }
    try {
        replies_.forget_old(company);
    } catch (const std::exception& failure) {
        log::warning("replies_not_forgotten", {{"why", failure.what()}});
    }
}

void Housekeeping::once() {
    try {
        for (const auto& company : accounts_.active_companies()) once_for(company);
    } catch (const std::exception& failure) {
        log::warning("companies_not_kept", {{"why", failure.what()}});
    }
    try {
        const auto done = store_.maintain();
        if (done.visits_forgotten > 0 || done.days_settled > 0) {
            log::info(
                "store_maintained",
                {{"visits_forgotten", done.visits_forgotten}, {"days_settled", done.days_settled}});
        }
    } catch (const std::exception& failure) {
        log::warning("store_not_maintained", {{"why", failure.what()}});
    }
}

}  // namespace mobilytics::server
