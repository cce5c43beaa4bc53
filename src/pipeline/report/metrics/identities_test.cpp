// What holds of every input: the identities of the field.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pipeline/report/metrics/digital.h"
#include "pipeline/report/metrics/impressions.h"
#include "pipeline/report/metrics/moving.h"
#include "pipeline/report/metrics/presence.h"
#include "pipeline/report/metrics/reach.h"

namespace mobilytics::report::metrics {
namespace {

double near(double value) { return 1e-9 * std::max(1.0, std::abs(value)); }

rc::Gen<double> between(double low, double high) {
    return rc::gen::map(rc::gen::inRange(0, 1'000'001), [=](int part) {
        return low + (high - low) * part / 1'000'000;
    });
}

rc::Gen<Visibility> any_visibility() {
    return rc::gen::build<Visibility>(
        rc::gen::set(&Visibility::size, between(0, 1)),
        rc::gen::set(&Visibility::angle, between(0, 1)),
        rc::gen::set(&Visibility::distance, between(0, 1)),
        rc::gen::set(&Visibility::speed, between(0, 1)),
        rc::gen::set(&Visibility::obstruction, between(0, 1)),
        rc::gen::set(&Visibility::illumination, between(0, 1)));
}

rc::Gen<std::vector<Contact>> any_contacts() {
    return rc::gen::container<std::vector<Contact>>(rc::gen::build<Contact>(
        rc::gen::set(&Contact::dwell_s, between(0, 100)),
        rc::gen::set(&Contact::seen, any_visibility())));
}

rc::Gen<Face> any_face() {
    return rc::gen::build<Face>(
        rc::gen::set(&Face::width_m, between(0.1, 20)),
        rc::gen::set(&Face::height_m, between(0.1, 10)),
        rc::gen::set(&Face::letter_height_m, between(0.01, 1)),
        rc::gen::set(&Face::lit, rc::gen::arbitrary<bool>()));
}

rc::Gen<Sight> any_sight() {
    return rc::gen::build<Sight>(
        rc::gen::set(&Sight::distance_m, between(0.5, 2'000)),
        rc::gen::set(&Sight::angle_deg, between(0, 180)),
        rc::gen::set(&Sight::speed_m_s, between(0, 60)), rc::gen::set(&Sight::clear, between(0, 1)),
        rc::gen::set(&Sight::daylight, between(0, 1)));
}

/// Of people, how often each passed: so that reach and impressions are of the same people.
rc::Gen<std::vector<int>> any_people() {
    return rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12)));
}

struct Told {
    double impressions, reach, population;
};
Told told(const std::vector<int>& people) {
    const auto reached = std::ranges::count_if(people, [](int times) { return times > 0; });
    return {
        std::accumulate(people.begin(), people.end(), 0.0), static_cast<double>(reached),
        static_cast<double>(people.size())};
}

template <class T>
std::vector<T> shuffled(std::vector<T> items) {
    std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
    std::ranges::shuffle(items, random);
    return items;
}

RC_GTEST_PROP(Identities, ImpressionsAreReachTimesFrequency, ()) {
    const auto [impressions, reach, population] = told(*any_people());
    const auto day = Delivery::of(impressions, reach, population);
    RC_ASSERT(day.has_value());
    RC_ASSERT(day->reach() <= day->population());
    if (!day->frequency()) {
        RC_ASSERT(impressions == 0);
        return;
    }
    RC_ASSERT(*day->frequency() >= 1);
    RC_ASSERT(std::abs(day->reach() * *day->frequency() - impressions) <= near(impressions));
    RC_ASSERT(std::abs(day->reach_percent() * *day->frequency() - day->grp()) <= near(day->grp()));
}

RC_GTEST_PROP(Identities, WhatIsShownMultipliesToRounding, ()) {
    const auto devices = *between(1, 100'000);
    const auto often = *between(1, 50);
    const Calibration k{*between(0.2, 5), {0.1, 10}, {}, 10};
    const auto people = reach(devices, 0.0081, k);
    const auto impressions = people.value * often;
    const auto frequency = average_frequency(impressions, people);
    RC_ASSERT(frequency.has_value());
    const auto r = shown(people).value, f = shown(*frequency).value;
    RC_ASSERT(std::abs(r * f - impressions) <= 0.5 * frequency->value + 0.0005 * r + 0.001);
    RC_ASSERT(shown(people).bounds->low <= people.bounds->low);
    RC_ASSERT(shown(people).bounds->high >= people.bounds->high);
}

RC_GTEST_PROP(Identities, ImpressionsAreAdditive, ()) {
    const auto a = *any_contacts(), b = *any_contacts();
    auto both = a;
    both.insert(both.end(), b.begin(), b.end());
    RC_ASSERT(ots(both, {}).value == ots(a, {}).value + ots(b, {}).value);
    const auto sum = lts(a, {}).value + lts(b, {}).value;
    RC_ASSERT(std::abs(lts(both, {}).value - sum) <= near(sum));
}

RC_GTEST_PROP(Identities, LikelyToSeeIsAPartAndItsFactorsSayWhich, ()) {
    const auto contacts = *any_contacts();
    const auto all = ots(contacts, {}).value;
    const auto likely = lts(contacts, {});
    RC_ASSERT(likely.value >= 0);
    RC_ASSERT(likely.value <= all + near(all));
    double product = all;
    for (const auto& factor : likely.factors) {
        RC_ASSERT(factor.value >= 0);
        RC_ASSERT(factor.value <= 1 + 1e-12);
        product *= factor.value;
    }
    RC_ASSERT(std::abs(product - likely.value) <= near(all));
}

RC_GTEST_PROP(Identities, TheOrderOfWhatIsCountedDoesNotMatter, ()) {
    const auto contacts = *any_contacts();
    const auto mixed = shuffled(contacts);
    RC_ASSERT(ots(mixed, {}).value == ots(contacts, {}).value);
    RC_ASSERT(std::abs(lts(mixed, {}).value - lts(contacts, {}).value) <= near(100));
    std::vector<Stay> stays;
    std::vector<double> dwells;
    for (const auto& contact : contacts) {
        stays.push_back({contact.dwell_s, contact.dwell_s < 1});
        dwells.push_back(contact.dwell_s);
    }
    const auto one = dwell(stays, {10, 60}), other = dwell(shuffled(stays), {10, 60});
    RC_ASSERT(one.bins == other.bins);
    RC_ASSERT(one.median.has_value() == other.median.has_value());
    if (one.median) {
        RC_ASSERT(one.median->value == other.median->value);
        RC_ASSERT(one.median->bounds == other.median->bounds);
        RC_ASSERT(one.corrected->value >= one.median->value);
    }
    const auto here = occupancy(dwells, 60, {}).value;
    RC_ASSERT(std::abs(occupancy(shuffled(dwells), 60, {}).value - here) <= near(here));
    RC_ASSERT(here <= static_cast<double>(dwells.size()));
}

RC_GTEST_PROP(Identities, EachFactorOnlyFallsWhenItIsSeenWorse, ()) {
    const auto face = *any_face();
    const auto sight = *any_sight();
    const auto better = visibility(face, sight);
    RC_ASSERT(better.has_value());
    for (const auto factor : better->factors()) {
        RC_ASSERT(factor >= 0);
        RC_ASSERT(factor <= 1);
    }
    const auto worse = [&](const Face& f, const Sight& s) {
        RC_ASSERT(visibility(f, s)->weight() <= better->weight() + 1e-12);
    };
    auto s = sight;
    s.distance_m *= *between(1, 5);
    worse(face, s);
    s = sight;
    s.angle_deg = *between(sight.angle_deg, 180);
    worse(face, s);
    s = sight;
    s.speed_m_s += *between(0, 40);
    worse(face, s);
    s = sight;
    s.clear *= *between(0, 1);
    worse(face, s);
    s = sight;
    s.daylight *= *between(0, 1);
    worse(face, s);
    auto f = face;
    f.lit = false;
    worse(f, sight);
    f = face;
    const auto smaller = *between(0.01, 1);
    f.width_m *= smaller;
    f.height_m *= smaller;
    f.letter_height_m *= smaller;
    worse(f, sight);
}

RC_GTEST_PROP(Identities, TheReachOfAUnionLiesWithinItsBounds, ()) {
    const auto sites = *rc::gen::container<std::vector<std::vector<bool>>>(
        rc::gen::container<std::vector<bool>>(20, rc::gen::arbitrary<bool>()));
    std::vector<double> reaches;
    std::vector<bool> any(20, false);
    for (const auto& site : sites) {
        reaches.push_back(static_cast<double>(std::ranges::count(site, true)));
        for (std::size_t i = 0; i < any.size(); ++i) any[i] = any[i] || site[i];
    }
    const auto together = static_cast<double>(std::ranges::count(any, true));
    const auto bounds = union_bounds(reaches, 20);
    RC_ASSERT(bounds.low <= together);
    RC_ASSERT(together <= bounds.high);
    RC_ASSERT(bounds.high <= 20);
}

RC_GTEST_PROP(Identities, ModelledReachGrowsAndStaysBelowThePopulation, ()) {
    const auto [impressions, reach, population] = told(*any_people());
    RC_PRE(reach > 0);
    RC_PRE(reach < population);
    const auto model = fit_reach(*Delivery::of(impressions, reach, population));
    RC_PRE(model.has_value());
    const auto day = modelled_reach(*model, impressions).value;
    if (model->shape) {
        RC_ASSERT(std::abs(day - reach) <= 1e-6 * population);
    } else {
        RC_ASSERT(day <= reach + near(reach));
    }
    const auto longer = impressions * *between(1, 60);
    const auto later = modelled_reach(*model, longer).value;
    RC_ASSERT(later >= day - near(day));
    RC_ASSERT(later <= population);
    RC_ASSERT(later <= longer + near(longer));  // F is at least 1.
    const auto people = modelled_frequencies(*model, longer, 10);
    const auto sum = std::accumulate(people.begin(), people.end(), 0.0);
    RC_ASSERT(std::abs(sum - later) <= 1e-6 * population);
    for (const auto count : people) RC_ASSERT(count >= -1e-6);
}

RC_GTEST_PROP(Identities, EffectiveReachFallsWithN, ()) {
    Frequencies frequencies;
    for (const auto count : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 500))) {
        frequencies.people.push_back(count);
    }
    RC_PRE(frequencies.reach() > 0);
    RC_ASSERT(effective_reach(frequencies, 1)->value == 1);
    for (std::size_t n = 1; n < 12; ++n) {
        const auto here = effective_reach(frequencies, n);
        RC_ASSERT(effective_reach(frequencies, n + 1)->value <= here->value);
        RC_ASSERT(here->bounds->low <= here->value);
        RC_ASSERT(here->value <= here->bounds->high);
    }
    RC_ASSERT(frequencies.impressions() >= frequencies.reach());
}

RC_GTEST_PROP(Identities, PlaysTimesTheMultiplierAreTheImpressions, ()) {
    const auto impressions = *between(0, 1e6);
    const auto plays = *rc::gen::inRange(1, 10'000);
    const Value seen{.metric = MetricId::ots, .value = impressions, .bounds = {}};
    const auto q = multipliers(std::vector<HourOfPlays>{{seen, plays}});
    RC_ASSERT(std::abs(q[0]->value * plays - impressions) <= near(impressions));
}

RC_GTEST_PROP(Identities, AMovingSidesPolygonIsItsSector, ()) {
    const auto face = *any_face();
    const Pose pose{{*between(-70, 70), *between(-179, 179)}, *between(0, 359)};
    const auto side = *rc::gen::element(Side::driver, Side::passenger, Side::front, Side::rear);
    const auto zone = visibility_polygon(pose, {side, face});
    const Viewing wider{.half_deg = 61};
    // A little inside, every corner is in sight; the opposite side sees none of them.
    for (std::size_t i = 1; i + 1 < zone.size(); ++i) {
        const Spot inside{
            pose.at.latitude + 0.5 * (zone[i].latitude - pose.at.latitude),
            pose.at.longitude + 0.5 * (zone[i].longitude - pose.at.longitude)};
        RC_ASSERT(in_sight(pose, {side, face}, inside, wider));
        const Pose turned{pose.at, pose.heading_deg + 180};
        RC_ASSERT(!in_sight(turned, {side, face}, inside, wider));
    }
}

}  // namespace
}  // namespace mobilytics::report::metrics
