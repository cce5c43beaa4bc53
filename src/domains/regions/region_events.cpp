// How this domain's events are written in the outbox.

#include "domains/regions/regions.h"

namespace mobilytics::regions {

namespace {

std::string text(const boost::json::value& json, const char* name) {
    return std::string(json.at(name).as_string());
}

/// What we wrote ourselves reads back.
template <class Read>
auto verified(Read read) {
    VERIFY(read);
    return *std::move(read);
}

}  // namespace

boost::json::value SetChanged::to_json() const {
    return boost::json::object{
        {"company", company.str()}, {"set", set.str()},     {"name", name},
        {"kind", word(kind)},       {"state", word(state)}, {"version", version},
        {"at", to_iso8601(at)}};
}

SetChanged SetChanged::from_json(const boost::json::value& json) {
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .set = verified(RegionSetId::parse(text(json, "set"))),
        .name = text(json, "name"),
        .kind = verified(from_word<RegionSetKind>(text(json, "kind"))),
        .state = verified(from_word<RegionSetState>(text(json, "state"))),
        .version = json.at("version").to_number<std::int64_t>(),
        .at = verified(parse_iso8601(text(json, "at"))),
    };
}

}  // namespace mobilytics::regions
