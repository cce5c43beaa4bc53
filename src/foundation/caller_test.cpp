#include "foundation/caller.h"

#include <gtest/gtest.h>

namespace mobilytics {
namespace {

Permission permission(const char* text) { return *Permission::parse(text); }

TEST(Roles, AWordThatCppKeepsForItselfIsWrittenWithoutItsUnderscore) {
    EXPECT_EQ(word(Role::operator_), "operator");
    EXPECT_EQ(from_word<Role>("operator"), Role::operator_);
    EXPECT_EQ(from_word<Role>("operator_"), std::nullopt);
    EXPECT_EQ(word(Verb::export_), "export");
}

TEST(Roles, ARoleBringsThoseThatMayWhatItMay) {
    EXPECT_EQ(Roles::from(Role::admin), (Roles{Role::admin, Role::owner}));
    EXPECT_TRUE(Roles::from(Role::viewer).has(Role::operator_));
    EXPECT_FALSE(Roles::from(Role::analyst).has(Role::operator_));
    EXPECT_EQ(Roles::from(Role::finance), (Roles{Role::finance, Role::superuser}));
    EXPECT_FALSE(Roles::from(Role::viewer).has(Role::superuser));
    EXPECT_TRUE(Roles().empty());
}

TEST(Permissions, AreAResourceAndAVerbEitherOfWhichMayBeAny) {
    EXPECT_EQ(permission("assets:read").str(), "assets:read");
    EXPECT_EQ(permission("*:export").str(), "*:export");
    EXPECT_TRUE(permission("assets:*").covers(permission("assets:write")));
    EXPECT_FALSE(permission("assets:write").covers(permission("assets:*")));
    EXPECT_FALSE(permission("assets:read").covers(permission("devices:read")));
    for (const char* bad :
         {"", "assets", "assets:", ":read", "assets:own", "Assets:read", "a:b:c"}) {
        EXPECT_FALSE(Permission::parse(bad)) << bad;
    }
}

TEST(Permissions, WhatTwoListsHaveInCommonIsWhatBothAllow) {
    const auto some = *permissions_of({"assets:*", "reports:read", "devices:write"});
    const auto others = *permissions_of({"*:read", "devices:*"});
    EXPECT_EQ(
        texts_of(common(some, others)),
        (std::vector<std::string>{"assets:read", "reports:read", "devices:write"}));
    EXPECT_TRUE(common(some, {}).empty());
}

}  // namespace
}  // namespace mobilytics
