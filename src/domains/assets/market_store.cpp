#include "domains/assets/face_store.h"

namespace mobilytics::assets {

namespace {

constexpr pg::Query kInsertMarket{"assets.insert_market", R"sql(
    INSERT INTO assets.market (company_id, id, name, population, source, year, target_name,
                               target_population, target_share)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (company_id, name) DO NOTHING
    RETURNING id
)sql"};

// Another market's name is left to it.
constexpr pg::Query kUpdateMarket{"assets.update_market", R"sql(
    UPDATE assets.market
    SET name = $3, population = $4, source = $5, year = $6, target_name = $7,
        target_population = $8, target_share = $9
    WHERE company_id = $1 AND id = $2
      AND NOT EXISTS (SELECT FROM assets.market AS other
                      WHERE other.company_id = $1 AND other.name = $3 AND other.id <> $2)
    RETURNING id
)sql"};

constexpr pg::Query kEraseMarket{"assets.erase_market", R"sql(
    DELETE FROM assets.market WHERE company_id = $1 AND id = $2 RETURNING id
)sql"};

constexpr pg::Query kSelectMarket{"assets.select_market", R"sql(
    SELECT id, name, population, source, year, target_name, target_population, target_share
    FROM assets.market WHERE company_id = $1 AND id = $2 FOR UPDATE
)sql"};

constexpr pg::Query kSelectMarkets{"assets.select_markets", R"sql(
    SELECT id, name, population, source, year, target_name, target_population, target_share
    FROM assets.market WHERE company_id = $1 ORDER BY name, id LIMIT $2
)sql"};

Market market_from(const pg::Row& row) {
    Market out;
    out.id = row.get<MarketId>("id");
    out.name = row.get<std::string>("name");
    out.population = row.get<std::int64_t>("population");
    out.source = row.get<std::string>("source");
    out.year = row.get<std::int64_t>("year");
    out.target_name = row.optional<std::string>("target_name");
    out.target_population = row.optional<std::int64_t>("target_population");
    out.target_share = row.optional<double>("target_share");
    return out;
}

bool run(pg::Transaction& tx, pg::Query query, const Market& market) {
    const auto rows = tx.run(
        query, tx.company(), market.id, market.name, market.population, market.source, market.year,
        market.target_name, market.target_population, market.target_share);
    return rows.size() == 1;
}

}  // namespace

bool insert(pg::Transaction& tx, const Market& market) { return run(tx, kInsertMarket, market); }

bool update(pg::Transaction& tx, const Market& market) { return run(tx, kUpdateMarket, market); }

bool erase(pg::Transaction& tx, MarketId id) {
    return tx.run(kEraseMarket, tx.company(), id).size() == 1;
}

std::optional<Market> select(pg::Transaction& tx, MarketId id) {
    return tx.run(kSelectMarket, tx.company(), id).first(market_from);
}

std::vector<Market> select_markets(pg::Transaction& tx, std::int64_t count) {
    return tx.run(kSelectMarkets, tx.company(), count).all(market_from);
}

}  // namespace mobilytics::assets
