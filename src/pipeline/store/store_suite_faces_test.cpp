// What a face was stays known, of its company alone.

#include <gmock/gmock.h>

#include "pipeline/store/store_suite_test.h"

namespace mobilytics::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreSuite, AFacesVersionsReplaceWhatWasKnownOfIt) {
    const auto id = FaceId::fresh(today), second = FaceId::fresh(today);
    Face was;
    was.company = company;
    was.id = id;
    was.asset = world.asset();
    was.name = "North";
    was.width_m = 6;
    was.height_m = 3;
    was.heading_deg = 350.5;
    {
        const auto store = opened();
        store->learn(std::vector{was});
        store->learn(std::vector{was});
        EXPECT_THAT(store->snapshot()->faces(company), ElementsAre(was));
    }
    was.to = today;
    Face is = was;
    is.from = today;
    is.to = std::nullopt;
    is.side = FaceSide::left;
    is.lit = FaceLight::hours;
    is.lit_from = "18:00";
    is.lit_to = "02:00";
    is.letter_height_m = 0.5;
    is.viewing_distance_m = 150;
    is.road_angle_deg = 80;
    is.obstruction = 0.25;
    is.speed_kmh = 50;
    is.speed_measured = is.drives_left = true;
    is.loop_s = 60;
    is.spot_s = 10;
    is.slots = 6;
    is.venue_type = 301;
    Face theirs = was;
    theirs.company = other;
    theirs.id = second;

    const auto store = opened();
    const auto before = store->snapshot();
    EXPECT_THAT(before->faces(company), ElementsAre(testing::Field(&Face::id, id)));
    store->learn(std::vector{was, is});
    store->learn(std::vector{theirs});
    store->learn(std::vector<Face>());
    EXPECT_EQ(before->faces(company).size(), 1U);
    const auto view = store->snapshot();
    EXPECT_THAT(view->faces(company), ElementsAre(was, is));
    EXPECT_THAT(view->faces(other), ElementsAre(theirs));
    EXPECT_THAT(view->faces(world.company()), IsEmpty());
}

}  // namespace
}  // namespace mobilytics::store
