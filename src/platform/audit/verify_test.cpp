#include "platform/audit/verify.h"

#include <algorithm>

#include <rapidcheck.h>

#include "platform/audit/audit_test.h"

namespace mobilytics::audit {
namespace {

using std::chrono::hours;

std::string bytea(const Sha256& digest) { return "'\\x" + crypto::to_hex(digest) + "'::bytea"; }

/// Two chains over four hours, of which the roots of three are signed.
class VerifyTest : public TrailTest {
  protected:
    static constexpr std::int64_t kEntries = 20, kRooted = 15;

    void SetUp() override {
        for (int hour = 0; hour < 4; ++hour) {
            for (int i = 0; i < kEntries / 4; ++i) {
                append_one(ours, "thing_" + std::to_string(i));
                append_one(theirs, "other_" + std::to_string(i));
            }
            seal_all();
            if (hour < 3) clock.advance(hours(1));
            sealer.sign_roots();
        }
        ASSERT_TRUE(verdict().intact()) << told(verdict());
        for (const auto* table : {"sealed", "head", "root"}) {
            meddle(fmt(R"(CREATE TABLE kept_%s AS SELECT * FROM audit.%s)", table, table));
        }
    }
    static std::string fmt(std::string text, const char* one, const char* two) {
        for (const auto* with : {one, two}) text.replace(text.find("%s"), 2, with);
        return text;
    }
    void put_back() {
        for (const auto* table : {"sealed", "head", "root"}) {
            meddle(
                fmt("DELETE FROM audit.%s; INSERT INTO audit.%s", table, table) +
                " SELECT * FROM kept_" + table);
        }
    }
    std::string of_ours(std::int64_t position) const {
        return " company_id = '" + ours.uuid() + "' AND position = " + std::to_string(position);
    }
    std::string of_ours() const { return " company_id = '" + ours.uuid() + "'"; }

    /// Positions behind `last` move down by `by`, in two steps: each is there once.
    void close_gap(std::int64_t last, std::int64_t by) {
        meddle(
            "UPDATE audit.sealed SET position = position + 1000 WHERE" + of_ours() +
            " AND position > " + std::to_string(last) +
            "; UPDATE audit.sealed SET position = position - " + std::to_string(1000 + by) +
            " WHERE" + of_ours() + " AND position > 1000");
    }

    /// What whoever can write everything but has no key would do: make all hashes again.
    void rehash(std::int64_t from) {
        auto all = chain(ours);
        auto previous =
            from == 1 ? kNothingBefore : all.at(static_cast<std::size_t>(from) - 2).sha256;
        std::string sql;
        for (const auto& entry : all) {
            if (entry.position < from) continue;
            auto kept = entry.entry;
            if (kept.details) kept.details_sha256 = digest_of_details(kept.salt, *kept.details);
            const auto hash = digest_of(previous, kept, entry.sealed_at);
            sql += "UPDATE audit.sealed SET previous_sha256 = " + bytea(previous) +
                   ", sha256 = " + bytea(hash) +
                   ", details_sha256 = " + bytea(kept.details_sha256) + " WHERE" +
                   of_ours(entry.position) + ";";
            previous = hash;
        }
        sql += "UPDATE audit.head SET sha256 = " + bytea(previous) +
               ", position = " + std::to_string(all.back().position) + " WHERE" + of_ours();
        meddle(sql);
    }

    /// Whether something was found in our chain, at `position` or beside it, and nothing in theirs.
    void expect_found(std::int64_t position, const std::vector<FindingKind>& kinds) {
        const auto seen = verdict();
        RC_ASSERT(!seen.intact());
        bool named = false;
        for (const auto& finding : seen.findings) {
            RC_ASSERT(finding.company == ours);
            const bool near = finding.first - 1 <= position && position <= finding.last + 1;
            named = named || (near && std::ranges::find(kinds, finding.kind) != kinds.end());
        }
        if (!named) RC_LOG() << told(seen);
        RC_ASSERT(named);
    }
};

TEST_F(VerifyTest, AnyFieldThatIsChangedIsNamed) {
    static const std::vector<std::string> changes{
        "id = gen_random_uuid()",
        "number = number + 1",
        "transaction_id = '999999'",
        "occurred_at = occurred_at + interval '1 microsecond'",
        "sealed_at = sealed_at + interval '1 microsecond'",
        "action = action || 'x'",
        "outcome = 'denied'",
        "actor_kind = 'system'",
        "actor_id = 'person_2'",
        "impersonator = 'person_3'",
        "target_types = '{other}'",
        "target_ids = '{thing_9}'",
        "target_ids = '{}', target_types = '{}'",
        "request_id = 'r'",
        "trace_id = 't'",
        "details = '{}'",
        "details = (details::text || ' ')::json",
        "salt = '0123456789abcdef'",
        "details_sha256 = sha256('')",
        "sha256 = sha256('')",
        "previous_sha256 = sha256('')"};
    RC_ASSERT(rc::check([this] {
        const auto position = *rc::gen::inRange<std::int64_t>(1, kEntries + 1);
        const auto change = *rc::gen::elementOf(changes);
        RC_LOG() << change << " at " << position << "\n";
        meddle("UPDATE audit.sealed SET " + change + " WHERE" + of_ours(position));
        expect_found(position, {FindingKind::changed});
        put_back();
    }));
}

TEST_F(VerifyTest, WhatIsTakenAwayIsNamed) {
    RC_ASSERT(rc::check([this] {
        const auto first = *rc::gen::inRange<std::int64_t>(1, kEntries + 1);
        const auto last = *rc::gen::inRange<std::int64_t>(first, kEntries + 1);
        const bool closed = *rc::gen::arbitrary<bool>();
        RC_LOG() << first << " to " << last << (closed ? ", gap closed" : "") << "\n";
        meddle(
            "DELETE FROM audit.sealed WHERE" + of_ours() + " AND position BETWEEN " +
            std::to_string(first) + " AND " + std::to_string(last));
        if (closed) close_gap(last, last - first + 1);
        // Where the gap is closed, it is seen where it was, or at the end that is missing.
        const bool at_end = closed && last == kEntries;
        expect_found(at_end ? kEntries : first, {FindingKind::removed, FindingKind::moved});
        put_back();
    }));
}

TEST_F(VerifyTest, WhatChangesPlacesIsNamed) {
    RC_ASSERT(rc::check([this] {
        const auto one = *rc::gen::inRange<std::int64_t>(1, kEntries);
        const auto other = *rc::gen::inRange<std::int64_t>(one + 1, kEntries + 1);
        RC_LOG() << one << " and " << other << "\n";
        meddle(
            "UPDATE audit.sealed SET position = CASE position WHEN " + std::to_string(one) +
            " THEN 100 ELSE 101 END WHERE" + of_ours() + " AND position IN (" +
            std::to_string(one) + ", " + std::to_string(other) +
            ");"
            "UPDATE audit.sealed SET position = CASE position WHEN 100 THEN " +
            std::to_string(other) + " ELSE " + std::to_string(one) + " END WHERE" + of_ours() +
            " AND position >= 100");
        expect_found(one, {FindingKind::moved, FindingKind::inserted});
        put_back();
    }));
}

TEST_F(VerifyTest, WhatIsPutInIsNamed) {
    RC_ASSERT(rc::check([this] {
        const auto position = *rc::gen::inRange<std::int64_t>(1, kEntries + 1);
        const bool hashed = *rc::gen::arbitrary<bool>();
        RC_LOG() << position << (hashed ? ", with a hash that fits" : "") << "\n";
        auto forged = chain(ours).at(static_cast<std::size_t>(position) - 1);
        forged.entry.id = EntryId::fresh(clock.now());
        const auto hash =
            hashed ? digest_of(forged.previous, forged.entry, forged.sealed_at) : forged.sha256;
        meddle(
            "UPDATE audit.sealed SET position = position + 1000 WHERE" + of_ours() +
            " AND position >= " + std::to_string(position) +
            "; UPDATE audit.sealed SET position = position - 999 WHERE" + of_ours() +
            " AND position > 1000;"
            "CREATE TEMP TABLE forged AS SELECT * FROM audit.sealed WHERE" +
            of_ours(position + 1) + "; UPDATE forged SET position = position - 1, id = '" +
            forged.entry.id.uuid() + "', sha256 = " + bytea(hash) +
            "; INSERT INTO audit.sealed SELECT * FROM forged");
        expect_found(position, {FindingKind::inserted, FindingKind::changed});
        put_back();
    }));
}

TEST_F(VerifyTest, AChainThatIsMadeAgainIsFoundByItsRoots) {
    RC_ASSERT(rc::check([this] {
        const auto position = *rc::gen::inRange<std::int64_t>(1, kEntries + 1);
        const bool removed = *rc::gen::arbitrary<bool>();
        RC_LOG() << position << (removed ? " removed" : " changed") << "\n";
        if (removed) {
            meddle("DELETE FROM audit.sealed WHERE" + of_ours(position));
            close_gap(position, 1);
        } else {
            meddle("UPDATE audit.sealed SET actor_id = 'person_2' WHERE" + of_ours(position));
        }
        if (!removed || position < kEntries) rehash(position);
        const auto seen = verdict();
        RC_ASSERT(!seen.intact());
        const auto has = [&seen](FindingKind kind) {
            return std::ranges::any_of(
                seen.findings, [kind](const auto& finding) { return finding.kind == kind; });
        };
        // Nobody without the key can sign where the chain ends, nor what an hour held.
        if (position <= kRooted) RC_ASSERT(has(FindingKind::bad_root));
        if (!removed || position < kEntries) RC_ASSERT(has(FindingKind::bad_head));
        put_back();
    }));
}

TEST_F(VerifyTest, RootsThatAreGoneOrForgedAreNamed) {
    const auto kinds = [this] {
        std::vector<FindingKind> out;
        for (const auto& finding : verdict().findings) out.push_back(finding.kind);
        return out;
    };
    const auto has = [&kinds](FindingKind kind) {
        const auto all = kinds();
        return std::ranges::find(all, kind) != all.end();
    };
    meddle("DELETE FROM audit.root WHERE" + of_ours() + " AND first_position = 6");
    EXPECT_TRUE(has(FindingKind::missing_root));
    put_back();
    meddle("UPDATE audit.root SET merkle_sha256 = sha256('') WHERE" + of_ours());
    EXPECT_TRUE(has(FindingKind::bad_root));
    put_back();
    meddle("DELETE FROM audit.root WHERE" + of_ours() + " AND first_position = 11");
    EXPECT_TRUE(has(FindingKind::missing_root)) << "the copy tells";
    put_back();
    const auto copy = "audit/roots/" + ours.uuid() + "/2026-08-21T09.json";
    const auto content = *objects.get(copy);
    ASSERT_TRUE(objects.remove(copy));
    EXPECT_TRUE(has(FindingKind::missing_copy));
    ASSERT_TRUE(objects.put(copy, "{}"));
    EXPECT_TRUE(has(FindingKind::missing_copy));
    ASSERT_TRUE(objects.put(copy, content));
    EXPECT_TRUE(verdict().intact()) << told(verdict());
    // Nobody signs: after the hour and its delay that is found too.
    clock.advance(hours(4));
    EXPECT_EQ(kinds(), (std::vector{FindingKind::missing_root, FindingKind::missing_root}));
}

TEST_F(VerifyTest, AWholeChainThatIsGoneIsFoundByTheCopies) {
    for (const auto* table : {"sealed", "head", "root"}) {
        meddle(std::string("DELETE FROM audit.") + table + " WHERE" + of_ours());
    }
    const auto seen = verdict();
    ASSERT_EQ(seen.findings.size(), 4U) << told(seen);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(seen.findings[i].kind, FindingKind::missing_root);
        EXPECT_EQ(seen.findings[i].company, ours);
    }
    EXPECT_EQ(seen.findings[3].kind, FindingKind::bad_head);
}

TEST_F(VerifyTest, ASignatureOfAnotherKeyIsNone) {
    const auto other = crypto::SigningKey::fresh();
    const auto seen = verify(system, objects, other.public_key(), clock.now());
    EXPECT_FALSE(seen.intact());
}

TEST_F(VerifyTest, OneCompanyAloneCanBeLookedAt) {
    meddle("UPDATE audit.sealed SET action = 'a.b' WHERE" + of_ours(3));
    const auto of = [this](CompanyId company) {
        return verify(system, objects, key.public_key(), clock.now(), {.company = company});
    };
    EXPECT_TRUE(of(theirs).intact());
    const auto seen = of(ours);
    ASSERT_EQ(seen.findings.size(), 1U);
    EXPECT_EQ(seen.findings[0].first, 3);
    EXPECT_EQ(seen.entries, kEntries);
    EXPECT_EQ(seen.roots, 3);
    EXPECT_NE(told(seen).find(ours.str() + " changed 3: "), std::string::npos);
}

}  // namespace
}  // namespace mobilytics::audit
