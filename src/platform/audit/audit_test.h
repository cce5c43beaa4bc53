#pragma once
// For tests of the trail: a database with a sealer, and a superuser who meddles with it.

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "foundation/clock_test.h"
#include "foundation/log.h"
#include "platform/audit/audit_migrations.h"
#include "platform/audit/sealer.h"
#include "platform/audit/trail_store.h"
#include "platform/audit/verify.h"
#include "platform/crypto/signing.h"
#include "platform/objects/objects.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::audit {

class TrailTest : public pg::PostgresTest {
  protected:
    TrailTest() : PostgresTest({pg::kMigrations, kMigrations}) {
        log::set_level(log::Level::warning);
    }
    ~TrailTest() override { std::filesystem::remove_all(folder); }

    static std::filesystem::path fresh_folder() {
        std::string name = testing::TempDir() + "trail_XXXXXX";
        VERIFY(mkdtemp(name.data()) != nullptr);
        return name;
    }

    void append_one(CompanyId company, const std::string& what = "thing") {
        auto tx = pool.begin(company);
        append(
            tx, clock.now(),
            {.action = "test.thing_done",
             .actor = {ActorKind::person, "person_1"},
             .targets = {{"thing", what, "Thing"}},
             .after = boost::json::object{{"what", what}}});
        tx.commit();
    }
    void seal_all() {
        while (sealer.seal() > 0) continue;
    }
    Verdict verdict() { return verify(system, objects, key.public_key(), clock.now()); }
    std::vector<SealedEntry> chain(CompanyId company) {
        auto tx = system.begin();
        return sealed_entries(tx, company, 1, 1'000'000, 1'000'000);
    }
    /// As somebody who may do anything, and whom no trigger stops.
    void meddle(const std::string& sql) {
        pg::Connection superuser(owner, std::chrono::milliseconds(0));
        superuser.command("test.meddle", "SET session_replication_role = replica; " + sql);
    }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId ours = CompanyId::fresh(clock.now());
    const CompanyId theirs = CompanyId::fresh(clock.now());
    const std::filesystem::path folder = fresh_folder();
    objects::Objects objects{folder / "objects", clock};
    const crypto::SigningKey key = crypto::SigningKey::fresh();
    metrics::Registry metrics;
    SealerConfig config;
    Sealer sealer{system, objects, key, clock, metrics};
};

}  // namespace mobilytics::audit
