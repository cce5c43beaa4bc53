#pragma once
// Requests, consents and policies in Postgres. All of this domain's SQL is in gdpr_store.cpp.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domains/gdpr/gdpr.h"
#include "platform/pg/pg.h"
#include "platform/pg/sorting.h"

namespace mobilytics::gdpr {

void insert(pg::Transaction& tx, const Export& one, PersonId requested_by);
std::optional<Export> select(pg::Transaction& tx, ExportId id);
/// False, when it is gone.
bool update(pg::Transaction& tx, const Export& one);
/// None for one of a program that did not write it down.
std::optional<PersonId> requester_of(pg::Transaction& tx, ExportId id);
/// With their sort keys; what has expired by now is not among them.
std::vector<std::pair<Export, std::string>> select_exports(
    pg::Transaction& tx, Instant now, const pg::Sorting& sorting, std::int64_t count);
/// Those that were requested before `before`.
std::vector<Export> exports_before(pg::Transaction& tx, Instant before);
std::int64_t remove_exports(pg::Transaction& tx, Instant before);
std::vector<Export> exports_of(pg::Transaction& tx, const privacy::Subject& subject);
std::int64_t remove_exports_of(pg::Transaction& tx, const privacy::Subject& subject);

void insert(pg::Transaction& tx, const Erasure& one);
std::optional<Erasure> select(pg::Transaction& tx, ErasureId id);

void insert(pg::Transaction& tx, const Consent& one);
/// With their sort keys.
std::vector<std::pair<Consent, std::string>> select_consents(
    pg::Transaction& tx, const ConsentQuery& query, const pg::Sorting& sorting, std::int64_t count);
std::vector<Consent> consents_of(pg::Transaction& tx, const std::string& subject);
/// Takes the name out of them; how many that were.
std::int64_t blind_consents(
    pg::Transaction& tx, const std::string& subject, const std::string& instead);

struct Policy {
    std::optional<std::int64_t> kept_days;
    std::optional<Instant> last_enforced_at;
    std::optional<std::int64_t> last_gone;
    std::int64_t total_gone = 0;
};
std::map<std::string, Policy> select_policies(pg::Transaction& tx);
void upsert_policy(pg::Transaction& tx, const NewRetention& wanted);
void upsert_round(pg::Transaction& tx, const std::string& kind, Instant at, std::int64_t gone);

/// Erased, as JSON; and back.
boost::json::array json_of(const std::vector<privacy::Erased>& all);

}  // namespace mobilytics::gdpr
