// A company's markets: what happens. Each operation is one transaction.

#include <utility>

#include "domains/assets/assets.h"
#include "domains/assets/face_rules.h"
#include "domains/assets/face_store.h"
#include "platform/audit/audit.h"

namespace mobilytics::assets {

namespace {

constexpr std::int64_t kMarketsMax = 500;

/// For the audit trail.
boost::json::value json_of(const std::optional<Market>& market) {
    if (!market) return nullptr;
    boost::json::object out{
        {"name", market->name},
        {"population", market->population},
        {"source", market->source},
        {"year", market->year}};
    if (market->target_name) {
        out["target_name"] = *market->target_name;
        out["target_population"] = *market->target_population;
        out["target_share"] = *market->target_share;
    }
    return out;
}

struct Done {
    const char* action;
    const Caller& by;
    Instant at;
};
void record(
    pg::Transaction& tx, const Done& done, const std::optional<Market>& before,
    const std::optional<Market>& after) {
    const auto& named = after ? *after : *before;
    audit::append(
        tx, done.at,
        {.action = done.action,
         .actor = audit::actor_of(done.by),
         .targets = {{"market", named.id.str(), named.name}},
         .before = json_of(before),
         .after = json_of(after)});
}

tl::unexpected<Error> name_taken() {
    return fail(ErrorKind::conflict, "market_name_taken", "you have a market of this name");
}

tl::unexpected<Error> no_such_market(MarketId id) {
    return fail(ErrorKind::not_found, "no_such_market", id.str());
}

}  // namespace

Result<Market> Assets::add_market(const Caller& caller, NewMarket wanted) {
    const auto now = clock_.now();
    CHECK(check(wanted, now));
    Market market;
    static_cast<NewMarket&>(market) = std::move(wanted);
    market.id = MarketId::fresh(now);
    auto tx = pool_.begin(caller.company);
    if (std::ssize(select_markets(tx, kMarketsMax)) >= kMarketsMax) {
        return fail(ErrorKind::conflict, "too_many_markets", "a company has 500 markets at most");
    }
    if (!insert(tx, market)) return name_taken();
    record(tx, {"assets.market_added", caller, now}, {}, market);
    tx.commit();
    return market;
}

Result<Market> Assets::find_market(const Caller& caller, MarketId id) {
    auto tx = pool_.begin(caller.company);
    auto market = select(tx, id);
    if (!market) return no_such_market(id);
    return *std::move(market);
}

Result<Markets> Assets::list_markets(const Caller& caller) {
    auto tx = pool_.begin(caller.company);
    return Markets{select_markets(tx, kMarketsMax)};
}

Result<Market> Assets::change_market(const Caller& caller, MarketId id, NewMarket wanted) {
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    const auto before = select(tx, id);
    if (!before) return no_such_market(id);
    CHECK(check(wanted, now));
    Market after;
    static_cast<NewMarket&>(after) = std::move(wanted);
    after.id = id;
    if (!update(tx, after)) return name_taken();
    record(tx, {"assets.market_changed", caller, now}, before, after);
    tx.commit();
    return after;
}

Result<> Assets::remove_market(const Caller& caller, MarketId id) {
    auto tx = pool_.begin(caller.company);
    const auto before = select(tx, id);
    if (!before || !erase(tx, id)) return no_such_market(id);
    record(tx, {"assets.market_removed", caller, clock_.now()}, before, {});
    tx.commit();
    return {};
}

}  // namespace mobilytics::assets
