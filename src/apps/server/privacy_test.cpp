#include "apps/server/privacy.h"

#include <set>

#include <gtest/gtest.h>

#include "apps/server/foundations.h"
#include "platform/pg/connection.h"

namespace mobilytics::server {
namespace {

/// All tables of all modules, as an installation has them.
class DataMapTest : public testing::Test {
  protected:
    DataMapTest() {
        settings.data =
            testing::TempDir() + "data_map_" + CompanyId::fresh(SystemClock().now()).uuid();
        foundations.emplace(settings);
    }
    ~DataMapTest() override {
        foundations.reset();
        std::filesystem::remove_all(settings.data);
    }
    std::vector<std::string> untold(const std::vector<privacy::Kept>& map) {
        auto tx = foundations->system().begin();
        return privacy::untold(tx, map);
    }

    Settings settings;
    std::optional<Foundations> foundations;
};

TEST_F(DataMapTest, EveryTableIsOnItAndNoOther) {
    EXPECT_EQ(untold(privacy_of_modules().data_map), std::vector<std::string>());

    // Tried on breaches that are made for it.
    auto map = privacy_of_modules().data_map;
    std::erase_if(map, [](const auto& kept) { return kept.place == "assets.asset"; });
    EXPECT_EQ(untold(map), std::vector<std::string>{"assets.asset: is on no data map"});
    for (const auto* place : {"assets.asset", "assets.gone"}) {
        privacy::Kept kept;
        kept.place = place;
        map.push_back(kept);
    }
    EXPECT_EQ(
        untold(map),
        std::vector<std::string>{"assets.gone: is on a data map, and there is no such table"});
}

TEST(DataMap, WhatIsAboutPeopleSaysAll) {
    std::set<std::string_view> places;
    for (const auto& kept : privacy_of_modules().data_map) {
        EXPECT_TRUE(places.insert(kept.place).second) << kept.place;
        EXPECT_FALSE(kept.purpose.empty()) << kept.place;
        EXPECT_FALSE(kept.kept.empty()) << kept.place;
        const bool personal = kept.about != privacy::About::nobody;
        EXPECT_EQ(personal, !kept.data.empty()) << kept.place;
        EXPECT_EQ(personal, kept.on_erasure != privacy::OnErasure::nothing_personal) << kept.place;
    }
}

}  // namespace
}  // namespace mobilytics::server
