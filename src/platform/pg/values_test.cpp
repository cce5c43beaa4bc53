#include <limits>

#include "foundation/named_ids.h"
#include "platform/pg/pg_migrations.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::pg {
namespace {

using ByteList = std::vector<std::uint8_t>;

BOOST_DEFINE_ENUM_CLASS(Color, red, green)

constexpr Query kScalars{"test.scalars", R"sql(
    SELECT $1::bigint AS least, $2::text::xid8 AS most, $3::double precision AS real,
           $4::boolean AS truth, $5::bytea AS bytes, $6::uuid AS id, $7::timestamptz AS at,
           $8::text AS text, $9::text AS color, $10::integer AS nothing, $11::smallint AS small,
           $12::bytea AS empty
)sql"};

constexpr Query kArrays{"test.arrays", R"sql(
    SELECT $1::bigint[] AS numbers, $2::text[] AS texts, $3::uuid[] AS ids, $4::bytea[] AS bytes,
           $5::bigint[] AS none
)sql"};

constexpr Query kUnnest{"test.unnest", R"sql(
    SELECT n, b FROM unnest($1::bigint[], $2::bytea[], $3::boolean[]) AS t(n, b, keep)
    WHERE keep ORDER BY n
)sql"};

constexpr Query kCopyAll{"test.copy_all", R"sql(
    COPY everything (small, whole, big, xid, real, double, truth, at, id, text, bytes, nothing)
    FROM STDIN (FORMAT binary)
)sql"};
constexpr Query kReadAll{"test.read_all", R"sql(
    SELECT small, whole, big, xid, real, double, truth, at, id, text, bytes, nothing
    FROM everything ORDER BY small
)sql"};
constexpr Query kCopyWrong{"test.copy_wrong", "COPY everything (big) FROM STDIN (FORMAT binary)"};

constexpr Migration kEverything[] = {{"test", "0001_create_everything.sql", R"sql(
    CREATE TABLE everything (small smallint, whole integer, big bigint, xid xid8, real real,
        double double precision, truth boolean, at timestamptz, id uuid, text text, bytes bytea,
        nothing integer);
    GRANT SELECT, INSERT ON everything TO mobilytics_system;
)sql"}};

class PgValues : public PostgresTest {
  protected:
    PgValues() : PostgresTest({kMigrations, kEverything}, {.connections_max = 1}) {}

    const AssetId id = AssetId::fresh(SystemClock().now());
    const Instant at = *parse_iso8601("2026-08-21T09:30:00.000001Z");
    const Instant long_ago = *parse_iso8601("1969-12-31T23:59:59.999999Z");
    const ByteList bytes{0, 1, '\\', '"', 0xff, '\n', ','};
};

TEST_F(PgValues, EveryScalarReadsBackAsTextAndAsBinary) {
    auto tx = system.begin();
    for (const bool binary : {false, true}) {
        const auto least = std::numeric_limits<std::int64_t>::min();
        const auto most = std::numeric_limits<std::uint64_t>::max();
        const auto ask = [&](auto... args) {
            return binary ? tx.run_binary(kScalars, args...) : tx.run(kScalars, args...);
        };
        const auto rows =
            ask(least, most, 0.1, true, bytes, id, at, std::string("naïve"), Color::green,
                std::optional<std::int64_t>(), std::int16_t{-2}, ByteList());
        rows.all([&](Row row) {
            EXPECT_EQ(row.get<std::int64_t>("least"), least);
            EXPECT_EQ(row.get<std::uint64_t>("most"), most);
            EXPECT_EQ(row.get<double>("real"), 0.1);
            EXPECT_EQ(row.get<bool>("truth"), true);
            EXPECT_EQ(row.get<ByteList>("bytes"), bytes);
            EXPECT_EQ(row.get<AssetId>("id"), id);
            EXPECT_EQ(row.get<Instant>("at"), at);
            EXPECT_EQ(row.get<std::string>("text"), "naïve");
            EXPECT_EQ(row.get<Color>("color"), Color::green);
            EXPECT_EQ(row.optional<std::int64_t>("nothing"), std::nullopt);
            EXPECT_EQ(row.get<int>("small"), -2);
            EXPECT_EQ(row.get<ByteList>("empty"), ByteList());
            if (binary) {
                EXPECT_EQ(ByteList(row.bytes("bytes").begin(), row.bytes("bytes").end()), bytes);
            }
            return 0;
        });
    }
}

TEST_F(PgValues, ArraysReadBackWhateverIsInThem) {
    auto tx = system.begin();
    const std::vector<std::int64_t> numbers{-1, 0, std::numeric_limits<std::int64_t>::max()};
    const std::vector<std::string> texts{"", "a,b", "\"quoted\"", "back\\slash", "{}", "NULL"};
    const std::vector<AssetId> ids{id, AssetId()};
    const std::vector<ByteList> lists{bytes, {}, {7}};
    const auto rows = tx.run(kArrays, numbers, texts, ids, lists, std::vector<std::int64_t>());
    rows.all([&](Row row) {
        EXPECT_EQ(row.get<std::vector<std::int64_t>>("numbers"), numbers);
        EXPECT_EQ(row.get<std::vector<std::string>>("texts"), texts);
        EXPECT_EQ(row.get<std::vector<AssetId>>("ids"), ids);
        EXPECT_EQ(row.get<std::vector<ByteList>>("bytes"), lists);
        EXPECT_EQ(row.get<std::vector<std::int64_t>>("none"), std::vector<std::int64_t>());
        return 0;
    });
}

TEST_F(PgValues, ColumnsUnnestIntoRows) {
    auto tx = system.begin();
    const ByteList other{9};
    const auto rows = tx.run_binary(
        kUnnest, std::vector<std::int64_t>{3, 1, 2}, std::vector<Bytes>{bytes, other, other},
        std::vector<bool>{true, true, false});
    const auto read = [](Row row) {
        return std::pair(row.get<std::int64_t>("n"), row.get<ByteList>("b"));
    };
    EXPECT_EQ(rows.all(read), (std::vector{std::pair(std::int64_t{1}, other), {3, bytes}}));
}

TEST_F(PgValues, CopyBringsEveryType) {
    constexpr int kRows = 5000;
    auto tx = system.begin();
    {
        auto copy = tx.copy(kCopyAll);
        for (int i = 0; i < kRows; ++i) {
            copy.row(
                static_cast<std::int16_t>(i), std::int32_t{-i}, std::int64_t{1} << 40,
                std::uint64_t{1} << 63, 0.5F, -0.1, i % 2 == 0, i % 2 == 0 ? at : long_ago, id,
                "naïve", bytes, std::optional<std::int32_t>());
        }
        EXPECT_EQ(copy.finish(), kRows);
    }
    const auto rows = tx.run(kReadAll);
    ASSERT_EQ(rows.size(), kRows);
    int i = 0;
    rows.all([&](Row row) {
        EXPECT_EQ(row.get<int>("small"), i);
        EXPECT_EQ(row.get<int>("whole"), -i);
        EXPECT_EQ(row.get<std::int64_t>("big"), std::int64_t{1} << 40);
        EXPECT_EQ(row.get<std::uint64_t>("xid"), std::uint64_t{1} << 63);
        EXPECT_EQ(row.get<double>("real"), 0.5);
        EXPECT_EQ(row.get<double>("double"), -0.1);
        EXPECT_EQ(row.get<bool>("truth"), i % 2 == 0);
        EXPECT_EQ(row.get<Instant>("at"), i % 2 == 0 ? at : long_ago);
        EXPECT_EQ(row.get<AssetId>("id"), id);
        EXPECT_EQ(row.get<std::string>("text"), "naïve");
        EXPECT_EQ(row.get<ByteList>("bytes"), bytes);
        EXPECT_EQ(row.optional<int>("nothing"), std::nullopt);
        return ++i;
    });
    tx.commit();
}

TEST_F(PgValues, ACopyOfTheWrongTypeIsRefusedAndOneLeftEndsItsTransaction) {
    {
        auto tx = system.begin();
        auto copy = tx.copy(kCopyWrong);
        copy.row(std::int32_t{1});
        EXPECT_THROW(copy.finish(), Failure);
    }
    {
        auto tx = system.begin();
        tx.copy(kCopyWrong).row(std::int64_t{1});
        EXPECT_DEATH(tx.commit(), "in_transaction");
    }
    auto tx = system.begin();
    EXPECT_EQ(tx.run(kReadAll).size(), 0);
}

}  // namespace
}  // namespace mobilytics::pg
