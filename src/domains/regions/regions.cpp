#include "domains/regions/regions.h"

#include <algorithm>
#include <utility>

#include "domains/regions/region_rules.h"
#include "domains/regions/region_store.h"
#include "platform/audit/audit.h"
#include "platform/events/events.h"

namespace mobilytics::regions {

namespace {

tl::unexpected<Error> no_such_set(RegionSetId id) {
    return fail(ErrorKind::not_found, "no_such_region_set", id.str());
}

Result<RegionSet> in_use(pg::Transaction& tx, RegionSetId id, Lock lock) {
    auto set = select(tx, id, lock);
    if (!set || set->state == RegionSetState::removed) return no_such_set(id);
    return *std::move(set);
}

void tell(pg::Transaction& tx, const RegionSet& set) {
    events::publish(
        tx, SetChanged{
                .company = tx.company(),
                .set = set.id,
                .name = set.name,
                .kind = set.kind,
                .state = set.state,
                .version = set.version,
                .at = set.changed_at});
}

boost::json::value json_of(const RegionSet& set) {
    return boost::json::object{
        {"name", set.name},
        {"kind", word(set.kind)},
        {"state", word(set.state)},
        {"version", set.version},
        {"regions", set.regions}};
}

void record(
    pg::Transaction& tx, const char* action, const Caller& by, const RegionSet& set,
    boost::json::value before, boost::json::value after) {
    audit::append(
        tx, set.changed_at,
        {.action = action,
         .actor = audit::actor_of(by),
         .targets = {{"region_set", set.id.str(), set.name}},
         .before = std::move(before),
         .after = std::move(after)});
}

std::int64_t points_of(const std::vector<Kept>& regions) {
    std::int64_t sum = 0;
    for (const auto& region : regions) sum += region.points;
    return sum;
}

}  // namespace

/// What a set is to hold, of what it holds.
struct Regions::Change {
    const char* action;
    std::string source;
    bool dry_run = false;
    std::int64_t mended = 0;
    std::function<Result<std::vector<Kept>>(std::vector<Kept>)> after;
};

Result<RegionSet> Regions::make_region_set(const Caller& caller, NewRegionSet wanted) {
    if (wanted.name.find_first_not_of(' ') == wanted.name.npos) {
        return tl::unexpected(Error{
            ErrorKind::invalid, "bad_name", "a set has a name", {{"/name", "is to be a name"}}});
    }
    const auto now = clock_.now();
    const RegionSet set{
        .id = RegionSetId::fresh(now),
        .name = std::move(wanted.name),
        .kind = wanted.kind,
        .state = RegionSetState::in_use,
        .version = 0,
        .regions = 0,
        .points = 0,
        .created_at = now,
        .changed_at = now};
    auto tx = pool_.begin(caller.company);
    if (lock_usage(tx).sets >= quotas_.sets_max) {
        return fail(
            ErrorKind::conflict, "too_many_region_sets",
            "a company has at most " + std::to_string(quotas_.sets_max) +
                " sets: remove one that is not needed");
    }
    if (!insert(tx, set)) {
        return fail(ErrorKind::conflict, "region_set_name_taken", "you have a set of this name");
    }
    tell(tx, set);
    record(tx, "regions.set_made", caller, set, nullptr, json_of(set));
    tx.commit();
    return set;
}

Result<RegionSet> Regions::find_region_set(const Caller& caller, RegionSetId id) {
    auto tx = pool_.begin(caller.company);
    return in_use(tx, id, Lock::none);
}

Result<RegionSetPage> Regions::list_region_sets(const Caller& caller, const PageRequest& page) {
    TRY(const auto after, page.after<RegionSetId>());
    auto tx = pool_.begin(caller.company);
    return page_of(select_after(tx, after, page.limit + 1), page.limit);
}

Result<> Regions::remove_region_set(const Caller& caller, RegionSetId id) {
    auto tx = pool_.begin(caller.company);
    TRY(auto set, in_use(tx, id, Lock::for_update));
    const auto before = json_of(set);
    set.state = RegionSetState::removed;
    set.changed_at = clock_.now();
    set.regions = 0;
    set.points = 0;
    update(tx, set);
    forget_regions(tx, id);
    tell(tx, set);
    record(tx, "regions.set_removed", caller, set, before, json_of(set));
    tx.commit();
    return {};
}

Result<RegionPage> Regions::list_regions(
    const Caller& caller, RegionSetId id, const PageRequest& page) {
    auto tx = pool_.begin(caller.company);
    TRY(const auto set, in_use(tx, id, Lock::none));
    RegionPage out{select_regions_after(tx, id, page.cursor, page.limit + 1), std::nullopt};
    if (std::ssize(out.items) > page.limit) {
        out.items.resize(static_cast<std::size_t>(page.limit));
        out.next_cursor = out.items.back().code;
    }
    return out;
}

Result<Versions> Regions::list_region_versions(const Caller& caller, RegionSetId id) {
    auto tx = pool_.begin(caller.company);
    TRY(const auto set, in_use(tx, id, Lock::none));
    return Versions{select_versions(tx, id, quotas_.versions_kept)};
}

Result<Imported> Regions::import_regions(
    const Caller& caller, RegionSetId id, const Mapping& mapping, std::string_view file) {
    CHECK(find_region_set(caller, id));  // Before a large file is read for nothing.
    std::vector<MendedRegion> mended;
    TRY(auto regions, regions_of(file, mapping, quotas_, &mended));
    TRY(auto out, change(
                      caller, id,
                      {.action = "regions.set_imported",
                       .source = mapping.source,
                       .dry_run = mapping.dry_run,
                       .mended = std::ssize(mended),
                       .after = [&](const std::vector<Kept>&) { return std::move(regions); }}));
    out.mended_regions = std::ssize(mended);
    mended.resize(std::min(mended.size(), kMendedTold));
    out.mended = std::move(mended);
    return out;
}

Result<Imported> Regions::put_zone(const Caller& caller, RegionSetId id, const NewZone& wanted) {
    CHECK(find_region_set(caller, id));
    TRY(auto zone, region_of(wanted));
    return change(
        caller, id,
        {.action = "regions.zone_put",
         .source = zone.code,
         .after = [&](std::vector<Kept> all) -> Result<std::vector<Kept>> {
             const auto at = std::ranges::lower_bound(all, zone.code, {}, &Kept::code);
             if (at != all.end() && at->code == zone.code) {
                 *at = std::move(zone);
             } else {
                 all.insert(at, std::move(zone));
             }
             return all;
         }});
}

Result<Imported> Regions::remove_zone(
    const Caller& caller, RegionSetId id, const ZoneRemoval& wanted) {
    return change(
        caller, id,
        {.action = "regions.zone_removed",
         .source = wanted.code,
         .after = [&](std::vector<Kept> all) -> Result<std::vector<Kept>> {
             const auto gone =
                 std::erase_if(all, [&](const Kept& region) { return region.code == wanted.code; });
             if (gone == 0) return fail(ErrorKind::not_found, "no_such_region", wanted.code);
             return all;
         }});
}

Result<Imported> Regions::change(const Caller& caller, RegionSetId id, const Change& wanted) {
    auto tx = pool_.begin(caller.company);
    const auto usage = lock_usage(tx);
    TRY(auto set, in_use(tx, id, Lock::for_update));
    const auto before = select_now(tx, id);
    TRY(const auto after, wanted.after(before));
    const auto points = points_of(after);
    if (std::ssize(after) > quotas_.regions_max || points > quotas_.points_max) {
        return fail(
            ErrorKind::invalid, "too_many_regions",
            "a set has at most " + std::to_string(quotas_.regions_max) + " regions of " +
                std::to_string(quotas_.points_max) + " points together: simplify it, or make two");
    }
    if (usage.points - set.points + points > quotas_.company_points_max) {
        return fail(
            ErrorKind::conflict, "too_many_points_in_all",
            "all your sets together have at most " + std::to_string(quotas_.company_points_max) +
                " points: simplify this one, or remove another");
    }
    const auto what = difference(before, after);
    Imported out{
        .id = id,
        .version = set.version + (what.none() ? 0 : 1),
        .regions = std::ssize(after),
        .points = points,
        .added = std::ssize(what.added),
        .changed = std::ssize(what.changed),
        .removed = std::ssize(what.removed),
        .area_km2 = 0,
        .dry_run = wanted.dry_run};
    for (const auto& region : after) out.area_km2 += region.area_m2 / 1e6;
    if (wanted.dry_run || what.none()) return out;
    const auto said = json_of(set);
    set.version = out.version;
    set.regions = out.regions;
    set.points = out.points;
    set.changed_at = std::max(clock_.now(), set.changed_at + std::chrono::microseconds(1));
    auto ending = what.removed;
    for (const auto* region : what.changed) ending.push_back(region->code);
    end(tx, id, ending, set.version);
    insert(tx, id, set.version, what.added);
    insert(tx, id, set.version, what.changed);
    insert(
        tx, id,
        Version{
            .number = set.version,
            .made_at = set.changed_at,
            .source = wanted.source,
            .regions = out.regions,
            .added = out.added,
            .changed = out.changed,
            .removed = out.removed});
    forget_until(tx, id, set.version - quotas_.versions_kept);
    update(tx, set);
    tell(tx, set);
    auto told = json_of(set).as_object();
    told["source"] = wanted.source;
    if (wanted.mended > 0) told["mended"] = wanted.mended;
    record(tx, wanted.action, caller, set, said, told);
    tx.commit();
    return out;
}

std::optional<Content> Regions::content_of(
    CompanyId company, RegionSetId id, std::int64_t version) {
    auto tx = pool_.begin(company);
    const auto set = select(tx, id, Lock::none);
    if (!set || set->state == RegionSetState::removed) return std::nullopt;
    if (version > set->version || version + quotas_.versions_kept <= set->version)
        return std::nullopt;
    return Content{select_content(tx, id, version)};
}

}  // namespace mobilytics::regions
