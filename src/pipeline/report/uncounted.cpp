#include "pipeline/report/uncounted.h"

#include <algorithm>

namespace mobilytics::report {

bool Uncounted::is_all(const store::Filter& filter) const {
    if (filter.assets.empty()) return !standing.empty() && standing.size() == in_use;
    return std::ranges::all_of(filter.assets, [&](AssetId asset) { return stands_there(asset); });
}

void Uncounted::tell(const store::Filter& filter, Provenance& out) const {
    if (cells.empty()) return;
    out.sensitive_places = true;
    auto& assets = out.sensitive_assets.emplace();
    for (const auto& asset : standing) {
        const auto& asked = filter.assets;
        const bool wanted = asked.empty() || std::ranges::find(asked, asset) != asked.end();
        if (wanted) assets.push_back(asset);
    }
}

Uncounted uncounted(store::Snapshot& snapshot, CompanyId company) {
    Uncounted out;
    out.cells = snapshot.sensitive(company);
    if (out.cells.empty()) return out;
    for (const auto& asset : snapshot.assets(company)) {
        if (asset.retired) continue;
        ++out.in_use;
        if (out.cells.has(asset.dimension)) out.standing.push_back(asset.dimension.asset);
    }
    return out;
}

}  // namespace mobilytics::report
