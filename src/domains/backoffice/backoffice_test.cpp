#include "domains/backoffice/backoffice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domains/backoffice/backoffice_api.h"
#include "platform/audit/audit_migrations.h"
#include "platform/jobs/jobs_test.h"
#include "platform/mail/mail_migrations.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::backoffice {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

mail::Templates some_templates() {
    mail::Templates out;
    out.add(
        {"test.reset",
         "A new password",
         "Here: {{link}}\n",
         "<a href=\"{{link}}\">Here</a>",
         {{"link", "https://example.com/reset"}}});
    return out;
}

class BackofficeTest : public pg::PostgresTest {
  protected:
    BackofficeTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, jobs::kMigrations, mail::kMigrations}) {
        mount(router, backoffice);
        workers.handle<jobs::Say>([](jobs::JobRun&, const jobs::Say& say) -> jobs::Outcome {
            if (say.text == "fine") return jobs::Done{};
            return jobs::Failed{.code = "no_luck", .message = "again", .permanent = true};
        });
        workers.schedule({"nightly", "0 3 * * *", "UTC"}, jobs::Say{"fine"});
    }
    http::Reply get(std::string target) {
        return router.handle({http::verb::get, std::move(target), "token", ""});
    }
    http::Reply post(std::string target, std::string body = "") {
        return router.handle(
            {http::verb::post,
             std::move(target),
             "token",
             std::move(body),
             {{"Content-Type", "application/json"}}});
    }
    std::string put(CompanyId company, std::string text) {
        auto tx = pool.begin(company);
        const auto done = jobs::enqueue(tx, clock.now(), jobs::Say{std::move(text)});
        tx.commit();
        return done.id.str();
    }
    std::int64_t noted(CompanyId company, std::string action) {
        constexpr pg::Query kNoted{"test.noted", R"sql(
            SELECT count(*) AS count FROM
            audit.entry WHERE company_id = $1 AND action = $2
        )sql"};
        pg::Connection connection(owner, 0ms);
        return *connection.run(kNoted, {pg::encode(company), pg::encode(action)})
                    .first([](pg::Row row) { return row.get<std::int64_t>("count"); });
    }
    static std::size_t count(const http::Reply& reply) {
        return reply.body.at("items").as_array().size();
    }

    const services::TemporaryFolder folder;
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId first = CompanyId::fresh(clock.now()), second = CompanyId::fresh(clock.now());
    Caller caller{.company = CompanyId::fresh(clock.now()), .role = Role::engineer};
    const crypto::SealedBox seal{folder.path() / "seal.key"};
    metrics::Registry registry;
    jobs::Workers workers{{pool, system, as("mobilytics_system"), clock, registry}};
    mail::Outbox outbox{seal, clock, some_templates()};
    Backoffice backoffice{pool, staff, outbox, clock};
    http::Router router{[this](const http::Shown&) -> Result<Caller> { return caller; }};
};

TEST_F(BackofficeTest, StaffSeeTheJobsOfAllAndWhyTheyFailed) {
    const auto failed = put(first, "bad");
    clock.advance(1s);
    put(second, "fine");
    workers.run_due();
    EXPECT_EQ(count(get("/api/v1/backoffice/jobs")), 2U);
    EXPECT_EQ(count(get("/api/v1/backoffice/jobs?state=discarded&error_code=no_luck")), 1U);
    EXPECT_EQ(count(get("/api/v1/backoffice/jobs?company_id=" + second.str())), 1U);
    const auto job = get("/api/v1/backoffice/jobs/" + failed);
    EXPECT_EQ(job.status, 200);
    EXPECT_EQ(job.body.at("company_id").as_string(), first.str());
    EXPECT_EQ(job.body.at("errors").at(0).at("message"), "again");
    const auto kinds = get("/api/v1/backoffice/job-kinds");
    EXPECT_EQ(kinds.body.at("items").at(0).at("discarded"), 1);
    EXPECT_EQ(kinds.body.at("items").at(0).at("completed"), 1);
    EXPECT_EQ(get("/api/v1/backoffice/jobs/" + JobId().str()).status, 404);
}

TEST_F(BackofficeTest, HowTheSystemIsIsForThoseWhoMendIt) {
    EXPECT_EQ(get("/api/v1/backoffice/health").status, 503);
    backoffice.tell_health([this] {
        Health out;
        out.state = HealthState::warn;
        out.looked_at = out.up_since = clock.now();
        out.checks.push_back(
            {.name = "certificate_http",
             .state = HealthState::warn,
             .told = "is good for 3 days",
             .since = clock.now(),
             .remedy = "renew it",
             .value = 3.5,
             .unit = "days"});
        out.checks.push_back({.name = "disk", .told = "free", .since = clock.now()});
        out.versions.push_back({"mobilytics", "1.2.3"});
        return out;
    });
    const auto reply = get("/api/v1/backoffice/health");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body.at("state"), "warn");
    EXPECT_EQ(reply.body.at("checks").at(0).at("value"), 3.5);
    EXPECT_EQ(reply.body.at("checks").at(0).at("remedy"), "renew it");
    EXPECT_EQ(reply.body.at("checks").at(1).at("state"), "ok");
    EXPECT_FALSE(reply.body.at("checks").at(1).as_object().contains("value"));
    EXPECT_EQ(reply.body.at("versions").at(0).at("name"), "mobilytics");
    for (const auto role : {Role::owner, Role::admin, Role::finance, Role::fulfillment}) {
        caller.role = role;
        EXPECT_EQ(get("/api/v1/backoffice/health").status, 403);
    }
    caller.role = Role::support;
    EXPECT_EQ(get("/api/v1/backoffice/health").status, 200);
}

TEST_F(BackofficeTest, DeadLettersAreRedrivenAndItIsWrittenDown) {
    for (int i = 0; i < 3; ++i) put(first, "bad");
    put(second, "bad");
    workers.run_due();
    EXPECT_EQ(
        post("/api/v1/backoffice/jobs/redrive", R"({"error_code": "other", "most": 10})")
            .body.at("count"),
        0);
    EXPECT_EQ(
        post("/api/v1/backoffice/jobs/redrive", R"({"kind": "test.say.v1", "most": 2})")
            .body.at("count"),
        2);
    EXPECT_EQ(post("/api/v1/backoffice/jobs/redrive", R"({"most": 10})").body.at("count"), 2);
    EXPECT_EQ(noted(first, "backoffice.jobs_redriven"), 2);
    EXPECT_EQ(noted(second, "backoffice.jobs_redriven"), 1);
    EXPECT_EQ(post("/api/v1/backoffice/jobs/cancel", R"({"most": 10})").body.at("count"), 4);
    EXPECT_EQ(count(get("/api/v1/backoffice/jobs?state=cancelled")), 4U);
}

TEST_F(BackofficeTest, OneJobIsCancelledAndRetried) {
    const auto id = put(first, "fine");
    EXPECT_EQ(post("/api/v1/backoffice/jobs/" + id + "/cancel").body.at("state"), "cancelled");
    EXPECT_EQ(post("/api/v1/backoffice/jobs/" + id + "/cancel").status, 409);
    EXPECT_EQ(post("/api/v1/backoffice/jobs/" + id + "/retry").body.at("state"), "available");
    EXPECT_EQ(noted(first, "backoffice.job_cancelled"), 1);
    EXPECT_EQ(noted(first, "backoffice.job_retried"), 1);
    workers.run_due();
    EXPECT_EQ(get("/api/v1/backoffice/jobs/" + id).body.at("state"), "completed");
}

TEST_F(BackofficeTest, ASchedulePauses) {
    workers.run_due();
    const auto plan = get("/api/v1/backoffice/job-schedules");
    EXPECT_EQ(plan.body.at("items").at(0).at("next_run_at"), "2026-08-22T03:00:00.000000Z");
    const auto paused =
        post("/api/v1/backoffice/job-schedules/pause", R"({"name": "nightly", "paused": true})");
    EXPECT_EQ(paused.body.at("items").at(0).at("paused"), true);
    EXPECT_EQ(
        post("/api/v1/backoffice/job-schedules/pause", R"({"name": "other", "paused": true})")
            .status,
        404);
}

TEST_F(BackofficeTest, MailIsShownAndThatItWasReadIsWrittenDown) {
    caller.role = Role::support;
    mail::NewMail wanted;
    wanted.to = "you@example.com";
    wanted.template_name = "test.reset";
    wanted.secrets.emplace("link", Secret<std::string>("https://example.com/reset?t=s3cret"));
    const auto id = [&] {
        auto tx = pool.begin(first);
        const auto written = outbox.write(tx, wanted);
        tx.commit();
        return written.str();
    }();
    const auto list = get("/api/v1/backoffice/mail?state=kept&template_name=test.reset");
    ASSERT_EQ(count(list), 1U);
    EXPECT_EQ(list.body.at("items").at(0).at("to"), "you@example.com");
    const auto letter = get("/api/v1/backoffice/mail/" + id);
    EXPECT_THAT(std::string(letter.body.at("text").as_string()), HasSubstr("s3cret"));
    EXPECT_EQ(noted(first, "backoffice.mail_read"), 1);
    EXPECT_EQ(post("/api/v1/backoffice/mail/" + id + "/retry").status, 409);
    const auto templates = get("/api/v1/backoffice/mail-templates");
    EXPECT_EQ(templates.body.at("items").at(0).at("subject"), "A new password");
}

TEST_F(BackofficeTest, NoCustomerSeesAnyOfIt) {
    const auto id = put(first, "fine");
    for (const auto role : {Role::owner, Role::viewer, Role::operator_, Role::finance}) {
        caller = {.company = first, .role = role};
        for (const auto& path :
             {"/api/v1/backoffice/jobs", "/api/v1/backoffice/job-kinds", "/api/v1/backoffice/mail",
              "/api/v1/backoffice/job-schedules", "/api/v1/backoffice/mail-templates"}) {
            EXPECT_EQ(get(path).status, 403) << path;
        }
        EXPECT_EQ(post("/api/v1/backoffice/jobs/" + id + "/cancel").status, 403);
    }
    caller.role = Role::support;  // Reads, and changes no jobs.
    EXPECT_EQ(post("/api/v1/backoffice/jobs/" + id + "/cancel").status, 403);
    caller.role = Role::engineer;  // Reads no mail.
    EXPECT_EQ(get("/api/v1/backoffice/mail/" + MailId().str()).status, 403);
    EXPECT_EQ(noted(first, "backoffice.job_cancelled"), 0);
}

}  // namespace
}  // namespace mobilytics::backoffice
