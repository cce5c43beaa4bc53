#pragma once
// Whether the trail is what was written: every entry against its hash, every hash against the one
// before, every hour against its signed root, and the roots against the copies of them. See
// docs/audit.md for what each finding means and what cannot be found.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "foundation/vocabulary.h"

namespace mobilytics::crypto {
struct PublicKey;
}
namespace mobilytics::objects {
class Objects;
}
namespace mobilytics::pg {
class SystemPool;
}

namespace mobilytics::audit {

BOOST_DEFINE_ENUM_CLASS(
    FindingKind,
    changed,         // An entry is not what its hash says.
    removed,         // Positions are missing, or what an entry was sealed after is.
    inserted,        // An entry that the one behind it does not follow.
    moved,           // An entry stands elsewhere than where it was sealed.
    bad_head,        // The chain does not end where the sealer signed that it ends.
    bad_root,        // Entries are not those that a root was signed of, or a signature is none.
    missing_root,    // An hour has no root, or only a copy of one.
    missing_copy,    // A root has no copy, or another one.
    blacked_out,     // Details are gone, and no entry says so.
    bad_retirement)  // A retirement's signature is none.

struct Finding {
    CompanyId company;
    FindingKind kind;
    std::int64_t first = 0, last = 0;  // Positions. 0 where it is of the whole chain.
    std::string told;                  // For people.
};

struct Verdict {
    std::int64_t companies = 0;
    std::int64_t entries = 0;
    std::int64_t roots = 0;
    std::int64_t let_go = 0;             // Entries that were let go, under signed roots.
    std::vector<Finding> findings = {};  // At most kFindingsMax of each company.

    bool intact() const { return findings.empty(); }
};

inline constexpr std::size_t kFindingsMax = 100;

struct VerifyOptions {
    std::optional<CompanyId> company = {};  // None: all.
    std::chrono::hours root_due{2};         // How long after its hour a root must be there.
};

/// While it works entries may be appended and sealed: it looks up to where chains ended when it
/// began. No month is let go meanwhile.
Verdict verify(
    pg::SystemPool& pool, const objects::Objects& objects, const crypto::PublicKey& key,
    Instant now, const VerifyOptions& options = {});

/// For people: what was looked at, and each finding in a line.
std::string told(const Verdict& verdict);

}  // namespace mobilytics::audit
