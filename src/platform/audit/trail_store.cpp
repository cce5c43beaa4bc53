#include "platform/audit/trail_store.h"

namespace mobilytics::audit {

namespace {

constexpr pg::Query kLockSealing{
    "audit.lock_sealing", "SELECT pg_advisory_xact_lock(hashtext('mobilytics.audit.seal'))"};
constexpr pg::Query kLockMonths{
    "audit.lock_months", "SELECT pg_advisory_xact_lock(hashtext('mobilytics.audit.months'))"};
constexpr pg::Query kLockMonthsShared{
    "audit.lock_months_shared",
    "SELECT pg_advisory_xact_lock_shared(hashtext('mobilytics.audit.months'))"};

constexpr pg::Query kWaiting{"audit.waiting", R"sql(
    SELECT company_id, id, number, transaction_id::text AS transaction, occurred_at, action, outcome,
           actor_kind, actor_id, impersonator, target_types, target_ids, request_id, trace_id,
           details::text AS details, salt
    FROM audit.entry ORDER BY transaction_id, number LIMIT $1
)sql"};

constexpr pg::Query kSealed{"audit.sealed", R"sql(
    SELECT company_id, id, number, transaction_id::text AS transaction, occurred_at, action, outcome,
           actor_kind, actor_id, impersonator, target_types, target_ids, request_id, trace_id,
           details::text AS details, salt, details_sha256, position, sealed_at, previous_sha256,
           sha256
    FROM audit.sealed
    WHERE company_id = $1 AND position BETWEEN $2 AND $3
    ORDER BY position, sealed_at LIMIT $4
)sql"};

constexpr pg::Query kHeads{"audit.heads", R"sql(
    SELECT company_id, position, sha256, sealed_at, signature FROM audit.head ORDER BY company_id
)sql"};

constexpr pg::Query kHeadsOf{"audit.heads_of", R"sql(
    SELECT company_id, position, sha256, sealed_at, signature FROM audit.head
    WHERE company_id = ANY ($1::uuid[])
)sql"};

constexpr pg::Query kRoots{"audit.roots", R"sql(
    SELECT company_id, hour, first_position, last_position, previous_sha256, last_sha256,
           merkle_sha256, key_id, signature
    FROM audit.root WHERE company_id = $1 ORDER BY first_position
)sql"};

constexpr pg::Query kInsertRoot{"audit.insert_root", R"sql(
    INSERT INTO audit.root (company_id, hour, first_position, last_position, previous_sha256,
                            last_sha256, merkle_sha256, key_id, signature)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kRetirements{"audit.retirements", R"sql(
    SELECT company_id, month::text AS month, first_position, last_position, last_sha256, retired_at,
           key_id, signature
    FROM audit.retirement WHERE company_id = $1 ORDER BY first_position
)sql"};

constexpr pg::Query kInsertRetirement{"audit.insert_retirement", R"sql(
    INSERT INTO audit.retirement (company_id, month, first_position, last_position, last_sha256,
                                  retired_at, key_id, signature)
    VALUES ($1, $2::text::date, $3, $4, $5, $6, $7, $8)
)sql"};

KeptEntry entry_from(const pg::Row& row) {
    KeptEntry out;
    out.company = row.get<CompanyId>("company_id");
    out.id = row.get<EntryId>("id");
    out.number = row.get<std::int64_t>("number");
    out.transaction = row.get<std::string>("transaction");
    out.occurred_at = row.get<Instant>("occurred_at");
    out.action = row.get<std::string>("action");
    out.outcome = row.get<std::string>("outcome");
    out.actor_kind = row.get<std::string>("actor_kind");
    out.actor_id = row.get<std::string>("actor_id");
    out.impersonator = row.get<std::string>("impersonator");
    out.target_types = row.get<std::vector<std::string>>("target_types");
    out.target_ids = row.get<std::vector<std::string>>("target_ids");
    out.request_id = row.get<std::string>("request_id");
    out.trace_id = row.get<std::string>("trace_id");
    out.details = row.optional<std::string>("details");
    out.salt = bytes_of(
        row.optional<std::vector<std::uint8_t>>("salt").value_or(std::vector<std::uint8_t>()));
    return out;
}

SealedEntry sealed_from(const pg::Row& row) {
    SealedEntry out;
    out.entry = entry_from(row);
    out.entry.details_sha256 = row.get<Sha256>("details_sha256");
    out.position = row.get<std::int64_t>("position");
    out.sealed_at = row.get<Instant>("sealed_at");
    out.previous = row.get<Sha256>("previous_sha256");
    out.sha256 = row.get<Sha256>("sha256");
    return out;
}

std::string signature_from(const pg::Row& row) {
    return bytes_of(row.get<std::vector<std::uint8_t>>("signature"));
}

SignedHead head_from(const pg::Row& row) {
    return {
        {row.get<CompanyId>("company_id"), row.get<std::int64_t>("position"),
         row.get<Sha256>("sha256")},
        row.get<Instant>("sealed_at"),
        signature_from(row)};
}

SignedRoot root_from(const pg::Row& row) {
    return {
        {row.get<CompanyId>("company_id"), row.get<Instant>("hour"),
         row.get<std::int64_t>("first_position"), row.get<std::int64_t>("last_position"),
         row.get<Sha256>("previous_sha256"), row.get<Sha256>("last_sha256"),
         row.get<Sha256>("merkle_sha256")},
        row.get<std::string>("key_id"),
        signature_from(row)};
}

SignedRetirement retirement_from(const pg::Row& row) {
    return {
        {row.get<CompanyId>("company_id"), row.get<std::string>("month"),
         row.get<std::int64_t>("first_position"), row.get<std::int64_t>("last_position"),
         row.get<Sha256>("last_sha256"), row.get<Instant>("retired_at")},
        row.get<std::string>("key_id"),
        signature_from(row)};
}

}  // namespace

std::string bytes_of(const std::vector<std::uint8_t>& bytes) {
    return {bytes.begin(), bytes.end()};
}

void lock_sealing(pg::SystemTransaction& tx) { tx.run(kLockSealing); }

void lock_months(pg::SystemTransaction& tx, Hold hold) {
    tx.run(hold == Hold::alone ? kLockMonths : kLockMonthsShared);
}

std::vector<KeptEntry> waiting_entries(pg::SystemTransaction& tx, std::int64_t count) {
    return tx.run(kWaiting, count).all([](const pg::Row& row) {
        auto entry = entry_from(row);
        entry.details_sha256 = digest_of_details(entry.salt, *entry.details);
        return entry;
    });
}

std::vector<SealedEntry> sealed_entries(
    pg::SystemTransaction& tx, CompanyId company, std::int64_t from, std::int64_t to,
    std::int64_t count) {
    return tx.run(kSealed, company, from, to, count).all(sealed_from);
}

std::vector<SignedHead> heads(pg::SystemTransaction& tx) { return tx.run(kHeads).all(head_from); }

std::vector<SignedHead> heads(pg::SystemTransaction& tx, const std::vector<CompanyId>& companies) {
    return tx.run(kHeadsOf, companies).all(head_from);
}

std::vector<SignedRoot> roots(pg::SystemTransaction& tx, CompanyId company) {
    return tx.run(kRoots, company).all(root_from);
}

std::vector<SignedRetirement> retirements(pg::SystemTransaction& tx, CompanyId company) {
    return tx.run(kRetirements, company).all(retirement_from);
}

void insert(pg::SystemTransaction& tx, const SignedRoot& signed_root) {
    const auto& root = signed_root.root;
    tx.run(
        kInsertRoot, root.company, root.hour, root.first, root.last, root.previous,
        root.last_sha256, root.merkle, signed_root.key_id, pg::as_bytes(signed_root.signature));
}

void insert(pg::SystemTransaction& tx, const SignedRetirement& signed_retirement) {
    const auto& retirement = signed_retirement.retirement;
    tx.run(
        kInsertRetirement, retirement.company, retirement.month, retirement.first, retirement.last,
        retirement.last_sha256, retirement.retired_at, signed_retirement.key_id,
        pg::as_bytes(signed_retirement.signature));
}

}  // namespace mobilytics::audit
