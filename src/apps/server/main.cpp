// mobilytics: the server. `up` starts all of it.

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include "apps/server/installation.h"
#include "apps/server/settings.h"
#include "apps/server/verify.h"
#include "foundation/log.h"
#include "platform/services/private_postgres.h"

namespace mobilytics::server {
namespace {

constexpr std::string_view kHelp = R"(mobilytics: out-of-home advertising, measured.

  mobilytics up [--demo]       starts everything, until SIGINT or SIGTERM
  mobilytics config            prints all that can be set, and what is in force
  mobilytics verify            measures all reports that are kept again, and compares; while it is
                               not up
  mobilytics reset-password [EMAIL]
                               makes a new one-time password for whoever has that e-mail, or else for
                               owner@localhost; while it is not up

  --data FOLDER      where all of it is kept (MOBILYTICS_DATA; else ./data, or ./data-demo; in
                     /var/lib/mobilytics where root starts it in a folder that is closed to others)
  --config FILE      a TOML file (MOBILYTICS_CONFIG; else FOLDER/mobilytics.toml where there is one)
  --demo             with a synthetic city: simulated sensors whose radio frames go the whole way
  --help, --version

Without a configuration it starts a PostgreSQL and a Mosquitto of its own in FOLDER, and listens on
this machine only: dashboard and API on 8080, sensors' HTTPS on 8443 and MQTT on 8883. The first start
prints a one-time password. Every setting is also an environment variable: see `mobilytics config`.

Exit status: 0 stopped when told to, or all is well; 1 could not start, failed, or facts differ; 2 the
command line or the configuration has faults.
)";

constexpr int kFailed = 1;
constexpr int kMisused = 2;

struct Command {
    std::string verb;
    bool demo = false;
    std::optional<std::string> data;
    std::optional<std::string> config;
    std::optional<std::string> email;  // Of reset-password.
};

int misused(const std::string& what) {
    std::cerr << "mobilytics: " << what << "\nTry `mobilytics --help`.\n";
    return kMisused;
}

Result<Command> parse(const std::vector<std::string>& words) {
    Command out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--demo") {
            out.demo = true;
        } else if (word == "--data" || word == "--config") {
            if (i + 1 == words.size()) {
                return fail(ErrorKind::invalid, "bad_command", word + " wants a path behind it");
            }
            (word == "--data" ? out.data : out.config) = words[++i];
        } else if (!word.starts_with("-") && out.verb.empty()) {
            out.verb = word;
        } else if (!word.starts_with("-") && out.verb == "reset-password" && !out.email) {
            out.email = word;
        } else {
            return fail(ErrorKind::invalid, "bad_command", "unknown: " + word);
        }
    }
    return out;
}

/// SIGINT and SIGTERM wait until somebody asks for them, in all threads.
sigset_t block_signals() {
    sigset_t stops;
    sigemptyset(&stops);
    for (const int number : {SIGINT, SIGTERM}) sigaddset(&stops, number);
    pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return stops;
}

/// Each connection is an open file; what we were given may be for desktops. Whoever fills it would
/// else keep the store from opening its own.
void allow_many_files() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

int up(const Settings& settings, bool demo) {
    const auto stops = block_signals();
    allow_many_files();
    Installation installation(settings, demo);
    std::cout << installation.welcome() << std::flush;
    int number = 0;
    sigwait(&stops, &number);
    log::info("stopping", {{"signal", number}});
    // A second one means it: the kernel ends us.
    pthread_sigmask(SIG_UNBLOCK, &stops, nullptr);
    return EXIT_SUCCESS;
}

/// Where it is kept when nobody says: here; or, since a PostgreSQL of our own is not root, where
/// Debian keeps such things.
std::filesystem::path default_data(bool demo) {
    const std::filesystem::path here = demo ? "data-demo" : "data";
    return services::PrivatePostgres::may_use(here) ? here : "/var/lib/mobilytics" / here;
}

int run(const Command& command) {
    auto environment = config::environment();
    Settings settings;
    if (command.data) {
        settings.data = *command.data;
    } else if (const auto given = environment.find("MOBILYTICS_DATA"); given != environment.end()) {
        settings.data = given->second;
    } else {
        settings.data = default_data(command.demo);
    }
    std::string file = command.config.value_or("");
    if (const auto given = environment.find("MOBILYTICS_CONFIG");
        file.empty() && given != environment.end()) {
        file = given->second;
    }
    auto book = settings.book();
    if (const auto good = read(settings, book, file, environment); !good) {
        std::cerr << "mobilytics: " << good.error().message << "\n";
        for (const auto& [where, what] : good.error().faults) {
            std::cerr << "  " << where << ": " << what << "\n";
        }
        return kMisused;
    }
    if (const auto level = from_word<log::Level>(settings.log.level)) log::set_level(*level);
    if (command.verb == "config") {
        std::cout << book.print();
        return EXIT_SUCCESS;
    }
    if (command.verb == "reset-password") {
        const auto told = reset_password(settings, command.email.value_or("owner@localhost"));
        if (!told) return misused(told.error().message);
        std::cout << *told;
        return EXIT_SUCCESS;
    }
    if (command.verb == "verify") {
        const auto verified = verify(settings);
        std::cout << verified.told;
        return verified.same ? EXIT_SUCCESS : kFailed;
    }
    return up(settings, command.demo);
}

int start(const std::vector<std::string>& words) {
    for (const auto& word : words) {
        if (word == "--help" || word == "-h" || word == "help") {
            std::cout << kHelp;
            return EXIT_SUCCESS;
        }
        if (word == "--version") {
            std::cout << "mobilytics " MOBILYTICS_VERSION "\n";
            return EXIT_SUCCESS;
        }
    }
    const auto command = parse(words);
    if (!command) return misused(command.error().message);
    if (command->verb.empty()) return misused("say what to do: up, config, verify, reset-password");
    constexpr std::array<std::string_view, 4> verbs{"up", "config", "verify", "reset-password"};
    if (std::find(verbs.begin(), verbs.end(), command->verb) == verbs.end()) {
        return misused("unknown: " + command->verb);
    }
    return run(*command);
}

}  // namespace
}  // namespace mobilytics::server

int main(int argc, char** argv) {
    try {
        return mobilytics::server::start({argv + 1, argv + argc});
    } catch (const std::exception& failure) {
        mobilytics::log::error("failed", {{"why", failure.what()}});
        std::cerr << "mobilytics: " << failure.what() << "\n";
        return mobilytics::server::kFailed;
    }
}
