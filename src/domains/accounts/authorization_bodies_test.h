#pragma once
// What is sent to every operation, when all of them are tried.

#include <string>

#include "platform/http/router.h"

namespace mobilytics::accounts {

/// Sound where an operation names what could be another's; else nothing, found wanting later.
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
    if (pattern.ends_with("/dismissal") || pattern.ends_with("{model_id}/retirement")) {
        return R"({"reason": "x"})";
    }
    if (pattern.ends_with("/{class_id}")) return R"({"name": "x", "asset_ids": []})";
    if (pattern.ends_with("/faces") || pattern.ends_with("/{face_id}")) {
        return R"({"name": "x", "side": "front", "medium": "printed", "width_m": 6,
                   "height_m": 3, "lit": "none"})";
    }
    if (pattern.ends_with("/{market_id}")) {
        return R"({"name": "x", "population": 1000, "source": "x", "year": 2020})";
    }
    if (pattern.ends_with("/{annotation_id}")) {
        return R"({"kind": "other", "text": "x", "from": "2026-01-01T00:00:00Z",
                   "to": "2026-01-02T00:00:00Z", "asset_ids": []})";
    }
    if (pattern.ends_with("/consent")) return R"({"allowed": true})";
    if (pattern.ends_with("/password-reset") || pattern.ends_with("/write-grant")) {
        return R"({"reason": "because it must be", "ticket": "T-1"})";
    }
    return "{}";
}

}  // namespace mobilytics::accounts
