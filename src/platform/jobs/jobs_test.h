#pragma once
// For tests of whatever enqueues or does jobs: workers whose time is the test's.

#include "foundation/clock_test.h"
#include "platform/jobs/jobs_migrations.h"
#include "platform/jobs/queue.h"
#include "platform/jobs/workers.h"
#include "platform/metrics/metrics.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::jobs {

/// A job that says a word.
struct Say {
    static constexpr std::string_view kName = "test.say.v1";
    std::string text;
    boost::json::value to_json() const { return {{"text", text}}; }
    static Say from_json(const boost::json::value& json) {
        return {std::string(json.at("text").as_string())};
    }
};

struct Count {
    static constexpr std::string_view kName = "test.count.v1";
    std::int64_t number = 0;
    boost::json::value to_json() const { return {{"number", number}}; }
    static Count from_json(const boost::json::value& json) {
        return {json.at("number").to_number<std::int64_t>()};
    }
};

class JobsTest : public pg::PostgresTest {
  protected:
    explicit JobsTest(pg::PoolLimits limits = {})
        : PostgresTest({pg::kMigrations, kMigrations}, limits) {}

    JobId put(const Say& say, const Options& options = {}) { return put(ours, say, options); }
    template <class T>
    JobId put(CompanyId company, const T& payload, const Options& options = {}) {
        auto tx = pool.begin(company);
        const auto done = enqueue(tx, clock.now(), payload, options);
        tx.commit();
        return done.id;
    }
    JobRow row(JobId id) {
        auto tx = system.begin();
        return *queue.find(tx, id);
    }
    State state(JobId id) { return row(id).state; }

    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId ours = CompanyId::fresh(clock.now());
    const CompanyId other = CompanyId::fresh(clock.now());
    metrics::Registry registry;
    const Queue queue{clock};
    Workers workers{pool, system, as("mobilytics_system"), clock, registry};
};

}  // namespace mobilytics::jobs
