#include "apps/server/news.h"

#include <date/tz.h>

#include "domains/accounts/accounts.h"
#include "domains/calibration/calibration.h"
#include "domains/fleet/fleet.h"
#include "domains/gdpr/gdpr.h"
#include "domains/notices/notices.h"
#include "domains/webhooks/webhooks.h"
#include "platform/events/events.h"
#include "platform/jobs/workers.h"

namespace mobilytics::server {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours kSilentFrom{1};
constexpr std::chrono::days kSilentUntil{7};  // Who has been for longer is no news any more.
constexpr std::chrono::days kEndsWithin{30};
constexpr const char* kSensors = "/assets";

struct WatchSensors {
    static constexpr std::string_view kName = "server.watch_sensors.v1";
    boost::json::value to_json() const { return boost::json::object(); }
    static WatchSensors from_json(const boost::json::value&) { return {}; }
};

/// "2026-08-21 11:30 Europe/Berlin"
std::string written(Instant at, const std::string& zone) {
    const auto local = date::make_zoned(zone, std::chrono::floor<std::chrono::minutes>(at));
    return date::format("%F %H:%M ", local) + zone;
}

std::string known_as(events::EventNumber number) { return "event " + std::to_string(number); }

void tell(const NewsGround& ground, const fleet::DeviceChanged& told, events::EventNumber number) {
    const auto name = ground.name_of(told.company, told.device);
    const auto at = written(told.changed_at, ground.time_zone(told.company));
    notices::News news;
    news.what = known_as(number);
    news.target = told.device.str();
    news.link = kSensors;
    if (told.accepted) {
        news.kind = "sensor_joined";
        news.title = name + " has joined";
        news.text = "The sensor " + name + " was connected at " + at + ".";
    } else {
        news.kind = "sensor_revoked";
        news.title = name + " was taken out";
        news.text = "The sensor " + name + " was revoked at " + at +
                    ". Nothing of it is taken any more; what it has measured stays.";
    }
    ground.notices.tell(told.company, news);
}

void tell(
    const NewsGround& ground, const webhooks::EndpointDisabled& told, events::EventNumber number) {
    notices::News news;
    news.kind = "webhook_disabled";
    news.what = known_as(number);
    news.target = told.endpoint.str();
    news.title = "Messages to " + told.url + " have stopped";
    news.text = "Messages are no longer sent to " + told.url + ". " +
                (told.state == webhooks::EndpointState::disabled_by_receiver
                     ? "It answered that it is gone."
                     : "Nothing got through for five days.") +
                " When it is mended, enable it again; what waits is sent then.";
    news.link = "/settings/webhooks";
    ground.notices.tell(told.company, news);
}

void tell(const NewsGround& ground, const gdpr::ExportReady& told, events::EventNumber number) {
    notices::News news;
    news.kind = "export_ready";
    news.what = known_as(number);
    news.target = told.id.str();
    news.title = "Your export is ready";
    news.text = "The file with what is kept of a person is there until " +
                written(told.expires_at, ground.time_zone(told.company)) + ".";
    news.link = "/settings/privacy";
    news.only = told.requested_by;
    ground.notices.tell(told.company, news);
}

void tell(
    const NewsGround& ground, const accounts::MemberJoined& told, events::EventNumber number) {
    notices::News news;
    news.kind = "member_joined";
    news.what = known_as(number);
    news.target = told.person.str();
    news.title = "Somebody has joined your company";
    news.text = "An invitation was accepted; they are " + std::string(word(told.role)) + " now.";
    news.link = "/settings/people";
    ground.notices.tell(told.company, news);
}

void tell(
    const NewsGround& ground, const calibration::DriftFound& told, events::EventNumber number) {
    const auto percent = std::to_string(std::lround((told.ratio - 1) * 100));
    notices::News news;
    news.kind = "calibration_drifts";
    news.what = known_as(number);
    news.target = told.model.str();
    news.title = "The calibration of " + told.site + " no longer fits";
    news.text = "People counted later are " + (told.ratio > 1 ? "+" + percent : percent) +
                " % off what version " + std::to_string(told.version) +
                " expects. Its numbers are still told as people, and say so; count again, and fit "
                "a new version.";
    news.link = "/calibration";
    ground.notices.tell(told.company, news);
}

void look_at(const NewsGround& ground, CompanyId company) {
    const auto now = ground.clock.now();
    const auto zone = ground.time_zone(company);
    for (const auto& sensor : ground.sensors(company)) {
        notices::News news;
        news.target = sensor.device.str();
        news.link = kSensors;
        if (sensor.heard_at && now - *sensor.heard_at >= kSilentFrom &&
            now - *sensor.heard_at < kSilentUntil) {
            news.kind = "sensor_silent";
            // Heard again and silent again is news again.
            news.what = "silent " + sensor.device.str() + " " + to_iso8601(*sensor.heard_at);
            news.title = sensor.name + " has fallen silent";
            news.text = "Nothing has come from the sensor " + sensor.name + " since " +
                        written(*sensor.heard_at, zone) +
                        ". What it measures meanwhile it keeps, while it has power.";
            ground.notices.tell(company, news);
        }
        if (sensor.certificate_ends_at > now && sensor.certificate_ends_at - now < kEndsWithin) {
            news.kind = "certificate_ends";
            news.what =
                "ends " + sensor.device.str() + " " + to_iso8601(sensor.certificate_ends_at);
            news.title = "The certificate of " + sensor.name + " ends soon";
            news.text = "At " + written(sensor.certificate_ends_at, zone) + " the certificate of " +
                        sensor.name +
                        " ends, and nothing of it is taken any more. Connect the sensor anew "
                        "before that.";
            ground.notices.tell(company, news);
        }
    }
}

template <class T>
void join(events::Relay& relay, const std::string& subscriber, const NewsGround& ground) {
    relay.subscribe_numbered<T>(subscriber, [ground](const T& told, events::EventNumber number) {
        tell(ground, told, number);
    });
}

}  // namespace

void join_news(events::Relay& relay, const NewsGround& ground) {
    join<fleet::DeviceChanged>(relay, "news_fleet", ground);
    // As it was called when it was a letter: its place among the events is kept by that.
    join<webhooks::EndpointDisabled>(relay, "letters_webhooks", ground);
    join<gdpr::ExportReady>(relay, "news_privacy", ground);
    join<accounts::MemberJoined>(relay, "news_accounts", ground);
    join<calibration::DriftFound>(relay, "news_calibration", ground);
}

void watch_sensors(jobs::Workers& workers, const NewsGround& ground) {
    workers.handle_as_system<WatchSensors>(
        [ground](jobs::JobRun& run, const WatchSensors&) -> jobs::SystemOutcome {
            for (const auto& company : ground.companies()) {
                if (run.should_stop()) return jobs::Snooze{1min};
                look_at(ground, company);
            }
            return jobs::SystemDone{};
        },
        {.run_max = 5min, .concurrency_max = 1});
    workers.schedule({"server_watch_sensors", "*/10 * * * *", "UTC"}, WatchSensors{});
}

}  // namespace mobilytics::server
