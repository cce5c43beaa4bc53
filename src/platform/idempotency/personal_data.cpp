#include "platform/idempotency/personal_data.h"

#include "platform/pg/pg.h"

namespace mobilytics::idempotency {

namespace {

constexpr pg::Query kOf{"idempotency.of_person", R"sql(
    SELECT begun_at FROM idempotency.reply WHERE company_id = $1 AND person_id = $2
    ORDER BY begun_at
)sql"};

constexpr pg::Query kErase{"idempotency.erase_person", R"sql(
    DELETE FROM idempotency.reply WHERE company_id = $1 AND person_id = $2
)sql"};

}  // namespace

privacy::Holder holder() {
    return {
        .name = "idempotency",
        .take_along =
            [](pg::Transaction& tx, const privacy::Subject& subject) {
                return tx.run(kOf, tx.company(), subject.person).all([](const pg::Row& row) {
                    return boost::json::value(boost::json::object{
                        {"place", "idempotency.reply"},
                        {"asked_at", to_iso8601(row.get<Instant>("begun_at"))}});
                });
            },
        .erase = [](pg::Transaction& tx, const privacy::Subject& subject,
                    Instant) -> Result<std::vector<privacy::Erased>> {
            const auto gone = tx.run(kErase, tx.company(), subject.person).touched();
            return std::vector<privacy::Erased>{{"idempotency.reply", gone, 0, ""}};
        }};
}

}  // namespace mobilytics::idempotency
