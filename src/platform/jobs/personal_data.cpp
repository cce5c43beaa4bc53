#include "platform/jobs/personal_data.h"

#include "platform/jobs/jobs.h"

namespace mobilytics::jobs {

namespace {

// Within JSON a text stands between quotes: an id is not found within another word.
constexpr pg::Query kOf{"jobs.of_person", R"sql(
    SELECT kind, state, enqueued_at FROM jobs.job
    WHERE company_id = $1
      AND (strpos(payload::text, '"' || $2 || '"') > 0
           OR $3 <> '' AND strpos(lower(payload::text), '"' || lower($3) || '"') > 0)
    ORDER BY id
)sql"};

constexpr pg::Query kErase{"jobs.erase_person", R"sql(
    UPDATE jobs.job
    SET payload = CASE state WHEN 'running' THEN payload ELSE '{}' END,
        unique_key = CASE state WHEN 'running' THEN unique_key END,
        cancel_asked = state = 'running',
        finished_at = CASE WHEN state IN ('available', 'scheduled', 'retryable')
                           THEN $4::timestamptz ELSE finished_at END,
        state = CASE WHEN state IN ('available', 'scheduled', 'retryable') THEN 'cancelled'
                     ELSE state END
    WHERE company_id = $1
      AND (strpos(payload::text, '"' || $2 || '"') > 0
           OR $3 <> '' AND strpos(lower(payload::text), '"' || lower($3) || '"') > 0)
    RETURNING (state = 'running')::integer AS running
)sql"};

constexpr pg::Query kTellCancelled{"jobs.tell_erased", R"sql(
    SELECT pg_notify('mobilytics_jobs_cancel', '')
)sql"};

}  // namespace

privacy::Holder holder() {
    return {
        .name = "jobs",
        .of_contacts = true,
        .take_along =
            [](pg::Transaction& tx, const privacy::Subject& subject) {
                return tx.run(kOf, tx.company(), subject.id(), subject.email)
                    .all([](const pg::Row& row) {
                        return boost::json::value(boost::json::object{
                            {"place", "jobs.job"},
                            {"kind", row.get<std::string>("kind")},
                            {"state", row.get<std::string>("state")},
                            {"enqueued_at", to_iso8601(row.get<Instant>("enqueued_at"))}});
                    });
            },
        .erase = [](pg::Transaction& tx, const privacy::Subject& subject,
                    Instant now) -> Result<std::vector<privacy::Erased>> {
            std::int64_t gone = 0, running = 0;
            for (const auto still :
                 tx.run(kErase, tx.company(), subject.id(), subject.email, now)
                     .all([](const pg::Row& row) { return row.get<int>("running"); })) {
                ++(still == 1 ? running : gone);
            }
            if (running > 0) tx.run(kTellCancelled);
            return std::vector<privacy::Erased>{
                {"jobs.job", gone, running,
                 running > 0 ? "they run at this moment, and were told to end" : ""}};
        }};
}

}  // namespace mobilytics::jobs
