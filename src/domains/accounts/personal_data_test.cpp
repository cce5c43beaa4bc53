#include "domains/accounts/personal_data.h"

#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"

namespace mobilytics::accounts {
namespace {

class PersonalDataTest : public DeskTest {
  protected:
    Result<std::vector<privacy::Erased>> erase(const std::string& id) {
        auto tx = pool.begin(company.id);
        auto erased = holder().erase(tx, {*PersonId::parse(id)}, clock.now());
        if (erased) tx.commit();
        return erased;
    }
    std::vector<boost::json::value> along(const std::string& id) {
        auto tx = pool.begin(company.id);
        return holder().take_along(tx, {*PersonId::parse(id)});
    }
};

TEST_F(PersonalDataTest, APersonTakesAlongWhoTheyAreHere) {
    be_owner();
    join("ann@example.com", "analyst");
    const auto things = along(id_of("ann@example.com"));
    ASSERT_GE(things.size(), 2U);
    EXPECT_EQ(things[0].at("place"), "accounts.person");
    EXPECT_EQ(things[0].at("email"), "ann@example.com");
    EXPECT_EQ(things[0].at("name"), "Somebody analyst");
    EXPECT_EQ(things[1].at("place"), "accounts.membership");
    EXPECT_EQ(things[1].at("role"), "analyst");
}

TEST_F(PersonalDataTest, OfWhoIsErasedNothingIsLeftButTheirId) {
    be_owner();
    join("ann@example.com", "analyst");
    const auto id = id_of("ann@example.com");
    const auto mine = token;
    ASSERT_EQ(sign_in("ann@example.com", kPassword).status, 201U);
    const auto theirs = token;
    const auto erased = erase(id);
    ASSERT_TRUE(erased);
    const auto of = [&erased](const char* place) {
        for (const auto& one : *erased) {
            if (one.place == place) return one.erased;
        }
        return std::int64_t{-1};
    };
    EXPECT_EQ(of("accounts.membership"), 1);
    EXPECT_EQ(of("accounts.person"), 1);
    EXPECT_GE(of("accounts.session"), 1);
    token = theirs;
    EXPECT_EQ(get("session").status, 401U);
    EXPECT_EQ(sign_in("ann@example.com", kPassword).status, 401U);
    token = mine;
    EXPECT_EQ(get("people").body.at("items").as_array().size(), 1U);
    EXPECT_TRUE(along(id).empty());
    pg::Connection superuser(owner, std::chrono::milliseconds(0));
    constexpr pg::Query left{
        "test.left", "SELECT email, name FROM accounts.person WHERE email LIKE 'erased-%'"};
    const auto rows = superuser.run(left);
    ASSERT_EQ(rows.size(), 1);
    EXPECT_EQ(rows.first([](const pg::Row& row) { return row.get<std::string>("name"); }), "");
}

TEST_F(PersonalDataTest, TheOnlyOwnerIsNotErased) {
    be_owner();
    const auto refused = erase(id_of(owner_email));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "last_owner");
    EXPECT_EQ(get("people").body.at("items").as_array().size(), 1U);
}

TEST_F(PersonalDataTest, WhoBelongsElsewhereStaysThere) {
    be_owner();
    join("ann@example.com", "owner");
    // The first owner is superuser of the house as well.
    const auto erased = erase(id_of(owner_email));
    ASSERT_TRUE(erased);
    const auto& person = erased->back();
    EXPECT_EQ(person.place, "accounts.person");
    EXPECT_EQ(person.erased, 0);
    EXPECT_EQ(person.kept, 1);
    EXPECT_EQ(sign_in(owner_email, kPassword).status, 201U);
}

}  // namespace
}  // namespace mobilytics::accounts
