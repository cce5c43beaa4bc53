// Models: fitted, compared, published, retired.

#include <algorithm>
#include <map>

#include "domains/assets/assets.h"
#include "domains/calibration/calibration.h"
#include "domains/calibration/count_store.h"
#include "domains/calibration/model_rules.h"
#include "domains/calibration/model_store.h"
#include "domains/calibration/pairs.h"
#include "domains/calibration/told.h"
#include "foundation/zone.h"
#include "platform/audit/audit.h"

namespace mobilytics::calibration {

namespace {

boost::json::object json_of(const Model& model) {
    boost::json::object out{{"version", model.version},       {"scope", word(model.scope)},
                            {"state", word(model.state)},     {"input", word(model.input)},
                            {"gate_dbm", model.gate_dbm},     {"factor", model.factor},
                            {"factor_low", model.factor_low}, {"factor_high", model.factor_high},
                            {"quarters", model.quarters},     {"days", model.days}};
    if (model.valid_from) out["valid_from"] = to_iso8601(*model.valid_from);
    return out;
}

struct Done {
    const char* action;
    const Caller& by;
    Instant at;
    std::string site, reason = {};
};
void record(
    pg::Transaction& tx, const Done& done, const std::optional<Model>& before, const Model& after) {
    audit::append(
        tx, done.at,
        {.action = done.action,
         .actor = audit::actor_of(done.by),
         .targets = {{"model", after.id.str(), done.site}},
         .before = before ? boost::json::value(json_of(*before)) : nullptr,
         .after = json_of(after),
         .reason = done.reason});
}

tl::unexpected<Error> no_such_model(ModelId id) {
    return fail(ErrorKind::not_found, "no_such_model", id.str());
}

/// Those that were asked for. not_found `no_such_count`.
Result<std::vector<Count>> chosen(
    std::vector<Count> counts, const std::optional<std::vector<CountId>>& wanted) {
    if (!wanted) return counts;
    for (const auto id : *wanted) {
        const bool there = std::ranges::find(counts, id, &Count::id) != counts.end();
        if (!there) return fail(ErrorKind::not_found, "no_such_count", id.str());
    }
    std::erase_if(counts, [&](const Count& count) {
        return std::ranges::find(*wanted, count.id) == wanted->end();
    });
    return counts;
}

/// Another is published after it, or nobody's is.
void end_former(pg::Transaction& tx, const Caller& by, const Model& next, Instant now) {
    const auto former = select_published(tx, key_of(next, tx.company()));
    if (!former) return;
    const auto after =
        retired(*former, by, "followed by version " + std::to_string(next.version), now);
    VERIFY(after);
    update_state(tx, *after);
}

}  // namespace

Result<std::vector<AssetId>> Calibration::assets_of(const Caller& caller, const NewFit& wanted) {
    if (wanted.asset_id) {
        TRY(const auto asset, needs_.assets.find_asset(caller, *wanted.asset_id));
        return std::vector{asset.id};
    }
    Model of;
    of.scope = wanted.scope;
    of.class_id = wanted.class_id;
    if (of.class_id) {
        auto tx = needs_.pool.begin(caller.company);
        if (!select_class(tx, *of.class_id)) {
            return fail(ErrorKind::not_found, "no_such_class", of.class_id->str());
        }
    }
    return assets_of(caller.company, of);
}

std::vector<AssetId> Calibration::assets_of(CompanyId company, const Model& model) {
    if (model.asset_id) return {*model.asset_id};
    if (model.class_id) {
        auto tx = needs_.pool.begin(company);
        const auto its = select_class(tx, *model.class_id);
        return its ? its->asset_ids : std::vector<AssetId>();
    }
    const Caller caller{.company = company, .role = Role::owner};
    std::vector<AssetId> out;
    PageRequest page{.cursor = {}, .limit = PageRequest::kLimitMax};
    for (;;) {
        const auto some = needs_.assets.list_assets(caller, page);
        VERIFY(some);
        for (const auto& asset : some->items) out.push_back(asset.id);
        if (!some->next_cursor) return out;
        page.cursor = *some->next_cursor;
    }
}

std::string Calibration::name_of(CompanyId company, const Model& model) {
    const Caller caller{.company = company, .role = Role::owner};
    if (model.asset_id) {
        const auto asset = needs_.assets.find_asset(caller, *model.asset_id);
        return asset ? asset->name : model.asset_id->str();
    }
    if (!model.class_id) return "all sites";
    auto tx = needs_.pool.begin(company);
    const auto its = select_class(tx, *model.class_id);
    return its ? its->name : model.class_id->str();
}

Result<Calibration::Paired> Calibration::paired(
    CompanyId company, const std::vector<Count>& counts, std::optional<Input> input) {
    const Caller caller{.company = company, .role = Role::owner};
    // A quarter that was counted twice counts once, with the mean.
    std::map<std::pair<AssetId, Instant>, std::pair<double, int>> people;
    Paired out;
    {
        auto tx = needs_.pool.begin(company);
        for (const auto& count : counts) {
            const auto quarters = count.way == Way::totals
                                      ? quarters_of(select_totals(tx, count.id))
                                      : quarters_of(count, select_ledger(tx, count.id));
            for (const auto& quarter : quarters) {
                auto& [sum, times] = people[{count.asset_id, quarter.start}];
                sum += quarter.people;
                ++times;
            }
            if (!quarters.empty()) out.counts.push_back(count.id);
        }
    }
    if (people.empty()) {
        return fail(
            ErrorKind::conflict, "nothing_counted",
            "no quarter of an hour was counted for half at least: count, and end the count");
    }
    const auto end_of = [](const Count& count) {
        return count.ended_at.value_or(count.changed_at);
    };
    const auto best = [&](const Count& count) {
        return needs_.devices.input(company, count.asset_id, count.begun_at, end_of(count));
    };
    const bool counted = std::ranges::all_of(
        counts, [&](const Count& count) { return best(count) == Input::counted; });
    out.input = input.value_or(counted ? Input::counted : Input::addresses);
    std::map<AssetId, std::string> zones;
    std::map<std::pair<AssetId, Instant>, std::vector<double>> devices;
    for (const auto& count : counts) {
        TRY(const auto asset, needs_.assets.find_asset(caller, count.asset_id));
        zones[asset.id] = asset.time_zone;
        const auto heard = needs_.devices.heard(
            company, asset.id, out.input, count.begun_at - kQuarter, end_of(count) + kQuarter);
        out.gates_dbm = heard.gates_dbm;
        for (const auto& each : heard.items) devices[{asset.id, each.start}] = each.devices;
    }
    for (const auto& [key, sum] : people) {
        const auto heard = devices.find(key);
        if (heard == devices.end()) {
            ++out.unheard;
            continue;
        }
        const auto day = std::chrono::sys_days(local_day(key.second, zones.at(key.first)).date);
        out.pairs.emplace_back(key.second, Pair{day, sum.first / sum.second, heard->second});
    }
    std::ranges::sort(
        out.pairs, {}, [](const auto& pair) { return std::pair(pair.second.day, pair.first); });
    return out;
}

Result<Model> Calibration::fit_model(const Caller& caller, const NewFit& wanted) {
    CHECK(sound(wanted));
    TRY(const auto of, assets_of(caller, wanted));
    std::vector<Count> ended;
    {
        auto tx = needs_.pool.begin(caller.company);
        ended = select_ended(tx, of);
    }
    TRY(const auto counts, chosen(std::move(ended), wanted.count_ids));
    TRY(auto found, paired(caller.company, counts, std::nullopt));
    if (found.pairs.empty()) {
        return fail(
            ErrorKind::conflict, "nothing_heard",
            "no sensor heard anything while people were counted: see that one is on the asset");
    }
    if (found.pairs.size() < kQuartersMin) {
        return fail(
            ErrorKind::conflict, "too_few_quarters",
            "people were counted in " + std::to_string(found.pairs.size()) +
                " quarters of an hour that were heard; a factor takes four at least");
    }
    std::vector<Pair> pairs;
    for (const auto& [start, pair] : found.pairs) pairs.push_back(pair);
    auto fitted = needs_.fit.fit(found.gates_dbm, pairs);
    if (!fitted) {
        return fail(
            ErrorKind::conflict, "no_fit",
            "nobody was counted, or no device was present: nothing can be fitted to that");
    }
    VERIFY(fitted->residuals.size() == found.pairs.size());
    for (std::size_t i = 0; i < found.pairs.size(); ++i) {
        fitted->residuals[i].at = found.pairs[i].first;
    }
    const auto now = needs_.clock.now();
    Model model;
    static_cast<Fitted&>(model) = *std::move(fitted);
    model.id = ModelId::fresh(now);
    model.scope = wanted.scope;
    model.asset_id = wanted.asset_id;
    model.class_id = wanted.class_id;
    model.method = needs_.fit.method();
    model.input = found.input;
    model.unheard = found.unheard;
    model.counted_by = needs_.devices.counted_by();
    model.fitted_at = now;
    model.fitted_by = caller.actor();
    model.counts = std::move(found.counts);
    const auto site = name_of(caller.company, model);
    auto tx = needs_.pool.begin(caller.company);
    model.version = insert(tx, model);
    record(tx, {"calibration.model_fitted", caller, now, site}, std::nullopt, model);
    tx.commit();
    return aged(std::move(model), now);
}

Result<ModelPage> Calibration::list_models(
    const Caller& caller, const PageRequest& page, const ListModelsQuery& query) {
    TRY(const auto before, page.after<ModelId>());
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    auto out = page_of(
        select_models(
            tx, page.cursor.empty() ? std::nullopt : std::optional(before), query, page.limit + 1),
        page.limit);
    for (auto& model : out.items) model = aged(std::move(model), now);
    return out;
}

Result<Model> Calibration::find_model(const Caller& caller, ModelId id) {
    auto tx = needs_.pool.begin(caller.company);
    auto model = select_model(tx, id, Lock::none);
    if (!model) return no_such_model(id);
    return aged(*std::move(model), needs_.clock.now());
}

Result<Model> Calibration::publish_model(
    const Caller& caller, ModelId id, const NewPublication& wanted) {
    const auto now = needs_.clock.now();
    TRY(const auto draft, find_model(caller, id));
    if (wanted.valid_from && *wanted.valid_from > now) {
        return tl::unexpected(Error{
            ErrorKind::invalid,
            "bad_publication",
            "this publication has faults",
            {{"/valid_from", "lies in the future: publish it then"}}});
    }
    // A scope's first applies from the day of its first count on.
    Instant first = now;
    if (!draft.counts.empty()) {
        TRY(const auto count, find_count(caller, draft.counts.front()));
        TRY(const auto asset, needs_.assets.find_asset(caller, count.asset_id));
        first = start_of(local_day(count.begun_at, asset.time_zone), asset.time_zone);
    }
    const auto site = name_of(caller.company, draft);
    auto tx = needs_.pool.begin(caller.company);
    const auto key = key_of(draft, caller.company);
    lock(tx, key);
    const auto before = select_model(tx, id, Lock::for_update);
    VERIFY(before);
    const auto spans = select_spans(tx, key);
    const auto from = wanted.valid_from.value_or(spans.empty() ? first : now);
    TRY(auto after, published(*before, caller, select_settings(tx).second_person, from, now));
    end_former(tx, caller, after, now);
    update_state(tx, after);
    replace_spans(tx, key, followed_by(spans, applied_of(after, from, std::nullopt)));
    tell_changed(tx, after);
    record(
        tx, {"calibration.model_published", caller, now, site, wanted.reason.value_or("")}, before,
        after);
    tx.commit();
    return aged(std::move(after), now);
}

Result<Model> Calibration::retire_model(const Caller& caller, ModelId id, const NewReason& why) {
    const auto now = needs_.clock.now();
    TRY(const auto known, find_model(caller, id));
    const auto site = name_of(caller.company, known);
    auto tx = needs_.pool.begin(caller.company);
    const auto key = key_of(known, caller.company);
    lock(tx, key);
    const auto before = select_model(tx, id, Lock::for_update);
    VERIFY(before);
    TRY(auto after, retired(*before, caller, why.reason, now));
    update_state(tx, after);
    if (before->state == ModelState::published) {
        replace_spans(tx, key, without(select_spans(tx, key), id, now));
        tell_changed(tx, after);
    }
    record(tx, {"calibration.model_retired", caller, now, site, why.reason}, before, after);
    tx.commit();
    return aged(std::move(after), now);
}

}  // namespace mobilytics::calibration
