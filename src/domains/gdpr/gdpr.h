#pragma once
// What the GDPR and the CCPA give people: to see what is kept of them, to have it erased, to
// consent and to withdraw; and how long what is kept. Of other domains it knows what they say of
// themselves through platform/privacy.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"
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
namespace mobilytics::pg {
class Pool;
class Transaction;
}  // namespace mobilytics::pg

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
};
struct RetentionList {
    std::vector<Retention> items;
};
struct NewRetention {
    std::string kind;
    std::int64_t kept_days = 0;
};

struct NewRequest {
    PersonId person_id;
    std::string reason;
};

using ExportId = Id<struct Export>;
struct Export {
    static constexpr std::string_view kIdPrefix = "export";
    ExportId id;
    PersonId person_id;
    Instant requested_at, expires_at;
    std::int64_t items = 0, bytes = 0;
    std::string sha256;
};

using ErasureId = Id<struct Erasure>;
struct Erasure {
    static constexpr std::string_view kIdPrefix = "erasure";
    ErasureId id;
    PersonId person_id;
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
    std::optional<std::string> subject = {}, purpose = {};
};

/// What apps/server joins: the lists of all modules.
struct Modules {
    std::vector<privacy::Kept> data_map;
    /// A person's e-mail in the transaction's company; empty where there is none.
    std::function<std::string(pg::Transaction&, PersonId)> email_of;
    std::vector<privacy::Holder> holders;  // gdpr's own is not among them.
    std::vector<privacy::RetentionRule> rules;
};

struct GdprConfig {
    std::chrono::days exports_kept{7};
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
    Privacy(const Needs& needs, Modules modules, GdprConfig config = {});

    Result<DataMapList> data_map(const Caller& caller);

    Result<RetentionList> list_retention(const Caller& caller);
    /// not_found `no_such_kind`; invalid `out_of_range`; conflict `not_settable`.
    Result<RetentionList> set_retention(const Caller& caller, const NewRetention& wanted);
    /// Does away with what has been kept for long enough, of a company: for housekeeping. A kind
    /// that fails keeps no other from its turn. How many rows and entries went.
    std::int64_t enforce_retention(CompanyId company);

    Result<Export> request_export(const Caller& caller, const NewRequest& wanted);
    /// not_found `no_such_export`, also when it has expired.
    Result<Export> find_export(const Caller& caller, ExportId id);
    Result<http::Reply> export_file(const http::Call& call, ExportId id);

    /// In one transaction, everywhere. invalid `yourself`: who erases themselves could not be told.
    /// What holders refuse (an owner who is the last) is refused.
    Result<Erasure> request_erasure(const Caller& caller, const NewRequest& wanted);
    /// not_found `no_such_erasure`.
    Result<Erasure> find_erasure(const Caller& caller, ErasureId id);

    /// invalid `in_the_future`.
    Result<Consent> record_consent(const Caller& caller, const NewConsent& wanted);
    /// The newest first.
    Result<ConsentPage> list_consents(
        const Caller& caller, const PageRequest& page, const ConsentQuery& query);

  private:
    const privacy::RetentionRule* rule(const std::string& kind) const;

    Needs needs_;
    Modules modules_;
    const GdprConfig config_;
};

}  // namespace mobilytics::gdpr
