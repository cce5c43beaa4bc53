// A release takes the place of the one before while that one serves: what the last release asks of
// PostgreSQL (tests/golden/last_release.json, written at each release by tools/release_schema.py)
// is prepared against its own tables, then those are migrated beneath it, and it must go on: in
// conversations that were begun before, in new ones, with the same columns, and as the same roles.

#include <fstream>
#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "apps/server/foundations.h"
#include "platform/crypto/files.h"
#include "platform/pg/pg_test.h"

namespace mobilytics::server {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

struct Statement {
    std::string name, module, sql;
};

struct Release {
    std::string version;
    std::vector<std::array<std::string, 3>> migrations;  // Module, file, SQL.
    std::vector<Statement> statements;
};

std::string text_of(const boost::json::value& json, const char* name) {
    return std::string(json.at(name).as_string());
}

Release last_release() {
    const auto json =
        boost::json::parse(crypto::read_file("tests/golden/last_release.json").value());
    Release out;
    out.version = text_of(json, "version");
    for (const auto& one : json.at("migrations").as_array()) {
        out.migrations.push_back(
            {text_of(one, "module"), text_of(one, "file"), text_of(one, "sql")});
    }
    for (const auto& one : json.at("statements").as_array()) {
        out.statements.push_back(
            {text_of(one, "name"), text_of(one, "module"), text_of(one, "sql")});
    }
    return out;
}

/// In the order of this release, which knows all of its modules.
std::vector<std::vector<pg::Migration>> by_module(const Release& release) {
    std::vector<std::vector<pg::Migration>> out;
    for (const auto& module : known_migrations()) {
        std::vector<pg::Migration> of_it;
        for (const auto& [name, file, sql] : release.migrations) {
            if (name == module.front().module) of_it.push_back({name, file, sql});
        }
        if (!of_it.empty()) out.push_back(std::move(of_it));
    }
    return out;
}

void migrate_to(const pg::Address& owner, const Release& release) {
    const auto modules = by_module(release);
    const std::vector<std::span<const pg::Migration>> spans(modules.begin(), modules.end());
    pg::migrate(owner, spans);
}

/// As that release left it, whatever this one asks of tables besides.
void install(const pg::Address& owner, const Release& release) {
    pg::Connection connection(owner, 0ms);
    for (const auto& module : by_module(release)) {
        for (const auto& [name, file, sql] : module) {
            connection.command(std::string(file), std::string(sql));
            connection.command(
                "test.record", "INSERT INTO app.migration (module, file) VALUES ('" +
                                   std::string(name) + "', '" + std::string(file) + "')");
        }
    }
}

/// A conversation of one role, in which statements are prepared.
class Talk {
  public:
    explicit Talk(const pg::Address& address) : connection_(address, 10s) {
        connection_.command(
            "test.company", "SET app.company_id = '00000000000000000000000000000001'");
    }
    /// Why it cannot be done; empty when it can. Plans it, and checks what its role may.
    std::string prepare(const Statement& statement) {
        return outcome("PREPARE \"" + statement.name + "\" AS " + statement.sql);
    }
    std::string plan(const Statement& statement) {
        std::string nothing;
        for (int i = 0; i < parameters(statement); ++i) nothing += i == 0 ? "NULL" : ", NULL";
        return outcome(
            "EXPLAIN EXECUTE \"" + statement.name + "\"" +
            (nothing.empty() ? "" : "(" + nothing + ")"));
    }
    /// Names and types.
    std::string columns(const Statement& statement) {
        const std::unique_ptr<PGresult, decltype(&PQclear)> told(
            PQdescribePrepared(connection_.link(), statement.name.c_str()), PQclear);
        std::string out;
        for (int i = 0; i < PQnfields(told.get()); ++i) {
            out += std::string(PQfname(told.get(), i)) + ":" +
                   std::to_string(PQftype(told.get(), i)) + " ";
        }
        return out;
    }

  private:
    int parameters(const Statement& statement) {
        const std::unique_ptr<PGresult, decltype(&PQclear)> told(
            PQdescribePrepared(connection_.link(), statement.name.c_str()), PQclear);
        return PQnparams(told.get());
    }
    std::string outcome(const std::string& sql) {
        try {
            connection_.command("test.outcome", sql);
            return "";
        } catch (const std::exception& failure) {
            return failure.what();
        }
    }

    pg::Connection connection_;
};

class ReleaseTest : public pg::PostgresTest {
  protected:
    ReleaseTest() : PostgresTest({}) {}

    /// Modules that say of this release that the last one can no longer run beside it.
    std::set<std::string> broken(const Release& before) const {
        std::set<std::string> known, out;
        for (const auto& [module, file, sql] : before.migrations) known.insert(module + "/" + file);
        for (const auto& module : known_migrations()) {
            for (const auto& one : module) {
                const auto name = std::string(one.module) + "/" + std::string(one.file);
                const bool contracts = one.sql.find("-- contract: ") != std::string_view::npos;
                if (contracts && !known.contains(name)) out.insert(std::string(one.module));
            }
        }
        return out;
    }
};

TEST_F(ReleaseTest, TheLastReleaseGoesOnWhileItsTablesAreMigrated) {
    const auto before = last_release();
    ASSERT_GT(before.statements.size(), 50u);
    install(owner, before);
    const auto excused = broken(before);
    // Who could ask what, in conversations that stay open.
    struct Asked {
        const Statement* statement;
        std::string role, columns;
    };
    std::map<std::string, std::unique_ptr<Talk>> talks;
    std::vector<Asked> could;
    std::set<std::string> nobody;
    for (const auto& statement : before.statements) nobody.insert(statement.name);
    for (const std::string role : {"mobilytics_app", "mobilytics_system", ""}) {
        auto& talk = *(talks[role] = std::make_unique<Talk>(as(role)));
        for (const auto& statement : before.statements) {
            if (!talk.prepare(statement).empty() || !talk.plan(statement).empty()) continue;
            could.push_back({&statement, role, talk.columns(statement)});
            nobody.erase(statement.name);
        }
    }
    EXPECT_THAT(nobody, IsEmpty());

    pg::migrate(owner, known_migrations());

    std::map<std::string, std::unique_ptr<Talk>> anew;
    for (const auto& [role, talk] : talks) anew[role] = std::make_unique<Talk>(as(role));
    for (const auto& [statement, role, columns] : could) {
        if (excused.contains(statement->module)) continue;
        const auto which = statement->name + " as " + (role.empty() ? "owner" : role);
        EXPECT_EQ(talks[role]->plan(*statement), "") << which;
        EXPECT_EQ(anew[role]->prepare(*statement), "") << which;
        EXPECT_EQ(anew[role]->plan(*statement), "") << which;
        EXPECT_EQ(anew[role]->columns(*statement), columns) << which;
    }
}

TEST_F(ReleaseTest, TheLastReleaseStartsAgainBesideThisOne) {
    const auto before = last_release();
    install(owner, before);
    pg::migrate(owner, known_migrations());
    if (broken(before).empty()) {
        EXPECT_NO_THROW(migrate_to(owner, before));
    } else {
        EXPECT_THROW(migrate_to(owner, before), pg::Failure);
    }
}

TEST_F(ReleaseTest, ABreachIsFound) {
    install(owner, last_release());
    Talk talk(as("mobilytics_app"));
    const Statement planted{"test.planted", "domains/assets", "SELECT code FROM assets.asset"};
    ASSERT_EQ(talk.prepare(planted) + talk.plan(planted), "");
    const auto columns = talk.columns(planted);
    pg::Connection(owner, 0ms)
        .command("test.retype", "ALTER TABLE assets.asset ALTER COLUMN code TYPE varchar(200)");
    EXPECT_THAT(talk.plan(planted), testing::HasSubstr("must not change result type"));
    Talk anew(as("mobilytics_app"));
    EXPECT_EQ(anew.prepare(planted), "");
    EXPECT_NE(anew.columns(planted), columns);
    pg::Connection(owner, 0ms)
        .command("test.revoke", "REVOKE SELECT ON assets.asset FROM mobilytics_app");
    EXPECT_THAT(anew.plan(planted), testing::HasSubstr("permission denied"));
    pg::Connection(owner, 0ms)
        .command("test.rename", "ALTER TABLE assets.asset RENAME COLUMN code TO name_of_it");
    EXPECT_THAT(Talk(as("mobilytics_app")).prepare(planted), testing::HasSubstr("does not exist"));
}

}  // namespace
}  // namespace mobilytics::server
