#include "domains/history/export_text.h"

#include "foundation/json.h"

namespace mobilytics::history {

namespace {

constexpr std::string_view kCsvHead =
    "id,position,occurred_at,action,outcome,actor_kind,actor_id,impersonator,targets,address,"
    "user_agent,request_id,trace_id,reason,before,after\r\n";

std::string cell(std::string text) {
    static constexpr std::string_view formula = "=+-@\t\r";
    if (!text.empty() && formula.find(text.front()) != formula.npos) text.insert(0, "'");
    if (text.find_first_of("\",\r\n") == text.npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string detail(const audit::Record& record, std::string_view name) {
    if (!record.details) return "";
    const auto* found = record.details->if_contains(name);
    if (found == nullptr) return "";
    if (const auto* text = found->if_string()) return std::string(*text);
    return json::text(*found);
}

std::string csv(const audit::Record& record) {
    std::string targets;
    for (const auto& id : record.target_ids) targets += (targets.empty() ? "" : " ") + id;
    std::string out;
    const auto add = [&out](const std::string& text) {
        if (!out.empty()) out += ',';
        out += cell(text);
    };
    add(record.id.str());
    add(record.position ? std::to_string(*record.position) : "");
    add(to_iso8601(record.occurred_at));
    add(record.action);
    add(std::string(word(record.outcome)));
    add(std::string(word(record.actor_kind)));
    add(record.actor_id);
    add(record.impersonator);
    add(targets);
    add(detail(record, "address"));
    add(detail(record, "user_agent"));
    add(record.request_id);
    add(record.trace_id);
    add(detail(record, "reason"));
    add(detail(record, "before"));
    add(detail(record, "after"));
    return out + "\r\n";
}

std::string cloudevent(const audit::Record& record) {
    boost::json::object actor{{"type", word(record.actor_kind)}, {"id", record.actor_id}};
    if (!record.impersonator.empty()) {
        // RFC 8693, section 4.1: who acts for whom.
        actor["act"] = boost::json::object{{"type", "person"}, {"id", record.impersonator}};
    }
    boost::json::array targets;
    for (std::size_t i = 0; i < record.target_ids.size(); ++i) {
        targets.push_back(
            boost::json::object{{"type", record.target_types.at(i)}, {"id", record.target_ids[i]}});
    }
    boost::json::object data{
        {"action", record.action},
        {"outcome", word(record.outcome)},
        {"actor", std::move(actor)},
        {"targets", std::move(targets)}};
    if (!record.request_id.empty()) data["request_id"] = record.request_id;
    if (!record.trace_id.empty()) data["trace_id"] = record.trace_id;
    if (record.position) data["position"] = *record.position;
    if (record.details) {
        for (const auto& field : *record.details) data[field.key()] = field.value();
    } else {
        data["blacked_out"] = true;
    }
    boost::json::object out{
        {"specversion", "1.0"},
        {"id", record.id.str()},
        {"source", "/companies/" + record.company.str() + "/audit"},
        {"type", "mobilytics." + record.action},
        {"time", to_iso8601(record.occurred_at)},
        {"datacontenttype", "application/json"}};
    if (!record.target_ids.empty()) out["subject"] = record.target_ids.front();
    out["data"] = std::move(data);
    return json::text(out) + "\n";
}

}  // namespace

std::string_view type_of(Format format) {
    switch (format) {
        case Format::csv: return "text/csv; charset=utf-8";
        case Format::cloudevents: return "application/x-ndjson";
    }
    return {};
}

std::string_view head_of(Format format) {
    switch (format) {
        case Format::csv: return kCsvHead;
        case Format::cloudevents: return "";
    }
    return {};
}

std::string text_of(Format format, const audit::Record& record) {
    switch (format) {
        case Format::csv: return csv(record);
        case Format::cloudevents: return cloudevent(record);
    }
    return {};
}

}  // namespace mobilytics::history
