#include "pipeline/store/duckdb/duckdb_store.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/store/store_duckdb_migrations.h"
#include "pipeline/store/store_suite_test.h"

namespace mobilytics::store {

INSTANTIATE_TEST_SUITE_P(
    Duckdb, StoreSuite,
    testing::Values(Engine{
        "duckdb",
        [](const std::filesystem::path& folder, const Limits& limits, const Clock& clock) {
            return open_duckdb_store(folder / "store.duckdb", limits, clock);
        }}),
    testing::PrintToStringParamName());

namespace {

using std::chrono::days;
using std::chrono::hours;

const Instant kNow = *parse_iso8601("2026-08-21T09:30:00Z");
const Instant kToday = *parse_iso8601("2026-08-21T00:00:00Z");
constexpr auto kFileOfChild = "MOBILYTICS_TEST_STORE_FILE";

/// What batch `number` holds; every one replaces something, also of a day that has settled.
measure::FactBatch numbered(std::uint64_t number) {
    World names(7);
    const auto company = names.company();
    const auto one = names.asset();
    const auto two = names.asset();
    World world(number);
    auto batch = batch_at({number, number});
    batch.assets.push_back(
        world.facts(company, one, kToday + world.below(20) * measure::kBucket, 6));
    batch.assets.push_back(
        world.facts(company, two, kToday - days(3) + world.below(20) * measure::kBucket, 6));
    const Instant from = kToday + hours(world.below(10));
    batch.assets[0].routes_from = from;
    batch.assets[0].routes = {world.route(from)};
    batch.checkpoints.push_back({one, from, std::to_string(number)});
    return batch;
}

/// Not a test but the child of the one below: commits, and says so, until it is killed.
TEST(DuckdbStoreChild, CommitsUntilItIsKilled) {
    const char* file = std::getenv(kFileOfChild);
    if (file == nullptr) GTEST_SKIP() << "runs as the child of another test only";
    const ManualClock clock(kNow);
    const auto store = open_duckdb_store(file, {}, clock);
    auto number = store->position().number;
    for (;;) {
        if (++number % 5 == 0) store->maintain();
        store->commit(numbered(number));
        const std::string line = std::to_string(number) + "\n";
        if (write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
    }
}

class Child {
  public:
    explicit Child(const std::filesystem::path& file) {
        int ends[2];
        VERIFY(pipe(ends) == 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        const std::string place = std::string(kFileOfChild) + "=" + file.string();
        std::string program = "/proc/self/exe";
        std::string only = "--gtest_filter=DuckdbStoreChild.*";
        char* const args[] = {program.data(), only.data(), nullptr};
        std::vector<char*> environment{const_cast<char*>(place.c_str())};
        for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
        environment.push_back(nullptr);
        VERIFY(
            posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, args, environment.data()) == 0);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        out_ = fdopen(ends[0], "r");
    }
    ~Child() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        std::fclose(out_);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The number of the next commit that it has told of; none when it has ended.
    std::optional<std::uint64_t> next() {
        char line[200];
        while (std::fgets(line, sizeof line, out_) != nullptr) {
            if (std::isdigit(static_cast<unsigned char>(line[0])) != 0) return std::stoull(line);
        }
        return std::nullopt;
    }
    void kill_now() const { kill(pid_, SIGKILL); }

  private:
    pid_t pid_ = 0;
    std::FILE* out_ = nullptr;
};

TEST(DuckdbStoreTest, KilledAtAnyPointItHasEachBatchWholeOrNot) {
    const duckdb::TemporaryFolder folder;
    const auto file = folder.path() / "store.duckdb";
    const ManualClock clock(kNow);
    std::mt19937_64 random(11);
    std::uint64_t told = 0;
    for (int round = 0; round < 6; ++round) {
        {
            Child child(file);
            const auto commits = 1 + random() % 9;
            for (std::uint64_t i = 0; i < commits; ++i) {
                const auto next = child.next();
                ASSERT_TRUE(next);
                told = *next;
            }
            // Not at a commit's end, but anywhere in what follows it.
            usleep(static_cast<useconds_t>(random() % 60'000));
            child.kill_now();
            while (const auto more = child.next()) told = *more;
        }
        const auto store = open_duckdb_store(file, {}, clock);
        const auto reached = store->position().number;
        EXPECT_TRUE(reached == told || reached == told + 1) << reached << " after " << told;
        Oracle oracle;
        for (std::uint64_t number = 1; number <= reached; ++number) oracle.keep(numbered(number));
        const auto batch = numbered(reached);
        const auto company = batch.assets[0].company;
        const std::vector<Instant> boundaries{
            kToday - days(4), kToday - days(2), kToday, kToday + days(1)};
        const auto view = store->snapshot();
        EXPECT_EQ(view->figures(company, {}, boundaries), oracle.figures(company, {}, boundaries));
        EXPECT_EQ(
            view->coverage(company, {}, boundaries), oracle.coverage(company, {}, boundaries));
        const Period all{boundaries.front(), boundaries.back()};
        EXPECT_EQ(
            view->figures_by_asset(company, {}, all), oracle.figures_by_asset(company, {}, all));
        EXPECT_EQ(view->trips(company, {all, {}, {}}, 1000), oracle.trips(company, {all, {}, {}}));
        for (const auto& facts : batch.assets) {
            auto expected = oracle.buckets(facts.asset, all.from, all.to);
            for (auto& bucket : expected) {
                std::erase_if(bucket.visits, [](const auto& visit) {
                    return visit.first < kNow - hours(24);
                });
            }
            EXPECT_EQ(store->buckets(facts.asset, all.from, all.to), expected);
        }
        ASSERT_EQ(store->checkpoints().size(), 1);
        EXPECT_EQ(store->checkpoints()[0].bytes, std::to_string(reached));
    }
}

TEST(DuckdbStoreTest, TheFileDoesNotGrowWhenTheSameIsWrittenAgain) {
    const duckdb::TemporaryFolder folder;
    const auto file = folder.path() / "store.duckdb";
    const ManualClock clock(kNow);
    const auto store = open_duckdb_store(file, {}, clock);
    World world(3);
    const auto company = world.company();
    const auto assets = std::array{world.asset(), world.asset(), world.asset(), world.asset()};
    std::uintmax_t early = 0;
    for (int round = 0; round < 30; ++round) {
        measure::FactBatch batch;
        for (const auto asset : assets) {
            batch.assets.push_back(world.facts(company, asset, kToday, 36));
        }
        store->commit(batch);
        store->maintain();
        if (round == 9) early = std::filesystem::file_size(file);
    }
    EXPECT_LE(std::filesystem::file_size(file), early + early / 2);
}

/// As a program of before wrote it: without who was carried into a quarter of an hour.
TEST(DuckdbStoreTest, AnOlderFileIsReadOn) {
    const duckdb::TemporaryFolder folder;
    const auto file = folder.path() / "store.duckdb";
    World world(5);
    const auto company = world.company();
    const auto asset = world.asset();
    const auto reach = world.bucket(kToday, 40).exposures.at(0).reach.bytes();
    {
        duckdb::Database database(file);
        const auto connection = database.connect();
        duckdb::migrate(*connection, kDuckdbMigrations.first(20));
        constexpr duckdb::Query insert{"test.insert", R"sql(
            INSERT INTO exposure_recent VALUES ($1, $2, $3, 'wifi', 'fixed', 7, 12, 11, 30, 400, 0,
                5, 1, 2, 3, 4, 2, 0, 0, 0, 99, 10.0, $4)
        )sql"};
        connection->run(insert, company, asset, kToday - days(5), duckdb::Blob{reach});
        constexpr duckdb::Query heard{"test.heard", R"sql(
            INSERT INTO coverage_recent VALUES ($1, $2, $3, 900, 2, 40, ''::BLOB, false)
        )sql"};
        connection->run(heard, company, asset, kToday - days(5));
    }
    const ManualClock clock(kNow);
    const auto store = open_duckdb_store(file, {}, clock);
    for (int i = 0; i < 2; ++i) {
        const auto found =
            store->snapshot()->figures(company, {}, std::array{kToday - days(9), kToday}).at(0);
        EXPECT_EQ(found.visits, 12);
        EXPECT_EQ(found.visits_carried, 0);
        EXPECT_EQ(found.devices, measure::ReachSketch::from_bytes(reach)->estimate());
        const auto buckets = store->buckets(asset, kToday - days(9), kToday);
        ASSERT_EQ(buckets.size(), 1);
        EXPECT_EQ(buckets[0].exposures.at(0).visits_ended, 11);
        EXPECT_EQ(store->maintain().days_settled, 1 - i);
    }
}

TEST(DuckdbStoreTest, ASecondStoreOfTheSameFileIsUnavailable) {
    const duckdb::TemporaryFolder folder;
    const ManualClock clock(kNow);
    const auto store = open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    Child child(folder.path() / "store.duckdb");
    EXPECT_EQ(child.next(), std::nullopt);
}

TEST(DuckdbStoreTest, AFileThatIsNoneIsRefused) {
    const duckdb::TemporaryFolder folder;
    const auto file = folder.path() / "store.duckdb";
    std::ofstream(file) << std::string(10'000, 'x');
    const ManualClock clock(kNow);
    EXPECT_THROW(open_duckdb_store(file, {}, clock), duckdb::Failure);
}

TEST(DuckdbStore, ACopyThatIsMadeWhileItIsWrittenIsOfOneMoment) {
    const duckdb::TemporaryFolder folder;
    const ManualClock clock(kNow);
    const auto store = open_duckdb_store(folder.path() / "store.duckdb", {}, clock);
    World names(7);
    store->learn(Company{names.company(), "America/Chicago", false});
    for (std::uint64_t number = 1; number <= 6; ++number) store->commit(numbered(number));
    store->maintain();
    std::atomic<bool> done = false;
    std::thread writing([&] {
        for (std::uint64_t number = 7; !done && number < 200; ++number) {
            store->commit(numbered(number));
        }
    });
    const auto file = folder.path() / "copy.duckdb";
    store->copy_to(file);
    done = true;
    writing.join();
    // The same commits, into a store of its own.
    const auto copied = read_duckdb_content(file);
    EXPECT_GE(copied.position.number, 6u);
    const auto again = folder.path() / "again.duckdb";
    {
        const auto other = open_duckdb_store(again, {}, clock);
        other->learn(Company{World(7).company(), "America/Chicago", false});
        for (std::uint64_t number = 1; number <= copied.position.number; ++number) {
            other->commit(numbered(number));
            if (number == 6) other->maintain();
        }
    }
    const auto wanted = read_duckdb_content(again);
    EXPECT_EQ(copied.position, wanted.position);
    EXPECT_EQ(copied.migrations, wanted.migrations);
    EXPECT_EQ(copied.migrations.back(), newest_duckdb_migration());
    ASSERT_EQ(copied.tables.size(), wanted.tables.size());
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < wanted.tables.size(); ++i) {
        rows += copied.tables[i].rows;
        if (wanted.tables[i].table == "migration") continue;  // Says when.
        EXPECT_EQ(copied.tables[i], wanted.tables[i]) << wanted.tables[i].table;
    }
    EXPECT_GT(rows, 100);
    // It goes on from there.
    const auto opened = open_duckdb_store(file, {}, clock);
    opened->commit(numbered(copied.position.number + 1));
    EXPECT_EQ(opened->position().number, copied.position.number + 1);
}

TEST(DuckdbStore, ACopyReplacesNoFileAndADigestSeesOneChange) {
    const duckdb::TemporaryFolder folder;
    const ManualClock clock(kNow);
    const auto file = folder.path() / "store.duckdb";
    {
        const auto store = open_duckdb_store(file, {}, clock);
        store->commit(numbered(1));
        std::ofstream(folder.path() / "taken") << "mine";
        EXPECT_THROW(store->copy_to(folder.path() / "taken"), duckdb::Failure);
        EXPECT_THROW(store->copy_to(folder.path() / "no" / "such" / "folder"), std::exception);
        store->copy_to(folder.path() / "copy.duckdb");
    }
    EXPECT_EQ(std::filesystem::file_size(folder.path() / "taken"), 4u);
    const auto before = read_duckdb_content(file);
    EXPECT_EQ(read_duckdb_content(folder.path() / "copy.duckdb").tables, before.tables);
    {
        duckdb::Database database(file);
        database.connect()->command(
            "test.change",
            "UPDATE exposure_recent SET visits = visits + 1 WHERE cell IN "
            "(SELECT min(cell) FROM exposure_recent)");
    }
    const auto after = read_duckdb_content(file);
    for (std::size_t i = 0; i < after.tables.size(); ++i) {
        const bool changed = after.tables[i].table == "exposure_recent";
        EXPECT_EQ(after.tables[i].rows, before.tables[i].rows);
        EXPECT_EQ(after.tables[i] != before.tables[i], changed) << after.tables[i].table;
    }
}

}  // namespace
}  // namespace mobilytics::store
