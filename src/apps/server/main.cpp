// mobilytics: the server. `up` starts all of it.

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include "apps/server/backup/backup.h"
#include "apps/server/doctor/doctor.h"
#include "apps/server/installation.h"
#include "apps/server/places.h"
#include "apps/server/settings.h"
#include "apps/server/trail.h"
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
  mobilytics audit verify [--company ID]
                               looks whether the audit trail is what was written; while it is not up
  mobilytics reset-password [EMAIL]
                               makes a new one-time password for whoever has that e-mail, or else for
                               owner@localhost; while it is not up
  mobilytics backup --to FOLDER|FILE.tar
                               copies all of it, also while it is up
  mobilytics restore --from FOLDER|FILE.tar
                               makes it of a backup, in a data folder that is empty; with --verify on
                               trial: compares every row, and throws it away again
  mobilytics doctor            says what is wrong with an installation, up or not, and how to mend it

  --data FOLDER      where all of it is kept (MOBILYTICS_DATA; else ./data, or ./data-demo; in
                     /var/lib/mobilytics where root starts it in a folder that is closed to others)
  --config FILE      a TOML file (MOBILYTICS_CONFIG; else FOLDER/mobilytics.toml where there is one)
  --demo             with a synthetic city: simulated sensors whose radio frames go the whole way
  --json                 of doctor: for programs
  --keys-sealed-by FILE  of backup, restore: the keys of pki/ are in it, sealed by this file's key
  --without-keys         of restore: without them; every sensor enrols again
  --help, --version

Without a configuration it starts a PostgreSQL and a Mosquitto of its own in FOLDER, and listens on
this machine only: dashboard and API on 8080, sensors' HTTPS on 8443 and MQTT on 8883. The first start
prints a one-time password. Every setting is also an environment variable: see `mobilytics config`.

Exit status: 0 stopped when told to, or all is well; 1 could not start, failed, or facts differ, or
doctor found a fault; 2 the command line or the configuration has faults; 3 doctor found what is to
be looked at, and no fault.
)";

constexpr int kFailed = 1;
constexpr int kMisused = 2;

struct Command {
    std::string verb;
    bool demo = false;
    std::optional<std::string> data;
    std::optional<std::string> config;
    std::optional<std::string> email;                         // Of reset-password.
    std::map<std::string, std::string, std::less<>> options;  // Of single verbs.

    bool has(std::string_view option) const { return options.contains(option); }
    std::string get(std::string_view option) const {
        const auto found = options.find(option);
        return found != options.end() ? found->second : "";
    }
};

/// What only some verbs know.
struct Option {
    std::string_view name;
    bool has_value;
    std::array<std::string_view, 2> verbs;
};
constexpr std::array kOptions{
    Option{"--to", true, {"backup"}},
    Option{"--from", true, {"restore"}},
    Option{"--keys-sealed-by", true, {"backup", "restore"}},
    Option{"--without-keys", false, {"restore"}},
    Option{"--verify", false, {"restore"}},
    Option{"--json", false, {"doctor"}},
    Option{"--company", true, {"audit verify"}},
};

int misused(const std::string& what) {
    std::cerr << "mobilytics: " << what << "\nTry `mobilytics --help`.\n";
    return kMisused;
}

/// Whether this is one of this verb's; then it takes it, and what belongs to it.
Result<bool> take_option(Command& out, const std::vector<std::string>& words, std::size_t& at) {
    const auto found = std::ranges::find(kOptions, words[at], &Option::name);
    if (found == kOptions.end() || !std::ranges::count(found->verbs, out.verb)) return false;
    const std::string name = words[at];
    if (found->has_value && at + 1 == words.size()) {
        return fail(ErrorKind::invalid, "bad_command", name + " wants a value behind it");
    }
    out.options[name] = found->has_value ? words[++at] : "";
    return true;
}

Result<Command> parse(const std::vector<std::string>& words) {
    Command out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        TRY(const bool taken, take_option(out, words, i));
        if (taken) continue;
        if (word == "--demo") {
            out.demo = true;
        } else if (word == "--data" || word == "--config") {
            if (i + 1 == words.size()) {
                return fail(ErrorKind::invalid, "bad_command", word + " wants a path behind it");
            }
            (word == "--data" ? out.data : out.config) = words[++i];
        } else if (word == "verify" && out.verb == "audit") {
            out.verb = "audit verify";
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

/// What is wrong, a line a fault.
void complain(const Error& error) {
    std::cerr << "mobilytics: " << error.message << "\n";
    for (const auto& [where, what] : error.faults)
        std::cerr << "  " << where << ": " << what << "\n";
}

int up(const Settings& settings, bool demo) {
    if (const auto can = check_places(settings); !can) {
        complain(can.error());
        return kFailed;
    }
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

/// Where the settings are read from.
std::string config_file(
    const Command& command, const std::map<std::string, std::string>& environment) {
    if (command.config) return *command.config;
    const auto given = environment.find("MOBILYTICS_CONFIG");
    return given != environment.end() ? given->second : "";
}

std::filesystem::path data_folder(
    const Command& command, const std::map<std::string, std::string>& environment) {
    if (command.data) return *command.data;
    const auto given = environment.find("MOBILYTICS_DATA");
    return given != environment.end() ? std::filesystem::path(given->second)
                                      : default_data(command.demo);
}

int tell(const std::string& told) {
    std::cout << told;
    return EXIT_SUCCESS;
}

int check_up_on(const Settings& settings, bool as_json) {
    const auto findings = examine(settings, SystemClock());
    std::cout << (as_json ? told_json(findings) : told(findings));
    return exit_status(findings);
}

/// What only this verb does.
using Deed = std::function<int(const Command&, const Settings&, const config::Book&)>;
const std::map<std::string, Deed, std::less<>>& deeds() {
    static const std::map<std::string, Deed, std::less<>> all{
        {"up", [](const auto& command, const auto& settings,
                  const auto&) { return up(settings, command.demo); }},
        {"config", [](const auto&, const auto&, const auto& book) { return tell(book.print()); }},
        {"verify",
         [](const auto&, const auto& settings, const auto&) {
             const auto verified = verify(settings);
             std::cout << verified.told;
             return verified.same ? EXIT_SUCCESS : kFailed;
         }},
        {"audit verify",
         [](const auto& command, const auto& settings, const auto&) {
             const auto company =
                 command.has("--company") ? std::optional(command.get("--company")) : std::nullopt;
             const auto verified = verify_audit(settings, company);
             if (!verified) return misused("--company: " + verified.error().message);
             std::cout << verified->told;
             return verified->intact ? EXIT_SUCCESS : kFailed;
         }},
        {"reset-password",
         [](const auto& command, const auto& settings, const auto&) {
             const auto told = reset_password(settings, command.email.value_or("owner@localhost"));
             return told ? tell(*told) : misused(told.error().message);
         }},
        {"backup",
         [](const auto& command, const auto& settings, const auto&) {
             const BackupOptions options{command.get("--to"), command.get("--keys-sealed-by")};
             return tell(backup(settings, options, SystemClock()));
         }},
        {"restore",
         [](const auto& command, const auto& settings, const auto&) {
             const RestoreOptions options{
                 command.get("--from"), command.get("--keys-sealed-by"),
                 command.has("--without-keys"), command.has("--verify")};
             return tell(restore(settings, options, SystemClock()));
         }},
        {"doctor", [](const auto& command, const auto& settings,
                      const auto&) { return check_up_on(settings, command.has("--json")); }},
    };
    return all;
}

int run(const Command& command) {
    const auto environment = config::environment();
    Settings settings;
    settings.data = data_folder(command, environment);
    auto book = settings.book();
    if (const auto good = read(settings, book, config_file(command, environment), environment);
        !good) {
        complain(good.error());
        return kMisused;
    }
    if (const auto level = from_word<log::Level>(settings.log.level)) log::set_level(*level);
    return deeds().find(command.verb)->second(command, settings, book);
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
    std::string verbs;
    for (const auto& [verb, deed] : deeds()) verbs += (verbs.empty() ? "" : ", ") + verb;
    if (command->verb.empty()) return misused("say what to do: " + verbs);
    if (!deeds().contains(command->verb)) return misused("unknown: " + command->verb);
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
