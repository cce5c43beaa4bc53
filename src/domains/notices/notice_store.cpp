#include "domains/notices/notice_store.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mobilytics::notices {

namespace {

constexpr pg::Query kSelectChoices{"notices.select_choices", R"sql(
    SELECT kind, mailed FROM notices.choice WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kSelectChoosers{"notices.select_choosers", R"sql(
    SELECT person_id, mailed FROM notices.choice WHERE company_id = $1 AND kind = $2
)sql"};

constexpr pg::Query kUpsertChoice{"notices.upsert_choice", R"sql(
    INSERT INTO notices.choice (company_id, person_id, kind, mailed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (company_id, person_id, kind) DO UPDATE SET mailed = EXCLUDED.mailed
)sql"};

constexpr pg::Query kEraseChoices{"notices.erase_choices", R"sql(
    DELETE FROM notices.choice WHERE company_id = $1 AND person_id = $2
)sql"};

constexpr pg::Query kEraseAbout{"notices.erase_about", R"sql(
    DELETE FROM notices.recent
    WHERE company_id = $1 AND (target = $2 OR newest ->> 'only' = $2)
)sql"};

constexpr pg::Query kTake{"notices.take", R"sql(
    INSERT INTO notices.taken (company_id, what, taken_at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kForgetTaken{"notices.forget_taken", R"sql(
    DELETE FROM notices.taken WHERE company_id = $1 AND taken_at < $2
)sql"};

constexpr pg::Query kForgetRecent{"notices.forget_recent", R"sql(
    DELETE FROM notices.recent WHERE company_id = $1 AND mailed_at < $2 AND since = 0
)sql"};

constexpr pg::Query kSelectRecent{"notices.select_recent", R"sql(
    SELECT mailed_at, since, newest::text AS newest FROM notices.recent
    WHERE company_id = $1 AND kind = $2 AND target = $3 FOR UPDATE
)sql"};

constexpr pg::Query kInsertRecent{"notices.insert_recent", R"sql(
    INSERT INTO notices.recent (company_id, kind, target, mailed_at, newest)
    VALUES ($1, $2, $3, $4, $5::text::jsonb) ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kUpdateRecent{"notices.update_recent", R"sql(
    UPDATE notices.recent SET mailed_at = $4, since = $5, newest = $6::text::jsonb
    WHERE company_id = $1 AND kind = $2 AND target = $3
)sql"};

std::string json_of(const News& news) {
    boost::json::object out{
        {"what", news.what}, {"title", news.title}, {"text", news.text}, {"link", news.link}};
    if (news.only) out["only"] = news.only->str();
    return boost::json::serialize(out);
}

News news_from(const std::string& kind, const std::string& target, const std::string& text) {
    const auto json = boost::json::parse(text);
    const auto field = [&json](const char* name) { return std::string(json.at(name).as_string()); };
    News out{kind, field("what"), target, field("title"), field("text"), field("link"), {}};
    if (json.as_object().contains("only")) out.only = pg::verified(PersonId::parse(field("only")));
    return out;
}

}  // namespace

std::map<std::string, bool> select_choices(pg::Transaction& tx, PersonId person) {
    std::map<std::string, bool> out;
    for (auto& [kind, mailed] :
         tx.run(kSelectChoices, tx.company(), person).all([](const pg::Row& row) {
             return std::pair(row.get<std::string>("kind"), row.get<bool>("mailed"));
         })) {
        out[kind] = mailed;
    }
    return out;
}

std::map<PersonId, bool> select_choosers(pg::Transaction& tx, const std::string& kind) {
    std::map<PersonId, bool> out;
    for (const auto& [person, mailed] :
         tx.run(kSelectChoosers, tx.company(), kind).all([](const pg::Row& row) {
             return std::pair(row.get<PersonId>("person_id"), row.get<bool>("mailed"));
         })) {
        out[person] = mailed;
    }
    return out;
}

void upsert_choice(pg::Transaction& tx, PersonId person, const std::string& kind, bool mailed) {
    tx.run(kUpsertChoice, tx.company(), person, kind, mailed);
}

std::int64_t erase_choices(pg::Transaction& tx, PersonId person) {
    return tx.run(kEraseChoices, tx.company(), person).touched();
}

std::int64_t erase_about(pg::Transaction& tx, PersonId person) {
    return tx.run(kEraseAbout, tx.company(), person.str()).touched();
}

bool take(pg::Transaction& tx, const std::string& what, Instant now) {
    return tx.run(kTake, tx.company(), what, now).touched() == 1;
}

void forget(pg::Transaction& tx, Instant before) {
    tx.run(kForgetTaken, tx.company(), before);
    tx.run(kForgetRecent, tx.company(), before);
}

std::optional<Recent> select_recent(
    pg::Transaction& tx, const std::string& kind, const std::string& target) {
    return tx.run(kSelectRecent, tx.company(), kind, target).first([&](const pg::Row& row) {
        return Recent{
            row.get<Instant>("mailed_at"), row.get<int>("since"),
            news_from(kind, target, row.get<std::string>("newest"))};
    });
}

bool insert_recent(pg::Transaction& tx, const News& news, Instant now) {
    return tx.run(kInsertRecent, tx.company(), news.kind, news.target, now, json_of(news))
               .touched() == 1;
}

void update_recent(pg::Transaction& tx, const News& news, const Recent& recent) {
    tx.run(
        kUpdateRecent, tx.company(), news.kind, news.target, recent.mailed_at, recent.since,
        json_of(recent.newest));
}

}  // namespace mobilytics::notices
