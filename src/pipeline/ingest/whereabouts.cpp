#include "pipeline/ingest/whereabouts.h"

#include <boost/json/parse.hpp>

#include "platform/pg/pg.h"

namespace mobilytics::ingest {

namespace {

constexpr pg::Query kSelect{"ingest.whereabouts", R"sql(
    SELECT company_id, device_id, last_heard_at, position_at, latitude_e7, longitude_e7, speed_cm_s,
           heading_cdeg
    FROM ingest.device_state ORDER BY device_id
)sql"};

DeviceWhereabouts from_row(const pg::Row& row) {
    DeviceWhereabouts out{
        row.get<CompanyId>("company_id"), row.get<DeviceId>("device_id"),
        row.get<Instant>("last_heard_at"), std::nullopt};
    if (const auto at = row.optional<Instant>("position_at")) {
        out.position = DevicePosition{
            *at, row.get<std::int32_t>("latitude_e7"), row.get<std::int32_t>("longitude_e7"),
            row.optional<std::int64_t>("speed_cm_s"), row.optional<std::int64_t>("heading_cdeg")};
    }
    return out;
}

Instant instant_of(const boost::json::value& micros) {
    return Instant(std::chrono::microseconds(micros.to_number<std::int64_t>()));
}

std::optional<std::int64_t> number(const boost::json::object& from, const char* name) {
    const auto* found = from.if_contains(name);
    return found == nullptr ? std::nullopt : std::optional(found->to_number<std::int64_t>());
}

DeviceWhereabouts from_json(const boost::json::object& told) {
    const auto company = CompanyId::from_uuid(told.at("company").as_string());
    const auto device = DeviceId::from_uuid(told.at("device").as_string());
    VERIFY(company && device);
    DeviceWhereabouts out{*company, *device, instant_of(told.at("heard_at_us")), std::nullopt};
    if (const auto* at = told.if_contains("position_at_us")) {
        out.position = DevicePosition{
            instant_of(*at), told.at("latitude_e7").to_number<std::int32_t>(),
            told.at("longitude_e7").to_number<std::int32_t>(), number(told, "speed_cm_s"),
            number(told, "heading_cdeg")};
    }
    return out;
}

}  // namespace

std::vector<DeviceWhereabouts> device_whereabouts(pg::AnyTransaction& tx) {
    return tx.run(kSelect).all(from_row);
}

std::optional<std::vector<DeviceWhereabouts>> told_whereabouts(std::string_view payload) {
    const auto told = boost::json::parse(payload).as_object();
    const auto* devices = told.if_contains("devices");
    if (devices == nullptr) return std::nullopt;
    std::vector<DeviceWhereabouts> out;
    for (const auto& device : devices->as_array()) out.push_back(from_json(device.as_object()));
    return out;
}

}  // namespace mobilytics::ingest
