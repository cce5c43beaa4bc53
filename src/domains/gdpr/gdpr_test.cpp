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
#include "platform/crypto/signing.h"
#include "platform/objects/objects.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::gdpr {
namespace {

using boost::json::object;
using std::chrono::days;
using std::chrono::hours;

class GdprTest : public pg::PostgresTest {
  protected:
    GdprTest() : PostgresTest({pg::kMigrations, audit::kMigrations, kMigrations}) {
        mount(router, privacy);
    }
    ~GdprTest() override { std::filesystem::remove_all(folder); }

    http::Reply get(const std::string& target) { return router.handle({.target = target}); }
    http::Reply send(http::verb method, const std::string& target, const object& body) {
        return router.handle(
            {.method = method,
             .target = target,
             .body = boost::json::serialize(body),
             .headers = {{"Content-Type", "application/json"}}});
    }
    http::Reply post(const std::string& target, const object& body) {
        return send(http::verb::post, target, body);
    }
    static std::string text(const http::Reply& reply, const char* field) {
        return std::string(reply.body.at(field).as_string());
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
            .take_along =
                [](pg::Transaction&, const privacy::Subject& subject) {
                    return std::vector<boost::json::value>{object{
                        {"place", "things.thing"},
                        {"of", subject.person.str()},
                        {"email", subject.email}}};
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
            .email_of = [](pg::Transaction&, PersonId) { return "ann@example.com"; },
            .holders = {things(), audit::holder()},
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
    bool refuses = false;
    std::optional<Instant> enforced;
    Privacy privacy{{pool, objects, key, clock}, modules()};
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
    post(
        "/api/v1/privacy/consents", {{"subject", person.str()},
                                     {"purpose", "news"},
                                     {"version", "1"},
                                     {"state", "given"},
                                     {"how", "a form"}});
    const auto made = post(
        "/api/v1/privacy/exports", {{"person_id", person.str()}, {"reason", "asked by letter"}});
    ASSERT_EQ(made.status, 201U);
    // The thing, the entry of the consent is about its subject, and the consent.
    EXPECT_EQ(made.body.at("items"), 3);
    const auto path = "/api/v1/privacy/exports/" + text(made, "id");
    EXPECT_EQ(get(path).body, made.body);
    const auto file = get(path + "/file");
    EXPECT_EQ(file.status, 200U);
    EXPECT_EQ(
        file.headers.get("Content-Disposition"),
        "attachment; filename=\"" + text(made, "id") + ".jsonl\"");
    const auto content = std::get<std::string>(file.content->bytes);
    EXPECT_EQ(crypto::sha256_hex(content), text(made, "sha256"));
    EXPECT_EQ(std::int64_t(content.size()), made.body.at("bytes").as_int64());
    EXPECT_EQ(
        boost::json::parse(content.substr(0, content.find('\n'))),
        (object{{"place", "things.thing"}, {"of", person.str()}, {"email", "ann@example.com"}}));
    EXPECT_NE(content.find("\"place\":\"gdpr.consent\""), content.npos);
    EXPECT_EQ(
        actions(), (std::vector<std::string>{
                       "gdpr.consent_given", "gdpr.person_exported", "gdpr.export_read"}));

    const auto ours = caller.company;
    caller.company = CompanyId::fresh(clock.now());
    EXPECT_EQ(get(path).status, 404U);
    EXPECT_EQ(get(path + "/file").status, 404U);
    caller.company = ours;
    clock.advance(hours(24 * 7));
    EXPECT_EQ(get(path + "/file").status, 404U);
    privacy.enforce_retention(ours);
    EXPECT_TRUE(objects.list("privacy/", "", 10).size() == 1U);  // A second before it may go.
    clock.advance(std::chrono::seconds(1));
    privacy.enforce_retention(ours);
    EXPECT_TRUE(objects.list("privacy/", "", 10).empty());
}

TEST_F(GdprTest, AnErasureIsEverywhereAndIsCertified) {
    post(
        "/api/v1/privacy/consents", {{"subject", person.str()},
                                     {"purpose", "news"},
                                     {"version", "1"},
                                     {"state", "given"},
                                     {"how", "a form"}});
    post("/api/v1/privacy/exports", {{"person_id", person.str()}, {"reason", "asked"}});
    const auto done = post(
        "/api/v1/privacy/erasures", {{"person_id", person.str()}, {"reason", "asked by letter"}});
    ASSERT_EQ(done.status, 201U);
    const auto from = done.body.at("from").as_array();
    ASSERT_EQ(from.size(), 5U);
    EXPECT_EQ(
        from[0], (object{
                     {"place", "things.thing"},
                     {"erased", 3},
                     {"kept", 1},
                     {"why_kept", "invoices: by law"}}));
    EXPECT_EQ(from[1].at("place"), "audit.sealed");
    EXPECT_EQ(from[1].at("erased"), 2);
    EXPECT_EQ(from[2].at("place"), "gdpr.consent");
    EXPECT_EQ(from[2].at("erased"), 1);
    EXPECT_EQ(from[3].at("place"), "gdpr.export");
    EXPECT_EQ(from[3].at("erased"), 1);

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
    ASSERT_EQ(before.size(), 3U);
    EXPECT_EQ(
        before[2], (object{
                       {"kind", "things"},
                       {"what", "Things"},
                       {"kept_days", 10},
                       {"least_days", 5},
                       {"most_days", 20},
                       {"settable", true}}));
    EXPECT_EQ(before[1].at("settable"), false);
    const auto put = [this](const char* kind, int kept) {
        return send(
            http::verb::put, "/api/v1/privacy/retention", {{"kind", kind}, {"kept_days", kept}});
    };
    EXPECT_EQ(text(put("things", 4), "code"), "out_of_range");
    EXPECT_EQ(text(put("fixed", 1), "code"), "not_settable");
    EXPECT_EQ(text(put("nothing", 7), "code"), "no_such_kind");
    EXPECT_EQ(items(put("things", 7))[2].at("kept_days"), 7);

    EXPECT_EQ(privacy.enforce_retention(caller.company), 4);
    EXPECT_EQ(enforced, clock.now() - days(7));
    const auto after = items(get("/api/v1/privacy/retention"));
    EXPECT_EQ(after[2].at("last_gone"), 4);
    EXPECT_EQ(after[2].at("last_enforced_at").as_string(), to_iso8601(clock.now()));
    EXPECT_EQ(after[2].at("kept_days"), 7);
    EXPECT_EQ(after[0].at("last_gone"), 0);
    EXPECT_EQ(
        actions(), (std::vector<std::string>{"gdpr.retention_set", "gdpr.retention_enforced"}));
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
