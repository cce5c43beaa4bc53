#include "domains/accounts/authorization_test.h"

#include <gtest/gtest.h>

namespace mobilytics::accounts {
namespace {

TEST_F(AuthorizationTest, EveryRoleOnEveryRouteAndWhatIsRefusedChangesNothing) {
    EXPECT_GT(every_role_on_every_route(), 200);
}

TEST_F(AuthorizationTest, AnotherCompanysIdIsAnsweredAsOneThatIsNot) {
    EXPECT_EQ(anothers_ids_are_missing(), 13);
}

TEST_F(AuthorizationTest, NothingOfOneCompanyIsInAnAnswerToAnother) {
    EXPECT_GT(nothing_of_another_is_answered(), 80);
}

TEST_F(AuthorizationTest, ATransactionOfACompanySeesNoPersonOfAnother) {
    be_owner();
    seed_other();
    constexpr pg::Query people{"test.people", "SELECT email FROM accounts.person"};
    constexpr pg::Query credentials{
        "test.credentials", "SELECT person_id FROM accounts.credential"};
    constexpr pg::Query sessions_of{"test.sessions", "SELECT person_id FROM accounts.session"};
    constexpr pg::Query set_person{
        "test.set_person", "UPDATE accounts.person SET name = 'x' RETURNING id"};
    auto tx = pool.begin(company.id);
    const auto email = [](const pg::Row& row) { return row.get<std::string>("email"); };
    EXPECT_EQ(tx.run(people).all(email), std::vector<std::string>{owner_email});
    EXPECT_EQ(tx.run(credentials).size(), 0);
    EXPECT_EQ(tx.run(sessions_of).size(), 1);
    EXPECT_EQ(tx.run(set_person).size(), 0);
}

TEST_F(AuthorizationTest, StaffReadAcrossCompaniesAndChangeNothingThere) {
    be_owner();
    seed_other();
    constexpr pg::Query companies_of{"test.companies", "SELECT name FROM accounts.company"};
    constexpr pg::Query digests{"test.digests", "SELECT token_sha256 FROM accounts.session"};
    constexpr pg::Query hashes{"test.hashes", "SELECT password_hash FROM accounts.credential"};
    constexpr pg::Query change{"test.change", "UPDATE accounts.company SET name = 'x'"};
    EXPECT_EQ(staff.begin().run(companies_of).size(), 3);
    EXPECT_THROW(staff.begin().run(digests), pg::Failure);
    EXPECT_THROW(staff.begin().run(hashes), pg::Failure);
    EXPECT_THROW(staff.begin().run(change), pg::Failure);
}

}  // namespace
}  // namespace mobilytics::accounts
