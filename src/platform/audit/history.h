#pragma once
// Entries, found again. For whoever shows them: domains/history.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "platform/audit/audit.h"

namespace mobilytics::pg {
class StaffTransaction;
}

namespace mobilytics::audit {

struct Filter {
    std::optional<std::string> actor = {};   // Also of whoever acted for them.
    std::optional<std::string> action = {};  // Itself, and what begins with it and a dot.
    std::optional<std::string> target = {};
    std::optional<Outcome> outcome = {};
    std::optional<Instant> from = {}, to = {};  // [from, to)
    std::optional<std::string> text = {};       // Anywhere in it, in whatever case.
};

struct Record {
    EntryId id;
    CompanyId company;
    std::optional<std::int64_t> position;  // None until it is sealed.
    Instant occurred_at;
    std::string action;
    Outcome outcome{};
    ActorKind actor_kind{};
    std::string actor_id;
    std::string impersonator;  // May be empty, as what follows.
    std::string request_id, trace_id;
    std::vector<std::string> target_types, target_ids;
    /// address, user_agent, reason, names, before, after, as far as they are there. None once they
    /// have been blacked out.
    std::optional<boost::json::object> details;
};

/// The newest of those before `before`, which is none for the first page.
std::vector<Record> search(
    pg::Transaction& tx, const Filter& filter, std::optional<EntryId> before, std::int64_t count);
/// Across companies, or of one.
std::vector<Record> search(
    pg::StaffTransaction& tx, std::optional<CompanyId> company, const Filter& filter,
    std::optional<EntryId> before, std::int64_t count);
/// The oldest of those behind `after`: for whoever takes them all, in batches.
std::vector<Record> oldest(
    pg::Transaction& tx, const Filter& filter, std::optional<EntryId> after, std::int64_t count);

}  // namespace mobilytics::audit
