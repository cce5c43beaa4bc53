#include "platform/audit/verify.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <boost/json/parse.hpp>

#include "platform/audit/trail_store.h"
#include "platform/crypto/signing.h"
#include "platform/objects/objects.h"

namespace mobilytics::audit {

namespace {

constexpr std::int64_t kAtOnce = 2'000;
constexpr std::size_t kObjectsAtOnce = 1'000;
constexpr std::string_view kRootsFolder = "audit/roots/";

constexpr pg::Query kCompanies{"audit.companies", R"sql(
    SELECT company_id FROM audit.head UNION SELECT company_id FROM audit.root
    UNION SELECT company_id FROM audit.sealed ORDER BY 1
)sql"};

constexpr pg::Query kWhere{"audit.where", R"sql(
    SELECT position FROM audit.sealed WHERE company_id = $1 AND sha256 = $2 LIMIT 1
)sql"};

constexpr pg::Query kBlackOutTold{"audit.black_out_told", R"sql(
    SELECT 1 AS one FROM audit.trail
    WHERE company_id = $1 AND action = 'audit.details_blacked_out' AND target_ids @> ARRAY[$2::text]
    LIMIT 1
)sql"};

/// One company's chain, from its first entry to where it ended when we began.
class Chain {
  public:
    Chain(
        pg::SystemTransaction& tx, const objects::Objects& objects, const crypto::PublicKey& key,
        Verdict& verdict, CompanyId company)
        : tx_(tx), objects_(objects), key_(key), verdict_(verdict), company_(company) {}

    void verify(Instant root_due) {
        root_due_ = root_due;
        load();
        ++verdict_.companies;
        while (true) {
            const auto entries = sealed_entries(tx_, company_, next_, until_, kAtOnce);
            for (const auto& entry : entries) take(entry);
            if (std::ssize(entries) < kAtOnce) break;
        }
        finish();
    }

  private:
    void find(FindingKind kind, std::int64_t first, std::int64_t last, std::string told) {
        if (count_++ < kFindingsMax) {
            verdict_.findings.push_back({company_, kind, first, last, std::move(told)});
        }
    }

    void load();
    void take(const SealedEntry& entry);
    void take_gap(std::int64_t first, std::int64_t last);
    void check_content(const SealedEntry& entry);
    void check_link(const SealedEntry& entry);
    void check_root(const SealedEntry& entry);
    void check_root_chain();
    void check_copies();
    void finish();

    pg::SystemTransaction& tx_;
    const objects::Objects& objects_;
    const crypto::PublicKey& key_;
    Verdict& verdict_;
    const CompanyId company_;
    Instant root_due_{};

    std::optional<SignedHead> head_;
    std::vector<SignedRoot> roots_;
    std::map<std::int64_t, Retirement> let_go_;  // By their first positions; signed ones only.
    std::int64_t until_ = 0;
    std::int64_t next_ = 1;       // The position that comes.
    std::optional<Sha256> last_;  // None behind a gap that we know nothing of.
    std::optional<Sha256> last_but_one_;
    std::size_t root_ = 0;  // Of roots_, the one that we are in.
    std::vector<Sha256> leaves_;
    std::int64_t late_ = 0;  // The first entry that should have a root.
    std::size_t count_ = 0;
};

void Chain::load() {
    last_ = last_but_one_ = kNothingBefore;
    for (auto& head : heads(tx_, {company_})) head_ = std::move(head);
    if (head_ && !key_.verifies(statement(head_->head), head_->signature)) {
        find(FindingKind::bad_head, 0, 0, "where the chain ends is not signed by our key");
    }
    // Without a head every row is looked at: there should be none.
    until_ = head_ ? head_->head.position : std::numeric_limits<std::int64_t>::max();
    for (const auto& [retirement, key_id, signature] : retirements(tx_, company_)) {
        if (key_.verifies(statement(retirement), signature)) {
            let_go_.emplace(retirement.first, retirement);
        } else {
            find(
                FindingKind::bad_retirement, retirement.first, retirement.last,
                "the retirement of " + retirement.month + " is not signed by our key");
        }
    }
    roots_ = roots(tx_, company_);
    check_root_chain();
    check_copies();
}

void Chain::check_root_chain() {
    std::int64_t next = 1;
    Sha256 before = kNothingBefore;
    for (const auto& [root, key_id, signature] : roots_) {
        ++verdict_.roots;
        const auto hour = to_iso8601(root.hour);
        if (!key_.verifies(statement(root), signature)) {
            find(
                FindingKind::bad_root, root.first, root.last,
                "the root of " + hour + " is not signed by our key");
        } else if (root.first != next) {
            find(
                FindingKind::missing_root, next, root.first - 1,
                "there is no root of these, before " + hour);
        } else if (root.previous != before) {
            find(
                FindingKind::bad_root, root.first, root.last,
                "the root of " + hour + " does not follow the one before");
        }
        next = root.last + 1;
        before = root.last_sha256;
    }
}

void Chain::check_copies() {
    std::map<std::string, std::string> ours;  // Statements by the hour.
    for (const auto& signed_root : roots_) {
        ours[to_iso8601(signed_root.root.hour).substr(0, 13) + ".json"] =
            statement(signed_root.root);
    }
    const auto folder = std::string(kRootsFolder) + company_.uuid() + "/";
    std::string after;
    for (std::size_t got = kObjectsAtOnce; got == kObjectsAtOnce;) {
        const auto page = objects_.list(folder, after, kObjectsAtOnce);
        got = page.size();
        for (const auto& object : page) {
            after = object.name;
            const auto name = object.name.substr(folder.size());
            const auto content = objects_.get(object.name);
            boost::json::error_code bad;
            const auto copy = content ? boost::json::parse(*content, bad) : boost::json::value();
            const auto* fields = copy.if_object();
            const auto* text = fields != nullptr ? fields->if_contains("statement") : nullptr;
            const auto* signature = fields != nullptr ? fields->if_contains("signature") : nullptr;
            const auto bytes = signature != nullptr && signature->is_string()
                                   ? crypto::from_hex(std::string_view(signature->as_string()))
                                   : Result<std::string>(std::string());
            const bool sound = text != nullptr && text->is_string() && bytes &&
                               key_.verifies(std::string_view(text->as_string()), *bytes);
            const auto of_ours = ours.find(name);
            if (!sound) {
                find(
                    FindingKind::missing_copy, 0, 0,
                    "the copy " + name + " is not as it was written");
            } else if (of_ours == ours.end()) {
                find(
                    FindingKind::missing_root, 0, 0,
                    "of the root " + name + " there is only the copy");
            } else if (of_ours->second != std::string_view(text->as_string())) {
                find(
                    FindingKind::bad_root, 0, 0,
                    "the root " + name + " and its copy say different things");
            }
            ours.erase(name);
        }
    }
    for (const auto& [name, text] : ours) {
        find(FindingKind::missing_copy, 0, 0, "of the root " + name + " there is no copy");
    }
}

void Chain::take(const SealedEntry& entry) {
    ++verdict_.entries;
    if (entry.position < next_) {
        find(
            FindingKind::inserted, entry.position, entry.position,
            entry.entry.id.str() + ": this position is taken");
        return;
    }
    if (entry.position > next_) take_gap(next_, entry.position - 1);
    check_content(entry);
    check_link(entry);
    check_root(entry);
    last_but_one_ = last_;
    last_ = entry.sha256;
    next_ = entry.position + 1;
}

void Chain::take_gap(std::int64_t first, std::int64_t last) {
    last_ = last_but_one_ = std::nullopt;
    while (first <= last) {
        const auto found = let_go_.find(first);
        if (found == let_go_.end()) break;
        verdict_.let_go += found->second.last - first + 1;
        last_ = last_but_one_ = found->second.last_sha256;
        first = found->second.last + 1;
    }
    if (first > last) return;
    last_ = last_but_one_ = std::nullopt;
    find(FindingKind::removed, first, last, "these are not there, and were never let go");
}

void Chain::check_content(const SealedEntry& sealed) {
    const auto& entry = sealed.entry;
    if (digest_of(sealed.previous, entry, sealed.sealed_at) != sealed.sha256) {
        find(
            FindingKind::changed, sealed.position, sealed.position,
            entry.id.str() + ": is not what its hash says");
    }
    if (entry.details) {
        if (digest_of_details(entry.salt, *entry.details) != entry.details_sha256) {
            find(
                FindingKind::changed, sealed.position, sealed.position,
                entry.id.str() + ": its details are not what their hash says");
        }
    } else if (tx_.run(kBlackOutTold, company_, entry.id.str()).size() == 0) {
        find(
            FindingKind::blacked_out, sealed.position, sealed.position,
            entry.id.str() + ": its details are gone, and no entry says so");
    }
}

void Chain::check_link(const SealedEntry& entry) {
    if (!last_ || entry.previous == *last_) return;
    const auto position = entry.position;
    if (last_but_one_ && entry.previous == *last_but_one_) {
        find(
            FindingKind::inserted, position - 1, position - 1,
            "the entry behind it was sealed without it");
        return;
    }
    const auto where = tx_.run(kWhere, company_, entry.previous).first([](const pg::Row& row) {
        return row.get<std::int64_t>("position");
    });
    if (where || entry.previous == kNothingBefore) {
        find(
            FindingKind::moved, position, position,
            entry.entry.id.str() + ": was sealed at " + std::to_string(where.value_or(0) + 1));
    } else {
        find(
            FindingKind::removed, position - 1, position,
            "what " + entry.entry.id.str() + " was sealed after is not there");
    }
}

void Chain::check_root(const SealedEntry& entry) {
    while (root_ < roots_.size() && entry.position > roots_[root_].root.last) {
        leaves_.clear();
        ++root_;
    }
    if (root_ == roots_.size()) {
        if (late_ == 0 && entry.sealed_at < root_due_) late_ = entry.position;
        return;
    }
    const auto& root = roots_[root_].root;
    if (entry.position < root.first) return;  // Of a root that is missing.
    if (entry.position == root.first && entry.previous != root.previous) {
        find(
            FindingKind::bad_root, root.first, root.first,
            "the first of " + to_iso8601(root.hour) + " does not follow what its root says");
    }
    leaves_.push_back(entry.sha256);
    if (entry.position != root.last) return;
    if (std::ssize(leaves_) != root.last - root.first + 1) return;  // Told as removed.
    if (merkle_root(leaves_) != root.merkle || entry.sha256 != root.last_sha256) {
        find(
            FindingKind::bad_root, root.first, root.last,
            "these are not the entries that the root of " + to_iso8601(root.hour) +
                " was signed of: the chain was made again");
    }
}

void Chain::finish() {
    const auto end = next_ - 1;
    if (!roots_.empty() && end < roots_.back().root.last) {
        take_gap(next_, roots_.back().root.last);
        next_ = roots_.back().root.last + 1;
    }
    if (!head_) {
        find(FindingKind::bad_head, 0, 0, "nothing says where the chain ends");
    } else if (head_->head.position >= next_) {
        take_gap(next_, head_->head.position);
        if (last_ && head_->head.sha256 != *last_) {
            find(FindingKind::bad_head, 0, 0, "the last entry is not the one that was signed");
        }
    } else if (last_ && end == head_->head.position && head_->head.sha256 != *last_) {
        find(FindingKind::bad_head, end, end, "the last entry is not the one that was signed");
    }
    // What lies behind the head is newer than our look at it, or was never sealed by us.
    if (head_) {
        const auto now = heads(tx_, {company_});
        const auto sealed_until = now.empty() ? 0 : now.back().head.position;
        const auto beyond = sealed_entries(
            tx_, company_, sealed_until + 1, std::numeric_limits<std::int64_t>::max(), 1);
        for (const auto& entry : beyond) {
            find(
                FindingKind::inserted, entry.position, entry.position,
                entry.entry.id.str() + ": stands behind where the chain ends");
        }
    }
    if (late_ != 0) {
        find(FindingKind::missing_root, late_, end, "there is no root of these, and it is due");
    }
}

/// All that the database or the copies know of.
std::set<CompanyId> companies_of(pg::SystemTransaction& tx, const objects::Objects& objects) {
    const auto known =
        tx.run(kCompanies).all([](const pg::Row& row) { return row.get<CompanyId>("company_id"); });
    std::set<CompanyId> out(known.begin(), known.end());
    std::string after;
    for (std::size_t got = kObjectsAtOnce; got == kObjectsAtOnce;) {
        const auto page = objects.list(kRootsFolder, after, kObjectsAtOnce);
        got = page.size();
        for (const auto& object : page) {
            after = object.name;
            const auto rest = std::string_view(object.name).substr(kRootsFolder.size());
            const auto company = CompanyId::from_uuid(rest.substr(0, rest.find('/')));
            if (company) out.insert(*company);
        }
    }
    return out;
}

}  // namespace

Verdict verify(
    pg::SystemPool& pool, const objects::Objects& objects, const crypto::PublicKey& key,
    Instant now, const VerifyOptions& options) {
    auto tx = pool.begin();
    lock_months(tx, Hold::shared);
    Verdict verdict;
    const auto companies = options.company ? std::set{*options.company} : companies_of(tx, objects);
    for (const auto company : companies) {
        const auto due = std::chrono::floor<std::chrono::hours>(now - options.root_due);
        Chain(tx, objects, key, verdict, company).verify(due);
    }
    return verdict;
}

std::string told(const Verdict& verdict) {
    std::string out;
    for (const auto& finding : verdict.findings) {
        out += finding.company.str() + " " + std::string(word(finding.kind));
        if (finding.first > 0) out += " " + std::to_string(finding.first);
        if (finding.last > finding.first) out += "-" + std::to_string(finding.last);
        out += ": " + finding.told + "\n";
    }
    const auto count = [](std::int64_t number, const char* what) {
        return std::to_string(number) + " " + what;
    };
    out += count(verdict.entries, "entries of ") + count(verdict.companies, "chains and ") +
           count(verdict.roots, "signed roots looked at, ") +
           count(verdict.let_go, "entries let go before; ") +
           (verdict.intact() ? "all is as it was written.\n"
                             : count(std::ssize(verdict.findings), "findings.\n"));
    return out;
}

}  // namespace mobilytics::audit
