#pragma once
// The trail's tables, for sealer and verify.

#include <vector>

#include "platform/audit/canonical.h"
#include "platform/pg/pg.h"

namespace mobilytics::audit {

struct SealedEntry {
    KeptEntry entry;
    std::int64_t position = 0;
    Instant sealed_at;
    Sha256 previous{}, sha256{};
};
struct SignedHead {
    Head head;
    Instant sealed_at;
    std::string signature;
};
struct SignedRoot {
    Root root;
    std::string key_id;
    std::string signature;
};
struct SignedRetirement {
    Retirement retirement;
    std::string key_id;
    std::string signature;
};

/// One sealer at a time, for the rest of the transaction.
void lock_sealing(pg::SystemTransaction& tx);
enum class Hold { shared, alone };
/// No month is let go while somebody holds it.
void lock_months(pg::SystemTransaction& tx, Hold hold);

/// Entries that no chain has yet, in the order of their transactions.
std::vector<KeptEntry> waiting_entries(pg::SystemTransaction& tx, std::int64_t count);
/// In the order of their positions, from `from` to `to`.
std::vector<SealedEntry> sealed_entries(
    pg::SystemTransaction& tx, CompanyId company, std::int64_t from, std::int64_t to,
    std::int64_t count);

/// All, or of some companies.
std::vector<SignedHead> heads(pg::SystemTransaction& tx);
std::vector<SignedHead> heads(pg::SystemTransaction& tx, const std::vector<CompanyId>& companies);
std::vector<SignedRoot> roots(pg::SystemTransaction& tx, CompanyId company);
std::vector<SignedRetirement> retirements(pg::SystemTransaction& tx, CompanyId company);
void insert(pg::SystemTransaction& tx, const SignedRoot& root);
void insert(pg::SystemTransaction& tx, const SignedRetirement& retirement);

/// The signature as it is kept: bytes in a std::string.
std::string bytes_of(const std::vector<std::uint8_t>& bytes);

}  // namespace mobilytics::audit
