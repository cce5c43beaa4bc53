#include "domains/calibration/told.h"

#include "domains/calibration/model_rules.h"
#include "platform/events/events.h"

namespace mobilytics::calibration {

void tell_assets(pg::Transaction& tx, const std::vector<AssetId>& assets) {
    for (const auto asset : assets) {
        std::vector<Applied> of_class;
        if (const auto its = select_class_of(tx, asset)) of_class = select_spans(tx, key_of(*its));
        events::publish(
            tx, CalibrationChanged{
                    tx.company(), asset, laid_over(select_spans(tx, key_of(asset)), of_class)});
    }
}

void tell_changed(pg::Transaction& tx, const Model& model) {
    if (model.asset_id) return tell_assets(tx, {*model.asset_id});
    if (model.class_id) {
        const auto its = select_class(tx, *model.class_id);
        if (its) tell_assets(tx, its->asset_ids);
        return;
    }
    events::publish(
        tx, CalibrationChanged{tx.company(), {}, select_spans(tx, key_of(tx.company()))});
}

}  // namespace mobilytics::calibration
