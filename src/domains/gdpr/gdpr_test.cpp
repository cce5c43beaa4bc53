#include "domains/gdpr/gdpr.h"

#include <filesystem>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "domains/gdpr/gdpr_api.h"
#include "domains/gdpr/gdpr_migrations.h"
#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/audit/redaction.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/crypto/signing.h"
#include "platform/events/events.h"
#include "platform/events/events_migrations.h"
#include "platform/jobs/jobs_migrations.h"
#include "platform/jobs/personal_data.h"
#include "platform/jobs/workers.h"
#include "platform/metrics/metrics.h"
#include "platform/objects/objects.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::gdpr {
namespace {

using boost::json::object;
using std::chrono::days;
using std::chrono::hours;

/// A job that was given who is meant.
struct Greet {
    static constexpr std::string_view kName = "test.greet.v1";
    std::string whom;
    boost::json::value to_json() const { return {{"whom", whom}}; }
    static Greet from_json(const boost::json::value& json) {
        return {std::string(json.at("whom").as_string())};
    }
};

class GdprTest : public pg::PostgresTest {
  protected:
    GdprTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, jobs::kMigrations,
               kMigrations}) {
        privacy.serve(workers, [this] { return std::vector{caller.company}; });
        relay.subscribe<ExportReady>(
            "test", [this](const ExportReady& told) { ready.push_back(told); });
        mount(router, privacy);
    }
    ~GdprTest() override { std::filesystem::remove_all(folder); }

    http::Reply get(const std::string& target) { return router.handle({.target = target}); }
    http::Reply send(http::verb method, const std::string& target, const object& body) {
        return router.handle(
            {.method = method, .target = target, .body = boost::json::serialize(body)});
    }
    http::Reply post(const std::string& target, const object& body) {
        return send(http::verb::post, target, body);
    }
    static std::string text(const http::Reply& reply, const char* field) {
        return std::string(reply.body.at(field).as_string());
    }
    object given(const std::string& subject) {
        return {
            {"subject", subject},
            {"purpose", "news"},
            {"version", "1"},
            {"state", "given"},
            {"how", "a form"}};
    }
    std::vector<std::string> actions() {
        auto tx = pool.begin(caller.company);
        std::vector<std::string> out;
        for (const auto& record : audit::oldest(tx, {}, {}, 100)) out.push_back(record.action);
        return out;
    }
    /// A module that keeps three things of everybody, and refuses whom it is told to.
    privacy::Holder things() {
        return {
            .name = "things",
            .of_contacts = true,
            .take_along =
                [this](pg::Transaction&, const privacy::Subject& subject) {
                    if (refuses) throw std::runtime_error("not now");
                    return std::vector<boost::json::value>{object{
                        {"place", "things.thing"}, {"of", subject.id()}, {"email", subject.email}}};
                },
            .erase = [this](pg::Transaction&, const privacy::Subject&, Instant)
                -> Result<std::vector<privacy::Erased>> {
                if (refuses) return fail(ErrorKind::conflict, "last_owner", "name another first");
                return std::vector<privacy::Erased>{{"things.thing", 3, 1, "invoices: by law"}};
            }};
    }
    Modules modules() {
        return {
            .data_map =
                {{.place = "things.thing",
                  .about = privacy::About::people,
                  .data = "name",
                  .purpose = "to greet them",
                  .kept = "for good",
                  .on_erasure = privacy::OnErasure::erased}},
            .email_of =
                [](pg::Transaction&, const privacy::Subject& subject) {
                    return subject.contact ? "con@example.com" : "ann@example.com";
                },
            .holders = {things(), jobs::holder(), audit::holder()},
            .rules = {
                audit::details_rule(),
                {"fixed", "The same for all", days(1), days(1), days(1), {}},
                {"things", "Things", days(10), days(5), days(20),
                 [this](pg::Transaction&, Instant older_than, Instant) {
                     enforced = older_than;
                     return 4;
                 }}}};
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    Caller caller{CompanyId::fresh(clock.now()), Role::owner, PersonId::fresh(clock.now())};
    const PersonId person = PersonId::fresh(clock.now());
    const std::filesystem::path folder =
        testing::TempDir() + "gdpr_" + CompanyId::fresh(clock.now()).uuid();
    objects::Objects objects{folder, clock};
    const crypto::SigningKey key = crypto::SigningKey::fresh();
    metrics::Registry registry;
    events::Relay relay{system, as("mobilytics_system"), clock};
    std::vector<ExportReady> ready;
    bool refuses = false;
    std::optional<Instant> enforced;
    Privacy privacy{{pool, objects, key, clock}, modules()};
    jobs::Workers workers{{pool, system, as("mobilytics_system"), clock, registry}};
    http::Router router{[this](const auto&) -> Result<Caller> { return caller; }};
};

TEST_F(GdprTest, TheDataMapIsShown) {
    const auto reply = get("/api/v1/privacy/data-map");
    EXPECT_EQ(
        reply.body.at("items").at(0), (object{
                                          {"place", "things.thing"},
                                          {"about", "people"},
                                          {"data", "name"},
                                          {"purpose", "to greet them"},
                                          {"kept", "for good"},
                                          {"on_erasure", "erased"}}));
    caller.role = Role::viewer;
    EXPECT_EQ(get("/api/v1/privacy/data-map").status, 403U);
}

TEST_F(GdprTest, APersonTakesAlongWhatIsKeptOfThem) {
    post("/api/v1/privacy/consents", given(person.str()));
    const auto made = post(
        "/api/v1/privacy/exports", {{"person_id", person.str()}, {"reason", "asked by letter"}});
    ASSERT_EQ(made.status, 202U);
    EXPECT_EQ(made.body.at("state"), "waiting");
    EXPECT_FALSE(made.body.as_object().contains("sha256"));
    const auto path = "/api/v1/privacy/exports/" + text(made, "id");
    EXPECT_EQ(get(path).body, made.body);
    EXPECT_EQ(text(get(path + "/file"), "code"), "export_not_ready");
    EXPECT_EQ(workers.run_due(), 1);
    const auto done = get(path);
    EXPECT_EQ(done.body.at("state"), "ready");
    EXPECT_EQ(text(done, "expires_at"), to_iso8601(clock.now() + days(7)));
    // The thing; of the trail, the consent and the request, which are about them; the consent.
    EXPECT_EQ(done.body.at("items"), 4);
    const auto file = get(path + "/file");
    EXPECT_EQ(file.status, 200U);
    const auto content = *crypto::read_file(std::get<std::filesystem::path>(file.content->bytes));
    EXPECT_EQ(crypto::sha256_hex(content), text(done, "sha256"));
    EXPECT_EQ(std::int64_t(content.size()), done.body.at("bytes").as_int64());
    EXPECT_EQ(
        boost::json::parse(content.substr(0, content.find('\n'))),
        (object{{"place", "things.thing"}, {"of", person.str()}, {"email", "ann@example.com"}}));
    EXPECT_NE(content.find("\"place\":\"gdpr.consent\""), content.npos);
    EXPECT_EQ(
        actions(), (std::vector<std::string>{
                       "gdpr.consent_given", "gdpr.export_requested", "gdpr.person_exported",
                       "gdpr.export_read"}));
    while (relay.deliver() > 0) continue;
    ASSERT_EQ(ready.size(), 1U);
    EXPECT_EQ(ready[0].requested_by, caller.person);
    EXPECT_EQ(ready[0].id.str(), text(made, "id"));

    const auto ours = caller.company;
    caller.company = CompanyId::fresh(clock.now());
    EXPECT_EQ(get(path).status, 404U);
    EXPECT_EQ(get(path + "/file").status, 404U);
    EXPECT_TRUE(get("/api/v1/privacy/exports").body.at("items").as_array().empty());
    caller.company = ours;
    EXPECT_EQ(get("/api/v1/privacy/exports").body.at("items").at(0), done.body);
    clock.advance(hours(24 * 7));
    EXPECT_EQ(get(path + "/file").status, 404U);
    EXPECT_TRUE(get("/api/v1/privacy/exports").body.at("items").as_array().empty());
    privacy.enforce_retention(ours);
    EXPECT_TRUE(objects.list("privacy/", "", 10).size() == 1U);  // A second before it may go.
    clock.advance(std::chrono::seconds(1));
    privacy.enforce_retention(ours);
    EXPECT_TRUE(objects.list("privacy/", "", 10).empty());
}

TEST_F(GdprTest, AnExportThatCannotBeMadeSaysSo) {
    refuses = true;
    const auto made =
        post("/api/v1/privacy/exports", {{"person_id", person.str()}, {"reason", "asked"}});
    const auto path = "/api/v1/privacy/exports/" + text(made, "id");
    for (int i = 0; i < 5; ++i) {
        workers.run_due();
        clock.advance(hours(1));
    }
    EXPECT_EQ(text(get(path), "state"), "failed");
    EXPECT_EQ(text(get(path + "/file"), "code"), "export_not_ready");
    EXPECT_TRUE(objects.list("privacy/", "", 10).empty());
}

TEST_F(GdprTest, WhoIsErasedBeforeTheirExportIsMadeIsInNone) {
    post("/api/v1/privacy/exports", {{"person_id", person.str()}, {"reason", "asked"}});
    EXPECT_EQ(
        post("/api/v1/privacy/erasures", {{"person_id", person.str()}, {"reason", "asked"}}).status,
        201U);
    workers.run_due();
    EXPECT_TRUE(get("/api/v1/privacy/exports").body.at("items").as_array().empty());
    EXPECT_TRUE(objects.list("privacy/", "", 10).empty());
}

TEST_F(GdprTest, AContactIsExportedAndErasedAsAPersonIs) {
    const auto contact = privacy::ContactId::fresh(clock.now());
    const object asked{{"contact_id", contact.str()}, {"reason", "asked by letter"}};
    post("/api/v1/privacy/consents", given(contact.str()));
    const auto made = post("/api/v1/privacy/exports", asked);
    ASSERT_EQ(made.status, 202U);
    EXPECT_EQ(text(made, "contact_id"), contact.str());
    EXPECT_FALSE(made.body.as_object().contains("person_id"));
    workers.run_due();
    const auto path = "/api/v1/privacy/exports/" + text(made, "id");
    EXPECT_EQ(text(get(path), "state"), "ready");
    const auto file = get(path + "/file");
    const auto content = *crypto::read_file(std::get<std::filesystem::path>(file.content->bytes));
    EXPECT_EQ(
        boost::json::parse(content.substr(0, content.find('\n'))),
        (object{{"place", "things.thing"}, {"of", contact.str()}, {"email", "con@example.com"}}));

    const auto done = post("/api/v1/privacy/erasures", asked);
    ASSERT_EQ(done.status, 201U);
    EXPECT_EQ(text(done, "contact_id"), contact.str());
    EXPECT_NE(text(done, "certificate").find("\"contact\":\"" + contact.str()), std::string::npos);
    EXPECT_EQ(get("/api/v1/privacy/erasures/" + text(done, "id")).body, done.body);
    EXPECT_TRUE(get("/api/v1/privacy/consents?subject=" + contact.str())
                    .body.at("items")
                    .as_array()
                    .empty());
    EXPECT_TRUE(objects.list("privacy/", "", 10).empty());

    for (const auto& bad :
         {object{{"reason", "whose?"}},
          object{{"reason", "both"}, {"person_id", person.str()}, {"contact_id", contact.str()}}}) {
        EXPECT_EQ(text(post("/api/v1/privacy/exports", bad), "code"), "subject_wanted");
        EXPECT_EQ(text(post("/api/v1/privacy/erasures", bad), "code"), "subject_wanted");
    }
}

TEST_F(GdprTest, JobsForgetWhomTheyWereGiven) {
    std::vector<std::string> greeted;
    workers.handle<Greet>([&](jobs::JobRun&, const Greet& greet) -> jobs::Outcome {
        greeted.push_back(greet.whom);
        return jobs::Done{};
    });
    const auto put = [this](const std::string& whom, Instant due) {
        auto tx = pool.begin(caller.company);
        jobs::enqueue(tx, clock.now(), Greet{whom}, {.due = due});
        tx.commit();
    };
    put(person.str(), clock.now());
    workers.run_due();
    EXPECT_EQ(greeted.size(), 1U);
    put(person.str(), clock.now() + hours(1));
    put("Ann@Example.com", clock.now() + hours(1));
    put("somebody else", clock.now() + hours(1));
    const auto done = post(
        "/api/v1/privacy/erasures", {{"person_id", person.str()}, {"reason", "asked by letter"}});
    EXPECT_EQ(
        done.body.at("from").at(1),
        (object{{"place", "jobs.job"}, {"erased", 3}, {"kept", 0}, {"why_kept", ""}}));
    clock.advance(hours(1));
    workers.run_due();
    EXPECT_EQ(greeted, (std::vector<std::string>{person.str(), "somebody else"}));
    auto tx = pool.begin(caller.company);
    EXPECT_TRUE(jobs::holder().take_along(tx, {person, "ann@example.com", {}}).empty());
}

TEST_F(GdprTest, ListsAreSortedAndPaged) {
    for (const auto* subject : {"b", "a", "c"}) {
        post("/api/v1/privacy/consents", given(subject));
        clock.advance(std::chrono::seconds(1));
    }
    const auto subjects = [this](const std::string& sort) {
        std::string out, cursor;
        do {
            const auto page =
                get("/api/v1/privacy/consents?limit=1" + (sort.empty() ? "" : "&sort=" + sort) +
                    (cursor.empty() ? "" : "&cursor=" + cursor));
            out += page.body.at("items").at(0).at("subject").as_string();
            const auto* next = page.body.as_object().if_contains("next_cursor");
            cursor = next ? std::string(next->as_string()) : "";
        } while (!cursor.empty());
        return out;
    };
    EXPECT_EQ(subjects(""), "cab");
    EXPECT_EQ(subjects("recorded_at"), "bac");
    EXPECT_EQ(subjects("subject"), "abc");
    EXPECT_EQ(subjects("-subject"), "cba");
    EXPECT_EQ(text(get("/api/v1/privacy/consents?sort=how"), "code"), "bad_sort");
    EXPECT_EQ(text(get("/api/v1/privacy/exports?sort=reason"), "code"), "bad_sort");
}

TEST_F(GdprTest, AnErasureIsEverywhereAndIsCertified) {
    post(
        "/api/v1/privacy/consents", {{"subject", person.str()},
                                     {"purpose", "news"},
                                     {"version", "1"},
                                     {"state", "given"},
                                     {"how", "a form"}});
    post("/api/v1/privacy/exports", {{"person_id", person.str()}, {"reason", "asked"}});
    workers.run_due();
    const auto done = post(
        "/api/v1/privacy/erasures", {{"person_id", person.str()}, {"reason", "asked by letter"}});
    ASSERT_EQ(done.status, 201U);
    const auto from = done.body.at("from").as_array();
    ASSERT_EQ(from.size(), 6U);
    EXPECT_EQ(
        from[0], (object{
                     {"place", "things.thing"},
                     {"erased", 3},
                     {"kept", 1},
                     {"why_kept", "invoices: by law"}}));
    EXPECT_EQ(from[1].at("place"), "jobs.job");
    EXPECT_EQ(from[2].at("place"), "audit.sealed");
    EXPECT_EQ(from[2].at("erased"), 3);
    EXPECT_EQ(from[3].at("place"), "gdpr.consent");
    EXPECT_EQ(from[3].at("erased"), 1);
    EXPECT_EQ(from[4].at("place"), "gdpr.export");
    EXPECT_EQ(from[4].at("erased"), 1);

    const auto certificate = text(done, "certificate");
    EXPECT_TRUE(certificate.starts_with("mobilytics.erasure.v1\n{"));
    const auto body = boost::json::parse(certificate.substr(certificate.find('\n') + 1));
    EXPECT_EQ(body.at("from").as_array(), from);
    EXPECT_EQ(body.at("person").as_string(), person.str());
    EXPECT_TRUE(key.public_key().verifies(certificate, *crypto::from_hex(text(done, "signature"))));
    EXPECT_FALSE(
        key.public_key().verifies(certificate + " ", *crypto::from_hex(text(done, "signature"))));
    EXPECT_EQ(get("/api/v1/privacy/erasures/" + text(done, "id")).body, done.body);

    EXPECT_TRUE(objects.list("privacy/", "", 10).empty());
    EXPECT_EQ(
        get("/api/v1/privacy/consents?subject=" + person.str()).body.at("items").as_array().size(),
        0U);
    const auto left = get("/api/v1/privacy/consents").body.at("items").at(0);
    EXPECT_EQ(left.at("subject").as_string(), "erased:" + text(done, "id"));
    EXPECT_EQ(left.at("how"), "");
    EXPECT_EQ(left.at("purpose"), "news");
}

TEST_F(GdprTest, AnErasureThatAModuleRefusesIsNowhere) {
    post(
        "/api/v1/privacy/consents", {{"subject", person.str()},
                                     {"purpose", "news"},
                                     {"version", "1"},
                                     {"state", "given"},
                                     {"how", "a form"}});
    refuses = true;
    const object asked{{"person_id", person.str()}, {"reason", "asked"}};
    EXPECT_EQ(text(post("/api/v1/privacy/erasures", asked), "code"), "last_owner");
    EXPECT_EQ(actions(), std::vector<std::string>{"gdpr.consent_given"});
    EXPECT_EQ(
        get("/api/v1/privacy/consents?subject=" + person.str()).body.at("items").as_array().size(),
        1U);
    refuses = false;
    EXPECT_EQ(
        text(
            post(
                "/api/v1/privacy/erasures", {{"person_id", caller.person.str()}, {"reason", "me"}}),
            "code"),
        "yourself");
    caller.role = Role::admin;
    EXPECT_EQ(post("/api/v1/privacy/erasures", asked).status, 403U);
}

TEST_F(GdprTest, ARetentionIsSetShownAndEnforced) {
    const auto items = [](const http::Reply& reply) { return reply.body.at("items").as_array(); };
    const auto before = items(get("/api/v1/privacy/retention"));
    ASSERT_EQ(before.size(), 4U);
    EXPECT_EQ(before[3].at("kind"), "person_exports");
    EXPECT_EQ(before[3].at("settable"), true);
    EXPECT_EQ(
        before[2], (object{
                       {"kind", "things"},
                       {"what", "Things"},
                       {"kept_days", 10},
                       {"least_days", 5},
                       {"most_days", 20},
                       {"settable", true},
                       {"total_gone", 0}}));
    EXPECT_EQ(before[1].at("settable"), false);
    const auto put = [this](const char* kind, int kept) {
        return send(
            http::verb::put, "/api/v1/privacy/retention", {{"kind", kind}, {"kept_days", kept}});
    };
    EXPECT_EQ(text(put("things", 4), "code"), "out_of_range");
    EXPECT_EQ(text(put("fixed", 1), "code"), "not_settable");
    EXPECT_EQ(text(put("nothing", 7), "code"), "no_such_kind");
    EXPECT_EQ(items(put("things", 7))[2].at("kept_days"), 7);

    // A job does, every half hour.
    EXPECT_EQ(workers.run_due(), 0);
    clock.advance(std::chrono::minutes(30));
    EXPECT_EQ(workers.run_due(), 1);
    EXPECT_EQ(enforced, clock.now() - days(7));
    const auto after = items(get("/api/v1/privacy/retention"));
    EXPECT_EQ(after[2].at("last_gone"), 4);
    EXPECT_EQ(after[2].at("total_gone"), 4);
    EXPECT_EQ(after[2].at("last_enforced_at").as_string(), to_iso8601(clock.now()));
    EXPECT_EQ(after[2].at("kept_days"), 7);
    EXPECT_EQ(after[0].at("last_gone"), 0);
    EXPECT_EQ(
        actions(), (std::vector<std::string>{"gdpr.retention_set", "gdpr.retention_enforced"}));
    EXPECT_EQ(privacy.enforce_retention(caller.company), 4);
    EXPECT_EQ(items(get("/api/v1/privacy/retention"))[2].at("total_gone"), 8);
}

TEST_F(GdprTest, AConsentIsWithdrawnByARecordOfItsOwn) {
    const object given{{"subject", "contact_1"},       {"purpose", "news"},
                       {"version", "2026-08"},         {"state", "given"},
                       {"at", "2026-08-20T12:00:00Z"}, {"how", "on paper"}};
    const auto first = post("/api/v1/privacy/consents", given);
    EXPECT_EQ(first.status, 201U);
    EXPECT_EQ(text(first, "at"), "2026-08-20T12:00:00.000000Z");
    EXPECT_EQ(text(first, "recorded_at"), "2026-08-21T09:30:00.000000Z");
    clock.advance(std::chrono::seconds(1));
    auto withdrawn = given;
    withdrawn["state"] = "withdrawn";
    withdrawn.erase("at");
    EXPECT_EQ(post("/api/v1/privacy/consents", withdrawn).status, 201U);
    const auto all = get("/api/v1/privacy/consents?subject=contact_1&limit=1").body;
    EXPECT_EQ(all.at("items").at(0).at("state"), "withdrawn");
    const auto cursor = std::string(all.at("next_cursor").as_string());
    EXPECT_EQ(
        get("/api/v1/privacy/consents?subject=contact_1&limit=1&cursor=" + cursor)
            .body.at("items")
            .at(0),
        first.body);
    auto late = given;
    late["at"] = "2026-08-22T12:00:00Z";
    EXPECT_EQ(text(post("/api/v1/privacy/consents", late), "code"), "in_the_future");

    // Nobody writes over it.
    constexpr pg::Query over{"test.over", "UPDATE gdpr.consent SET state = 'given'"};
    constexpr pg::Query gone{"test.gone", "DELETE FROM gdpr.consent"};
    EXPECT_THROW(pool.begin(caller.company).run(over), pg::Failure);
    EXPECT_THROW(pool.begin(caller.company).run(gone), pg::Failure);
}

}  // namespace
}  // namespace mobilytics::gdpr
