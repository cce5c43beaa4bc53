// Counting: what comes from phones and tables, and what it comes to.

#include <algorithm>

#include "domains/assets/assets.h"
#include "domains/calibration/calibration.h"
#include "domains/calibration/count_store.h"
#include "domains/calibration/drift_job.h"
#include "platform/audit/audit.h"

namespace mobilytics::calibration {

namespace {

boost::json::object json_of(const Count& count) {
    boost::json::object out{
        {"asset_id", count.asset_id.str()},
        {"way", word(count.way)},
        {"state", word(count.state)},
        {"begun_at", to_iso8601(count.begun_at)},
        {"start_occupancy", count.start_occupancy}};
    if (count.ended_at) out["ended_at"] = to_iso8601(*count.ended_at);
    return out;
}

boost::json::value json_of(const std::vector<Total>& totals) {
    boost::json::array out;
    for (const auto& total : totals) {
        out.push_back(boost::json::object{
            {"from", to_iso8601(total.from)},
            {"to", to_iso8601(total.to)},
            {"people", total.people}});
    }
    return boost::json::object{{"totals", std::move(out)}};
}

struct Done {
    const char* action;
    const Caller& by;
    Instant at;
    std::string reason = {};
};
void record(
    pg::Transaction& tx, const Done& done, const Count& count, boost::json::value before,
    boost::json::value after) {
    audit::append(
        tx, done.at,
        {.action = done.action,
         .actor = audit::actor_of(done.by),
         .targets = {{"count", count.id.str()}, {"asset", count.asset_id.str()}},
         .before = std::move(before),
         .after = std::move(after),
         .reason = done.reason});
}

tl::unexpected<Error> no_such_count(CountId id) {
    return fail(ErrorKind::not_found, "no_such_count", id.str());
}

/// That it may be changed, in this way.
Result<> open_to(const Count& count, Way way) {
    if (count.state == CountState::dismissed) {
        return fail(ErrorKind::conflict, "dismissed", "this count was dismissed");
    }
    if (count.way == way) return {};
    return way == Way::taps
               ? fail(
                     ErrorKind::conflict, "not_of_taps", "this count is of totals: enter intervals")
               : fail(ErrorKind::conflict, "not_of_totals", "this count is of taps");
}

/// Those of a batch that have not come before. conflict `differs`.
Result<std::vector<Tap>> news(pg::Transaction& tx, CountId id, const TapBatch& batch) {
    std::vector<std::string> ids;
    for (const auto& tap : batch.taps) ids.push_back(tap.id);
    const auto known = select_taps(tx, id, ids);
    std::vector<Tap> out;
    for (const auto& tap : batch.taps) {
        const Tap wanted{tap, batch.counter};
        const auto same =
            std::ranges::find(known, tap.id, [](const Tap& one) { return one.tap.id; });
        if (same == known.end()) {
            out.push_back(wanted);
        } else if (*same != wanted) {
            return fail(
                ErrorKind::conflict, "differs",
                "the tap " + tap.id + " is known, and was another: give each tap its own id");
        }
    }
    return out;
}

/// With what it comes to now.
void keep(pg::Transaction& tx, Count& count, Instant now) {
    if (count.way == Way::taps) count = summed(std::move(count), select_ledger(tx, count.id));
    count.changed_at = now;
    update(tx, count);
    if (count.state == CountState::ended) look_later(tx, now);
}

}  // namespace

Result<CountPage> Calibration::list_counts(
    const Caller& caller, const PageRequest& page, const ListCountsQuery& query) {
    TRY(const auto before, page.after<CountId>());
    auto tx = needs_.pool.begin(caller.company);
    return page_of(
        select_counts(
            tx, page.cursor.empty() ? std::nullopt : std::optional(before), query, page.limit + 1),
        page.limit);
}

Result<Count> Calibration::begin_count(const Caller& caller, const NewCount& wanted) {
    TRY(const auto asset, needs_.assets.find_asset(caller, wanted.asset_id));
    const auto now = needs_.clock.now();
    TRY(const auto count, begun(wanted, caller, now));
    auto tx = needs_.pool.begin(caller.company);
    if (wanted.client_id) {
        const auto known = select_count(tx, *wanted.client_id);
        if (known && known->asset_id == wanted.asset_id && known->way == wanted.way) return *known;
        if (known) {
            return fail(
                ErrorKind::conflict, "differs",
                "this client_id is another count's: give each count its own");
        }
    }
    if (asset.state == assets::AssetState::retired) {
        return fail(ErrorKind::conflict, "asset_retired", "at a retired asset nobody counts");
    }
    if (!insert(tx, count, wanted.client_id)) return *select_count(tx, *wanted.client_id);
    record(tx, {"calibration.count_begun", caller, now}, count, nullptr, json_of(count));
    tx.commit();
    return count;
}

Result<Count> Calibration::find_count(const Caller& caller, CountId id) {
    auto tx = needs_.pool.begin(caller.company);
    auto count = select_count(tx, id, Lock::none);
    if (!count) return no_such_count(id);
    return *std::move(count);
}

Result<TapsTaken> Calibration::add_taps(const Caller& caller, CountId id, const TapBatch& batch) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    auto count = select_count(tx, id, Lock::for_update);
    if (!count) return no_such_count(id);
    CHECK(open_to(*count, Way::taps));
    CHECK(sound(batch, now));
    TRY(const auto fresh, news(tx, id, batch));
    TapsTaken out{std::ssize(fresh), std::ssize(batch.taps) - std::ssize(fresh), *count};
    if (fresh.empty()) return out;
    if (count->taps + count->undone + out.taken > kTapsMax) {
        return fail(
            ErrorKind::conflict, "too_many_taps",
            "a count has at most 20 000 taps: end it and begin another");
    }
    insert(tx, id, fresh);
    keep(tx, *count, now);
    if (std::ssize(count->counters) > kCountersMax) {
        return fail(
            ErrorKind::conflict, "too_many_counters", "at most 50 count at one site together");
    }
    tx.commit();
    out.count = *std::move(count);
    return out;
}

Result<TotalList> Calibration::list_totals(const Caller& caller, CountId id) {
    auto tx = needs_.pool.begin(caller.company);
    if (!select_count(tx, id, Lock::none)) return no_such_count(id);
    return TotalList{select_totals(tx, id)};
}

Result<TotalList> Calibration::set_totals(const Caller& caller, CountId id, NewTotals wanted) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    auto count = select_count(tx, id, Lock::for_update);
    if (!count) return no_such_count(id);
    CHECK(open_to(*count, Way::totals));
    const auto reason = wanted.reason.value_or("");
    TRY(auto totals, sound(std::move(wanted), now));
    const auto before = select_totals(tx, id);
    replace(tx, id, totals);
    *count = summed(*std::move(count), totals);
    keep(tx, *count, now);
    record(
        tx, {"calibration.totals_set", caller, now, reason}, *count, json_of(before),
        json_of(totals));
    tx.commit();
    return TotalList{std::move(totals)};
}

Result<CorrectionList> Calibration::list_corrections(const Caller& caller, CountId id) {
    auto tx = needs_.pool.begin(caller.company);
    if (!select_count(tx, id, Lock::none)) return no_such_count(id);
    return CorrectionList{select_corrections(tx, id)};
}

Result<CorrectionList> Calibration::correct_count(
    const Caller& caller, CountId id, const NewCorrection& wanted) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    auto count = select_count(tx, id, Lock::for_update);
    if (!count) return no_such_count(id);
    CHECK(open_to(*count, Way::taps));
    CHECK(sound(wanted, *count, now));
    const auto before = select_corrections(tx, id);
    if (std::ssize(before) >= kCorrectionsMax) {
        return fail(
            ErrorKind::conflict, "too_many_corrections", "a count is corrected 200 times at most");
    }
    upsert(tx, id, {wanted.at, wanted.occupancy, wanted.reason, now, caller.actor()});
    const auto people = count->people;
    keep(tx, *count, now);
    record(
        tx, {"calibration.count_corrected", caller, now, wanted.reason}, *count,
        boost::json::object{{"people", people}},
        boost::json::object{
            {"people", count->people},
            {"at", to_iso8601(wanted.at)},
            {"occupancy", wanted.occupancy}});
    CorrectionList out{select_corrections(tx, id)};
    tx.commit();
    return out;
}

Result<Count> Calibration::end_count(const Caller& caller, CountId id, const NewEnding& wanted) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    const auto before = select_count(tx, id, Lock::for_update);
    if (!before) return no_such_count(id);
    CHECK(open_to(*before, Way::taps));
    TRY(auto after, ended(*before, wanted.ended_at.value_or(now), now));
    keep(tx, after, now);
    record(tx, {"calibration.count_ended", caller, now}, after, json_of(*before), json_of(after));
    tx.commit();
    return after;
}

Result<Count> Calibration::dismiss_count(const Caller& caller, CountId id, const NewReason& why) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    const auto before = select_count(tx, id, Lock::for_update);
    if (!before) return no_such_count(id);
    TRY(auto after, dismissed(*before, why.reason));
    keep(tx, after, now);
    record(
        tx, {"calibration.count_dismissed", caller, now, why.reason}, after, json_of(*before),
        json_of(after));
    tx.commit();
    return after;
}

Result<Count> Calibration::restore_count(const Caller& caller, CountId id, const NewReason& why) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    const auto before = select_count(tx, id, Lock::for_update);
    if (!before) return no_such_count(id);
    TRY(auto after, restored(*before));
    keep(tx, after, now);
    record(
        tx, {"calibration.count_restored", caller, now, why.reason}, after, json_of(*before),
        json_of(after));
    tx.commit();
    return after;
}

Result<QuarterList> Calibration::list_quarters(const Caller& caller, CountId id) {
    auto tx = needs_.pool.begin(caller.company);
    const auto count = select_count(tx, id, Lock::none);
    if (!count) return no_such_count(id);
    return QuarterList{
        count->way == Way::totals ? quarters_of(select_totals(tx, id))
                                  : quarters_of(*count, select_ledger(tx, id))};
}

}  // namespace mobilytics::calibration
