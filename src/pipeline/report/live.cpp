#include "pipeline/report/live.h"

#include <cmath>

#include <boost/json/serialize.hpp>

#include "foundation/json.h"
#include "foundation/log.h"
#include "pipeline/report/report_rules.h"

namespace mobilytics::report {

namespace {

using namespace std::chrono_literals;

constexpr auto kBeatEvery = 15s;
constexpr auto kPlacesEvery = 5s;
constexpr auto kWaitMax = 1s;
constexpr std::int64_t kSpeedMax = 15'000;  // cm/s; faster is no vehicle of ours.

std::string written(const LiveAsset& asset) {
    json::Writer out;
    out.field("asset_id", asset.asset_id);
    out.field("code", asset.code);
    out.field("name", asset.name);
    out.field("kind", asset.kind);
    out.optional("latitude", asset.latitude);
    out.optional("longitude", asset.longitude);
    out.optional("heading_deg", asset.heading_deg);
    out.optional("speed_m_s", asset.speed_m_s);
    out.optional("position_at", asset.position_at);
    out.optional("last_heard_at", asset.last_heard_at);
    out.field("state", asset.state);
    return boost::json::serialize(out.finish());
}

}  // namespace

LiveAsset live_asset(
    const store::Asset& asset, const ingest::DeviceWhereabouts* newest, Instant now) {
    LiveAsset out;
    out.asset_id = asset.dimension.asset;
    out.code = asset.code;
    out.name = asset.name;
    out.kind = asset.kind;
    if (newest != nullptr) out.last_heard_at = newest->heard_at;
    out.state = live_state(out.last_heard_at, now);
    if (const auto& stands = asset.dimension.position) {
        out.latitude = stands->latitude_e7 / 1e7;
        out.longitude = stands->longitude_e7 / 1e7;
    } else if (newest != nullptr && newest->position) {
        const auto& where = *newest->position;
        out.latitude = where.latitude_e7 / 1e7;
        out.longitude = where.longitude_e7 / 1e7;
        out.position_at = where.at;
        if (where.heading_cdeg) out.heading_deg = static_cast<double>(*where.heading_cdeg) / 100;
        if (where.speed_cm_s && *where.speed_cm_s <= kSpeedMax) {
            out.speed_m_s = static_cast<double>(*where.speed_cm_s) / 100;
        }
    }
    return out;
}

Live::Live(
    store::Store& store, pg::SystemPool& pool, const pg::Address& address, http::EventHub& hub,
    const Clock& clock)
    : store_(store),
      pool_(pool),
      hub_(hub),
      clock_(clock),
      listener_(address, {"mobilytics_live"}) {}

Live::~Live() { stop(); }

void Live::start() {
    VERIFY(!thread_.joinable());
    thread_ = std::thread([this] { run(); });
}

void Live::stop() {
    if (!thread_.joinable()) return;
    stopping_ = true;
    listener_.stop();
    thread_.join();
}

Result<std::shared_ptr<http::Subscription>> Live::subscribe(CompanyId company) {
    {
        const std::lock_guard lock(mutex_);
        watched_.insert(company);
    }
    return hub_.subscribe(company);
}

void Live::note_news(const store::News& news) {
    const std::lock_guard lock(mutex_);
    news_.insert(news.companies.begin(), news.companies.end());
}

void Live::run() {
    Stopwatch since_beat;
    while (!stopping_) {
        try {
            const auto heard = listener_.wait(kWaitMax);
            bool all = heard.may_have_missed;
            for (const auto& notification : heard.notifications) {
                const auto told = ingest::told_whereabouts(notification.payload);
                all = all || !told;
                if (told) {
                    for (const auto& device : *told) tell(device);
                }
            }
            if (all) {
                std::vector<ingest::DeviceWhereabouts> devices;
                {
                    auto tx = pool_.begin();
                    devices = ingest::device_whereabouts(tx);
                }
                for (const auto& device : devices) tell(device);
            }
            tell_figures();
            if (since_beat.elapsed() >= kBeatEvery) {
                beat();
                since_beat = Stopwatch();
            }
        } catch (const std::exception& failure) {
            log::warning("live_wait", {{"why", failure.what()}});
            listener_.wait(kWaitMax);
        }
    }
}

const Live::Places& Live::places(CompanyId company) {
    auto& known = places_[company];
    if (known.asset_of.empty() || known.since.elapsed() > kPlacesEvery) {
        const auto snapshot = store_.snapshot();
        std::map<AssetId, store::Asset> assets;
        for (auto& asset : snapshot->assets(company)) {
            assets.emplace(asset.dimension.asset, std::move(asset));
        }
        known.asset_of.clear();
        for (const auto& attachment : snapshot->attachments(company)) {
            const auto asset = assets.find(attachment.asset);
            if (attachment.to || asset == assets.end()) continue;
            known.asset_of.insert_or_assign(attachment.device, asset->second);
        }
        known.since = Stopwatch();
    }
    return known;
}

void Live::tell(const ingest::DeviceWhereabouts& device) {
    {
        const std::lock_guard lock(mutex_);
        if (!watched_.contains(device.company)) return;
    }
    const auto& asset_of = places(device.company).asset_of;
    const auto found = asset_of.find(device.device);
    if (found == asset_of.end()) return;
    const auto asset = live_asset(found->second, &device, clock_.now());
    hub_.publish(device.company, "asset", asset.asset_id.str(), written(asset));
}

void Live::tell_figures() {
    std::set<CompanyId> news;
    {
        const std::lock_guard lock(mutex_);
        news.swap(news_);
        std::erase_if(news, [this](CompanyId company) { return !watched_.contains(company); });
    }
    if (news.empty()) return;
    const auto snapshot = store_.snapshot();
    for (const auto company : news) {
        json::Writer out;
        out.optional("as_of", snapshot->as_of(company));
        hub_.publish(company, "figures", "figures", boost::json::serialize(out.finish()));
    }
}

void Live::beat() {
    std::set<CompanyId> watched;
    {
        const std::lock_guard lock(mutex_);
        watched = watched_;
    }
    json::Writer out;
    out.field("server_time", clock_.now());
    const auto data = boost::json::serialize(out.finish());
    for (const auto company : watched) hub_.publish(company, "heartbeat", "heartbeat", data);
}

}  // namespace mobilytics::report
