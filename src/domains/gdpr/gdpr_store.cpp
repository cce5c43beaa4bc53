#include "domains/gdpr/gdpr_store.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "platform/crypto/digest.h"

namespace mobilytics::gdpr {

namespace {

constexpr pg::Query kInsertExport{"gdpr.insert_export", R"sql(
    INSERT INTO gdpr.export (company_id, id, person_id, requested_at, expires_at, items, bytes, sha256)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kSelectExport{"gdpr.select_export", R"sql(
    SELECT id, person_id, requested_at, expires_at, items, bytes, sha256 FROM gdpr.export
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kRemoveExports{"gdpr.remove_exports", R"sql(
    DELETE FROM gdpr.export WHERE company_id = $1 AND requested_at < $2
    RETURNING id, person_id, requested_at, expires_at, items, bytes, sha256
)sql"};

constexpr pg::Query kExportsOf{"gdpr.exports_of", R"sql(
    SELECT id, person_id, requested_at, expires_at, items, bytes, sha256 FROM gdpr.export
    WHERE company_id = $1 AND person_id = $2 ORDER BY id
)sql"};

constexpr pg::Query kRemoveExportsOf{"gdpr.remove_exports_of", R"sql(
    DELETE FROM gdpr.export WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kInsertErasure{"gdpr.insert_erasure", R"sql(
    INSERT INTO gdpr.erasure (company_id, id, person_id, erased_at, erased, certificate, signature,
                              key_id)
    VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8)
)sql"};

constexpr pg::Query kSelectErasure{"gdpr.select_erasure", R"sql(
    SELECT id, person_id, erased_at, erased::text AS erased, certificate, signature, key_id
    FROM gdpr.erasure WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kInsertConsent{"gdpr.insert_consent", R"sql(
    INSERT INTO gdpr.consent (company_id, id, subject, purpose, version, state, at, how, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kSelectConsents{"gdpr.select_consents", R"sql(
    SELECT id, subject, purpose, version, state, at, how, recorded_at FROM gdpr.consent
    WHERE company_id = $1 AND ($2::text IS NULL OR subject = $2)
      AND ($3::text IS NULL OR purpose = $3) AND ($4::uuid IS NULL OR id < $4)
    ORDER BY id DESC LIMIT $5
)sql"};

constexpr pg::Query kBlindConsents{"gdpr.blind_consents", R"sql(
    UPDATE gdpr.consent SET subject = $3, how = '' WHERE company_id = $1 AND subject = $2
)sql"};

constexpr pg::Query kSelectPolicies{"gdpr.select_policies", R"sql(
    SELECT kind, kept_days, last_enforced_at, last_gone FROM gdpr.retention WHERE company_id = $1
)sql"};

constexpr pg::Query kUpsertPolicy{"gdpr.upsert_policy", R"sql(
    INSERT INTO gdpr.retention (company_id, kind, kept_days) VALUES ($1, $2, $3)
    ON CONFLICT (company_id, kind) DO UPDATE SET kept_days = EXCLUDED.kept_days
)sql"};

constexpr pg::Query kUpsertRound{"gdpr.upsert_round", R"sql(
    INSERT INTO gdpr.retention (company_id, kind, last_enforced_at, last_gone)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (company_id, kind) DO UPDATE
        SET last_enforced_at = EXCLUDED.last_enforced_at, last_gone = EXCLUDED.last_gone
)sql"};

Export export_from(const pg::Row& row) {
    return {row.get<ExportId>("id"),          row.get<PersonId>("person_id"),
            row.get<Instant>("requested_at"), row.get<Instant>("expires_at"),
            row.get<std::int64_t>("items"),   row.get<std::int64_t>("bytes"),
            row.get<std::string>("sha256")};
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
    return {
        row.get<ErasureId>("id"),
        row.get<PersonId>("person_id"),
        row.get<Instant>("erased_at"),
        erased_from(boost::json::parse(row.get<std::string>("erased"))),
        row.get<std::string>("certificate"),
        crypto::to_hex(std::string(signature.begin(), signature.end())),
        row.get<std::string>("key_id")};
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

void insert(pg::Transaction& tx, const Export& one) {
    tx.run(
        kInsertExport, tx.company(), one.id, one.person_id, one.requested_at, one.expires_at,
        one.items, one.bytes, one.sha256);
}

std::optional<Export> select(pg::Transaction& tx, ExportId id) {
    return tx.run(kSelectExport, tx.company(), id).first(export_from);
}

std::vector<Export> remove_exports(pg::Transaction& tx, Instant before) {
    return tx.run(kRemoveExports, tx.company(), before).all(export_from);
}

std::vector<Export> exports_of(pg::Transaction& tx, PersonId person) {
    return tx.run(kExportsOf, tx.company(), person).all(export_from);
}

std::int64_t remove_exports_of(pg::Transaction& tx, PersonId person) {
    return tx.run(kRemoveExportsOf, tx.company(), person).touched();
}

void insert(pg::Transaction& tx, const Erasure& one) {
    const auto signature = pg::verified(crypto::from_hex(one.signature));
    tx.run(
        kInsertErasure, tx.company(), one.id, one.person_id, one.erased_at,
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

std::vector<Consent> select_consents(
    pg::Transaction& tx, const ConsentQuery& query, std::optional<ConsentId> before,
    std::int64_t count) {
    return tx.run(kSelectConsents, tx.company(), query.subject, query.purpose, before, count)
        .all(consent_from);
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
            row.optional<std::int64_t>("last_gone")};
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
