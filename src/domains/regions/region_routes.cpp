// What is not JSON both ways: files of GeoJSON in, geometry out.

#include <charconv>

#include <boost/json.hpp>

#include "domains/regions/region_rules.h"
#include "domains/regions/region_store.h"
#include "domains/regions/sensitive_store.h"
#include "platform/http/router.h"

namespace mobilytics::regions {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{32} << 20;

/// What follows the question mark; every fault is told, and every name that is not asked for.
class Asked {
  public:
    explicit Asked(const http::Query& query) : query_(query) {}

    std::optional<std::string> text(const std::string& name, std::size_t least, std::size_t most) {
        const auto [first, last] = query_.equal_range(name);
        known_ += static_cast<std::size_t>(std::distance(first, last));
        if (first == last) return std::nullopt;
        const bool fits = first->second.size() >= least && first->second.size() <= most;
        if (!fits || std::next(first) != last) {
            fault(
                name, "is to be said once, in " + std::to_string(least) + " to " +
                          std::to_string(most) + " bytes");
            return std::nullopt;
        }
        return first->second;
    }
    std::optional<double> number(const std::string& name) {
        const auto said = text(name, 1, 20);
        if (!said) return std::nullopt;
        double out = 0;
        const auto* const end = said->data() + said->size();
        const auto [rest, error] = std::from_chars(said->data(), end, out);
        if (error == std::errc() && rest == end) return out;
        fault(name, "is to be a number");
        return std::nullopt;
    }
    bool truth(const std::string& name) {
        const auto said = text(name, 4, 5);
        if (said && *said != "true" && *said != "false") fault(name, "is to be true or false");
        return said == "true";
    }

    Result<> finish() {
        if (known_ < query_.size()) fault("", "has a name that is not asked here");
        if (faults_.empty()) return {};
        return tl::unexpected(Error{
            ErrorKind::invalid, "bad_query", "what was asked has faults", std::move(faults_)});
    }

    void fault(const std::string& name, std::string detail) {
        faults_.push_back({name.empty() ? "/query" : "/query/" + name, std::move(detail)});
    }

  private:
    const http::Query& query_;
    std::size_t known_ = 0;
    std::vector<Fault> faults_;
};

Result<Mapping> sensitive_mapping_of(const http::Query& query) {
    Mapping out;
    Asked in(query);
    auto& kinds = out.sensitive.emplace();
    out.code_property = in.text("code_property", 1, 100).value_or(out.code_property);
    out.name_property = in.text("name_property", 1, 100).value_or(out.name_property);
    kinds.kind_property = in.text("kind_property", 1, 100).value_or(kinds.kind_property);
    if (const auto kind = in.text("kind", 1, 100)) {
        kinds.kind = from_word<SensitiveKind>(*kind);
        if (!kinds.kind) in.fault("kind", "is to be one of the kinds of sensitive places");
    }
    out.source = in.text("source", 0, 200).value_or("");
    out.dry_run = in.truth("dry_run");
    CHECK(in.finish());
    return out;
}

Result<Mapping> mapping_of(const http::Query& query) {
    Mapping out;
    Asked in(query);
    out.code_property = in.text("code_property", 1, 100).value_or(out.code_property);
    out.name_property = in.text("name_property", 1, 100).value_or(out.name_property);
    out.population_property = in.text("population_property", 1, 100);
    out.population_source = in.text("population_source", 0, 200).value_or("");
    out.buffer_m = in.number("buffer_m");
    out.source = in.text("source", 0, 200).value_or("");
    out.dry_run = in.truth("dry_run");
    out.repair = in.truth("repair");
    CHECK(in.finish());
    return out;
}

boost::json::value json_of(const Imported& done) {
    boost::json::array mended;
    for (const auto& one : done.mended) {
        mended.push_back(boost::json::object{
            {"feature", one.feature},
            {"code", one.code},
            {"name", one.name},
            {"fault", one.fault},
            {"area_m2", one.area_m2},
            {"changed_m2", one.changed_m2},
            {"changed_percent", one.changed_percent}});
    }
    return boost::json::object{
        {"id", done.id.str()},        {"version", done.version},
        {"regions", done.regions},    {"points", done.points},
        {"added", done.added},        {"changed", done.changed},
        {"removed", done.removed},    {"area_km2", done.area_km2},
        {"dry_run", done.dry_run},    {"mended_regions", done.mended_regions},
        {"mended", std::move(mended)}};
}

std::optional<http::Reply> not_geojson(const http::Call& call) {
    const auto type = call.request.headers.get("Content-Type");
    if (type.starts_with("application/geo+json") || type.starts_with("application/json")) return {};
    return http::problem(
        415, {ErrorKind::invalid, "bad_media_type", "say Content-Type: application/geo+json"});
}

Result<http::Reply> put_sensitive(Regions& regions, const http::Call& call) {
    TRY(const auto mapping, sensitive_mapping_of(call.query));
    if (auto reply = not_geojson(call)) return *std::move(reply);
    TRY(const auto done, regions.import_sensitive_places(call.caller, mapping, call.request.body));
    return http::Reply{
        .status = 200,
        .body = boost::json::object{
            {"places", done.places},
            {"cells", done.cells},
            {"added", done.added},
            {"changed", done.changed},
            {"removed", done.removed},
            {"dry_run", done.dry_run}}};
}

Result<http::Reply> put_regions(Regions& regions, const http::Call& call) {
    TRY(const auto id, RegionSetId::parse(call.path.at("set_id")));
    TRY(const auto mapping, mapping_of(call.query));
    if (auto reply = not_geojson(call)) return *std::move(reply);
    TRY(const auto done, regions.import_regions(call.caller, id, mapping, call.request.body));
    return http::Reply{.status = 200, .body = json_of(done)};
}

/// Whatever its size, something is left to be seen.
geojson::Shape drawn(const geojson::Shape& shape, std::int32_t grid) {
    for (; grid > 1; grid /= 4) {
        auto out = geojson::simplified(shape, grid);
        if (!out.parts.empty()) return out;
    }
    return shape;
}

}  // namespace

Result<http::Reply> Regions::region_geometry(
    const http::Call& call, RegionSetId id, const RegionGeometryQuery& query) {
    TRY(const auto set, find_region_set(call.caller, id));
    const auto of = query.version.value_or(set.version);
    const auto content = content_of(call.caller.company, id, of);
    if (!content) {
        return fail(
            ErrorKind::not_found, "no_such_version",
            "the last " + std::to_string(quotas_.versions_kept) + " versions are kept");
    }
    std::string out = R"({"type":"FeatureCollection","features":[)";
    for (std::size_t i = 0; i < content->entries.size(); ++i) {
        const auto& entry = content->entries[i];
        const auto shape = geojson::unpack(entry.shape);
        VERIFY(shape);
        if (i > 0) out += ',';
        out += R"({"type":"Feature","id":)" + std::to_string(i) + R"(,"properties":)" +
               boost::json::serialize(
                   boost::json::object{{"code", entry.code}, {"name", entry.name}}) +
               R"(,"geometry":)" + geojson::geometry_json(drawn(*shape, grid_of(query.zoom))) + "}";
    }
    auto reply = http::bytes(200, "application/geo+json", out + "]}");
    // A version never changes; who asks for none is given the newest.
    reply.headers.add(
        "Cache-Control", query.version ? "private, max-age=86400, immutable" : "no-cache");
    return reply;
}

Result<http::Reply> Regions::sensitive_geometry(const http::Call& call) {
    auto tx = pool_.begin(call.caller.company);
    std::string out = R"({"type":"FeatureCollection","features":[)";
    std::size_t number = 0;
    for (const auto& place : select_sensitive(tx)) {
        const auto shape = geojson::unpack(place.shape);
        VERIFY(shape);
        if (number > 0) out += ',';
        out +=
            R"({"type":"Feature","id":)" + std::to_string(number++) + R"(,"properties":)" +
            boost::json::serialize(boost::json::object{
                {"code", place.code}, {"name", place.name}, {"kind", word(place.kind.value())}}) +
            R"(,"geometry":)" + geojson::geometry_json(*shape) + "}";
    }
    auto reply = http::bytes(200, "application/geo+json", out + "]}");
    reply.headers.add("Cache-Control", "no-cache");
    return reply;
}

void mount_by_hand(http::Router& router, Regions& regions) {
    using namespace std::chrono_literals;
    router.on_raw(
        http::verb::put, "/api/v1/region-sets/{set_id}/regions",
        http::Access(Roles{Role::admin, Role::owner, Role::operator_}, "regions:write"),
        [&regions](const http::Call& call) { return put_regions(regions, call); },
        {.body_bytes_max = kFileBytesMax, .rate = http::Rate{60, 60s}});
    router.on_raw(
        http::verb::put, "/api/v1/sensitive-places",
        http::Access(Roles::from(Role::admin), "privacy:write"),
        [&regions](const http::Call& call) { return put_sensitive(regions, call); },
        {.body_bytes_max = kFileBytesMax, .rate = http::Rate{60, 60s}});
}

}  // namespace mobilytics::regions
