#pragma once
// What operations are asked with where AuthorizationTest tries them: sound where one names what
// could be another company's, so that it is not refused for something else.

#include <string>

#include "platform/http/router.h"

namespace mobilytics::accounts {

inline std::string body_for(http::verb method, const std::string& pattern) {
    const bool deletes = method == http::verb::delete_;
    if (pattern.ends_with("/{passkey_id}")) {
        return deletes ? R"({"password": "not this"})" : R"({"name": "x"})";
    }
    if (deletes || method == http::verb::get) return "";
    if (pattern.ends_with("/rotate")) return R"({"overlap_hours": 1})";
    if (pattern.ends_with("/positions")) return R"({"latitude": 41.0, "longitude": -87.0})";
    if (pattern.ends_with("/attachments") || pattern.ends_with("/detachments")) {
        return R"({"device_id": "device_01900000000070008000000000000001"})";
    }
    if (pattern.ends_with("/taps")) {
        return R"({"counter": "x", "taps": [
            {"id": "tap-0001", "kind": "in", "at": "2026-01-01T00:00:00Z"}]})";
    }
    if (pattern.ends_with("/totals")) return R"({"totals": []})";
    if (pattern.ends_with("/corrections")) {
        return R"({"at": "2026-01-01T00:00:00Z", "occupancy": 1, "reason": "x"})";
    }
    if (pattern.ends_with("/dismissal") || pattern.ends_with("{count_id}/restoration") ||
        pattern.ends_with("{model_id}/retirement")) {
        return R"({"reason": "x"})";
    }
    if (pattern.ends_with("/{class_id}")) return R"({"name": "x", "asset_ids": []})";
    if (pattern.ends_with("/zones")) return R"({"code": "z", "name": "z", "geojson": "{}"})";
    if (pattern.ends_with("/zone-removals")) return R"({"code": "z"})";
    if (pattern.ends_with("/faces") || pattern.ends_with("/{face_id}")) {
        return R"({"name": "x", "side": "front", "medium": "printed", "width_m": 1, "height_m": 1,
                   "lit": "none"})";
    }
    if (pattern.ends_with("/{market_id}")) {
        return R"({"name": "x", "population": 1, "source": "x", "year": 2020})";
    }
    if (pattern.ends_with("/{annotation_id}")) {
        return R"({"kind": "other", "text": "x", "from": "2026-01-01T00:00:00Z",
                   "to": "2026-01-02T00:00:00Z", "asset_ids": []})";
    }
    if (pattern.ends_with("/opt-outs") || pattern.ends_with("/opt-outs/check")) {
        return R"({"address": "a4:83:e7:0a:0b:0c"})";
    }
    if (pattern.ends_with("/consent")) return R"({"allowed": true})";
    if (pattern.ends_with("/password-reset") || pattern.ends_with("/write-grant")) {
        return R"({"reason": "because it must be", "ticket": "T-1"})";
    }
    return "{}";
}

/// What stands behind its path.
inline std::string query_for(const std::string& pattern) {
    const bool of_face =
        pattern.starts_with("/api/v1/reports/faces/") && !pattern.ends_with("/visibility");
    if (!of_face && !pattern.ends_with("/comparison")) return "";
    return "?from=2026-08-21T00:00:00Z&to=2026-08-22T00:00:00Z";
}

}  // namespace mobilytics::accounts
