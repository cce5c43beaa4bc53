#include "domains/accounts/contact_data.h"

#include "platform/pg/pg.h"

namespace mobilytics::accounts {

namespace {

constexpr pg::Query kContact{"accounts.contact_along", R"sql(
    SELECT name, email, phone, title, note, added_at FROM accounts.contact
    WHERE company_id = $1 AND id = $2
)sql"};

constexpr pg::Query kErase{"accounts.erase_contact", R"sql(
    DELETE FROM accounts.contact WHERE company_id = $1 AND id = $2
)sql"};

}  // namespace

std::string email_of(pg::Transaction& tx, privacy::ContactId contact) {
    return tx.run(kContact, tx.company(), contact)
        .first([](const pg::Row& row) { return row.get<std::string>("email"); })
        .value_or("");
}

privacy::Holder contacts_holder() {
    return {
        .name = "contacts",
        .of_people = false,
        .of_contacts = true,
        .take_along =
            [](pg::Transaction& tx, const privacy::Subject& subject) {
                return tx.run(kContact, tx.company(), subject.contact).all([](const pg::Row& row) {
                    return boost::json::value(boost::json::object{
                        {"place", "accounts.contact"},
                        {"name", row.get<std::string>("name")},
                        {"email", row.get<std::string>("email")},
                        {"phone", row.get<std::string>("phone")},
                        {"title", row.get<std::string>("title")},
                        {"note", row.get<std::string>("note")},
                        {"added_at", to_iso8601(row.get<Instant>("added_at"))}});
                });
            },
        .erase = [](pg::Transaction& tx, const privacy::Subject& subject,
                    Instant) -> Result<std::vector<privacy::Erased>> {
            const auto gone = tx.run(kErase, tx.company(), subject.contact).touched();
            return std::vector<privacy::Erased>{{"accounts.contact", gone, 0, ""}};
        }};
}

}  // namespace mobilytics::accounts
