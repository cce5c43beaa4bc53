#include "domains/calibration/model_json.h"

#include <boost/json.hpp>

namespace mobilytics::calibration {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string text(const value& json, const char* name) {
    return std::string(json.at(name).as_string());
}
double number(const value& json, const char* name) { return json.at(name).to_number<double>(); }
std::int64_t whole(const value& json, const char* name) {
    return json.at(name).to_number<std::int64_t>();
}

/// What we wrote ourselves reads back.
template <class Read>
auto verified(Read read) {
    VERIFY(read);
    return *std::move(read);
}

Instant instant(const value& json, const char* name) {
    return verified(parse_iso8601(text(json, name)));
}
std::optional<Instant> optional_instant(const value& json, const char* name) {
    return json.as_object().contains(name) ? std::optional(instant(json, name)) : std::nullopt;
}

object json_of(const Applied& span) {
    object out{
        {"model", span.model.str()},
        {"version", span.version},
        {"scope", word(span.scope)},
        {"input", word(span.input)},
        {"gate_dbm", span.gate_dbm},
        {"factor", span.factor},
        {"low", span.low},
        {"high", span.high},
        {"dispersion", span.dispersion},
        {"error", span.error},
        {"quarters", span.quarters},
        {"days", span.days},
        {"newest_day", span.newest_day},
        {"drifting", span.drifting},
        {"from", to_iso8601(span.from)}};
    if (span.to) out["to"] = to_iso8601(*span.to);
    return out;
}

Applied applied_from(const value& json) {
    return {
        .model = verified(ModelId::parse(text(json, "model"))),
        .version = whole(json, "version"),
        .scope = verified(from_word<Scope>(text(json, "scope"))),
        .input = verified(from_word<Input>(text(json, "input"))),
        .gate_dbm = whole(json, "gate_dbm"),
        .factor = number(json, "factor"),
        .low = number(json, "low"),
        .high = number(json, "high"),
        .dispersion = number(json, "dispersion"),
        .error = number(json, "error"),
        .quarters = whole(json, "quarters"),
        .days = whole(json, "days"),
        .newest_day = text(json, "newest_day"),
        .drifting = json.at("drifting").as_bool(),
        .from = instant(json, "from"),
        .to = optional_instant(json, "to"),
    };
}

}  // namespace

std::string text_of(const std::vector<Residual>& residuals) {
    array out;
    for (const auto& each : residuals) {
        object one{
            {"day", each.day},
            {"people", each.people},
            {"expected", each.expected},
            {"devices", each.devices}};
        if (each.at) one["at"] = to_iso8601(*each.at);
        out.push_back(std::move(one));
    }
    return boost::json::serialize(out);
}

std::vector<Residual> residuals_of_text(const std::string& json) {
    std::vector<Residual> out;
    const auto list = boost::json::parse(json);
    for (const auto& one : list.as_array()) {
        out.push_back(
            {text(one, "day"), optional_instant(one, "at"), number(one, "people"),
             number(one, "expected"), number(one, "devices")});
    }
    return out;
}

std::string text_of(const Drift& drift) {
    return boost::json::serialize(object{
        {"ratio", drift.ratio},
        {"low", drift.low},
        {"high", drift.high},
        {"alarm", drift.alarm},
        {"quarters", drift.quarters},
        {"days", drift.days},
        {"checked_at", to_iso8601(drift.checked_at)}});
}

Drift drift_of_text(const std::string& json) {
    const auto one = boost::json::parse(json);
    return {
        .ratio = number(one, "ratio"),
        .low = number(one, "low"),
        .high = number(one, "high"),
        .alarm = one.at("alarm").as_bool(),
        .quarters = whole(one, "quarters"),
        .days = whole(one, "days"),
        .checked_at = instant(one, "checked_at"),
    };
}

value CalibrationChanged::to_json() const {
    array list;
    for (const auto& span : spans) list.push_back(json_of(span));
    object out{{"company", company.str()}, {"spans", std::move(list)}};
    if (asset) out["asset"] = asset->str();
    return out;
}

CalibrationChanged CalibrationChanged::from_json(const value& json) {
    CalibrationChanged out{verified(CompanyId::parse(text(json, "company"))), {}, {}};
    if (json.as_object().contains("asset")) {
        out.asset = verified(AssetId::parse(text(json, "asset")));
    }
    for (const auto& span : json.at("spans").as_array()) out.spans.push_back(applied_from(span));
    return out;
}

value DriftFound::to_json() const {
    return object{
        {"company", company.str()},
        {"model", model.str()},
        {"version", version},
        {"site", site},
        {"ratio", ratio},
        {"low", low},
        {"high", high},
        {"found_at", to_iso8601(found_at)}};
}

DriftFound DriftFound::from_json(const value& json) {
    return {
        .company = verified(CompanyId::parse(text(json, "company"))),
        .model = verified(ModelId::parse(text(json, "model"))),
        .version = whole(json, "version"),
        .site = text(json, "site"),
        .ratio = number(json, "ratio"),
        .low = number(json, "low"),
        .high = number(json, "high"),
        .found_at = instant(json, "found_at"),
    };
}

}  // namespace mobilytics::calibration
