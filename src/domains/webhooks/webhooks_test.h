#pragma once
// For tests of this folder: a company whose endpoints are the receivers of tests/webhooks, and the
// jobs that send to them.

#include <gtest/gtest.h>

#include "domains/webhooks/webhooks_api.h"
#include "domains/webhooks/webhooks_migrations.h"
#include "foundation/monotonic.h"
#include "platform/audit/audit_migrations.h"
#include "platform/events/events_migrations.h"
#include "platform/events/relay_test.h"
#include "platform/jobs/jobs_test.h"
#include "platform/services/script_test.h"

namespace mobilytics::webhooks {

using namespace std::chrono_literals;

struct Happened {
    static constexpr std::string_view kName = "test.happened.v1";
    CompanyId company;
    std::string what;
    boost::json::value to_json() const { return {{"company", company.str()}, {"what", what}}; }
    static Happened from_json(const boost::json::value& json) {
        return {
            *CompanyId::parse(json.at("company").as_string()),
            std::string(json.at("what").as_string())};
    }
};

class WebhooksTest : public pg::PostgresTest {
  protected:
    WebhooksTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, jobs::kMigrations,
               webhooks::kMigrations}) {
        use(config());
    }
    static WebhooksConfig config() {
        WebhooksConfig out;
        out.allow_http = true;
        out.egress.allowed = *fetch::networks_of("127.0.0.1");
        out.limits.total_max = 3s;
        return out;
    }
    void use(const WebhooksConfig& used) {
        router.emplace([this](const http::Shown&) -> Result<Caller> { return caller; });
        relay.emplace(system, as("mobilytics_system"), clock);
        webhooks = std::make_unique<Webhooks>(pool, staff, seal, clock, used);
        workers = std::make_unique<jobs::Workers>(
            jobs::Ground{pool, system, as("mobilytics_system"), clock, registry});
        webhooks->offer<Happened>(
            *relay, {"test.happened", "Something happened.", R"({"what":"a"})"},
            [](const Happened& told) -> std::optional<boost::json::object> {
                if (told.what == "secret") return std::nullopt;
                return boost::json::object{{"what", told.what}};
            });
        relay->subscribe<EndpointDisabled>(
            "test", [this](const EndpointDisabled& told) { disabled.push_back(told); });
        webhooks->serve(*workers);
        mount(*router, *webhooks);
    }

    http::Reply ask(http::verb method, std::string target, std::string body = "") {
        return router->handle(
            {method,
             std::move(target),
             "token",
             std::move(body),
             {{"Content-Type", "application/json"}}});
    }
    http::Reply get(std::string target) { return ask(http::verb::get, std::move(target)); }
    http::Reply post(std::string target, std::string body = "") {
        return ask(http::verb::post, std::move(target), std::move(body));
    }
    static std::string text(const http::Reply& reply, const char* field) {
        return std::string(reply.body.at(field).as_string());
    }
    /// An endpoint of the receivers: its path.
    std::string create(const std::string& path, const std::string& types = R"(["*"])") {
        const auto made = post(
            "/api/v1/webhooks",
            R"({"url": "http://127.0.0.1:)" + port + path + R"(", "event_types": )" + types + "}");
        EXPECT_EQ(made.status, 201);
        secret = text(made, "secret");
        return "/api/v1/webhooks/" + std::string(made.body.at("endpoint").at("id").as_string());
    }
    void happens(std::string what, std::optional<CompanyId> where = std::nullopt) {
        {
            auto tx = pool.begin(where.value_or(caller.company));
            events::publish(tx, Happened{tx.company(), std::move(what)});
            tx.commit();
        }
        events::deliver_all(*relay, system);
    }
    boost::json::value received() { return boost::json::parse(receivers.line()); }
    std::int64_t received_sequence() {
        return boost::json::parse(received().at("body").as_string()).at("sequence").as_int64();
    }
    boost::json::array attempts(const std::string& path) {
        return get(path + "/attempts").body.at("items").as_array();
    }
    void as_owner(const char* sql) {
        pg::Connection connection(owner, 0ms);
        connection.command("test.role", "SET row_security = off");
        connection.command("test.sql", sql);
    }
    static std::string verdict(
        services::ScriptProcess& witness, const std::string& with, const boost::json::value& got) {
        witness.tell(boost::json::serialize(boost::json::value{
            {"secret", with}, {"headers", got.at("headers")}, {"body", got.at("body")}}));
        return witness.line();
    }

    const services::TemporaryFolder folder;
    services::ScriptProcess receivers{{"/usr/bin/python3", "-B", "tests/webhooks/receivers.py"}};
    const std::string port = receivers.line();
    ManualClock clock{std::chrono::floor<std::chrono::seconds>(SystemClock().now())};
    Caller caller{.company = CompanyId::fresh(clock.now()), .role = Role::admin};
    const CompanyId other = CompanyId::fresh(clock.now());
    const crypto::SealedBox seal{folder.path() / "seal.key"};
    metrics::Registry registry;
    std::vector<EndpointDisabled> disabled;
    std::optional<http::Router> router;
    std::optional<events::Relay> relay;
    std::unique_ptr<Webhooks> webhooks;
    std::unique_ptr<jobs::Workers> workers;
    std::string secret;
};

}  // namespace mobilytics::webhooks
