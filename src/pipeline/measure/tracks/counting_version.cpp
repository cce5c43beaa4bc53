#include "pipeline/measure/tracks/counting_version.h"

#include <initializer_list>

namespace mobilytics::measure {

namespace {

template <class List>
void add(std::string& out, std::string_view name, const List& numbers) {
    out += name;
    for (const auto number : numbers) out += ' ' + std::to_string(number);
    out += "; ";
}

}  // namespace

std::string text_of(const CountingRules& rules, const StayRules& stays) {
    using Numbers = std::initializer_list<std::int64_t>;
    const auto& r = rules;
    std::string out;
    add(out, "bursts", Numbers{r.burst_gap_ms, r.window_ms, r.single_burst_ms});
    add(out, "evidence",
        Numbers{
            r.birth, r.fine_same, r.fine_other, r.alias, r.foreign, r.foreign_ms, r.foreign_ahead,
            r.stable, r.change, r.other_maker});
    add(out, "forms", Numbers{r.fine_varies, r.fine_cases, r.fine_learnt, r.fine_alike});
    add(out, "places", Numbers{r.same_moment_ms, r.same_moment_db, r.elsewhere});
    add(out, "grids",
        Numbers{
            static_cast<std::int64_t>(r.grid_bursts), r.grid_from, r.grid_merge_ms, r.period_min_us,
            r.period_max_us, r.near_us, r.coherent_db, r.chance});
    add(out, "passing", Numbers{r.passing_from, r.sigma_passing, r.sigma_arrivals});
    using Large = std::initializer_list<std::uint64_t>;
    add(out, "mingled",
        Large{r.mingled_from, r.mingled_within, r.mingled_db, r.apart_within, r.together});
    add(out, "sigmas", Numbers{r.sigma, r.sigma_family, r.sigma_blind});
    add(out, "bounds", Numbers{r.below, r.above, r.below_blind, r.above_blind});
    add(out, "silences", counting::kSilences);
    add(out, "hazard", counting::kHazard);
    add(out, "first", r.first);
    add(out, "beside", r.beside);
    add(out, "after", r.after);
    add(out, "maker", r.maker);
    add(out, "stays", Numbers{stays.silence_ms, stays.pad_ms, stays.slot_ms});
    return out;
}

}  // namespace mobilytics::measure
