#pragma once
// Tells other connections, by NOTIFY, that something was committed: `mobilytics_accepted` wakes the
// reader of the stream, `mobilytics_live` says where devices are. Apart from the commits, because
// Postgres lets transactions that notify commit one after the other; and seldom, however much
// comes.

#include <condition_variable>
#include <map>
#include <mutex>

#include "pipeline/ingest/settlement.h"
#include "platform/pg/pg.h"

namespace mobilytics::ingest {

inline constexpr const char* kAcceptedChannel = "mobilytics_accepted";  // Without a payload.
/// {"devices":[{"company":"0190…","device":"0190…","heard_at_us":…,"position_at_us":…,
/// "latitude_e7":…,"longitude_e7":…,"speed_cm_s":…,"heading_cdeg":…}]}; ids are uuids in 32
/// hexadecimal digits, what is not known is left out. {"more":true}: too many have changed; read
/// ingest.device_state.
inline constexpr const char* kLiveChannel = "mobilytics_live";
/// Of the live channel, in one turn: beyond is "more".
inline constexpr std::size_t kLivePayloadsMax = 50;

/// The messages that tell all of `devices`: each below Postgres's 8 000 bytes.
std::vector<std::string> live_payloads(const std::map<DeviceId, DeviceNews>& devices);

class Herald {
  public:
    Herald(pg::SystemPool& pool, std::chrono::milliseconds live_every)
        : pool_(pool), live_every_(live_every) {}

    /// From any thread; after the commit.
    void tell(const Settlement& settlement);
    /// Until stop().
    void run();
    void stop();

  private:
    /// What there is to tell now; waits for something. False after stop().
    bool collect(std::map<DeviceId, DeviceNews>& devices, bool& accepted);
    void send(const std::map<DeviceId, DeviceNews>& devices, bool accepted);

    pg::SystemPool& pool_;
    const std::chrono::milliseconds live_every_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<DeviceId, DeviceNews> devices_;
    bool accepted_ = false;
    bool stopped_ = false;
    Stopwatch since_live_;
};

}  // namespace mobilytics::ingest
