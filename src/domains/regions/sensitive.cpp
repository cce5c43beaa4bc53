// Sensitive places: marked, listed, removed.

#include "domains/regions/sensitive.h"

#include <algorithm>

#include "domains/regions/region_rules.h"
#include "domains/regions/region_store.h"
#include "domains/regions/regions.h"
#include "domains/regions/sensitive_store.h"
#include "platform/audit/audit.h"
#include "platform/events/events.h"

namespace mobilytics::regions {

namespace {

std::int64_t cells_of(const std::vector<Kept>& places) {
    std::int64_t sum = 0;
    for (const auto& place : places) sum += place.cells;
    return sum;
}

boost::json::value json_of(const std::vector<Kept>& places) {
    return boost::json::object{{"places", std::ssize(places)}, {"cells", cells_of(places)}};
}

boost::json::value json_of(const Kept& place) {
    return boost::json::object{
        {"code", place.code},
        {"name", place.name},
        {"kind", word(place.kind.value())},
        {"cells", place.cells}};
}

/// `some` in the place of those of their codes; both by code.
std::vector<Kept> with(const std::vector<Kept>& all, const std::vector<Kept>& some) {
    std::vector<Kept> out = some;
    for (const auto& old : all) {
        const auto at = std::ranges::lower_bound(some, old.code, {}, &Kept::code);
        if (at == some.end() || at->code != old.code) out.push_back(old);
    }
    std::ranges::sort(out, {}, &Kept::code);
    return out;
}

SensitiveImported counted(
    const std::vector<Kept>& before, const std::vector<Kept>& after, bool dry_run) {
    const auto what = difference(before, after);
    return {
        .places = std::ssize(after),
        .cells = cells_of(after),
        .added = std::ssize(what.added),
        .changed = std::ssize(what.changed),
        .removed = std::ssize(what.removed),
        .dry_run = dry_run};
}

Result<> check(const std::vector<Kept>& after, const SensitiveQuotas& quotas) {
    if (std::ssize(after) <= quotas.places_max && cells_of(after) <= quotas.cells_max) return {};
    return fail(
        ErrorKind::conflict, "too_many_sensitive_places",
        "a company has at most " + std::to_string(quotas.places_max) + " sensitive places of " +
            std::to_string(quotas.cells_max) +
            " cells together: join those beside each other, or draw them closer");
}

}  // namespace

Result<SensitivePlacePage> Regions::list_sensitive_places(
    const Caller& caller, const PageRequest& page) {
    auto tx = pool_.begin(caller.company);
    SensitivePlacePage out{select_sensitive_after(tx, page.cursor, page.limit + 1), std::nullopt};
    if (std::ssize(out.items) > page.limit) {
        out.items.resize(static_cast<std::size_t>(page.limit));
        out.next_cursor = out.items.back().code;
    }
    return out;
}

Result<SensitiveImported> Regions::import_sensitive_places(
    const Caller& caller, const Mapping& mapping, std::string_view file) {
    TRY(const auto places, regions_of(file, mapping, quotas_));
    auto tx = pool_.begin(caller.company);
    lock_usage(tx);
    const auto before = select_sensitive(tx);
    const auto after = with(before, places);
    CHECK(check(after, quotas_.sensitive));
    const auto out = counted(before, after, mapping.dry_run);
    if (out.added + out.changed == 0 || mapping.dry_run) return out;
    const auto what = difference(before, after);
    auto changed = what.added;
    changed.insert(changed.end(), what.changed.begin(), what.changed.end());
    const auto now = clock_.now();
    put_sensitive(tx, changed, now);
    auto told = json_of(after).as_object();
    told["source"] = mapping.source;
    audit::append(
        tx, now,
        {.action = "regions.sensitive_imported",
         .actor = audit::actor_of(caller),
         .targets = {{"company", caller.company.str(), mapping.source}},
         .before = json_of(before),
         .after = std::move(told)});
    events::publish(tx, SensitiveChanged{caller.company});
    tx.commit();
    return out;
}

Result<SensitiveImported> Regions::put_sensitive_place(
    const Caller& caller, const NewSensitivePlace& wanted) {
    TRY(const auto place, sensitive_of(wanted, quotas_.sensitive));
    auto tx = pool_.begin(caller.company);
    lock_usage(tx);
    const auto before = select_sensitive(tx);
    const auto after = with(before, {place});
    CHECK(check(after, quotas_.sensitive));
    const auto out = counted(before, after, false);
    if (out.added + out.changed == 0) return out;
    const auto now = clock_.now();
    put_sensitive(tx, {&place}, now);
    const auto old = std::ranges::find(before, place.code, &Kept::code);
    audit::append(
        tx, now,
        {.action = "regions.sensitive_put",
         .actor = audit::actor_of(caller),
         .targets = {{"sensitive_place", place.code, place.name}},
         .before = old == before.end() ? boost::json::value() : json_of(*old),
         .after = json_of(place)});
    events::publish(tx, SensitiveChanged{caller.company});
    tx.commit();
    return out;
}

Result<SensitiveImported> Regions::remove_sensitive_place(
    const Caller& caller, const SensitiveRemoval& wanted) {
    auto tx = pool_.begin(caller.company);
    lock_usage(tx);
    const auto before = select_sensitive(tx);
    const auto old = std::ranges::find(before, wanted.code, &Kept::code);
    if (old == before.end()) {
        return fail(ErrorKind::not_found, "no_such_sensitive_place", wanted.code);
    }
    delete_sensitive(tx, wanted.code);
    auto after = before;
    after.erase(after.begin() + (old - before.begin()));
    audit::append(
        tx, clock_.now(),
        {.action = "regions.sensitive_removed",
         .actor = audit::actor_of(caller),
         .targets = {{"sensitive_place", old->code, old->name}},
         .before = json_of(*old),
         .after = nullptr});
    events::publish(tx, SensitiveChanged{caller.company});
    tx.commit();
    return counted(before, after, false);
}

std::vector<std::string> Regions::sensitive_shapes(CompanyId company) {
    auto tx = pool_.begin(company);
    std::vector<std::string> out;
    for (auto& place : select_sensitive(tx)) out.push_back(std::move(place.shape));
    return out;
}

boost::json::value SensitiveChanged::to_json() const {
    return boost::json::object{{"company", company.str()}};
}

SensitiveChanged SensitiveChanged::from_json(const boost::json::value& json) {
    const auto company = CompanyId::parse(std::string(json.at("company").as_string()));
    VERIFY(company);
    return {*company};
}

}  // namespace mobilytics::regions
