#include "platform/mail/personal_data.h"

#include "platform/pg/pg.h"

namespace mobilytics::mail {

namespace {

constexpr pg::Query kTo{"mail.to_person", R"sql(
    SELECT to_address, to_name, template, subject, state, written_at FROM mail.outbox
    WHERE company_id = $1 AND lower(to_address) = lower($2) ORDER BY id
)sql"};

constexpr pg::Query kErase{"mail.erase_person", R"sql(
    UPDATE mail.outbox
    SET to_address = '', to_name = '', subject = '', sealed = NULL, answer = NULL,
        once_key = NULL,
        content = jsonb_build_object('values', '{}'::jsonb, 'brand', content -> 'brand'),
        state = CASE WHEN state = 'waiting' THEN 'refused' ELSE state END
    WHERE company_id = $1 AND lower(to_address) = lower($2)
)sql"};

constexpr pg::Query kForgetOlder{"mail.forget_older", R"sql(
    DELETE FROM mail.outbox WHERE company_id = $1 AND written_at < $2 AND state <> 'waiting'
)sql"};

}  // namespace

privacy::Holder holder() {
    return {
        .name = "mail",
        .of_contacts = true,
        .take_along = [](pg::Transaction& tx,
                         const privacy::Subject& subject) -> std::vector<boost::json::value> {
            if (subject.email.empty()) return {};
            return tx.run(kTo, tx.company(), subject.email).all([](const pg::Row& row) {
                return boost::json::value(boost::json::object{
                    {"place", "mail.outbox"},
                    {"to_address", row.get<std::string>("to_address")},
                    {"to_name", row.get<std::string>("to_name")},
                    {"template", row.get<std::string>("template")},
                    {"subject", row.get<std::string>("subject")},
                    {"state", row.get<std::string>("state")},
                    {"written_at", to_iso8601(row.get<Instant>("written_at"))}});
            });
        },
        .erase = [](pg::Transaction& tx, const privacy::Subject& subject,
                    Instant) -> Result<std::vector<privacy::Erased>> {
            const auto gone =
                subject.email.empty() ? 0 : tx.run(kErase, tx.company(), subject.email).touched();
            return std::vector<privacy::Erased>{{"mail.outbox", gone, 0, ""}};
        }};
}

privacy::RetentionRule letters_rule() {
    using std::chrono::days;
    return {
        .kind = "letters",
        .what = "Mail that was sent, and to whom",
        .usual = days(90),
        .least = days(7),
        .most = days(365),
        .enforce = [](pg::Transaction& tx, Instant older_than, Instant) {
            return tx.run(kForgetOlder, tx.company(), older_than).touched();
        }};
}

}  // namespace mobilytics::mail
