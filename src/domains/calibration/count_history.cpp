// What was done to a count, as the audit trail has it, and what rests on it.

#include <array>
#include <cmath>
#include <utility>

#include "domains/calibration/calibration.h"
#include "domains/calibration/count_store.h"
#include "domains/calibration/model_rules.h"
#include "domains/calibration/model_store.h"
#include "platform/audit/history.h"

namespace mobilytics::calibration {

namespace {

constexpr std::int64_t kShownMax = 200;

constexpr std::array<std::pair<std::string_view, CountDeed>, 6> kDeeds{{
    {"calibration.count_begun", CountDeed::begun},
    {"calibration.totals_set", CountDeed::totals_set},
    {"calibration.count_corrected", CountDeed::corrected},
    {"calibration.count_ended", CountDeed::ended},
    {"calibration.count_dismissed", CountDeed::dismissed},
    {"calibration.count_restored", CountDeed::restored},
}};

const boost::json::value* at(const boost::json::object& details, const char* side, const char* of) {
    const auto* found = details.if_contains(side);
    return found != nullptr && found->is_object() ? found->as_object().if_contains(of) : nullptr;
}

std::optional<double> number(const boost::json::value* of) {
    return of != nullptr && of->is_number() ? std::optional(of->to_number<double>()) : std::nullopt;
}

std::optional<Instant> instant(const boost::json::value* of) {
    if (of == nullptr || !of->is_string()) return std::nullopt;
    const auto read = parse_iso8601(of->as_string());
    return read ? std::optional(*read) : std::nullopt;
}

/// On average over its intervals; none where there are none.
std::optional<double> mean_of(const boost::json::value* totals) {
    if (totals == nullptr || !totals->is_array()) return std::nullopt;
    double sum = 0, seconds = 0;
    for (const auto& each : totals->as_array()) {
        const auto from = instant(each.as_object().if_contains("from"));
        const auto to = instant(each.as_object().if_contains("to"));
        const auto people = number(each.as_object().if_contains("people"));
        if (!from || !to || !people) return std::nullopt;
        const auto lasted = std::chrono::duration<double>(*to - *from).count();
        sum += *people * lasted;
        seconds += lasted;
    }
    return seconds > 0 ? std::optional(sum / seconds) : std::nullopt;
}

CountChange change_of(const audit::Record& record, CountDeed what) {
    CountChange out;
    out.made_at = record.occurred_at;
    out.what = what;
    if (record.actor_kind == audit::ActorKind::person) {
        if (const auto who = PersonId::parse(record.actor_id)) out.made_by = *who;
    }
    if (!record.details) return out;  // Erased.
    const auto& details = *record.details;
    if (const auto* reason = details.if_contains("reason"); reason != nullptr) {
        if (reason->is_string() && !reason->as_string().empty()) out.reason = reason->as_string();
    }
    if (what == CountDeed::corrected) {
        out.at = instant(at(details, "after", "at"));
        if (const auto there = number(at(details, "after", "occupancy"))) {
            out.occupancy = std::llround(*there);
        }
        out.people_before = number(at(details, "before", "people"));
        out.people_after = number(at(details, "after", "people"));
    }
    if (what == CountDeed::totals_set) {
        out.people_before = mean_of(at(details, "before", "totals"));
        out.people_after = mean_of(at(details, "after", "totals"));
    }
    return out;
}

}  // namespace

Result<CountHistory> Calibration::find_count_history(const Caller& caller, CountId id) {
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(caller.company);
    if (!select_count(tx, id, Lock::none)) {
        return fail(ErrorKind::not_found, "no_such_count", id.str());
    }
    CountHistory out;
    const auto records =
        audit::search(tx, {.action = "calibration", .target = id.str()}, std::nullopt, kShownMax);
    for (const auto& record : records) {
        for (const auto& [action, what] : kDeeds) {
            if (record.action == action) out.changes.push_back(change_of(record, what));
        }
    }
    for (auto& model : select_models_of(tx, id, kShownMax)) {
        out.models.push_back(aged(std::move(model), now));
    }
    return out;
}

}  // namespace mobilytics::calibration
