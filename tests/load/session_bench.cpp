// Signing in, and who a request is of, as served over HTTP with a PostgreSQL of our own: how long
// one client waits, and how many requests a second four get who do not wait for each other. Prints
// "name,value,unit".

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <thread>

#include <boost/json.hpp>

#include "domains/accounts/accounts.h"
#include "domains/accounts/accounts_api.h"
#include "domains/accounts/accounts_migrations.h"
#include "domains/accounts/routes.h"
#include "foundation/monotonic.h"
#include "platform/audit/audit_migrations.h"
#include "platform/crypto/files.h"
#include "platform/events/events_migrations.h"
#include "platform/http/http_test.h"
#include "platform/objects/objects.h"
#include "platform/pg/pg_migrations.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::accounts {
namespace {

using namespace std::chrono_literals;

constexpr int kClients = 4;
constexpr int kRequests = 4'000;  // Of one client, and of the four together.
constexpr int kSignIns = 120;
constexpr const char* kPassword = "four words in a row";

class Bench {
  public:
    Bench()
        : folder_(std::filesystem::temp_directory_path() / "mobilytics_session_bench"),
          postgres_(folder_ / "postgres"),
          owner_{postgres_.url()},
          pool_(as("mobilytics_app"), {.connections_max = 12}),
          system_(as("mobilytics_system")),
          staff_(as("mobilytics_staff")),
          seal_(folder_ / "key"),
          objects_(folder_ / "objects", clock_),
          desk_{sessions_, passkeys_,   profiles_, companies_, people_,
                keys_,     backoffice_, tokens_,   oidc_,      logos_} {
        pg::migrate(
            owner_, {pg::kMigrations, events::kMigrations, audit::kMigrations, kMigrations});
        turn_signing_keys(system_, seal_, clock_);
        mount(router_, desk_);
        mount_by_hand(router_, desk_);
        const CompanyProfile company{
            CompanyId::fresh(clock_.now()), "Bench", "UTC", PrivacyMode::standard, false};
        one_time_ = accounts_.open_installation(company).one_time_password->reveal();
        http::ServerConfig config;
        // Each request says where it comes from: an address signs in 20 times a minute.
        config.proxies =
            *http::Proxies::parse("127.0.0.1/32", http::ForwardingHeader::x_forwarded_for);
        config.workers = kClients;
        server_.emplace(std::move(config), router_);
    }
    ~Bench() {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void run() {
        const auto cookie = signed_in();
        const auto key = made(
            "api-keys", cookie, "secret",
            {{"name", "bench"}, {"role", "viewer"}, {"scopes", {"*:read"}}});
        const auto jwt = made("tokens", cookie, "token", {{"scopes", {"company:read"}}});
        const auto get = [](const char* path, const std::string& how) {
            return "GET /api/v1/" + std::string(path) + " HTTP/1.1\r\nHost: bench\r\n" + how +
                   "\r\n\r\n";
        };
        measure("session by cookie", get("session", "Cookie: " + cookie));
        measure("company by cookie", get("company", "Cookie: " + cookie));
        measure("company by api key", get("company", "Authorization: Bearer " + key));
        measure("company by jwt", get("company", "Authorization: Bearer " + jwt));
        sign_ins();
    }

  private:
    static void figure(const std::string& name, double value, const char* unit) {
        std::printf("session/%s,%.2f,%s\n", name.c_str(), value, unit);
        std::fflush(stdout);
    }
    static std::string post(
        const std::string& path, const std::string& headers, const boost::json::value& body) {
        const auto text = boost::json::serialize(body);
        return "POST /api/v1/" + path + " HTTP/1.1\r\nHost: bench\r\nX-Mobilytics: 1\r\n" +
               headers +
               "Content-Type: application/json\r\nContent-Length: " + std::to_string(text.size()) +
               "\r\n\r\n" + text;
    }
    std::string ask(const std::string& request) {
        http::RawClient client(server_->port());
        client.send(request);
        auto answer = client.read_answer();
        VERIFY(answer.starts_with("HTTP/1.1 2"));
        return answer;
    }
    static std::string cookie_of(const std::string& answer) {
        const auto at = answer.find("Set-Cookie: ") + 12;
        return answer.substr(at, answer.find(';', at) - at);
    }
    std::string sign_in(const std::string& password) {
        return post(
            "session", "X-Forwarded-For: " + address() + "\r\n",
            {{"email", kFirstEmail}, {"password", password}});
    }
    std::string address() {
        const auto number = ++asked_;
        return "198.18." + std::to_string(number / 250 % 250) + "." + std::to_string(number % 250);
    }
    std::string signed_in() {
        const auto first = cookie_of(ask(sign_in(one_time_)));
        return cookie_of(ask(post(
            "session/password", "Cookie: " + first + "\r\n",
            {{"current", one_time_}, {"next", kPassword}})));
    }
    std::string made(
        const std::string& path, const std::string& cookie, const char* field,
        const boost::json::value& body) {
        const auto answer = ask(post(path, "Cookie: " + cookie + "\r\n", body));
        return std::string(
            boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).at(field).as_string());
    }

    /// How long each of `count` took, of one client that keeps its connection.
    std::vector<double> times(int count, const std::function<std::string()>& request) {
        http::RawClient client(server_->port());
        std::vector<double> out;
        for (int i = 0; i < count; ++i) {
            const auto text = request();
            const Stopwatch took;
            client.send(text);
            VERIFY(client.read_answer().starts_with("HTTP/1.1 2"));
            out.push_back(took.seconds() * 1000);
        }
        std::sort(out.begin(), out.end());
        return out;
    }
    /// How many a second, of all clients together.
    double rate(int count, const std::function<std::string()>& request) {
        std::vector<std::thread> clients;
        const Stopwatch took;
        for (int i = 0; i < kClients; ++i) {
            clients.emplace_back([&] { times(count / kClients, request); });
        }
        for (auto& client : clients) client.join();
        return count / took.seconds();
    }
    void measure(const std::string& name, const std::string& request) {
        const auto same = [&request] { return request; };
        times(kRequests / 10, same);  // Until everything is warm.
        report(name, times(kRequests, same), rate(kRequests, same), "requests/s");
    }
    void sign_ins() {
        const auto request = [this] { return sign_in(kPassword); };
        report("sign-in", times(kSignIns, request), rate(kSignIns, request), "sign-ins/s");
    }
    static void report(
        const std::string& name, const std::vector<double>& sorted, double rate, const char* unit) {
        figure(name + " p50", sorted[sorted.size() / 2], "ms");
        figure(name + " p99", sorted[sorted.size() * 99 / 100], "ms");
        figure(name + " of four clients", rate, unit);
    }

    pg::Address as(const char* role) const { return {owner_.server, "", role}; }

    const SystemClock clock_;
    const std::filesystem::path folder_;
    services::PrivatePostgres postgres_;
    pg::Address owner_;
    pg::Pool pool_;
    pg::SystemPool system_;
    pg::StaffPool staff_;
    crypto::SealedBox seal_;
    objects::Objects objects_;
    const Ground ground_{pool_, clock_};
    Accounts accounts_{pool_, clock_};
    Proofs proofs_{ground_, seal_};
    Sessions sessions_{ground_, seal_, proofs_, {}};
    Passkeys passkeys_{ground_, sessions_, proofs_, {}};
    Profiles profiles_{ground_, seal_, proofs_};
    Companies companies_{ground_, seal_};
    People people_{ground_, seal_};
    Keys keys_{ground_};
    Backoffice backoffice_{ground_, staff_, seal_, proofs_};
    Tokens tokens_{ground_, accounts_, seal_, "https://mobilytics.example"};
    Oidc oidc_{ground_, seal_, sessions_, std::nullopt};
    Logos logos_{ground_, objects_};
    Desk desk_;
    http::Router router_{
        [this](const http::Shown& shown) { return authenticate(accounts_, tokens_, shown); }};
    std::string one_time_;
    std::atomic<int> asked_ = 0;
    std::optional<http::RunningServer> server_;
};

}  // namespace
}  // namespace mobilytics::accounts

int main() {
    mobilytics::accounts::Bench().run();
    return 0;
}
