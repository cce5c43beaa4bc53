#pragma once
// What of a question is not counted, for it lies in sensitive places: docs/decisions/0018.

#include <vector>

#include "pipeline/report/answers.h"
#include "pipeline/store/store.h"

namespace mobilytics::report {

struct Uncounted {
    store::SensitiveCells cells;
    std::vector<AssetId> standing;  // Assets in use that stand in one, ascending,
    std::size_t in_use = 0;         // of so many in all.

    bool stands_there(AssetId asset) const { return std::ranges::binary_search(standing, asset); }
    /// Of all that is asked for nothing is counted: what there is not is not nought.
    bool is_all(const store::Filter& filter) const;
    /// That there are such places, and which of the assets asked for stand there.
    void tell(const store::Filter& filter, Provenance& out) const;
};

Uncounted uncounted(store::Snapshot& snapshot, CompanyId company);

}  // namespace mobilytics::report
