#include "domains/history/history.h"

#include <fstream>

#include <boost/json/serialize.hpp>

#include "domains/history/export_text.h"
#include "foundation/log.h"
#include "platform/audit/history.h"
#include "platform/http/router.h"
#include "platform/pg/pg.h"

namespace mobilytics::history {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kExportedAtOnce = 1'000;

audit::Filter filter_of(const AuditQuery& query) {
    return {query.actor, query.action, query.target, query.outcome, query.from, query.to, query.q};
}

std::optional<std::string> text_or_none(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> text_of(const boost::json::object& details, const char* name) {
    const auto* found = details.if_contains(name);
    if (found == nullptr || !found->is_string()) return std::nullopt;
    return std::string(found->get_string());
}

std::vector<AuditChange> changes_of(const boost::json::object& details) {
    const auto* before = details.if_contains("before");
    const auto* after = details.if_contains("after");
    const auto* was = before != nullptr ? before->if_object() : nullptr;
    const auto* is = after != nullptr ? after->if_object() : nullptr;
    const auto json = [](const boost::json::value& value) { return boost::json::serialize(value); };
    std::vector<AuditChange> out;
    if ((before != nullptr && was == nullptr) || (after != nullptr && is == nullptr)) {
        AuditChange whole;
        if (before != nullptr) whole.before = json(*before);
        if (after != nullptr) whole.after = json(*after);
        out.push_back(std::move(whole));
        return out;
    }
    if (was != nullptr) {
        for (const auto& field : *was) {
            AuditChange change{std::string(field.key()), json(field.value()), {}};
            if (is != nullptr) {
                if (const auto* now = is->if_contains(field.key())) change.after = json(*now);
            }
            out.push_back(std::move(change));
        }
    }
    if (is != nullptr) {
        for (const auto& field : *is) {
            if (was != nullptr && was->contains(field.key())) continue;
            out.push_back({std::string(field.key()), {}, json(field.value())});
        }
    }
    return out;
}

AuditRecord shown(const audit::Record& record) {
    AuditRecord out;
    out.id = record.id;
    out.company_id = record.company;
    out.position = record.position;
    out.occurred_at = record.occurred_at;
    out.action = record.action;
    out.outcome = record.outcome;
    out.actor = {record.actor_kind, record.actor_id, text_or_none(record.impersonator)};
    out.request_id = text_or_none(record.request_id);
    out.trace_id = text_or_none(record.trace_id);
    out.blacked_out = !record.details;
    const auto* names = record.details ? record.details->if_contains("names") : nullptr;
    for (std::size_t i = 0; i < record.target_ids.size(); ++i) {
        AuditTarget target{record.target_types.at(i), record.target_ids[i], {}};
        if (names != nullptr) target.name = text_of(names->as_object(), target.id.c_str());
        out.targets.push_back(std::move(target));
    }
    if (!record.details) return out;
    out.changes = changes_of(*record.details);
    out.reason = text_of(*record.details, "reason");
    out.address = text_of(*record.details, "address");
    out.user_agent = text_of(*record.details, "user_agent");
    return out;
}

AuditPage page_of_records(const std::vector<audit::Record>& records, std::int64_t limit) {
    std::vector<AuditRecord> rows;
    rows.reserve(records.size());
    for (const auto& record : records) rows.push_back(shown(record));
    return page_of(std::move(rows), limit);
}

Result<std::optional<EntryId>> before_of(const PageRequest& page) {
    if (page.cursor.empty()) return std::nullopt;
    TRY(const auto id, EntryId::parse(page.cursor));
    return id;
}

std::string file_name(Format format, Instant now) {
    const auto day = to_iso8601(now).substr(0, 10);
    return "audit-" + day + (format == Format::csv ? ".csv" : ".jsonl");
}

}  // namespace

History::History(pg::Pool& pool, pg::StaffPool& staff, const Clock& clock, HistoryConfig config)
    : pool_(pool), staff_(staff), clock_(clock), config_(std::move(config)) {
    fs::create_directories(config_.exports);
}

Result<AuditPage> History::list_audit(
    const Caller& caller, const PageRequest& page, const AuditQuery& query) {
    TRY(const auto before, before_of(page));
    auto tx = pool_.begin(caller.company);
    return page_of_records(audit::search(tx, filter_of(query), before, page.limit + 1), page.limit);
}

Result<AuditPage> History::list_backoffice_audit(
    const Caller& caller, const PageRequest& page, const BackofficeAuditQuery& query) {
    TRY(const auto before, before_of(page));
    if (query.company && page.cursor.empty()) {
        // Whose history our staff looked into is for that company to see.
        auto tx = pool_.begin(*query.company);
        audit::append(
            tx, clock_.now(), {.action = "audit.read_by_staff", .actor = audit::actor_of(caller)});
        tx.commit();
    }
    auto tx = staff_.begin();
    return page_of_records(
        audit::search(tx, query.company, filter_of(query), before, page.limit + 1), page.limit);
}

Result<http::Reply> History::export_audit(const http::Call& call, const AuditExportQuery& query) {
    forget_files();
    const auto company = call.caller.company;
    const auto now = clock_.now();
    {
        auto tx = pool_.begin(company);
        audit::append(
            tx, now,
            {.action = "audit.exported",
             .actor = audit::actor_of(call.caller),
             .after = boost::json::object{{"format", word(query.format)}}});
        tx.commit();
    }
    const auto path = config_.exports / EntryId::fresh(now).str();
    std::ofstream file(path, std::ios::binary);
    file << head_of(query.format);
    std::optional<EntryId> after;
    std::int64_t count = 0;
    for (bool more = true; more;) {
        auto tx = pool_.begin(company);
        const auto records = audit::oldest(tx, filter_of(query), after, kExportedAtOnce);
        more = std::ssize(records) == kExportedAtOnce;
        count += std::ssize(records);
        if (count > config_.exported_max) {
            fs::remove(path);
            return fail(
                ErrorKind::invalid, "too_many_entries",
                "an export has at most " + std::to_string(config_.exported_max) +
                    " entries: choose a shorter period");
        }
        for (const auto& record : records) file << text_of(query.format, record);
        if (more) after = records.back().id;
    }
    file.close();
    if (!file) throw std::runtime_error("the disk does not take the export");
    auto reply = http::file(std::string(type_of(query.format)), path);
    reply.headers.add(
        "Content-Disposition", "attachment; filename=\"" + file_name(query.format, now) + "\"");
    return reply;
}

void History::forget_files() {
    const auto old = clock_.now() - config_.exports_kept;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(config_.exports, gone)) {
        // Named by when it was made: a file's own time is another clock's.
        const auto id = EntryId::parse(entry.path().filename().string());
        if (id && *id < EntryId::fresh(old)) fs::remove(entry.path(), gone);
    }
}

}  // namespace mobilytics::history
