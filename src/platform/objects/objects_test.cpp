#include "platform/objects/objects.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "foundation/clock_test.h"

namespace mobilytics::objects {
namespace {

class ObjectsTest : public testing::Test {
  protected:
    ~ObjectsTest() override { std::filesystem::remove_all(folder); }

    const std::filesystem::path folder =
        testing::TempDir() + "mobilytics_objects_" + std::to_string(getpid());
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    Objects objects{folder, clock};
};

TEST_F(ObjectsTest, WhatIsPutIsFoundAgainUntilItIsRemoved) {
    EXPECT_EQ(objects.put("exports/a.csv", "abc")->bytes, 3U);
    EXPECT_EQ(objects.get("exports/a.csv"), "abc");
    const auto info = Objects(folder, clock).find("exports/a.csv");
    EXPECT_EQ(info->stored_at, clock.now());
    EXPECT_EQ(info->sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_TRUE(objects.put("exports/a.csv", "new"));
    EXPECT_EQ(objects.get("exports/a.csv"), "new");
    EXPECT_TRUE(objects.remove("exports/a.csv"));
    EXPECT_EQ(objects.get("exports/a.csv").error().code, "no_such_object");
    EXPECT_TRUE(objects.remove("exports/a.csv"));
}

TEST_F(ObjectsTest, ANameLeadsNowhereElse) {
    for (const char* bad :
         {"", "/etc/passwd", "../a", "a/../b", "a//b", ".hidden", "a/.b", "a\\b", "a~about",
          "a/"}) {
        EXPECT_EQ(objects.put(bad, "x").error().code, "bad_name") << bad;
        EXPECT_EQ(objects.get(bad).error().code, "bad_name") << bad;
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(ObjectsTest, AListIsInOrderAndPaged) {
    for (const char* name : {"b/2", "a/1", "b/1", "b/3"}) EXPECT_TRUE(objects.put(name, name));
    const auto page = objects.list("b/", "", 2);
    ASSERT_EQ(page.size(), 2U);
    EXPECT_EQ(page[0].name, "b/1");
    EXPECT_EQ(page[1].name, "b/2");
    const auto rest = objects.list("b/", "b/2", 2);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].name, "b/3");
}

TEST_F(ObjectsTest, OneIsWrittenPieceByPieceAndIsThereWhenItIsWhole) {
    {
        auto left = *objects.begin("exports/a");
        left.write("half of it");
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder / "exports"));
    auto writer = *objects.begin("exports/a");
    for (const auto* piece : {"one ", "after ", "the other"}) writer.write(piece);
    EXPECT_EQ(objects.find("exports/a").error().code, "no_such_object");
    EXPECT_TRUE(objects.list("", "", 10).empty());
    const auto info = writer.finish();
    EXPECT_EQ(info.bytes, 19U);
    EXPECT_EQ(*objects.get("exports/a"), "one after the other");
    EXPECT_EQ(objects.find("exports/a")->sha256, info.sha256);
    EXPECT_EQ(objects.list("", "", 10).size(), 1U);
    EXPECT_EQ(*objects.file_of("exports/a"), folder / "exports/a");
    EXPECT_EQ(objects.begin("../a").error().code, "bad_name");
}

TEST_F(ObjectsTest, DamagedBytesAreNotGiven) {
    EXPECT_TRUE(objects.put("a", "whole"));
    std::ofstream(folder / "a") << "hole";
    EXPECT_EQ(objects.get("a").error().code, "object_damaged");
    EXPECT_EQ(objects.file_of("a").error().code, "object_damaged");
}

}  // namespace
}  // namespace mobilytics::objects
