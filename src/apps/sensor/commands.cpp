#include "apps/sensor/commands.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "apps/sensor/arguments.h"
#include "apps/sensor/help.h"
#include "apps/sensor/settings.h"
#include "apps/sensor/status.h"
#include "foundation/log.h"
#include "pipeline/sensor/agent/replay.h"
#include "pipeline/sensor/enrol/enrolment.h"

namespace mobilytics::sensor {

namespace fs = std::filesystem;

namespace {

std::atomic<bool> stop_wanted = false;

void want_stop(int) { stop_wanted = true; }

void stop_on_signals() {
    struct sigaction action{};
    action.sa_handler = want_stop;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

const std::vector<Option> kEverywhere{
    {"--state"}, {"--config"}, {"--help", Takes::nothing}, {"--version", Takes::nothing}};

std::vector<Option> with_everywhere(std::vector<Option> options) {
    options.insert(options.end(), kEverywhere.begin(), kEverywhere.end());
    return options;
}

int complain(const Error& error, int code) {
    std::fprintf(stderr, "mobilytics-sensor: %s (%s)\n", error.message.c_str(), error.code.c_str());
    for (const auto& fault : error.faults) {
        std::fprintf(stderr, "  %s: %s\n", fault.pointer.c_str(), fault.detail.c_str());
    }
    return code;
}

fs::path state_folder(const Arguments& arguments) {
    if (const auto given = arguments.value("--state")) return *given;
    const char* home = std::getenv("XDG_STATE_HOME");
    return home != nullptr && *home != '\0' ? fs::path(home) / "mobilytics-sensor"
                                            : fs::path("mobilytics-sensor");
}

std::optional<fs::path> config_file(const Arguments& arguments) {
    const auto given = arguments.value("--config");
    return given ? std::optional<fs::path>(*given) : std::nullopt;
}

int exit_code_of(const Error& error) {
    if (error.code == "bad_claim_code" || error.code == "bad_url") return kUsage;
    return kEnrolmentRefused;
}

int enroll(const Arguments& arguments) {
    const auto server = arguments.value("--server");
    const auto claim = arguments.value("--claim");
    if (!server || !claim) {
        return complain(
            {ErrorKind::invalid, "bad_arguments", "enroll needs --server URL and --claim CODE"},
            kUsage);
    }
    const auto folder = state_folder(arguments);
    const auto joined = enrol({*server, *claim, folder});
    if (!joined) return complain(joined.error(), exit_code_of(joined.error()));
    std::printf(
        "joined as %s\ncompany    %s\ntime zone  %s\nstate      %s\n", joined->device.str().c_str(),
        joined->company.str().c_str(), joined->time_zone.c_str(), folder.c_str());
    return kDone;
}

/// Who it is; joins first, where a claim is given and it has not.
Result<std::optional<Identity>> identity_for(const Arguments& arguments) {
    const auto folder = state_folder(arguments);
    TRY(auto identity, load_identity(folder));
    const auto server = arguments.value("--server");
    const auto claim = arguments.value("--claim");
    if (identity || !server || !claim) return identity;
    TRY(auto joined, enrol({*server, *claim, folder}));
    return std::optional(std::move(joined));
}

void override_by(const Arguments& arguments, Settings& settings) {
    const auto take = [&](std::string_view name, std::string& into) {
        if (auto given = arguments.value(name)) into = *std::move(given);
    };
    take("--interface", settings.interface);
    take("--channels", settings.channels);
    take("--bluetooth", settings.bluetooth);
    take("--positions", settings.positions);
    take("--opt-out", settings.opt_out_file);
}

int run(const Arguments& arguments) {
    if (arguments.has("--print-config")) {
        const auto printed = print_settings(config_file(arguments));
        if (!printed) return complain(printed.error(), kUsage);
        std::fputs(printed->c_str(), stdout);
        return kDone;
    }
    auto settings = read_settings(config_file(arguments));
    if (!settings) return complain(settings.error(), kUsage);
    override_by(arguments, *settings);
    if (arguments.has("--pcap")) settings->captures = arguments.values("--pcap");
    const auto identity = load_identity(state_folder(arguments));
    if (!identity) return complain(identity.error(), kNotEnrolled);
    if (!*identity) {
        return complain(
            {ErrorKind::not_found, "not_enrolled", "this sensor has not joined: enroll it first"},
            kNotEnrolled);
    }
    auto config = station_config(*settings, state_folder(arguments), **identity);
    if (!config) return complain(config.error(), kUsage);
    const SystemClock clock;
    auto sources = open_sources(*settings, clock);
    if (!sources) return complain(sources.error(), kNoSource);
    const RealMachineTime machine(clock);
    Station station(*config, machine, *std::move(sources));
    log::info("sensor_started", {{"device", (*identity)->device.str()}});
    const auto end = station.run(stop_wanted);
    log::info("sensor_stopped", {{"how", word(end)}});
    switch (end) {
        case StationEnd::stopped:
        case StationEnd::sent: return kDone;
        case StationEnd::not_sent: return kNotAcknowledged;
        case StationEnd::source_failed: break;
    }
    return kNoSource;
}

void show_progress(const ReplayProgress& progress) {
    const auto percent = progress.frames_in_all == 0
                             ? 100.0
                             : 100.0 * static_cast<double>(progress.frames) /
                                   static_cast<double>(progress.frames_in_all);
    std::fprintf(
        stderr, "\r%s  %5.1f %%  %llu reports wait  ", progress.sending ? "sending" : "playing",
        percent, static_cast<unsigned long long>(progress.reports_waiting));
}

void print_summary(const ReplayResult& result) {
    const auto count = [](const char* what, std::uint64_t number) {
        std::printf("%-24s %llu\n", what, static_cast<unsigned long long>(number));
    };
    const auto& agent = result.agent;
    std::printf(
        "%-24s %s\n%-24s %s\n", "from", to_iso8601(result.played.first).c_str(), "to",
        to_iso8601(result.played.last).c_str());
    count("frames read", agent.frames.frames);
    count("sightings", agent.recorded);
    count("positions", agent.fixes);
    for (std::size_t i = 0; i < kFrameDrops; ++i) {
        if (agent.frames.dropped[i] == 0) continue;
        const auto reason = "dropped " + std::string(word(static_cast<FrameDrop>(i)));
        count(reason.c_str(), agent.frames.dropped[i]);
    }
    for (std::size_t i = 0; i < kRecordDrops; ++i) {
        if (agent.not_recorded[i] == 0) continue;
        const auto reason = "dropped " + std::string(word(static_cast<RecordDrop>(i)));
        count(reason.c_str(), agent.not_recorded[i]);
    }
    count("reports made", agent.reports);
    count("reports acknowledged", agent.spool.settled - agent.spool.rejected);
    if (agent.spool.rejected > 0) count("reports rejected", agent.spool.rejected);
    const auto given_up = agent.spool.evicted + agent.spool.not_kept;
    if (given_up > 0) count("reports given up", given_up);
    if (agent.spool.reports > 0) count("reports waiting", agent.spool.reports);
}

Result<ReplayConfig> replay_config(const Arguments& arguments) {
    ReplayConfig out;
    out.keep_time = arguments.has("--keep-time");
    const auto positive = [](const std::string& text) -> std::optional<double> {
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        const bool whole = !text.empty() && *end == '\0';
        return whole && number > 0 && number <= 1e6 ? std::optional(number) : std::nullopt;
    };
    if (const auto speed = arguments.value("--speed"); speed && *speed != "max") {
        out.speed = positive(*speed);
        if (!out.speed) {
            return fail(ErrorKind::invalid, "bad_arguments", "--speed is a number above 0, or max");
        }
    }
    if (const auto wait = arguments.value("--wait")) {
        const auto seconds = positive(*wait);
        if (!seconds) return fail(ErrorKind::invalid, "bad_arguments", "--wait is in seconds");
        out.silence_max = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1'000));
    }
    return out;
}

int replay_captures(const Arguments& arguments) {
    ReplayFiles files{arguments.values("--pcap"), arguments.values("--gps")};
    for (auto& file : arguments.values("--ble")) files.captures.push_back(file);
    if (files.captures.empty()) {
        return complain(
            {ErrorKind::invalid, "bad_arguments", "replay needs --pcap FILE or --ble FILE"},
            kUsage);
    }
    const auto config = replay_config(arguments);
    if (!config) return complain(config.error(), kUsage);
    auto settings = read_settings(config_file(arguments));
    if (!settings) return complain(settings.error(), kUsage);
    override_by(arguments, *settings);
    if (const auto span = measure_files(files); !span) return complain(span.error(), kNoSource);
    const auto identity = identity_for(arguments);
    if (!identity) return complain(identity.error(), exit_code_of(identity.error()));
    if (!*identity) {
        return complain(
            {ErrorKind::not_found, "not_enrolled",
             "this sensor has not joined: give --server URL and --claim CODE"},
            kNotEnrolled);
    }
    const auto station = station_config(*settings, state_folder(arguments), **identity);
    if (!station) return complain(station.error(), kUsage);
    const bool quiet = arguments.has("--quiet");
    const SystemClock clock;
    const RealMachineTime machine(clock);
    const auto result =
        replay(files, *config, *station, machine, stop_wanted, [&](const ReplayProgress& progress) {
            if (!quiet) show_progress(progress);
        });
    if (!quiet) std::fputc('\n', stderr);
    if (!result) return complain(result.error(), kNoSource);
    print_summary(*result);
    return result->all_acknowledged ? kDone : kNotAcknowledged;
}

int dispatch(const std::string& command, const std::vector<std::string>& rest) {
    struct Command {
        std::string_view name;
        std::vector<Option> options;
        int (*call)(const Arguments&);
    };
    const std::vector<Command> commands{
        {"run",
         {{"--interface"},
          {"--pcap", Takes::values},
          {"--channels"},
          {"--bluetooth"},
          {"--positions"},
          {"--opt-out"},
          {"--print-config", Takes::nothing}},
         run},
        {"replay",
         {{"--pcap", Takes::values},
          {"--ble", Takes::values},
          {"--gps", Takes::values},
          {"--server"},
          {"--claim"},
          {"--speed"},
          {"--keep-time", Takes::nothing},
          {"--wait"},
          {"--quiet", Takes::nothing},
          {"--opt-out"}},
         replay_captures},
        {"enroll", {{"--server"}, {"--claim"}}, enroll},
        {"status",
         {{"--json", Takes::nothing}},
         [](const Arguments& arguments) {
             return print_status(state_folder(arguments), arguments.has("--json"));
         }},
    };
    for (const auto& one : commands) {
        if (one.name != command) continue;
        const auto arguments = Arguments::parse(rest, with_everywhere(one.options));
        if (!arguments) return complain(arguments.error(), kUsage);
        if (arguments->has("--help")) {
            std::fputs(kHelp.data(), stdout);
            return kDone;
        }
        return one.call(*arguments);
    }
    std::fprintf(stderr, "mobilytics-sensor: no such command: %s; see --help\n", command.c_str());
    return kUsage;
}

}  // namespace

int run_command(const std::vector<std::string>& words) {
    stop_on_signals();
    if (words.empty()) {
        std::fputs(kHelp.data(), stderr);
        return kUsage;
    }
    if (words[0] == "--help" || words[0] == "help" || words[0] == "-h") {
        std::fputs(kHelp.data(), stdout);
        return kDone;
    }
    if (words[0] == "--version") {
        std::puts("mobilytics-sensor " MOBILYTICS_VERSION);
        return kDone;
    }
    try {
        return dispatch(words[0], {words.begin() + 1, words.end()});
    } catch (const std::exception& failure) {
        return complain({ErrorKind::unavailable, "failed", failure.what()}, kFailed);
    }
}

}  // namespace mobilytics::sensor
