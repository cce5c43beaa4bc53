#include "platform/audit/sealer.h"

#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include <boost/json/parse.hpp>

#include "platform/audit/audit_test.h"

namespace mobilytics::audit {
namespace {

using std::chrono::hours;

TEST(Canonical, AnEntryHasTheBytesThatTheDocumentSays) {
    KeptEntry entry;
    entry.number = 7;
    entry.transaction = "812";
    entry.occurred_at = *parse_iso8601("2026-08-21T09:30:00Z");
    entry.action = "assets.asset_retired";
    entry.outcome = "success";
    entry.actor_kind = "person";
    entry.actor_id = "person_1";
    entry.target_types = {"asset"};
    entry.target_ids = {"asset_1"};
    entry.request_id = "r1";
    entry.details_sha256 = digest_of_details("0123456789abcdef", "{}");
    const auto bytes = canonical(entry, entry.occurred_at);
    EXPECT_EQ(bytes.substr(0, 4 + 19), std::string("\0\0\0\x13mobilytics.audit.v1", 23));
    // Of a program of its own, in Python, as docs/audit.md has it.
    EXPECT_EQ(
        crypto::to_hex(digest_of(kNothingBefore, entry, entry.occurred_at)),
        "7bb3b05e164dd57e9060dde245b49011ea8c93a74e2e00ea3e023c72a74898af");
}

TEST(Merkle, RootsAreThoseOfRfc6962) {
    const auto zero = crypto::sha256(""), one = crypto::sha256("1"), two = crypto::sha256("2");
    const auto text = [](const Sha256& digest) {
        return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
    };
    const auto leaf = [&](const Sha256& of) {
        return crypto::sha256(std::string(1, '\0') + text(of));
    };
    const auto node = [&](const Sha256& left, const Sha256& right) {
        return crypto::sha256("\1" + text(left) + text(right));
    };
    const std::vector leaves{zero, one, two};
    const auto root = [&leaves](std::size_t count) {
        return merkle_root(std::span(leaves).first(count));
    };
    EXPECT_EQ(root(0), crypto::sha256(""));
    EXPECT_EQ(root(1), leaf(zero));
    EXPECT_EQ(root(2), node(leaf(zero), leaf(one)));
    EXPECT_EQ(root(3), node(node(leaf(zero), leaf(one)), leaf(two)));
}

class SealerTest : public TrailTest {};

TEST_F(SealerTest, EachCompanyHasAChainOfItsOwn) {
    append_one(ours, "a");
    append_one(theirs, "b");
    append_one(ours, "c");
    EXPECT_EQ(sealer.seal(), 3);
    EXPECT_EQ(sealer.seal(), 0);
    const auto mine = chain(ours), other = chain(theirs);
    ASSERT_EQ(mine.size(), 2U);
    ASSERT_EQ(other.size(), 1U);
    EXPECT_EQ(mine[0].position, 1);
    EXPECT_EQ(mine[0].previous, kNothingBefore);
    EXPECT_EQ(mine[1].previous, mine[0].sha256);
    EXPECT_EQ(mine[1].entry.target_ids, std::vector<std::string>{"c"});
    EXPECT_EQ(mine[1].sha256, digest_of(mine[0].sha256, mine[1].entry, mine[1].sealed_at));
    EXPECT_EQ(other[0].previous, kNothingBefore);
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

TEST_F(SealerTest, WhoCommitsLateIsSealedAfterThoseBefore) {
    std::promise<void> appended, may_commit;
    std::thread late([&] {
        auto tx = pool.begin(ours);
        append(tx, clock.now(), {.action = "test.late", .actor = {}});
        appended.set_value();
        may_commit.get_future().wait();
        tx.commit();
    });
    appended.get_future().wait();
    append_one(ours, "early");
    EXPECT_EQ(sealer.seal(), 1);
    may_commit.set_value();
    late.join();
    EXPECT_EQ(sealer.seal(), 1);
    const auto all = chain(ours);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].entry.action, "test.late");
    EXPECT_LT(all[1].entry.number, all[0].entry.number);
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

TEST_F(SealerTest, ManyWritersAndTwoSealersMakeOneChainWithoutAGap) {
    constexpr int kThreads = 4, kEach = 25;
    Sealer other(system, objects, key, clock, metrics, {.batch_max = 7});
    std::atomic<int> writing = kThreads;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < kEach; ++i) {
                const auto company = (thread + i) % 2 == 0 ? ours : theirs;
                auto tx = pool.begin(company);
                append(tx, clock.now(), {.action = "test.first", .actor = {}});
                append(tx, clock.now(), {.action = "test.second", .actor = {}});
                if (i % 5 != 0) tx.commit();  // Else it is as if it had not been.
            }
            --writing;
        });
    }
    for (auto* one : {&sealer, &other}) {
        threads.emplace_back([&, one] {
            while (writing > 0) one->seal();
        });
    }
    for (auto& thread : threads) thread.join();
    seal_all();
    const auto mine = chain(ours), their = chain(theirs);
    EXPECT_EQ(mine.size() + their.size(), std::size_t{kThreads} * kEach * 2 * 4 / 5);
    for (const auto* all : {&mine, &their}) {
        for (std::size_t i = 0; i < all->size(); ++i) {
            EXPECT_EQ((*all)[i].position, std::int64_t(i) + 1);
        }
    }
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

TEST_F(SealerTest, WhoIsKilledInBetweenHasDoneAllOrNothing) {
    constexpr pg::Query kill{
        "test.kill",
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE usename = 'mobilytics_system' AND datname = current_database()"};
    std::atomic<bool> done = false;
    std::thread killer([&] {
        pg::Connection superuser(owner, std::chrono::milliseconds(0));
        while (!done) superuser.run(kill);
    });
    int failed = 0;
    for (int i = 0; i < 30; ++i) {
        append_one(ours);
        for (int tries = 0; tries < 3; ++tries) {
            try {
                sealer.seal();
            } catch (const std::exception&) {
                ++failed;
            }
        }
    }
    done = true;
    killer.join();
    EXPECT_GT(failed, 0);
    for (bool sealed = false; !sealed;) {
        try {  // A pool's connection that was killed is thrown away when it is found.
            seal_all();
            sealed = true;
        } catch (const std::exception&) {
        }
    }
    EXPECT_EQ(chain(ours).size(), 30U);
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

TEST_F(SealerTest, AnHourIsSignedWhenItIsOver) {
    append_one(ours);
    append_one(ours);
    append_one(theirs);
    seal_all();
    EXPECT_EQ(sealer.sign_roots(), 0);
    clock.advance(hours(1));
    append_one(ours);
    seal_all();
    EXPECT_EQ(sealer.sign_roots(), 2);
    EXPECT_EQ(sealer.sign_roots(), 0);
    auto tx = system.begin();
    const auto signed_roots = roots(tx, ours);
    ASSERT_EQ(signed_roots.size(), 1U);
    const auto& root = signed_roots[0].root;
    EXPECT_EQ(root.hour, *parse_iso8601("2026-08-21T09:00:00Z"));
    EXPECT_EQ(root.first, 1);
    EXPECT_EQ(root.last, 2);
    EXPECT_TRUE(key.public_key().verifies(statement(root), signed_roots[0].signature));
    const auto copy = objects.get("audit/roots/" + ours.uuid() + "/2026-08-21T09.json");
    ASSERT_TRUE(copy);
    EXPECT_EQ(boost::json::parse(*copy).at("statement").as_string(), statement(root));
}

TEST_F(SealerTest, ARootWhoseCopyCannotBeWrittenIsNotThereEither) {
    append_one(ours);
    seal_all();
    clock.advance(hours(1));
    std::filesystem::create_directories(folder / "objects");
    const auto roots_folder = folder / "objects" / "audit";
    {
        std::ofstream(roots_folder) << "no folder";
    }
    EXPECT_ANY_THROW(sealer.sign_roots());
    {
        auto tx = system.begin();
        EXPECT_TRUE(roots(tx, ours).empty());
    }
    std::filesystem::remove(roots_folder);
    EXPECT_EQ(sealer.sign_roots(), 1);
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

TEST_F(SealerTest, AClockThatIsSetBackOpensNoSignedHour) {
    append_one(ours);
    seal_all();
    clock.advance(hours(1));
    EXPECT_EQ(sealer.sign_roots(), 1);
    clock.advance(-hours(1));
    append_one(ours);
    seal_all();
    const auto all = chain(ours);
    EXPECT_EQ(all.at(1).sealed_at, *parse_iso8601("2026-08-21T10:00:00Z"));
    EXPECT_EQ(all.at(1).entry.occurred_at, *parse_iso8601("2026-08-21T09:30:00Z"));
    clock.advance(hours(3));
    EXPECT_EQ(sealer.sign_roots(), 1);
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

TEST_F(SealerTest, WhatWaitsIsMeasured) {
    append_one(ours);
    append_one(ours);
    clock.advance(std::chrono::seconds(30));
    Sealer slow(system, objects, key, clock, metrics, {.batch_max = 1});
    EXPECT_EQ(slow.seal(), 1);
    EXPECT_EQ(metrics.gauge("mobilytics_audit_waiting", "").Value(), 1);
    EXPECT_EQ(metrics.gauge("mobilytics_audit_lag_seconds", "").Value(), 30);
    EXPECT_EQ(slow.seal(), 1);
    EXPECT_EQ(metrics.gauge("mobilytics_audit_waiting", "").Value(), 0);
    EXPECT_EQ(metrics.gauge("mobilytics_audit_lag_seconds", "").Value(), 0);
    EXPECT_EQ(metrics.counter("mobilytics_audit_sealed_total", "").Value(), 2);
}

TEST_F(SealerTest, MonthsThatWereKeptForLongEnoughAreLetGo) {
    Sealer brief(system, objects, key, clock, metrics, {.kept = std::chrono::months(1)});
    append_one(ours, "august");
    append_one(ours, "august");
    append_one(theirs, "august");
    seal_all();
    clock.advance(hours(24 * 31));
    append_one(ours, "september");
    seal_all();
    EXPECT_EQ(brief.let_go(), 0);
    clock.advance(hours(24 * 31));
    EXPECT_EQ(brief.let_go(), 1);
    seal_all();
    const auto left = chain(ours);
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0].position, 3);
    EXPECT_EQ(left[0].entry.target_ids, std::vector<std::string>{"september"});
    EXPECT_EQ(left[1].entry.action, "audit.month_let_go");
    const auto seen = verdict();
    EXPECT_TRUE(seen.intact()) << told(seen);
    EXPECT_EQ(seen.let_go, 3);
    EXPECT_EQ(brief.let_go(), 0);

    // Without its signed retirement the same is a removal.
    meddle("DELETE FROM audit.retirement");
    EXPECT_FALSE(verdict().intact());
}

TEST_F(SealerTest, AMonthIsNotLetGoBeforeItsRootsAreSigned) {
    constexpr pg::Query drop{"test.drop", "SELECT audit.drop_month('2026-08-01')"};
    append_one(ours);
    seal_all();
    EXPECT_THROW(system.begin().run(drop), pg::Failure);
    EXPECT_THROW(pool.begin(ours).run(drop), pg::Failure);
    EXPECT_EQ(chain(ours).size(), 1U);
}

TEST_F(SealerTest, NobodyChangesWhatIsSealed) {
    append_one(ours);
    seal_all();
    clock.advance(hours(1));
    sealer.sign_roots();
    const std::array<std::string, 8> tries{
        "UPDATE audit.sealed SET action = 'a.b'",
        "DELETE FROM audit.sealed",
        "TRUNCATE audit.sealed",
        "UPDATE audit.sealed_2026_08 SET action = 'a.b'",
        "TRUNCATE audit.sealed_2026_08",
        "DELETE FROM audit.root",
        "UPDATE audit.head SET position = 0",
        "TRUNCATE audit.head"};
    for (const auto& role : {"mobilytics_app", "mobilytics_system", ""}) {
        for (const auto& sql : tries) {
            pg::Connection connection(*role == 0 ? owner : as(role), std::chrono::milliseconds(0));
            connection.command(
                "test.company",
                "SELECT set_config('app.company_id', '" + ours.uuid() + "', false)");
            EXPECT_THROW(connection.command("test.try", sql), pg::Failure) << role << " " << sql;
        }
    }
    EXPECT_TRUE(verdict().intact()) << told(verdict());
}

}  // namespace
}  // namespace mobilytics::audit
