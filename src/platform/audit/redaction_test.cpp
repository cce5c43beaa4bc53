#include "platform/audit/redaction.h"

#include "foundation/origin.h"
#include "platform/audit/audit_test.h"
#include "platform/audit/history.h"

namespace mobilytics::audit {
namespace {

using boost::json::object;

class RedactionTest : public TrailTest {
  protected:
    void act(const std::string& actor, const std::string& target) {
        const OriginScope from({"192.0.2.7", "curl", "r1", ""});
        auto tx = pool.begin(ours);
        append(
            tx, clock.now(),
            {.action = "test.done",
             .actor = {ActorKind::person, actor},
             .targets = {{"person", target, "Their Name"}},
             .after = object{{"email", "name@example.org"}}});
        tx.commit();
        clock.advance(std::chrono::seconds(1));
    }
    std::vector<Record> all() {
        auto tx = pool.begin(ours);
        return oldest(tx, {}, {}, 100);
    }
    const PersonId person = PersonId::fresh(clock.now());
};

TEST_F(RedactionTest, WhatIsSaidAboutAPersonGoesAndTheChainStays) {
    act(person.str(), "asset_1");
    act("person_other", person.str());
    act("person_other", "asset_1");
    seal_all();
    act(person.str(), "asset_2");  // In no chain yet.
    std::vector<privacy::Erased> erased;
    {
        auto tx = pool.begin(ours);
        erased = *holder().erase(tx, {person}, clock.now());
        tx.commit();
    }
    ASSERT_EQ(erased.size(), 1U);
    EXPECT_EQ(erased[0].erased, 3);
    EXPECT_EQ(erased[0].kept, 3);
    const auto left = all();
    ASSERT_EQ(left.size(), 5U);
    EXPECT_FALSE(left[0].details);
    EXPECT_FALSE(left[1].details);
    EXPECT_EQ(left[2].details->at("address"), "192.0.2.7");
    EXPECT_EQ(left[3].details, object());
    EXPECT_EQ(left[4].action, "audit.details_blacked_out");
    EXPECT_EQ(
        left[4].target_ids, (std::vector{left[0].id.str(), left[1].id.str(), left[3].id.str()}));
    seal_all();
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

TEST_F(RedactionTest, WhatWasBlackedOutByOthersIsFound) {
    act(person.str(), "asset_1");
    seal_all();
    meddle("UPDATE audit.sealed SET details = NULL, salt = NULL");
    const auto seen = verdict();
    ASSERT_EQ(seen.findings.size(), 1U);
    EXPECT_EQ(seen.findings[0].kind, FindingKind::blacked_out);
    EXPECT_EQ(seen.findings[0].first, 1);
}

TEST_F(RedactionTest, DetailsAreKeptAsLongAsTheRuleSays) {
    act(person.str(), "asset_1");
    clock.advance(std::chrono::hours(24 * 100));
    act(person.str(), "asset_2");
    seal_all();
    const auto rule = details_rule();
    {
        auto tx = pool.begin(ours);
        EXPECT_EQ(rule.enforce(tx, clock.now() - rule.least, clock.now()), 1);
        EXPECT_EQ(rule.enforce(tx, clock.now() - rule.least, clock.now()), 0);
        tx.commit();
    }
    EXPECT_FALSE(all().at(0).details);
    EXPECT_TRUE(all().at(1).details);
}

TEST_F(RedactionTest, OfAnotherCompanyNothingIsBlackedOut) {
    constexpr pg::Query theirs_too{
        "test.black_out", "SELECT audit.black_out($1, ARRAY[$2::uuid]) AS touched"};
    act(person.str(), "asset_1");
    seal_all();
    const auto id = all().at(0).id;
    EXPECT_THROW(pool.begin(theirs).run(theirs_too, ours, id), pg::Failure);
    EXPECT_THROW(system.begin().run(theirs_too, ours, id), pg::Failure);
    EXPECT_EQ(
        pool.begin(theirs).run(theirs_too, theirs, id).first([](const pg::Row& row) {
            return row.get<int>("touched");
        }),
        0);
    EXPECT_TRUE(all().at(0).details);
}

TEST_F(RedactionTest, APersonTakesAlongWhatTheyDidAndWhatWasDoneToThem) {
    act(person.str(), person.str());
    act("person_other", person.str());
    act("person_other", "asset_1");
    auto tx = pool.begin(ours);
    std::vector<boost::json::value> things;
    holder().each(tx, {person}, [&](const auto& thing) { things.push_back(thing); });
    ASSERT_EQ(things.size(), 2U);
    EXPECT_EQ(things[0].at("place"), "audit.sealed");
    EXPECT_EQ(things[0].at("details").at("after").at("email"), "name@example.org");
    EXPECT_EQ(things[1].at("actor"), "person_other");
}

}  // namespace
}  // namespace mobilytics::audit
