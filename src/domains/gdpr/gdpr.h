#pragma once
// What the GDPR and the CCPA give people: to see what is kept of them, to have it erased, to
// consent and to withdraw; and how long what is kept. Of other domains it knows what they say of
// themselves through platform/privacy.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/vocabulary.h"
#include "platform/jobs/jobs.h"
#include "platform/privacy/privacy.h"

namespace mobilytics::crypto {
class SigningKey;
}
namespace mobilytics::http {
struct Call;
struct Reply;
}  // namespace mobilytics::http
namespace mobilytics::objects {
class Objects;
}
namespace mobilytics::jobs {
class Workers;
}

namespace mobilytics::gdpr {

struct DataMapEntry {
    std::string place;
    privacy::About about{};
    std::string data, purpose, kept;
    privacy::OnErasure on_erasure{};
};
struct DataMapList {
    std::vector<DataMapEntry> items;
};

struct Retention {
    std::string kind, what;
    std::int64_t kept_days = 0, least_days = 0, most_days = 0;
    bool settable = false;
    std::optional<Instant> last_enforced_at;
    std::optional<std::int64_t> last_gone;
    std::int64_t total_gone = 0;
    std::optional<std::int64_t> kept_minutes;
};
struct RetentionList {
    std::vector<Retention> items;
};
struct NewRetention {
    std::string kind;
    std::int64_t kept_days = 0;
};

/// Of a person or of a contact: one of them.
struct NewRequest {
    std::optional<PersonId> person_id = {};
    std::optional<privacy::ContactId> contact_id = {};
    std::string reason;
};

BOOST_DEFINE_ENUM_CLASS(ExportState, waiting, running, ready, failed)
using ExportId = Id<struct Export>;
struct Export {
    static constexpr std::string_view kIdPrefix = "export";
    ExportId id;
    std::optional<PersonId> person_id;
    std::optional<privacy::ContactId> contact_id;
    ExportState state{};
    Instant requested_at;
    // Of one that is ready.
    std::optional<Instant> finished_at, expires_at;
    std::optional<std::int64_t> items, bytes;
    std::optional<std::string> sha256;
};
using ExportPage = Page<Export>;
struct ExportQuery {
    std::optional<std::string> sort = {};
};

/// Published as `gdpr.export_ready.v1`.
struct ExportReady {
    static constexpr std::string_view kName = "gdpr.export_ready.v1";
    CompanyId company;
    ExportId id;
    PersonId requested_by;
    Instant expires_at;

    boost::json::value to_json() const;
    static ExportReady from_json(const boost::json::value& json);
};

using ErasureId = Id<struct Erasure>;
struct Erasure {
    static constexpr std::string_view kIdPrefix = "erasure";
    ErasureId id;
    std::optional<PersonId> person_id;
    std::optional<privacy::ContactId> contact_id;
    Instant erased_at;
    std::vector<privacy::Erased> from;
    std::string certificate;  // The text that is signed.
    std::string signature;    // Hexadecimal.
    std::string key_id;
};

BOOST_DEFINE_ENUM_CLASS(ConsentState, given, withdrawn)
using ConsentId = Id<struct Consent>;
struct Consent {
    static constexpr std::string_view kIdPrefix = "consent";
    ConsentId id;
    std::string subject, purpose, version;
    ConsentState state{};
    Instant at;
    std::string how;
    Instant recorded_at;
};
using ConsentPage = Page<Consent>;
struct NewConsent {
    std::string subject, purpose, version;
    ConsentState state{};
    std::optional<Instant> at;
    std::string how;
};
struct ConsentQuery {
    std::optional<std::string> subject = {}, purpose = {}, sort = {};
};

/// What apps/server joins: the lists of all modules.
struct Modules {
    std::vector<privacy::Kept> data_map;
    /// A subject's e-mail in the transaction's company; empty where there is none.
    std::function<std::string(pg::Transaction&, const privacy::Subject&)> email_of;
    std::vector<privacy::Holder> holders;  // gdpr's own is not among them.
    std::vector<privacy::RetentionRule> rules;
};

class Privacy {
  public:
    struct Needs {
        pg::Pool& pool;
        objects::Objects& objects;
        const crypto::SigningKey& key;
        const Clock& clock;
    };
    /// What it is given must outlive this.
    Privacy(const Needs& needs, Modules modules);

    /// Makes exports, and enforces retention every half hour of the companies that it is told:
    /// before workers.start(). This must outlive the workers.
    void serve(jobs::Workers& workers, std::function<std::vector<CompanyId>()> companies);

    Result<DataMapList> data_map(const Caller& caller);

    Result<RetentionList> list_retention(const Caller& caller);
    /// not_found `no_such_kind`; invalid `out_of_range`; conflict `not_settable`.
    Result<RetentionList> set_retention(const Caller& caller, const NewRetention& wanted);
    /// Does away with what has been kept for long enough, of a company. A kind that fails keeps no
    /// other from its turn. How many rows and entries went.
    std::int64_t enforce_retention(CompanyId company);

    /// Has it made by a job. invalid `subject_wanted`.
    Result<Export> request_export(const Caller& caller, const NewRequest& wanted);
    /// not_found `no_such_export`, also when it has expired.
    Result<Export> find_export(const Caller& caller, ExportId id);
    /// By requested_at or state, with a minus before it the other way round; the newest first, when
    /// none is said. invalid `bad_sort`, `bad_cursor`.
    Result<ExportPage> list_exports(
        const Caller& caller, const PageRequest& page, const ExportQuery& query);
    /// conflict `export_not_ready`.
    Result<http::Reply> export_file(const http::Call& call, ExportId id);

    /// In one transaction, everywhere. invalid `yourself`: who erases themselves could not be told.
    /// What holders refuse (an owner who is the last) is refused.
    Result<Erasure> request_erasure(const Caller& caller, const NewRequest& wanted);
    /// not_found `no_such_erasure`.
    Result<Erasure> find_erasure(const Caller& caller, ErasureId id);

    /// invalid `in_the_future`.
    Result<Consent> record_consent(const Caller& caller, const NewConsent& wanted);
    /// By recorded_at, subject or purpose, as list_exports.
    Result<ConsentPage> list_consents(
        const Caller& caller, const PageRequest& page, const ConsentQuery& query);

  private:
    const privacy::RetentionRule* rule(const std::string& kind) const;
    std::int64_t enforce(
        CompanyId company, const privacy::RetentionRule& rule, std::chrono::days kept);
    jobs::Outcome make_export(const jobs::JobRun& run, ExportId id);
    privacy::Subject with_email(pg::Transaction& tx, privacy::Subject subject) const;

    Needs needs_;
    Modules modules_;
};

}  // namespace mobilytics::gdpr
