// Classes of sites, and how models are published here.

#include <algorithm>

#include "domains/assets/assets.h"
#include "domains/calibration/calibration.h"
#include "domains/calibration/model_store.h"
#include "domains/calibration/told.h"
#include "platform/audit/audit.h"

namespace mobilytics::calibration {

namespace {

constexpr std::size_t kClassesMax = 200;

boost::json::object json_of(const SiteClass& of) {
    boost::json::array assets;
    for (const auto asset : of.asset_ids) assets.push_back(boost::json::string(asset.str()));
    return {{"name", of.name}, {"asset_ids", std::move(assets)}};
}

/// That all are the company's; each once, in their order.
Result<std::vector<AssetId>> known(
    assets::Assets& assets, const Caller& caller, std::vector<AssetId> ids) {
    std::ranges::sort(ids);
    const auto twice = std::ranges::unique(ids);
    ids.erase(twice.begin(), twice.end());
    for (const auto id : ids) CHECK(assets.find_asset(caller, id));
    return ids;
}

Result<> keep(pg::Transaction& tx, const SiteClass& wanted) {
    if (!upsert(tx, wanted)) {
        return fail(
            ErrorKind::conflict, "class_name_taken", "you have a class of this name already");
    }
    replace_members(tx, wanted);
    return {};
}

}  // namespace

Result<SiteClassList> Calibration::list_classes(const Caller& caller) {
    auto tx = needs_.pool.begin(caller.company);
    return SiteClassList{select_classes(tx)};
}

Result<SiteClass> Calibration::add_class(const Caller& caller, const NewSiteClass& wanted) {
    const auto now = needs_.clock.now();
    TRY(auto ids, known(needs_.assets, caller, wanted.asset_ids));
    const SiteClass made{SiteClassId::fresh(now), wanted.name, std::move(ids)};
    auto tx = needs_.pool.begin(caller.company);
    if (select_classes(tx).size() >= kClassesMax) {
        return fail(ErrorKind::conflict, "too_many_classes", "a company has at most 200 classes");
    }
    CHECK(keep(tx, made));
    tell_assets(tx, made.asset_ids);
    audit::append(
        tx, now,
        {.action = "calibration.class_added",
         .actor = audit::actor_of(caller),
         .targets = {{"site_class", made.id.str(), made.name}},
         .after = json_of(made)});
    tx.commit();
    return made;
}

Result<SiteClass> Calibration::change_class(
    const Caller& caller, SiteClassId id, const NewSiteClass& wanted) {
    const auto now = needs_.clock.now();
    {
        auto tx = needs_.pool.begin(caller.company);
        if (!select_class(tx, id)) return fail(ErrorKind::not_found, "no_such_class", id.str());
    }
    TRY(auto ids, known(needs_.assets, caller, wanted.asset_ids));
    const SiteClass after{id, wanted.name, std::move(ids)};
    auto tx = needs_.pool.begin(caller.company);
    lock(tx, key_of(id));
    const auto before = select_class(tx, id);
    if (!before) return fail(ErrorKind::not_found, "no_such_class", id.str());
    CHECK(keep(tx, after));
    std::vector<AssetId> touched;
    std::ranges::set_union(before->asset_ids, after.asset_ids, std::back_inserter(touched));
    tell_assets(tx, touched);
    audit::append(
        tx, now,
        {.action = "calibration.class_changed",
         .actor = audit::actor_of(caller),
         .targets = {{"site_class", id.str(), after.name}},
         .before = json_of(*before),
         .after = json_of(after)});
    tx.commit();
    return after;
}

Result<CountingModelList> Calibration::list_counting_models(const Caller& caller) {
    const auto current = needs_.devices.counted_by();
    auto tx = needs_.pool.begin(caller.company);
    CountingModelList out{select_counting_models(tx)};
    bool listed = false;
    for (auto& each : out.items) {
        each.in_use = static_cast<const CountingModel&>(each) == current;
        listed = listed || each.in_use;
    }
    if (!listed) out.items.insert(out.items.begin(), {current, true, 0});
    return out;
}

Result<CalibrationSettings> Calibration::find_calibration_settings(const Caller& caller) {
    auto tx = needs_.pool.begin(caller.company);
    return select_settings(tx);
}

Result<CalibrationSettings> Calibration::change_calibration_settings(
    const Caller& caller, const CalibrationSettings& wanted) {
    auto tx = needs_.pool.begin(caller.company);
    const auto before = select_settings(tx);
    upsert(tx, wanted);
    if (before.second_person != wanted.second_person) {
        audit::append(
            tx, needs_.clock.now(),
            {.action = "calibration.settings_changed",
             .actor = audit::actor_of(caller),
             .before = boost::json::object{{"second_person", before.second_person}},
             .after = boost::json::object{{"second_person", wanted.second_person}}});
    }
    tx.commit();
    return wanted;
}

}  // namespace mobilytics::calibration
