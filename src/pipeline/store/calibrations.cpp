#include "pipeline/store/calibrations.h"

#include <algorithm>
#include <set>

namespace mobilytics::store {

namespace {

const Calibration* at_moment(const Calibrations& known, Instant at) {
    const auto found = std::ranges::find_if(known.spans, [&](const Calibration& span) {
        return span.from <= at && (!span.to || at < *span.to);
    });
    return found == known.spans.end() ? nullptr : &*found;
}

}  // namespace

const Calibration* applying(std::span<const Calibrations> of_company, AssetId asset, Instant at) {
    const Calibration* out = nullptr;
    for (const auto& known : of_company) {
        if (known.asset && *known.asset != asset) continue;
        if (const auto* found = at_moment(known, at)) {
            if (known.asset) return found;
            out = found;
        }
    }
    return out;
}

std::vector<Instant> changes_between(
    std::span<const Calibrations> of_company, Instant from, Instant to) {
    std::set<Instant> out;
    for (const auto& known : of_company) {
        for (const auto& span : known.spans) {
            for (const auto at : {std::optional(span.from), span.to}) {
                if (at && *at > from && *at < to) out.insert(*at);
            }
        }
    }
    return {out.begin(), out.end()};
}

}  // namespace mobilytics::store
