// Sites: the company's assets, by what each is calibrated, and why by that.

#include <algorithm>
#include <map>

#include "domains/assets/assets.h"
#include "domains/calibration/calibration.h"
#include "domains/calibration/count_store.h"
#include "domains/calibration/model_rules.h"
#include "domains/calibration/model_store.h"

namespace mobilytics::calibration {

namespace {

/// What is known of the sites of a page, each read once.
class Known {
  public:
    Known(pg::Transaction& tx, const std::vector<AssetId>& assets, Instant now)
        : now_(now), classes_(select_classes(tx)), published_(select_all_published(tx)) {
        for (auto& each : select_counted(tx, assets)) counted_[each.asset] = each;
        for (const auto& each : classes_) {
            for (const auto asset : each.asset_ids) class_of_[asset] = &each;
        }
        for (const auto& [asset, draft] : select_drafts(tx)) drafts_[asset] = draft;
    }

    /// What is published of its own, of its class and of the company, in this order.
    std::vector<Model> candidates(AssetId asset) const {
        const auto its = class_of_.find(asset);
        std::vector<Model> out;
        for (const auto& model : published_) {
            const bool fits = model.asset_id ? *model.asset_id == asset
                              : model.class_id
                                  ? its != class_of_.end() && *model.class_id == its->second->id
                                  : true;
            if (fits) out.push_back(aged(model, now_));
        }
        std::ranges::sort(out, {}, &Model::scope);
        return out;
    }

    Site site(const assets::Asset& asset) const {
        Site out;
        out.asset_id = asset.id;
        out.code = asset.code;
        out.name = asset.name;
        out.kind = word(asset.kind);
        if (const auto its = class_of_.find(asset.id); its != class_of_.end()) {
            out.class_id = its->second->id;
            out.class_name = its->second->name;
        }
        const auto models = candidates(asset.id);
        if (!models.empty()) out.model = models.front();
        if (const auto its = drafts_.find(asset.id); its != drafts_.end())
            out.draft_id = its->second;
        if (const auto its = counted_.find(asset.id); its != counted_.end()) {
            out.counts = its->second.counts;
            out.counting_id = its->second.counting;
            out.last_counted_at = its->second.last_at;
        }
        return out;
    }

  private:
    const Instant now_;
    const std::vector<SiteClass> classes_;
    const std::vector<Model> published_;
    std::map<AssetId, Counted> counted_;
    std::map<AssetId, const SiteClass*> class_of_;
    std::map<AssetId, ModelId> drafts_;
};

Span span_of(const Applied& of) {
    return {
        .model_id = of.model,
        .version = of.version,
        .scope = of.scope,
        .factor = of.factor,
        .factor_low = of.low,
        .factor_high = of.high,
        .newest_day = of.newest_day,
        .drifting = of.drifting,
        .from = of.from,
        .to = of.to,
    };
}

}  // namespace

Result<SitePage> Calibration::list_sites(const Caller& caller, const PageRequest& page) {
    TRY(const auto assets, needs_.assets.list_assets(caller, page));
    std::vector<AssetId> ids;
    for (const auto& asset : assets.items) ids.push_back(asset.id);
    auto tx = needs_.pool.begin(caller.company);
    const Known known(tx, ids, needs_.clock.now());
    SitePage out{{}, assets.next_cursor};
    for (const auto& asset : assets.items) out.items.push_back(known.site(asset));
    return out;
}

Result<SiteCalibration> Calibration::find_site(const Caller& caller, AssetId id) {
    TRY(const auto asset, needs_.assets.find_asset(caller, id));
    auto tx = needs_.pool.begin(caller.company);
    const Known known(tx, {id}, needs_.clock.now());
    SiteCalibration out{known.site(asset), known.candidates(id), {}};
    std::vector<Applied> of_class;
    if (out.site.class_id) of_class = select_spans(tx, key_of(*out.site.class_id));
    const auto its = laid_over(select_spans(tx, key_of(id)), of_class);
    for (const auto& each : laid_over(its, select_spans(tx, key_of(caller.company)))) {
        out.spans.push_back(span_of(each));
    }
    return out;
}

}  // namespace mobilytics::calibration
