#pragma once
// For tests: real borders. Files of TopoJSON that the dashboard's packages bring (`us-atlas`,
// `world-atlas`: US Census and Natural Earth, in the public domain), as GeoJSON.

#include <fstream>
#include <sstream>

#include <boost/json.hpp>

namespace mobilytics::geojson {

/// Of `web/node_modules/<package>`; tests run in the project's folder. Empty where it is not
/// installed.
inline std::string borders(const std::string& package, const std::string& file) {
    std::ifstream in("web/node_modules/" + package + "/" + file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// One object of a topology, with the properties `code` and `name`. Nothing is mended on the way.
inline std::string geojson_of(const std::string& topology, const std::string& object) {
    namespace json = boost::json;
    const auto root = json::parse(topology);
    const auto& transform = root.at("transform");
    std::vector<json::array> arcs;
    for (const auto& arc : root.at("arcs").as_array()) {
        auto& out = arcs.emplace_back();
        std::array<double, 2> at{};
        for (const auto& step : arc.as_array()) {
            json::array place;
            for (std::size_t axis = 0; axis < 2; ++axis) {
                at[axis] += step.at(axis).to_number<double>();
                place.emplace_back(
                    at[axis] * transform.at("scale").at(axis).to_number<double>() +
                    transform.at("translate").at(axis).to_number<double>());
            }
            out.emplace_back(std::move(place));
        }
    }
    const auto ring_of = [&](const json::value& numbers) {
        json::array out;
        for (const auto& number : numbers.as_array()) {
            const auto signed_at = number.to_number<std::int64_t>();
            auto arc = arcs.at(static_cast<std::size_t>(signed_at < 0 ? ~signed_at : signed_at));
            if (signed_at < 0) std::reverse(arc.begin(), arc.end());
            if (!out.empty()) out.pop_back();
            for (auto& place : arc) out.push_back(std::move(place));
        }
        return out;
    };
    const auto polygon_of = [&](const json::value& rings) {
        json::array out;
        for (const auto& ring : rings.as_array()) out.emplace_back(ring_of(ring));
        return out;
    };
    json::array features;
    for (const auto& each : root.at("objects").at(object).at("geometries").as_array()) {
        if (!each.as_object().contains("arcs")) continue;
        json::array coordinates;
        const bool many = each.at("type") == "MultiPolygon";
        if (many) {
            for (const auto& part : each.at("arcs").as_array()) {
                coordinates.emplace_back(polygon_of(part));
            }
        } else {
            coordinates = polygon_of(each.at("arcs"));
        }
        const auto& name = each.at("properties").at("name");
        const auto* const id = each.as_object().if_contains("id");
        features.push_back(json::object{
            {"type", "Feature"},
            {"properties", json::object{{"code", id != nullptr ? *id : name}, {"name", name}}},
            {"geometry",
             json::object{{"type", each.at("type")}, {"coordinates", std::move(coordinates)}}}});
    }
    return json::serialize(
        json::object{{"type", "FeatureCollection"}, {"features", std::move(features)}});
}

}  // namespace mobilytics::geojson
