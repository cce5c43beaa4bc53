#include "pipeline/store/duckdb/duckdb_snapshot.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "pipeline/store/duckdb/calibration_table.h"
#include "pipeline/store/duckdb/dimension_table.h"
#include "pipeline/store/duckdb/face_table.h"
#include "pipeline/store/duckdb/packed.h"
#include "pipeline/store/duckdb/sensitive_table.h"
#include "pipeline/store/trip_part.h"

namespace mobilytics::store {

namespace {

constexpr duckdb::Query kHeard{"store.heard", R"sql(
    SELECT asset_id, max(heard_until) FROM coverage
    WHERE company_id = $1 AND heard_until > bucket GROUP BY asset_id ORDER BY asset_id
)sql"};

// What was heard of a quarter of an hour lies within it: the last one says it.
constexpr duckdb::Query kAsOf{"store.as_of", R"sql(
    SELECT max(heard_until) FROM coverage_recent
    WHERE company_id = $1 AND heard_until > bucket AND bucket =
        (SELECT max(bucket) FROM coverage_recent WHERE company_id = $1 AND heard_until > bucket)
)sql"};
constexpr duckdb::Query kAsOfSettled{"store.as_of_settled", R"sql(
    SELECT max(heard_until) FROM coverage_settled
    WHERE company_id = $1 AND heard_until > bucket AND bucket =
        (SELECT max(bucket) FROM coverage_settled WHERE company_id = $1 AND heard_until > bucket)
)sql"};

#define MOB_FREQUENCY                                                        \
    "SELECT frequency_bins(device) FROM visit AS v WHERE v.company_id = $1 " \
    "AND v.source BETWEEN $2::radio AND $3::radio "                          \
    "AND v.motion BETWEEN $4::motion AND $5::motion "                        \
    "AND v.bucket >= $6 AND v.bucket < $7 "

constexpr duckdb::Query kFrequency{"store.frequency", MOB_FREQUENCY};
constexpr duckdb::Query kFrequencyOfAssets{
    "store.frequency_of_assets", MOB_FREQUENCY "AND v.asset_id IN (SELECT unnest($8::UUID[]))"};
constexpr duckdb::Query kKeptFrom{"store.kept_from", R"sql(
    SELECT min(first) FROM visit WHERE company_id = $1
)sql"};

#define MOB_CELLS(more)                               \
    "FROM exposure AS e WHERE e.company_id = $1 "     \
    "AND e.source BETWEEN $2::radio AND $3::radio "   \
    "AND e.motion BETWEEN $4::motion AND $5::motion " \
    "AND e.bucket >= $6 AND e.bucket < $7 AND e.cell BETWEEN $8 AND $9 " more
#define MOB_HEAT(more)                                               \
    "SELECT e.cell >> $10::UBIGINT AS coarse, sum(visits)::BIGINT, " \
    "sum(presence_us)::BIGINT, max(devices) " MOB_CELLS(more) "GROUP BY coarse ORDER BY coarse"
#define MOB_HEAT_DEVICES(more)                                                \
    "SELECT e.cell >> $10::UBIGINT AS coarse, reach_count(reach) " MOB_CELLS( \
        "AND e.cell >> $10::UBIGINT IN (SELECT unnest($11::UBIGINT[])) " more) "GROUP BY coarse"

constexpr duckdb::Query kHeat{"store.heat", MOB_HEAT("")};
constexpr duckdb::Query kHeatOfAssets{
    "store.heat_of_assets", MOB_HEAT("AND e.asset_id IN (SELECT unnest($11::UUID[])) ")};
constexpr duckdb::Query kHeatDevices{"store.heat_devices", MOB_HEAT_DEVICES("")};
constexpr duckdb::Query kHeatDevicesOfAssets{
    "store.heat_devices_of_assets",
    MOB_HEAT_DEVICES("AND e.asset_id IN (SELECT unnest($12::UUID[])) ")};

constexpr duckdb::Query kTrips{"store.trips", R"sql(
    SELECT asset_id, started, ended, distance_m, driving_us, parked_us, path FROM route
    WHERE company_id = $1 AND ended >= $2 AND started < $3
      AND ($4 OR asset_id IN (SELECT unnest($5::UUID[])))
      AND north_e7 >= $6 AND south_e7 <= $7
      AND CASE WHEN $8 <= $9 THEN east_e7 >= $8 AND west_e7 <= $9
               ELSE east_e7 >= $8 OR west_e7 <= $9 END
    ORDER BY started, asset_id LIMIT $10
)sql"};

constexpr duckdb::Query kTripSums{"store.trip_sums", R"sql(
    SELECT count(*), coalesce(sum(distance_m), 0)::BIGINT, coalesce(sum(driving_us), 0)::BIGINT,
           coalesce(sum(parked_us), 0)::BIGINT
    FROM route
    WHERE company_id = $1 AND started >= $2 AND ended <= $3
      AND ($4 OR asset_id IN (SELECT unnest($5::UUID[])))
)sql"};

constexpr duckdb::Query kTripsAcross{"store.trips_across", R"sql(
    SELECT started, ended, distance_m, driving_us, parked_us, path
    FROM route
    WHERE company_id = $1 AND started < $3 AND ended > $2 AND NOT (started >= $2 AND ended <= $3)
      AND ($4 OR asset_id IN (SELECT unnest($5::UUID[])))
)sql"};

struct Words {
    std::pair<wire::RadioKind, wire::RadioKind> source;
    std::pair<measure::Motion, measure::Motion> motion;
};
Words words_of_filter(const Filter& filter) {
    return {
        words_between(filter.source, wire::RadioKind::wifi, wire::RadioKind::ble),
        words_between(filter.motion, measure::Motion::fixed, measure::Motion::unknown)};
}

/// Numbers along the Z curve: whatever is in the box lies between its corners' numbers.
std::pair<measure::Cell, measure::Cell> cells_between(const CellBox& box) {
    const int finer = 2 * (measure::kCellZoom - box.zoom);
    const std::uint32_t east_end = (std::uint32_t{1} << box.zoom) - 1;
    const bool around = box.west > box.east;
    const auto first = cell_of({around ? 0 : box.west, box.north}, box.zoom);
    const auto last = cell_of({around ? east_end : box.east, box.south}, box.zoom);
    return {first << finer, ((last + 1) << finer) - 1};
}

}  // namespace

DuckdbSnapshot::DuckdbSnapshot(
    std::unique_ptr<duckdb::Connection> connection, RegionIndexes& indexes, GiveBack give_back)
    : connection_(std::move(connection)), indexes_(indexes), give_back_(std::move(give_back)) {
    view_.emplace(*connection_, duckdb::Transaction::Access::read);
}

DuckdbSnapshot::~DuckdbSnapshot() {
    view_.reset();
    give_back_(std::move(connection_));
}

std::optional<Company> DuckdbSnapshot::company(CompanyId company) {
    return read_company(*connection_, company);
}
std::vector<Asset> DuckdbSnapshot::assets(CompanyId company) {
    return read_assets(*connection_, company);
}
std::vector<Face> DuckdbSnapshot::faces(CompanyId company) {
    return read_faces(*connection_, company);
}

SensitiveCells DuckdbSnapshot::sensitive(CompanyId company) {
    return read_sensitive(*connection_, company);
}

std::vector<measure::Attachment> DuckdbSnapshot::attachments(CompanyId company) {
    return read_attachments(*connection_, company);
}

std::vector<Calibrations> DuckdbSnapshot::calibrations(CompanyId company) {
    return read_calibrations(*connection_, company);
}

std::vector<AssetHeard> DuckdbSnapshot::heard(CompanyId company) {
    return connection_->run(kHeard, company).all([](duckdb::Row row) {
        return AssetHeard{row.get<AssetId>(0), row.get<Instant>(1)};
    });
}

std::optional<Instant> DuckdbSnapshot::as_of(CompanyId company) {
    const auto instant = [](duckdb::Row row) { return row.optional<Instant>(0); };
    const auto recent = *connection_->run(kAsOf, company).first(instant);
    return recent ? recent : *connection_->run(kAsOfSettled, company).first(instant);
}

Frequency DuckdbSnapshot::frequency(CompanyId company, const Filter& filter, Period period) {
    const auto [source, motion] = words_of_filter(filter);
    auto rows = filter.assets.empty()
                    ? connection_->run(
                          kFrequency, company, source.first, source.second, motion.first,
                          motion.second, period.from, period.to)
                    : connection_->run(
                          kFrequencyOfAssets, company, source.first, source.second, motion.first,
                          motion.second, period.from, period.to, filter.assets);
    Frequency out;
    rows.first([&](duckdb::Row row) {
        const auto counts = row.get<duckdb::Blob>(0).bytes;
        VERIFY(counts.size() == sizeof out.devices + sizeof out.visits);
        std::memcpy(out.devices.data(), counts.data(), sizeof out.devices);
        std::memcpy(&out.visits, counts.data() + sizeof out.devices, sizeof out.visits);
        return true;
    });
    out.kept_from = *connection_->run(kKeptFrom, company).first([](duckdb::Row row) {
        return row.optional<Instant>(0);
    });
    return out;
}

Heat DuckdbSnapshot::heat(
    CompanyId company, const Filter& filter, Period period, const HeatQuestion& question) {
    const auto [source, motion] = words_of_filter(filter);
    const auto [first, last] = cells_between(question.box);
    const int coarser = 2 * (measure::kCellZoom - question.box.zoom);
    const auto asked = [&](duckdb::Query all, duckdb::Query of_assets, const auto&... more) {
        return filter.assets.empty()
                   ? connection_->run(
                         all, company, source.first, source.second, motion.first, motion.second,
                         period.from, period.to, first, last, coarser, more...)
                   : connection_->run(
                         of_assets, company, source.first, source.second, motion.first,
                         motion.second, period.from, period.to, first, last, coarser, more...,
                         filter.assets);
    };
    const auto enough = [&](double devices) {
        return std::llround(devices) >= question.devices_min;
    };
    Heat out;
    std::vector<measure::Cell> doubtful;  // No bucket alone has enough devices.
    asked(kHeat, kHeatOfAssets).all([&](duckdb::Row row) {
        const HeatCell cell{
            row.get<std::uint64_t>(0), row.get<std::int64_t>(1), row.get<std::int64_t>(2)};
        if (!question.box.contains(tile_of(cell.cell, question.box.zoom))) return false;
        if (cell.visits < question.devices_min) {
            ++out.cells_suppressed;
            return false;
        }
        if (!enough(row.get<double>(3))) doubtful.push_back(cell.cell);
        out.cells.push_back(cell);
        return true;
    });
    if (doubtful.empty()) return out;
    std::vector<measure::Cell> too_few;
    asked(kHeatDevices, kHeatDevicesOfAssets, doubtful).all([&](duckdb::Row row) {
        if (!enough(row.get<double>(1))) too_few.push_back(row.get<std::uint64_t>(0));
        return true;
    });
    std::ranges::sort(too_few);
    std::erase_if(out.cells, [&](const HeatCell& cell) {
        return std::ranges::binary_search(too_few, cell.cell);
    });
    out.cells_suppressed += std::ssize(too_few);
    return out;
}

std::vector<Trip> DuckdbSnapshot::trips(
    CompanyId company, const TripQuestion& question, std::size_t count) {
    constexpr GeoBox earth{-1'800'000'000, -900'000'000, 1'800'000'000, 900'000'000};
    const auto box = question.box.value_or(earth);
    auto rows = connection_->run(
        kTrips, company, question.period.from, question.period.to, question.assets.empty(),
        question.assets, std::int64_t{box.south_e7}, std::int64_t{box.north_e7},
        std::int64_t{box.west_e7}, std::int64_t{box.east_e7}, static_cast<std::int64_t>(count));
    return rows.all([](duckdb::Row row) {
        return Trip{
            row.get<AssetId>(0),
            {.started = row.get<Instant>(1),
             .ended = row.get<Instant>(2),
             .distance_m = row.get<std::int64_t>(3),
             .driving_us = row.get<std::int64_t>(4),
             .parked_us = row.get<std::int64_t>(5),
             .path = path_of(row.get<duckdb::Blob>(6).bytes)}};
    });
}

TripSums DuckdbSnapshot::trip_sums(CompanyId company, const TripQuestion& question) {
    const auto& period = question.period;
    TripSums out;
    {
        auto rows = connection_->run(
            kTripSums, company, period.from, period.to, question.assets.empty(), question.assets);
        out = *rows.first([](duckdb::Row row) {
            return TripSums{
                row.get<std::int64_t>(0), row.get<std::int64_t>(1), row.get<std::int64_t>(2),
                row.get<std::int64_t>(3)};
        });
    }
    auto rows = connection_->run(
        kTripsAcross, company, period.from, period.to, question.assets.empty(), question.assets);
    const auto across = rows.all([](duckdb::Row row) {
        return measure::Route{
            .started = row.get<Instant>(0),
            .ended = row.get<Instant>(1),
            .distance_m = row.get<std::int64_t>(2),
            .driving_us = row.get<std::int64_t>(3),
            .parked_us = row.get<std::int64_t>(4),
            .path = path_of(row.get<duckdb::Blob>(5).bytes)};
    });
    for (const auto& route : across) add_part(out, route, period);
    return out;
}

}  // namespace mobilytics::store
