#include "pipeline/ingest/herald.h"

#include <boost/json/serialize.hpp>

#include "foundation/log.h"

namespace mobilytics::ingest {

namespace {

constexpr pg::Query kNotify{"ingest.notify", R"sql(
    SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS n (channel, payload)
)sql"};

constexpr std::chrono::milliseconds kAcceptedEvery{50};
constexpr std::size_t kPayloadBytesMax = 7900;

std::int64_t micros(Instant at) { return at.time_since_epoch().count(); }

std::string json_of(DeviceId device, const DeviceNews& news) {
    boost::json::object out{
        {"company", news.company.uuid()},
        {"device", device.uuid()},
        {"heard_at_us", micros(news.heard_at)}};
    if (const auto& where = news.whereabouts) {
        out["position_at_us"] = micros(where->at);
        out["latitude_e7"] = where->position.latitude_e7;
        out["longitude_e7"] = where->position.longitude_e7;
        if (where->position.speed_cm_s) out["speed_cm_s"] = *where->position.speed_cm_s;
        if (where->position.heading_cdeg) out["heading_cdeg"] = *where->position.heading_cdeg;
    }
    return boost::json::serialize(out);
}

/// Brings what is known of a device up to date: older whereabouts do not replace newer ones.
void merge(DeviceNews& known, const DeviceNews& news) {
    known.company = news.company;
    known.heard_at = std::max(known.heard_at, news.heard_at);
    const auto& where = news.whereabouts;
    if (where && (!known.whereabouts || known.whereabouts->at <= where->at)) {
        known.whereabouts = where;
    }
}

}  // namespace

std::vector<std::string> live_payloads(const std::map<DeviceId, DeviceNews>& devices) {
    std::vector<std::string> payloads;
    std::string items;
    const auto close = [&] {
        if (!items.empty()) payloads.push_back("{\"devices\":[" + items + "]}");
        items.clear();
    };
    for (const auto& [device, news] : devices) {
        const auto item = json_of(device, news);
        if (items.size() + item.size() + 16 > kPayloadBytesMax) close();
        if (payloads.size() == kLivePayloadsMax) {
            payloads.back() = R"({"more":true})";
            return payloads;
        }
        if (!items.empty()) items += ',';
        items += item;
    }
    close();
    return payloads;
}

void Herald::tell(const Settlement& settlement) {
    {
        const std::lock_guard lock(mutex_);
        accepted_ |= !settlement.accepted.empty() || !settlement.retimed.empty();
        for (const auto& [device, news] : settlement.devices) merge(devices_[device], news);
    }
    changed_.notify_one();
}

bool Herald::collect(std::map<DeviceId, DeviceNews>& devices, bool& accepted) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || accepted_ || !devices_.empty(); });
    // What comes within this moment goes with it.
    changed_.wait_for(lock, kAcceptedEvery, [this] { return stopped_; });
    if (stopped_) return false;
    accepted = std::exchange(accepted_, false);
    if (since_live_.elapsed() < live_every_) return true;
    since_live_ = Stopwatch();
    devices = std::exchange(devices_, {});
    return true;
}

void Herald::run() {
    for (;;) {
        std::map<DeviceId, DeviceNews> devices;
        bool accepted = false;
        if (!collect(devices, accepted)) return;
        try {
            send(devices, accepted);
        } catch (const std::exception& fault) {
            // Hints only: whoever listens looks now and then anyway.
            log::warning("ingest_notify_failed", {{"why", fault.what()}});
        }
    }
}

void Herald::send(const std::map<DeviceId, DeviceNews>& devices, bool accepted) {
    auto payloads = live_payloads(devices);
    std::vector<std::string> channels(payloads.size(), kLiveChannel);
    if (accepted) {
        channels.push_back(kAcceptedChannel);
        payloads.push_back("");
    }
    if (channels.empty()) return;
    auto tx = pool_.begin();
    tx.run(kNotify, channels, payloads);
    tx.commit();
}

void Herald::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
}

}  // namespace mobilytics::ingest
