#include "domains/gdpr/gdpr_store.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "platform/crypto/digest.h"

namespace mobilytics::gdpr {

namespace {

// What is not there yet has a place all the same, for the program before this one.
constexpr pg::Query kInsertExport{"gdpr.insert_export", R"sql(
    INSERT INTO gdpr.export (company_id, id, about, person_id, state, requested_at, expires_at,
                             requested_by, items, bytes, sha256)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $7, 0, 0, '')
)sql"};

constexpr pg::Query kSelectExport{"gdpr.select_export", R"sql(
    SELECT id, about, person_id, state, requested_at, finished_at, expires_at, items, bytes, sha256
    FROM gdpr.export WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kUpdateExport{"gdpr.update_export", R"sql(
    UPDATE gdpr.export
    SET state = $3, finished_at = $4, expires_at = coalesce($5, expires_at),
        items = coalesce($6, 0), bytes = coalesce($7, 0), sha256 = coalesce($8, '')
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kRequesterOf{"gdpr.requester_of", R"sql(
    SELECT requested_by FROM gdpr.export WHERE company_id = $1 AND id = $2
)sql"};

// A key is compared byte for byte, so that a page begins where the one before it ended.
constexpr pg::Query kSelectExports{"gdpr.select_exports", R"sql(
    WITH listed AS (
        SELECT id, about, person_id, state, requested_at, finished_at, expires_at, items, bytes,
               sha256,
               (CASE $3 WHEN 'state' THEN state
                        ELSE to_char(requested_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM gdpr.export WHERE company_id = $1 AND (state <> 'ready' OR expires_at > $2))
    SELECT * FROM listed
    WHERE $6 = '' OR CASE WHEN $4 THEN (key, id) < ($5 COLLATE "C", nullif($6, '')::uuid)
                          ELSE (key, id) > ($5 COLLATE "C", nullif($6, '')::uuid) END
    ORDER BY CASE WHEN $4 THEN key END DESC, CASE WHEN $4 THEN id END DESC, key, id
    LIMIT $7
)sql"};

constexpr pg::Query kExportsBefore{"gdpr.exports_before", R"sql(
    SELECT id, about, person_id, state, requested_at, finished_at, expires_at, items, bytes, sha256
    FROM gdpr.export WHERE company_id = $1 AND requested_at < $2 FOR UPDATE
)sql"};

constexpr pg::Query kRemoveExports{"gdpr.remove_exports", R"sql(
    DELETE FROM gdpr.export WHERE company_id = $1 AND requested_at < $2
)sql"};

constexpr pg::Query kExportsOf{"gdpr.exports_of", R"sql(
    SELECT id, about, person_id, state, requested_at, finished_at, expires_at, items, bytes, sha256
    FROM gdpr.export WHERE company_id = $1 AND about = $2 AND person_id = $3 ORDER BY id
)sql"};

constexpr pg::Query kRemoveExportsOf{"gdpr.remove_exports_of", R"sql(
    DELETE FROM gdpr.export WHERE company_id = $1 AND about = $2 AND person_id = $3
)sql"};

constexpr pg::Query kInsertErasure{"gdpr.insert_erasure", R"sql(
    INSERT INTO gdpr.erasure (company_id, id, about, person_id, erased_at, erased, certificate,
                              signature, key_id)
    VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9)
)sql"};

constexpr pg::Query kSelectErasure{"gdpr.select_erasure", R"sql(
    SELECT id, about, person_id, erased_at, erased::text AS erased, certificate, signature, key_id
    FROM gdpr.erasure WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kInsertConsent{"gdpr.insert_consent", R"sql(
    INSERT INTO gdpr.consent (company_id, id, subject, purpose, version, state, at, how, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kSelectConsents{"gdpr.select_consents", R"sql(
    WITH listed AS (
        SELECT id, subject, purpose, version, state, at, how, recorded_at,
               (CASE $4 WHEN 'subject' THEN subject WHEN 'purpose' THEN purpose
                        ELSE to_char(recorded_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM gdpr.consent
        WHERE company_id = $1 AND ($2::text IS NULL OR subject = $2)
          AND ($3::text IS NULL OR purpose = $3))
    SELECT * FROM listed
    WHERE $7 = '' OR CASE WHEN $5 THEN (key, id) < ($6 COLLATE "C", nullif($7, '')::uuid)
                          ELSE (key, id) > ($6 COLLATE "C", nullif($7, '')::uuid) END
    ORDER BY CASE WHEN $5 THEN key END DESC, CASE WHEN $5 THEN id END DESC, key, id
    LIMIT $8
)sql"};

constexpr pg::Query kConsentsOf{"gdpr.consents_of", R"sql(
    SELECT id, subject, purpose, version, state, at, how, recorded_at FROM gdpr.consent
    WHERE company_id = $1 AND subject = $2 ORDER BY id
)sql"};

constexpr pg::Query kBlindConsents{"gdpr.blind_consents", R"sql(
    UPDATE gdpr.consent SET subject = $3, how = '' WHERE company_id = $1 AND subject = $2
)sql"};

constexpr pg::Query kSelectPolicies{"gdpr.select_policies", R"sql(
    SELECT kind, kept_days, last_enforced_at, last_gone, total_gone FROM gdpr.retention
    WHERE company_id = $1
)sql"};

constexpr pg::Query kUpsertPolicy{"gdpr.upsert_policy", R"sql(
    INSERT INTO gdpr.retention (company_id, kind, kept_days) VALUES ($1, $2, $3)
    ON CONFLICT (company_id, kind) DO UPDATE SET kept_days = EXCLUDED.kept_days
)sql"};

constexpr pg::Query kUpsertRound{"gdpr.upsert_round", R"sql(
    INSERT INTO gdpr.retention AS r (company_id, kind, last_enforced_at, last_gone, total_gone)
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT (company_id, kind) DO UPDATE
        SET last_enforced_at = EXCLUDED.last_enforced_at, last_gone = EXCLUDED.last_gone,
            total_gone = r.total_gone + EXCLUDED.last_gone
)sql"};

constexpr const char* kPerson = "person";
constexpr const char* kContact = "contact";

/// Of whom a row is, who is known by an id either way.
template <class T>
void take_subject(T& out, const pg::Row& row) {
    const auto id = row.get<PersonId>("person_id");
    if (row.get<std::string>("about") == kContact) {
        out.contact_id = privacy::ContactId::from_bytes(id.bytes());
    } else {
        out.person_id = id;
    }
}
const char* about_of(const std::optional<privacy::ContactId>& contact) {
    return contact ? kContact : kPerson;
}
PersonId id_of(
    const std::optional<PersonId>& person, const std::optional<privacy::ContactId>& contact) {
    return contact ? PersonId::from_bytes(contact->bytes()) : person.value_or(PersonId());
}

Export export_from(const pg::Row& row) {
    Export out;
    out.id = row.get<ExportId>("id");
    take_subject(out, row);
    out.state = row.get<ExportState>("state");
    out.requested_at = row.get<Instant>("requested_at");
    out.finished_at = row.optional<Instant>("finished_at");
    if (out.state != ExportState::ready) return out;
    out.expires_at = row.get<Instant>("expires_at");
    out.items = row.get<std::int64_t>("items");
    out.bytes = row.get<std::int64_t>("bytes");
    out.sha256 = row.get<std::string>("sha256");
    return out;
}

Consent consent_from(const pg::Row& row) {
    return {row.get<ConsentId>("id"),        row.get<std::string>("subject"),
            row.get<std::string>("purpose"), row.get<std::string>("version"),
            row.get<ConsentState>("state"),  row.get<Instant>("at"),
            row.get<std::string>("how"),     row.get<Instant>("recorded_at")};
}

std::vector<privacy::Erased> erased_from(const boost::json::value& json) {
    std::vector<privacy::Erased> out;
    for (const auto& one : json.as_array()) {
        out.push_back(
            {std::string(one.at("place").as_string()), one.at("erased").to_number<std::int64_t>(),
             one.at("kept").to_number<std::int64_t>(),
             std::string(one.at("why_kept").as_string())});
    }
    return out;
}

Erasure erasure_from(const pg::Row& row) {
    const auto signature = row.get<std::vector<std::uint8_t>>("signature");
    Erasure out;
    out.id = row.get<ErasureId>("id");
    take_subject(out, row);
    out.erased_at = row.get<Instant>("erased_at");
    out.from = erased_from(boost::json::parse(row.get<std::string>("erased")));
    out.certificate = row.get<std::string>("certificate");
    out.signature = crypto::to_hex(std::string(signature.begin(), signature.end()));
    out.key_id = row.get<std::string>("key_id");
    return out;
}

}  // namespace

boost::json::array json_of(const std::vector<privacy::Erased>& all) {
    boost::json::array out;
    for (const auto& one : all) {
        out.push_back(boost::json::object{
            {"place", one.place},
            {"erased", one.erased},
            {"kept", one.kept},
            {"why_kept", one.why_kept}});
    }
    return out;
}

void insert(pg::Transaction& tx, const Export& one, PersonId requested_by) {
    tx.run(
        kInsertExport, tx.company(), one.id, about_of(one.contact_id),
        id_of(one.person_id, one.contact_id), one.state, one.requested_at, requested_by);
}

std::optional<Export> select(pg::Transaction& tx, ExportId id) {
    return tx.run(kSelectExport, tx.company(), id).first(export_from);
}

bool update(pg::Transaction& tx, const Export& one) {
    return tx.run(
                 kUpdateExport, tx.company(), one.id, one.state, one.finished_at, one.expires_at,
                 one.items, one.bytes, one.sha256)
               .touched() == 1;
}

std::optional<PersonId> requester_of(pg::Transaction& tx, ExportId id) {
    return tx.run(kRequesterOf, tx.company(), id)
        .first([](const pg::Row& row) { return row.optional<PersonId>("requested_by"); })
        .value_or(std::nullopt);
}

std::vector<std::pair<Export, std::string>> select_exports(
    pg::Transaction& tx, Instant now, const pg::Sorting& sorting, std::int64_t count) {
    return tx
        .run(
            kSelectExports, tx.company(), now, sorting.by, sorting.descending, sorting.after_key,
            sorting.after_id, count)
        .all([](const pg::Row& row) {
            return std::pair(export_from(row), row.get<std::string>("key"));
        });
}

std::vector<Export> exports_before(pg::Transaction& tx, Instant before) {
    return tx.run(kExportsBefore, tx.company(), before).all(export_from);
}

std::int64_t remove_exports(pg::Transaction& tx, Instant before) {
    return tx.run(kRemoveExports, tx.company(), before).touched();
}

std::vector<Export> exports_of(pg::Transaction& tx, const privacy::Subject& subject) {
    return tx
        .run(
            kExportsOf, tx.company(), about_of(subject.contact),
            id_of(subject.person, subject.contact))
        .all(export_from);
}

std::int64_t remove_exports_of(pg::Transaction& tx, const privacy::Subject& subject) {
    return tx
        .run(
            kRemoveExportsOf, tx.company(), about_of(subject.contact),
            id_of(subject.person, subject.contact))
        .touched();
}

void insert(pg::Transaction& tx, const Erasure& one) {
    const auto signature = pg::verified(crypto::from_hex(one.signature));
    tx.run(
        kInsertErasure, tx.company(), one.id, about_of(one.contact_id),
        id_of(one.person_id, one.contact_id), one.erased_at,
        boost::json::serialize(json_of(one.from)), one.certificate, pg::as_bytes(signature),
        one.key_id);
}

std::optional<Erasure> select(pg::Transaction& tx, ErasureId id) {
    return tx.run(kSelectErasure, tx.company(), id).first(erasure_from);
}

void insert(pg::Transaction& tx, const Consent& one) {
    tx.run(
        kInsertConsent, tx.company(), one.id, one.subject, one.purpose, one.version, one.state,
        one.at, one.how, one.recorded_at);
}

std::vector<std::pair<Consent, std::string>> select_consents(
    pg::Transaction& tx, const ConsentQuery& query, const pg::Sorting& sorting,
    std::int64_t count) {
    return tx
        .run(
            kSelectConsents, tx.company(), query.subject, query.purpose, sorting.by,
            sorting.descending, sorting.after_key, sorting.after_id, count)
        .all([](const pg::Row& row) {
            return std::pair(consent_from(row), row.get<std::string>("key"));
        });
}

std::vector<Consent> consents_of(pg::Transaction& tx, const std::string& subject) {
    return tx.run(kConsentsOf, tx.company(), subject).all(consent_from);
}

std::int64_t blind_consents(
    pg::Transaction& tx, const std::string& subject, const std::string& instead) {
    return tx.run(kBlindConsents, tx.company(), subject, instead).touched();
}

std::map<std::string, Policy> select_policies(pg::Transaction& tx) {
    std::map<std::string, Policy> out;
    tx.run(kSelectPolicies, tx.company()).all([&out](const pg::Row& row) {
        out[row.get<std::string>("kind")] = {
            row.optional<std::int64_t>("kept_days"), row.optional<Instant>("last_enforced_at"),
            row.optional<std::int64_t>("last_gone"), row.get<std::int64_t>("total_gone")};
        return 0;
    });
    return out;
}

void upsert_policy(pg::Transaction& tx, const NewRetention& wanted) {
    tx.run(kUpsertPolicy, tx.company(), wanted.kind, wanted.kept_days);
}

void upsert_round(pg::Transaction& tx, const std::string& kind, Instant at, std::int64_t gone) {
    tx.run(kUpsertRound, tx.company(), kind, at, gone);
}

}  // namespace mobilytics::gdpr
