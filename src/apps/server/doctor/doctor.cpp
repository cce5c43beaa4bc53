#include "apps/server/doctor/doctor.h"

#include <algorithm>
#include <functional>

#include "apps/server/backup/backup.h"
#include "apps/server/doctor/checks.h"
#include "apps/server/foundations.h"
#include "foundation/json.h"
#include "platform/fetch/fetch.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kBesides =
    700 * kMiB;                          // PostgreSQL, requests, measuring: see performance.md.
constexpr std::int64_t kOfEachRole = 3;  // Listeners, and those who read much.

class Examination {
  public:
    Examination(const Settings& settings, const Clock& clock)
        : settings_(settings), clock_(clock) {}

    std::vector<Finding> all() {
        look("data_folder", [&] { return check_folder(data()); });
        if (findings_.back().verdict == Verdict::fault) {  // All else lies in it.
            machine();
            return std::move(findings_);
        }
        look("keys_closed", [&] { return check_secrecy(data()); });
        look("disk_space", [&] { return check_space(space_of(data())); });
        machine();
        look("clock_file_system", [&] {
            return check_offset("file_system", file_system_offset(data(), clock_));
        });
        ports();
        postgres();
        look("store", [&] { return check_store(data()); });
        certificates();
        look("backup", [&] { return check_backup(last_backup(data()), clock_.now()); });
        look("restore", [&] { return check_verified(last_verified(data()), clock_.now()); });
        return std::move(findings_);
    }

  private:
    const fs::path& data() const { return settings_.data; }

    void look(const std::string& check, const std::function<Finding()>& ask) {
        try {
            findings_.push_back(ask());
        } catch (const std::exception& failure) {
            findings_.push_back({check, Verdict::fault, failure.what(), "see what that says"});
        }
    }

    void machine() {
        look("open_files", [] { return check_files_limit(files_limit()); });
        look("memory", [&] {
            const auto of_store = static_cast<std::uint64_t>(settings_.store.memory_mib) * kMiB;
            return check_memory(memory_bytes(), of_store + kBesides);
        });
        look("clock_synchronized", [] { return check_synchronized(clock_is_synchronized()); });
        look("dashboard", [&] { return check_dashboard(settings_.http.dashboard); });
        look("tls", [&] { return check_exposure(settings_); });
        look("metrics", [&] { return check_insiders(settings_); });
    }

    /// What a server of these settings says of itself; none, when there is none.
    std::optional<std::string> readyz() const {
        const bool tls = !settings_.http.certificate_file.empty();
        const auto& address = settings_.http.address;
        const auto host = address == "0.0.0.0" || address == "::" ? "127.0.0.1" : address;
        fetch::Request request;
        request.url = (tls ? "https://" : "http://") + host + ":" +
                      std::to_string(settings_.http.port) + "/readyz?verbose";
        if (const auto& token = settings_.metrics.token.reveal(); !token.empty()) {
            request.headers.emplace_back("Authorization", "Bearer " + token);
        }
        fetch::Trust trust;
        trust.authority_file = settings_.http.certificate_file;
        fetch::Client client(trust, {.connect_max = std::chrono::seconds(2)});
        const auto reply = client.send(request);
        if (reply) return reply->body;
        // A certificate that is not of this address is an answer, though we may not read it.
        if (reply.error().code == "not_trusted") return R"({"checks":{}})";
        return std::nullopt;
    }

    void ports() {
        const auto told = readyz();
        look("server", [&] { return check_ready(told); });
        const auto all = listening();
        const bool up = told.has_value() && findings_.back().verdict != Verdict::fault;
        const std::vector<std::string> ours{"mobilytics", "up"};
        const auto broker = fs::absolute(data() / "mosquitto").lexically_normal().string();
        const auto& devices = settings_.devices;
        look("port_http", [&] {
            return check_port("port_http", settings_.http.port, up, all, ours);
        });
        look("port_https", [&] {
            return check_port("port_https", devices.https_port, up, all, ours);
        });
        look("port_mqtt", [&] {
            return check_port("port_mqtt", devices.mqtt_port, up, all, {"mosquitto", broker});
        });
    }

    void postgres() {
        std::optional<OwnerAccess> access;
        std::optional<pg::Survey> survey;
        look("postgres", [&] {
            access.emplace(settings_);
            survey.emplace(access->address());
            return Finding{"postgres", Verdict::well, "it answers"};
        });
        auto& outcome = findings_.back();
        if (!survey) {
            outcome.remedy = settings_.database.url.reveal().empty()
                                 ? "see postgres/log in the data folder"
                                 : "see database.url: host, port, name, role, password";
            return;
        }
        look("postgres_version", [&] { return check_version(survey->server_version()); });
        for (const auto* name :
             {"fsync", "synchronous_commit", "full_page_writes", "data_checksums", "wal_level"}) {
            look(std::string("postgres_") + name, [&] {
                return check_setting(name, survey->setting(name));
            });
        }
        look("postgres_connections", [&] {
            const auto most = survey->setting("max_connections").value_or("0");
            const auto of_each = settings_.database.connections_max + kOfEachRole;
            return check_connections(std::stoll(most), 2 * of_each);
        });
        look("postgres_roles", [&] { return check_roles(survey->roles()); });
        look("postgres_walls", [&] { return check_walls(survey->unwalled()); });
        look("postgres_migrations", [&] {
            return check_migrations(survey->migrations(), known_migrations());
        });
        look("clock_postgres", [&] {
            const auto before = clock_.now();
            const auto theirs = survey->clock();
            return check_offset("postgres", theirs - before - (clock_.now() - before) / 2);
        });
    }

    void certificates() {
        const auto pki = data() / "pki";
        for (const auto* name : {"authority", "server", "gateway"}) {
            const auto check = std::string("certificate_") + name;
            const std::string file = name;
            look(check, [&] {
                return check_certificate(
                    check, pki / (file + ".pem"), pki / (file + ".key"), clock_.now());
            });
        }
        if (settings_.http.certificate_file.empty()) return;
        look("certificate_http", [&] {
            return check_certificate(
                "certificate_http", settings_.http.certificate_file, settings_.http.key_file,
                clock_.now());
        });
    }

    const Settings& settings_;
    const Clock& clock_;
    std::vector<Finding> findings_;
};

std::string line_of(const Finding& one) {
    std::string line(word(one.verdict));
    line.resize(9, ' ');
    line += one.check;
    line.resize(std::max<std::size_t>(line.size() + 1, 33), ' ');
    line += one.told + "\n";
    return one.remedy.empty() ? line
                              : line + std::string(9, ' ') + "to mend it: " + one.remedy + "\n";
}

Verdict worst(const std::vector<Finding>& findings) {
    Verdict out = Verdict::well;
    for (const auto& one : findings) out = std::max(out, one.verdict);
    return out;
}

}  // namespace

std::vector<Finding> examine(const Settings& settings, const Clock& clock) {
    return Examination(settings, clock).all();
}

std::string told(const std::vector<Finding>& findings) {
    std::string out;
    for (const auto verdict : {Verdict::well, Verdict::warning, Verdict::fault}) {
        for (const auto& one : findings) {
            if (one.verdict == verdict) out += line_of(one);
        }
    }
    const auto count = [&](Verdict verdict) {
        return std::to_string(std::ranges::count(findings, verdict, &Finding::verdict));
    };
    return out + count(Verdict::well) + " well, " + count(Verdict::warning) + " to be looked at, " +
           count(Verdict::fault) + " wrong\n";
}

std::string told_json(const std::vector<Finding>& findings) {
    boost::json::array checks;
    for (const auto& one : findings) {
        boost::json::object check{
            {"check", one.check}, {"verdict", word(one.verdict)}, {"told", one.told}};
        if (!one.remedy.empty()) check["remedy"] = one.remedy;
        checks.push_back(std::move(check));
    }
    return json::text(boost::json::object{
               {"verdict", word(worst(findings))}, {"checks", std::move(checks)}}) +
           "\n";
}

int exit_status(const std::vector<Finding>& findings) {
    switch (worst(findings)) {
        case Verdict::well: return 0;
        case Verdict::warning: return 3;
        case Verdict::fault: return 1;
    }
    return 1;
}

}  // namespace mobilytics::server
