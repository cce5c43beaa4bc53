#include "platform/services/program.h"

#include <system_error>

#include <gtest/gtest.h>

namespace mobilytics::services {
namespace {

TEST(Program, ItsEndIsTold) {
    EXPECT_EQ(run_program({"true"}).status, 0);
    const auto failed =
        run_program({"sh", "-c", "echo unheard; echo \"$WHY\" >&2; exit 3"}, {{"WHY", "no room"}});
    EXPECT_EQ(failed.status, 3);
    EXPECT_EQ(failed.told, "no room\n");
    EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}).status, 137);
    EXPECT_THROW(run_program({"/no/such/program"}), std::system_error);
}

TEST(Program, ItInheritsLittleAndOfLongTalkTheEndIsKept) {
    const auto environment =
        run_program({"sh", "-c", "env | sort | grep -v ^PWD= | grep -v ^_= >&2"});
    EXPECT_EQ(
        environment.told,
        "LC_ALL=C.UTF-8\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
    const auto much = run_program({"sh", "-c", "seq 1 100000 >&2"});
    EXPECT_TRUE(much.told.ends_with("\n100000\n"));
    EXPECT_LE(much.told.size(), 4000u);
}

}  // namespace
}  // namespace mobilytics::services
