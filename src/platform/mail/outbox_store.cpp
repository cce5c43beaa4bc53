#include "platform/mail/outbox_store.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mobilytics::mail {

namespace {

constexpr pg::Query kInsert{"mail.insert", R"sql(
    INSERT INTO mail.outbox (company_id, id, to_address, to_name, template, subject, content,
                             sealed, secrets_end, state, written_at, once_key)
    VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12)
    ON CONFLICT (company_id, once_key) DO NOTHING
)sql"};

constexpr pg::Query kSelectOnce{"mail.select_once", R"sql(
    SELECT id FROM mail.outbox WHERE company_id = $1 AND once_key = $2
)sql"};

constexpr pg::Query kSelect{"mail.select", R"sql(
    SELECT company_id, id, to_address, to_name, template, subject, content::text AS content,
           sealed, secrets_end, state, attempts, answer, written_at, sent_at
    FROM mail.outbox WHERE id = $1
)sql"};

constexpr pg::Query kSelectBefore{"mail.select_before", R"sql(
    SELECT company_id, id, to_address, template, subject, state, attempts, answer, written_at,
           sent_at
    FROM mail.outbox
    WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR state = $2)
      AND ($3::text IS NULL OR template = $3) AND ($4::uuid IS NULL OR company_id = $4)
    ORDER BY id DESC LIMIT $5
)sql"};

// A key is compared byte for byte, so that a page begins where the one before it ended.
constexpr pg::Query kSelectSorted{"mail.select_sorted", R"sql(
    WITH listed AS (
        SELECT company_id, id, to_address, template, subject, state, attempts, answer, written_at,
               sent_at,
               (CASE $4 WHEN 'to' THEN lower(to_address) WHEN 'state' THEN state
                        ELSE to_char(written_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END)
                   COLLATE "C" AS key
        FROM mail.outbox
        WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR template = $2)
          AND ($3::uuid IS NULL OR company_id = $3))
    SELECT * FROM listed
    WHERE $7 = '' OR CASE WHEN $5 THEN (key, id) < ($6 COLLATE "C", nullif($7, '')::uuid)
                          ELSE (key, id) > ($6 COLLATE "C", nullif($7, '')::uuid) END
    ORDER BY CASE WHEN $5 THEN key END DESC, CASE WHEN $5 THEN id END DESC, key, id
    LIMIT $8
)sql"};

constexpr pg::Query kFinish{"mail.finish", R"sql(
    UPDATE mail.outbox
    SET state = $2, answer = $3, attempts = attempts + 1,
        sent_at = CASE WHEN $2 = 'sent' THEN $4::timestamptz END,
        sealed = CASE WHEN $2 IN ('waiting', 'kept') THEN sealed END
    WHERE id = $1
)sql"};

constexpr pg::Query kAwaitAgain{"mail.await_again", R"sql(
    UPDATE mail.outbox SET state = 'waiting' WHERE id = $1
)sql"};

constexpr pg::Query kForgetSecrets{"mail.forget_secrets", R"sql(
    UPDATE mail.outbox SET sealed = NULL WHERE sealed IS NOT NULL AND secrets_end < $1
)sql"};

// Of companies a rule of theirs says how long; see personal_data.h.
constexpr pg::Query kForget{"mail.forget", R"sql(
    DELETE FROM mail.outbox
    WHERE state <> 'waiting'
      AND written_at < CASE WHEN company_id = '00000000-0000-0000-0000-000000000000'
                            THEN $1::timestamptz ELSE $2::timestamptz END
)sql"};

MailRow row_from(const pg::Row& row) {
    MailRow out;
    const auto company = row.get<CompanyId>("company_id");
    if (company != CompanyId()) out.company_id = company;
    out.id = row.get<MailId>("id");
    out.to = row.get<std::string>("to_address");
    out.template_name = row.get<std::string>("template");
    out.subject = row.get<std::string>("subject");
    out.state = row.get<MailState>("state");
    out.attempts = row.get<std::int64_t>("attempts");
    out.answer = row.optional<std::string>("answer");
    out.written_at = row.get<Instant>("written_at");
    out.sent_at = row.optional<Instant>("sent_at");
    return out;
}

std::string json_of(const StoredMail& mail) {
    boost::json::object values;
    for (const auto& [name, value] : mail.values) values[name] = value;
    const auto& brand = mail.brand;
    return boost::json::serialize(boost::json::value{
        {"values", values},
        {"brand",
         {{"name", brand.name},
          {"color", brand.color},
          {"text_color", brand.text_color},
          {"logo_url", brand.logo_url},
          {"footer", brand.footer}}},
        {"unsubscribe_url", mail.unsubscribe_url}});
}

StoredMail mail_from(const pg::Row& row) {
    StoredMail out;
    out.company = row.get<CompanyId>("company_id");
    out.row = row_from(row);
    out.to_name = row.get<std::string>("to_name");
    out.sealed = row.optional<std::string>("sealed");
    out.secrets_end = row.optional<Instant>("secrets_end");
    const auto content = boost::json::parse(row.get<std::string>("content"));
    for (const auto& [name, value] : content.at("values").as_object()) {
        out.values[name] = std::string(value.as_string());
    }
    const auto brand = [&content](const char* field) {
        return std::string(content.at("brand").at(field).as_string());
    };
    out.brand = {
        brand("name"), brand("color"), brand("text_color"), brand("logo_url"), brand("footer")};
    // Not there in what a program before this one wrote.
    if (const auto* url = content.as_object().if_contains("unsubscribe_url")) {
        out.unsubscribe_url = url->as_string();
    }
    return out;
}

}  // namespace

bool insert(pg::AnyTransaction& tx, const StoredMail& mail) {
    return tx.run(
                 kInsert, mail.company, mail.row.id, mail.row.to, mail.to_name,
                 mail.row.template_name, mail.row.subject, json_of(mail), mail.sealed,
                 mail.secrets_end, mail.row.state, mail.row.written_at, mail.once)
               .touched() == 1;
}

MailId select_once(pg::AnyTransaction& tx, CompanyId company, const std::string& once) {
    return *tx.run(kSelectOnce, company, once).first([](const pg::Row& row) {
        return row.get<MailId>("id");
    });
}

std::optional<StoredMail> select(pg::AnyTransaction& tx, MailId id) {
    return tx.run(kSelect, id).first(mail_from);
}

std::vector<MailRow> select_before(
    pg::AnyTransaction& tx, std::optional<MailId> before, const MailFilter& filter,
    std::int64_t count) {
    return tx.run(kSelectBefore, before, filter.state, filter.template_name, filter.company, count)
        .all(row_from);
}

std::vector<std::pair<MailRow, std::string>> select_sorted(
    pg::AnyTransaction& tx, const MailFilter& filter, const pg::Sorting& sorting,
    std::int64_t count) {
    return tx
        .run(
            kSelectSorted, filter.state, filter.template_name, filter.company, sorting.by,
            sorting.descending, sorting.after_key, sorting.after_id, count)
        .all([](const pg::Row& row) {
            return std::pair(row_from(row), row.get<std::string>("key"));
        });
}

void finish(
    pg::AnyTransaction& tx, MailId id, MailState state, const std::string& answer, Instant now) {
    tx.run(kFinish, id, state, answer, now);
}

void await_again(pg::AnyTransaction& tx, MailId id) { tx.run(kAwaitAgain, id); }

void forget(pg::SystemTransaction& tx, Instant now, const Forgotten& before) {
    tx.run(kForgetSecrets, now);
    tx.run(kForget, before.nobodys, before.companies);
}

}  // namespace mobilytics::mail
