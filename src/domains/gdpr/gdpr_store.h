#pragma once
// Requests, consents and policies in Postgres. All of this domain's SQL is in gdpr_store.cpp.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domains/gdpr/gdpr.h"
#include "platform/pg/pg.h"

namespace mobilytics::gdpr {

void insert(pg::Transaction& tx, const Export& one);
std::optional<Export> select(pg::Transaction& tx, ExportId id);
/// Those that were requested before `before`; taken out of the table.
std::vector<Export> remove_exports(pg::Transaction& tx, Instant before);
/// Of a person.
std::vector<Export> exports_of(pg::Transaction& tx, PersonId person);
std::int64_t remove_exports_of(pg::Transaction& tx, PersonId person);

void insert(pg::Transaction& tx, const Erasure& one);
std::optional<Erasure> select(pg::Transaction& tx, ErasureId id);

void insert(pg::Transaction& tx, const Consent& one);
/// At most `count`, the newest first, of those before `before`.
std::vector<Consent> select_consents(
    pg::Transaction& tx, const ConsentQuery& query, std::optional<ConsentId> before,
    std::int64_t count);
/// Takes the name out of them; how many that were.
std::int64_t blind_consents(
    pg::Transaction& tx, const std::string& subject, const std::string& instead);

struct Policy {
    std::optional<std::int64_t> kept_days;
    std::optional<Instant> last_enforced_at;
    std::optional<std::int64_t> last_gone;
};
std::map<std::string, Policy> select_policies(pg::Transaction& tx);
void upsert_policy(pg::Transaction& tx, const NewRetention& wanted);
void upsert_round(pg::Transaction& tx, const std::string& kind, Instant at, std::int64_t gone);

/// Erased, as JSON; and back.
boost::json::array json_of(const std::vector<privacy::Erased>& all);

}  // namespace mobilytics::gdpr
