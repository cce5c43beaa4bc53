// A model beside the one that is published, before anything is changed.

#include <algorithm>
#include <map>

#include "domains/assets/assets.h"
#include "domains/calibration/calibration.h"
#include "domains/calibration/model_rules.h"
#include "domains/calibration/model_store.h"
#include "foundation/zone.h"

namespace mobilytics::calibration {

namespace {

constexpr std::int64_t kAssetDaysMax = 3'100;

struct Sum {
    double model = 0, published = 0;
    std::int64_t quarters = 0;
    double mean(double sum) const {
        return quarters == 0 ? 0 : sum / static_cast<double>(quarters);
    }
};

/// Devices at a model's gate, by quarter.
std::map<Instant, double> at_gate(const HeardQuarters& heard, const Model& model) {
    std::map<Instant, double> out;
    const auto gate = std::ranges::find(heard.gates_dbm, model.gate_dbm);
    if (gate == heard.gates_dbm.end()) return out;
    const auto at = static_cast<std::size_t>(gate - heard.gates_dbm.begin());
    for (const auto& each : heard.items) out[each.start] = each.devices[at];
    return out;
}

Compared compared(const Model& model, double devices) {
    return {
        .model_id = model.id,
        .version = model.version,
        .state = model.state,
        .input = model.input,
        .factor = model.factor,
        .people_mean = devices * model.factor,
        .low = devices * model.factor_low,
        .high = devices * model.factor_high,
        .devices_mean = devices,
    };
}

Result<> sound(const CompareModelQuery& query, std::size_t assets) {
    const auto bad = [](std::string detail) {
        return tl::unexpected(Error{
            ErrorKind::invalid,
            "bad_period",
            "what is to be compared has faults",
            {{"/query/to", std::move(detail)}}});
    };
    if (query.to <= query.from) return bad("is to be later than from");
    if (query.to - query.from > kComparedMax)
        return bad("is to be at most 31 days later than from");
    const auto days = std::chrono::ceil<std::chrono::days>(query.to - query.from).count();
    if (days * static_cast<std::int64_t>(assets) > kAssetDaysMax) {
        return bad("is too late for so many sites: take a shorter period");
    }
    return {};
}

}  // namespace

Result<ModelComparison> Calibration::compare_model(
    const Caller& caller, ModelId id, const CompareModelQuery& query) {
    TRY(const auto model, find_model(caller, id));
    std::optional<Model> published;
    {
        auto tx = needs_.pool.begin(caller.company);
        published = select_published(tx, key_of(model, caller.company));
    }
    if (published && published->id == id) published.reset();
    const auto of = assets_of(caller.company, model);
    CHECK(sound(query, of.size()));
    Sum all;
    std::map<std::string, Sum> days;
    for (const auto asset_id : of) {
        TRY(const auto asset, needs_.assets.find_asset(caller, asset_id));
        const auto ask = [&](const Model& by) {
            return at_gate(
                needs_.devices.heard(caller.company, asset_id, by.input, query.from, query.to), by);
        };
        const auto its = ask(model);
        const auto others = published ? ask(*published) : its;
        for (const auto& [start, devices] : its) {
            const auto other = others.find(start);
            if (other == others.end()) continue;
            for (auto* sum : {&all, &days[local_day(start, asset.time_zone).str()]}) {
                sum->model += devices;
                sum->published += other->second;
                ++sum->quarters;
            }
        }
    }
    ModelComparison out{query.from, query.to, all.quarters, {}, {}, {}, {}};
    out.model = compared(model, all.mean(all.model));
    if (published) {
        out.published = compared(*published, all.mean(all.published));
        if (out.published->people_mean > 0) {
            out.ratio = out.model.people_mean / out.published->people_mean;
        }
    }
    for (const auto& [day, sum] : days) {
        ComparedDay each{day, sum.mean(sum.model) * model.factor, {}};
        if (published) each.published = sum.mean(sum.published) * published->factor;
        out.days.push_back(std::move(each));
    }
    return out;
}

}  // namespace mobilytics::calibration
