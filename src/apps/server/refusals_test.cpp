// What is refused is in the trail of those whom it is about, and fills it no faster than it may.

#include "apps/server/refusals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/history.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::server {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

class RefusalsTest : public pg::PostgresTest {
  protected:
    RefusalsTest() : PostgresTest({pg::kMigrations, audit::kMigrations}) {}

    void refuse(
        const Caller& caller, std::string_view pattern, unsigned status = 403,
        std::string_view code = "role_not_enough") {
        refusals.note({caller, http::verb::get, pattern, status, code});
    }
    Caller person_of(CompanyId company) {
        return {company, Role::viewer, PersonId::fresh(clock.now())};
    }
    std::vector<audit::Record> trail(CompanyId company) {
        auto tx = pool.begin(company);
        return audit::search(tx, {}, {}, 1000);
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId ours = CompanyId::fresh(clock.now()), others = CompanyId::fresh(clock.now());
    std::map<PersonId, CompanyId> homes;
    metrics::Registry registry;
    Refusals refusals{
        pool,
        clock,
        registry,
        [this](PersonId person) {
            const auto found = homes.find(person);
            return found != homes.end() ? std::optional(found->second) : std::nullopt;
        },
        {.of_company_max = 3, .all_max = 6}};
};

TEST_F(RefusalsTest, AnEntryForEachPersonOperationAndMinuteWithHowOften) {
    const auto person = person_of(ours);
    {
        const OriginScope from({"192.0.2.7", "a browser", "request-1", ""});
        refuse(person, "/api/v1/webhooks");
    }
    clock.advance(59s);
    for (int i = 0; i < 41; ++i) refuse(person, "/api/v1/webhooks");
    refusals.write_due();
    EXPECT_THAT(trail(ours), IsEmpty());  // Its minute is not over.
    clock.advance(1s);
    refusals.write_due();
    const auto told = trail(ours);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].action, "access.refused");
    EXPECT_EQ(told[0].outcome, audit::Outcome::denied);
    EXPECT_EQ(told[0].actor_id, person.person.str());
    EXPECT_EQ(told[0].target_ids, std::vector<std::string>{"GET /api/v1/webhooks"});
    EXPECT_EQ(told[0].request_id, "request-1");
    EXPECT_EQ(told[0].details->at("address"), "192.0.2.7");
    EXPECT_EQ(
        told[0].details->at("after"), (boost::json::object{
                                          {"operation", "GET /api/v1/webhooks"},
                                          {"status", 403},
                                          {"code", "role_not_enough"},
                                          {"count", 42},
                                          {"from", "2026-08-21T09:30:00.000000Z"},
                                          {"to", "2026-08-21T09:30:59.000000Z"}}));
    refusals.write_due();
    EXPECT_THAT(trail(ours), SizeIs(1));
    refuse(person, "/api/v1/webhooks");  // Of another minute.
    clock.advance(60s);
    refusals.write_due();
    EXPECT_THAT(trail(ours), SizeIs(2));
    EXPECT_THAT(trail(others), IsEmpty());
}

TEST_F(RefusalsTest, KeysAndWhoActsForSomebodyAreNamedAsSuch) {
    const auto key = ApiKeyId::fresh(clock.now());
    refuse({.company = ours, .role = Role::viewer, .key = key}, "/api/v1/people");
    auto acting = person_of(ours);
    const auto staff = PersonId::fresh(clock.now());
    acting.impersonation = ActingFor{.id = {}, .staff = staff};
    refuse(acting, "/api/v1/keys", 403, "not_while_impersonating");
    clock.advance(60s);
    refusals.write_due();
    std::map<std::string, std::string> who;
    for (const auto& one : trail(ours)) who[one.actor_id] = one.impersonator;
    EXPECT_EQ(
        who,
        (std::map<std::string, std::string>{{key.str(), ""}, {acting.person.str(), staff.str()}}));
}

TEST_F(RefusalsTest, WhoWasSlowedAtTheSignInIsInTheTrailOfTheirCompany) {
    const auto somebody = PersonId::fresh(clock.now()), nobodys = PersonId::fresh(clock.now());
    homes[somebody] = ours;
    for (const auto& person : {somebody, nobodys}) {
        refuse(
            {.company = {}, .role = Role::viewer, .person = person}, "/api/v1/session", 429,
            "too_many_tries");
    }
    clock.advance(60s);
    refusals.write_due();
    const auto told = trail(ours);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].actor_id, somebody.str());
    EXPECT_EQ(told[0].details->at("after").at("code"), "too_many_tries");
}

TEST_F(RefusalsTest, NobodyFillsATrail) {
    const auto person = person_of(ours);
    // As many operations, and as many people, as one likes: three entries, and one of all others.
    for (int i = 0; i < 100; ++i) refuse(person, "/api/v1/" + std::to_string(i));
    for (int i = 0; i < 100; ++i) refuse(person_of(ours), "/api/v1/assets");
    refuse(person, "/api/v1/1");  // One of the three is counted on.
    refuse(person_of(others), "/api/v1/assets");
    clock.advance(60s);
    refusals.write_due();
    const auto told = trail(ours);
    ASSERT_THAT(told, SizeIs(4));
    std::int64_t all = 0;
    std::map<std::string, int> actions;
    for (const auto& one : told) {
        all += one.details->at("after").at("count").as_int64();
        ++actions[one.action];
    }
    EXPECT_EQ(all, 201);
    EXPECT_EQ(
        actions, (std::map<std::string, int>{{"access.many_refused", 1}, {"access.refused", 3}}));
    EXPECT_THAT(trail(others), SizeIs(1));  // Another company's entries are not fewer for it.
}

TEST_F(RefusalsTest, WhatIsOpenAtTheEndIsWritten) {
    {
        Refusals brief{pool, clock, registry, [](PersonId) { return std::nullopt; }};
        const auto person = person_of(ours);
        brief.start();
        brief.note({person, http::verb::post, "/api/v1/assets", 403, "scope_missing"});
    }
    EXPECT_THAT(trail(ours), SizeIs(1));
}

}  // namespace
}  // namespace mobilytics::server
