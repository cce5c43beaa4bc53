#include "apps/server/demo.h"

#include <map>
#include <thread>

#include "apps/server/demo_sensor.h"
#include "foundation/log.h"
#include "pipeline/sensor/enrol/enrolment.h"
#include "simulation/city.h"

namespace mobilytics::server {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSeed = 1;
constexpr int kCatchingUp = 2;  // Sensors at a time, as many as there are cores.
constexpr auto kTryAgainAfter = 2s;

/// Calls what may fail for a while (a server that is just starting) until it does not.
template <class Ask>
auto patiently(const std::atomic<bool>& stopped, const Ask& ask) {
    for (;;) {
        auto got = ask();
        if (got || stopped || got.error().kind != ErrorKind::unavailable) return got;
        log::warning("demo_waits", {{"why", got.error().message}});
        std::this_thread::sleep_for(kTryAgainAfter);
    }
}

}  // namespace

struct Demo::Parts {
    Parts(
        const DemoConfig& all, assets::Assets& its_assets, fleet::Fleet& its_fleet,
        const Clock& its_clock)
        : config(all), assets(its_assets), fleet(its_fleet), clock(its_clock) {}

    void begin();
    std::map<std::string, AssetId> registered();
    Result<sensor::Identity> identity_of(
        const simulation::Asset& asset, AssetId id, const std::filesystem::path& folder);

    const DemoConfig config;
    assets::Assets& assets;
    fleet::Fleet& fleet;
    const Clock& clock;
    const sensor::RealMachineTime machine{clock};
    const simulation::City city{{.seed = kSeed}};
    Turnstile turnstile{kCatchingUp};
    std::atomic<bool> stopped = false;
    std::vector<std::unique_ptr<DemoSensor>> sensors;
    std::thread thread;
};

Demo::Demo(
    const DemoConfig& config, assets::Assets& assets, fleet::Fleet& fleet, const Clock& clock)
    : parts_(std::make_unique<Parts>(config, assets, fleet, clock)) {
    parts_->thread = std::thread([this] {
        try {
            parts_->begin();
        } catch (const std::exception& failure) {
            log::error("demo_ended", {{"why", failure.what()}});
        }
    });
}

Demo::~Demo() {
    parts_->stopped = true;
    parts_->thread.join();
    // All are told before any is waited for.
    std::vector<std::thread> ending;
    for (auto& sensor : parts_->sensors) ending.emplace_back([&sensor] { sensor.reset(); });
    for (auto& thread : ending) thread.join();
}

std::map<std::string, AssetId> Demo::Parts::registered() {
    const Caller owner{config.company, Role::owner};
    std::map<std::string, AssetId> out;
    const auto page = assets.list_assets(owner, {.cursor = "", .limit = PageRequest::kLimitMax});
    VERIFY(page);
    for (const auto& asset : page->items) out.emplace(asset.code, asset.id);
    for (const auto& asset : city.assets()) {
        if (out.contains(asset.code)) continue;
        assets::NewAsset wanted{
            asset.code,
            asset.name,
            asset.moving ? assets::AssetKind::vehicle : assets::AssetKind::billboard,
            {},
            {},
            {}};
        if (!asset.moving) {
            wanted.latitude = asset.position.latitude_deg;
            wanted.longitude = asset.position.longitude_deg;
        }
        const auto made = assets.register_asset(owner, std::move(wanted));
        VERIFY(made);
        out.emplace(asset.code, made->id);
    }
    return out;
}

Result<sensor::Identity> Demo::Parts::identity_of(
    const simulation::Asset& asset, AssetId id, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    TRY(auto known, sensor::load_identity(folder));
    if (known) return *std::move(known);
    const Caller owner{config.company, Role::owner};
    TRY(const auto claim, fleet.create_claim(owner, {asset.code + " sensor (synthetic)", id}));
    return patiently(
        stopped, [&] { return sensor::enrol({config.server_url, claim.code, folder}); });
}

void Demo::Parts::begin() {
    const auto ids = registered();
    const auto from = clock.now() - config.history;
    for (const auto& asset : city.assets()) {
        if (stopped) return;
        const auto folder = config.folder / asset.code;
        const auto identity = identity_of(asset, ids.at(asset.code), folder);
        if (!identity) {
            log::error(
                "demo_sensor_not_enrolled",
                {{"asset", asset.code}, {"why", identity.error().message}});
            continue;
        }
        sensors.push_back(std::make_unique<DemoSensor>(
            DemoSensor::Needs{city, clock, machine, turnstile}, asset.number, folder, *identity,
            from));
    }
    log::info("demo_city_alive", {{"sensors", sensors.size()}});
}

}  // namespace mobilytics::server
