#include "platform/duckdb/duckdb.h"

#include <thread>

#include <gtest/gtest.h>

#include "platform/duckdb/aggregate.h"
#include "platform/duckdb/appender.h"
#include "platform/duckdb/duckdb_test.h"
#include "platform/duckdb/migrate.h"

namespace mobilytics::duckdb {
namespace {

BOOST_DEFINE_ENUM_CLASS(Colour, red, green, blue)
BOOST_DEFINE_ENUM_CLASS(Taste, sweet, sour)

const Instant kNoon = *parse_iso8601("2026-08-21T12:00:00.000001Z");

class DuckdbTest : public testing::Test {
  protected:
    TemporaryFolder folder;
    Database database{folder.path() / "test.duckdb"};
    std::unique_ptr<Connection> connection = database.connect();
};

constexpr Query kCount{"test.count", "SELECT count(*) FROM thing"};
std::int64_t count(Connection& connection) {
    return *connection.run(kCount).first([](Row row) { return row.get<std::int64_t>(0); });
}

TEST_F(DuckdbTest, EveryTypeGoesInAndComesOutAsItWas) {
    connection->command("test.type", "CREATE TYPE colour AS ENUM ('red', 'green', 'blue')");
    connection->command(
        "test.table",
        "CREATE TABLE thing (id UUID, moment TIMESTAMP, colour colour, name VARCHAR, bytes BLOB, "
        "small TINYINT, whole BIGINT, big UBIGINT, real DOUBLE, truth BOOLEAN, nothing BIGINT)");
    const auto id = CompanyId::fresh(kNoon);
    const std::string bytes("\0\xff long enough not to be inline", 32);
    constexpr Query insert{
        "test.insert", "INSERT INTO thing VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};
    connection->run(
        insert, id, kNoon, Colour::green, "né", Blob{bytes}, -128, std::int64_t{-5},
        ~std::uint64_t{0}, 0.25, true, std::optional<std::int64_t>());
    Appender appender(*connection, "thing");
    appender.row(
        id, kNoon, Colour::green, std::string("né"), Blob{bytes}, std::int8_t{-128},
        std::int64_t{-5}, ~std::uint64_t{0}, 0.25, true, std::optional<std::int64_t>());
    appender.close();

    constexpr Query select{
        "test.select",
        "SELECT * FROM thing WHERE id = $1 AND moment = $2 AND colour = $3 AND bytes = $4"};
    auto rows = connection->run(select, id, kNoon, Colour::green, Blob{bytes});
    int seen = 0;
    while (const auto chunk = rows.next()) {
        for (std::size_t i = 0; i < chunk->size(); ++i, ++seen) {
            const Row row(*chunk, i);
            EXPECT_EQ(row.get<CompanyId>(0), id);
            EXPECT_EQ(row.get<Instant>(1), kNoon);
            EXPECT_EQ(row.get<Colour>(2), Colour::green);
            EXPECT_EQ(row.get<std::string_view>(3), "né");
            EXPECT_EQ(row.get<Blob>(4).bytes, bytes);
            EXPECT_EQ(row.get<std::int8_t>(5), -128);
            EXPECT_EQ(row.get<std::int64_t>(6), -5);
            EXPECT_EQ(row.get<std::uint64_t>(7), ~std::uint64_t{0});
            EXPECT_EQ(row.get<double>(8), 0.25);
            EXPECT_TRUE(row.get<bool>(9));
            EXPECT_EQ(row.optional<std::int64_t>(10), std::nullopt);
        }
    }
    EXPECT_EQ(seen, 2);
}

TEST_F(DuckdbTest, IdsSortAsTheirBytesDo) {
    connection->command("test.table", "CREATE TABLE thing (id UUID)");
    std::vector<CompanyId> ids;
    for (const auto first : {0x00, 0x7f, 0x80, 0xff}) {
        ids.push_back(CompanyId::from_bytes({static_cast<std::uint8_t>(first), 1}));
    }
    Appender appender(*connection, "thing");
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) appender.row(*id);
    appender.close();
    constexpr Query sorted{"test.sorted", "SELECT id FROM thing ORDER BY id"};
    const auto id_of = [](Row row) { return row.get<CompanyId>(0); };
    EXPECT_EQ(connection->run(sorted).all(id_of), ids);
    constexpr Query among{
        "test.among", "SELECT id FROM thing WHERE id IN (SELECT unnest($1::UUID[])) ORDER BY id"};
    const std::vector<CompanyId> two{ids[1], ids[3]};
    EXPECT_EQ(connection->run(among, two).all(id_of), two);
    EXPECT_TRUE(connection->run(among, std::vector<CompanyId>()).all(id_of).empty());
}

TEST_F(DuckdbTest, AChunkFullAndMoreIsAppendedWhole) {
    connection->command("test.table", "CREATE TABLE thing (number BIGINT, twice BIGINT)");
    Appender appender(*connection, "thing");
    for (std::int64_t i = 0; i < 5000; ++i) appender.row(std::array{i, 2 * i});
    appender.close();
    constexpr Query sums{"test.sums", "SELECT sum(number)::BIGINT, sum(twice)::BIGINT FROM thing"};
    auto rows = connection->stream(sums);
    const auto pair = rows.first(
        [](Row row) { return std::pair(row.get<std::int64_t>(0), row.get<std::int64_t>(1)); });
    EXPECT_EQ(*pair, std::pair(std::int64_t{12497500}, std::int64_t{24995000}));
}

TEST_F(DuckdbTest, WhatIsNotCommittedHasNotBeen) {
    connection->command("test.table", "CREATE TABLE thing (number BIGINT)");
    {
        const Transaction tx(*connection);
        Appender appender(*connection, "thing");
        appender.row(std::int64_t{1});
        appender.close();
        EXPECT_EQ(count(*connection), 1);
    }
    EXPECT_EQ(count(*connection), 0);
    Transaction tx(*connection);
    constexpr Query wrong{"test.wrong", "SELECT error('on purpose') FROM range(1)"};
    EXPECT_THROW(connection->run(wrong), Failure);
}

TEST_F(DuckdbTest, AReaderSeesTheFileAsItWasWhenItBegan) {
    connection->command("test.table", "CREATE TABLE thing (number BIGINT)");
    const auto reader = database.connect();
    {
        const Transaction view(*reader, Transaction::Access::read);
        EXPECT_EQ(count(*reader), 0);
        connection->command("test.insert", "INSERT INTO thing VALUES (1)");
        EXPECT_EQ(count(*reader), 0);
    }
    EXPECT_EQ(count(*reader), 1);
}

TEST_F(DuckdbTest, AStatementKnowsWhatHasBecomeOfItsTableSinceItRanLast) {
    connection->command("test.table", "CREATE TABLE thing (number BIGINT)");
    constexpr Query nulls{"test.nulls", "SELECT number FROM thing WHERE number IS NULL"};
    const auto rows = [&] {
        return connection->run(nulls).all([](Row row) { return row.optional<std::int64_t>(0); });
    };
    EXPECT_EQ(rows().size(), 0);
    connection->command("test.insert", "INSERT INTO thing VALUES (NULL)");
    EXPECT_EQ(rows().size(), 1);
}

TEST_F(DuckdbTest, WhoOnlyReadsDoesNotWrite) {
    connection->command("test.table", "CREATE TABLE thing (number BIGINT)");
    {
        const Transaction view(*connection, Transaction::Access::read);
        EXPECT_ANY_THROW(connection->command("test.insert", "INSERT INTO thing VALUES (1)"));
    }
    EXPECT_EQ(count(*connection), 0);
}

TEST_F(DuckdbTest, TheSecondOfTwoWritersOfOneRowIsUnavailable) {
    connection->command("test.table", "CREATE TABLE thing (number BIGINT)");
    connection->command("test.insert", "INSERT INTO thing VALUES (1)");
    const auto other = database.connect();
    Transaction first(*connection);
    const Transaction second(*other);
    EXPECT_EQ(count(*other), 1);
    connection->command("test.update", "UPDATE thing SET number = 2");
    EXPECT_THROW(other->command("test.update", "UPDATE thing SET number = 3"), Unavailable);
    first.commit();
}

TEST_F(DuckdbTest, AnInterruptEndsWhatRuns) {
    std::atomic<bool> over = false;
    std::thread interrupter([&] {
        while (!over) {
            connection->interrupt();
            std::this_thread::yield();
        }
    });
    constexpr Query forever{
        "test.forever",
        "SELECT sum(a.range * b.range)::DOUBLE FROM range(10000000) a, "
        "range(10000000) b"};
    EXPECT_THROW(connection->run(forever), Unavailable);
    over = true;
    interrupter.join();
}

struct Longest {
    using Input = Blob;
    std::string longest;
    bool add(Blob blob) {
        if (blob.bytes == "bad") return false;
        if (blob.bytes.size() > longest.size()) longest = blob.bytes;
        return true;
    }
    void unite(Longest&& other) { add({other.longest}); }
    std::string finish() const { return longest; }
};
struct LongestSize : Longest {
    double finish() const { return static_cast<double>(longest.size()); }
};

TEST_F(DuckdbTest, AnAggregateOfOursRunsOverGroups) {
    Aggregate<Longest>::register_as(*connection, "longest");
    Aggregate<LongestSize>::register_as(*connection, "longest_size");
    connection->command(
        "test.table",
        "CREATE TABLE thing AS SELECT i % 3 AS rest, CASE WHEN i % 7 = 0 THEN NULL ELSE "
        "repeat('x', (i % 1000)::INT)::BLOB END AS bytes FROM range(30000) r(i)");
    constexpr Query query{
        "test.longest",
        "SELECT rest, longest(bytes), longest_size(bytes) FROM thing GROUP BY rest ORDER BY rest"};
    const auto other = database.connect();
    const auto found = other->run(query).all([](Row row) {
        EXPECT_EQ(row.get<Blob>(1).bytes, std::string(999, 'x'));
        return row.get<double>(2);
    });
    EXPECT_EQ(found, (std::vector<double>{999, 999, 999}));
    constexpr Query bad{"test.bad", "SELECT longest('bad'::BLOB)"};
    EXPECT_THROW(connection->run(bad), Failure);
}

TEST_F(DuckdbTest, MigrationsRunOnceAndANewerFileIsRefused) {
    const std::vector<Migration> two{
        {"test", "0001_create_thing.sql", "CREATE TABLE thing (number BIGINT)"},
        {"test", "0002_fill_thing.sql", "INSERT INTO thing VALUES (1)"}};
    migrate(*connection, two);
    migrate(*connection, two);
    EXPECT_EQ(count(*connection), 1);
    EXPECT_THROW(migrate(*connection, std::span(two).first(1)), Failure);
    const std::vector<Migration> broken{two[0], two[1], {"test", "0003_break.sql", "DROP nothing"}};
    EXPECT_THROW(migrate(*connection, broken), Failure);
    migrate(*connection, two);
}

TEST_F(DuckdbTest, AnEnumOfOtherWordsIsNotRead) {
    connection->command("test.type", "CREATE TYPE taste AS ENUM ('sour', 'sweet')");
    constexpr Query query{"test.taste", "SELECT 'sweet'::taste"};
    EXPECT_DEATH(connection->run(query).first([](Row row) { return row.get<Taste>(0); }), "not so");
}

}  // namespace
}  // namespace mobilytics::duckdb
