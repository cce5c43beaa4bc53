#pragma once
// What happens now: which asset was heard where, told to browsers as it is committed.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "foundation/monotonic.h"
#include "pipeline/ingest/ingest.h"
#include "pipeline/report/answers.h"
#include "pipeline/store/store.h"
#include "platform/http/router.h"
#include "platform/pg/listener.h"
#include "platform/pg/pg.h"

namespace mobilytics::report {

/// Where an asset is and when it was heard last, of what ingest knows of the sensors that are on
/// it.
LiveAsset live_asset(
    const store::Asset& asset, const ingest::DeviceWhereabouts* newest, Instant now);

/// Listens to what ingest says of devices, and publishes `asset`, `figures` and `heartbeat` events.
class Live {
  public:
    /// What it is given must outlive this. `address` is for a connection of its own.
    Live(
        store::Store& store, pg::SystemPool& pool, const pg::Address& address, http::EventHub& hub,
        const Clock& clock);
    ~Live();
    Live(const Live&) = delete;
    Live& operator=(const Live&) = delete;

    void start();
    void stop();

    /// A stream of this company's events. unavailable `too_many_streams`.
    Result<std::shared_ptr<http::Subscription>> subscribe(CompanyId company);
    /// New facts of these companies were committed.
    void note_news(const store::News& news);

  private:
    /// Of one company: which asset each sensor is on now. Looked up again every few seconds.
    struct Places {
        std::map<DeviceId, store::Asset> asset_of;
        Stopwatch since;
    };
    void run();
    void tell(const ingest::DeviceWhereabouts& device);
    void tell_figures();
    void beat();
    const Places& places(CompanyId company);

    store::Store& store_;
    pg::SystemPool& pool_;
    http::EventHub& hub_;
    const Clock& clock_;
    pg::Listener listener_;
    std::map<CompanyId, Places> places_;
    std::mutex mutex_;
    std::set<CompanyId> watched_;  // By somebody, once at least.
    std::set<CompanyId> news_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace mobilytics::report
