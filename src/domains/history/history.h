#pragma once
// Who did what, for the people whose company it is and for our staff: found, listed, taken along.
// The entries themselves are platform/audit's.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"
#include "platform/audit/audit.h"

namespace mobilytics::http {
struct Call;
struct Reply;
}  // namespace mobilytics::http
namespace mobilytics::pg {
class Pool;
class StaffPool;
}  // namespace mobilytics::pg

namespace mobilytics::history {

using audit::EntryId;

BOOST_DEFINE_ENUM_CLASS(Format, csv, cloudevents)

struct AuditQuery {
    std::optional<std::string> actor, action, target;
    std::optional<audit::Outcome> outcome;
    std::optional<Instant> from, to;
    std::optional<std::string> q;
};
struct AuditExportQuery : AuditQuery {
    Format format = Format::csv;
};
struct BackofficeAuditQuery : AuditQuery {
    std::optional<CompanyId> company;
};

struct AuditActor {
    audit::ActorKind kind;
    std::string id;
    std::optional<std::string> impersonator;
};
struct AuditTarget {
    std::string type, id;
    std::optional<std::string> name;
};
struct AuditChange {
    std::string field;
    std::optional<std::string> before, after;  // JSON.
};
struct AuditRecord {
    EntryId id;
    CompanyId company_id;
    std::optional<std::int64_t> position;
    Instant occurred_at;
    std::string action;
    audit::Outcome outcome;
    AuditActor actor;
    std::vector<AuditTarget> targets;
    std::vector<AuditChange> changes;
    std::optional<std::string> reason, address, user_agent, request_id, trace_id;
    bool blacked_out = false;
};
using AuditPage = Page<AuditRecord>;

struct HistoryConfig {
    std::filesystem::path exports = {};  // Where files lie until they are sent.
    std::chrono::minutes exports_kept{60};
    std::int64_t exported_max = 1'000'000;  // Entries.
};

class History {
  public:
    /// What it is given must outlive this.
    History(pg::Pool& pool, pg::StaffPool& staff, const Clock& clock, HistoryConfig config);

    /// The newest first. invalid `bad_id`, for a cursor that we did not give.
    Result<AuditPage> list_audit(
        const Caller& caller, const PageRequest& page, const AuditQuery& query);
    Result<AuditPage> list_backoffice_audit(
        const Caller& caller, const PageRequest& page, const BackofficeAuditQuery& query);

    /// The oldest first, as a file that is streamed. Is an entry itself: `audit.exported`. invalid
    /// `too_many_entries`.
    Result<http::Reply> export_audit(const http::Call& call, const AuditExportQuery& query);

  private:
    void forget_files();

    pg::Pool& pool_;
    pg::StaffPool& staff_;
    const Clock& clock_;
    const HistoryConfig config_;
};

}  // namespace mobilytics::history
