#pragma once
// What is hashed and what is signed, byte by byte, so that anybody can do it again without us.
// Written for people in docs/audit.md; never changed, but given a new version beside it.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"

namespace mobilytics::audit {

using crypto::Sha256;

/// An entry as it is kept.
struct KeptEntry {
    CompanyId company;
    EntryId id;
    std::int64_t number = 0;
    std::string transaction;  // Of Postgres, decimal.
    Instant occurred_at;
    std::string action;
    std::string outcome;
    std::string actor_kind;
    std::string actor_id;
    std::string impersonator;
    std::vector<std::string> target_types, target_ids;
    std::string request_id, trace_id;
    Sha256 details_sha256{};
    std::optional<std::string> details;  // JSON, as it came. None once it has been blacked out.
    std::string salt;
};

/// What a chain's first entry follows.
inline constexpr Sha256 kNothingBefore{};

Sha256 digest_of_details(std::string_view salt, std::string_view details);
/// The fields one after the other, each as its length in 4 bytes, most significant first, and its
/// text.
std::string canonical(const KeptEntry& entry, Instant sealed_at);
Sha256 digest_of(const Sha256& previous, const KeptEntry& entry, Instant sealed_at);

/// Of hashes in their order, as RFC 6962 (section 2.1) makes it. Of none it is SHA-256 of nothing.
Sha256 merkle_root(std::span<const Sha256> leaves);

/// What the sealer says of where a chain ends.
struct Head {
    CompanyId company;
    std::int64_t position = 0;
    Sha256 sha256{};
};
/// Of what was sealed in an hour.
struct Root {
    CompanyId company;
    Instant hour;
    std::int64_t first = 0, last = 0;
    Sha256 previous{}, last_sha256{}, merkle{};

    friend bool operator==(const Root&, const Root&) = default;
};
/// That these positions were let go when they had been kept for long enough.
struct Retirement {
    CompanyId company;
    std::string month;  // "2026-08-01"
    std::int64_t first = 0, last = 0;
    Sha256 last_sha256{};
    Instant retired_at;
};

/// The text that is signed: a line that says what it is, then "name=value" a line.
std::string statement(const Head& head);
std::string statement(const Root& root);
std::string statement(const Retirement& retirement);

}  // namespace mobilytics::audit
