#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include <boost/json.hpp>

#include "apps/server/doctor/checks.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr auto kListens = "0A";

/// "0100007F" -> "127.0.0.1"; of an IPv6 address, whether it is all of them, the loopback's or
/// else.
std::string address_of(std::string_view hex) {
    if (hex.size() != 8) {
        if (hex.find_first_not_of('0') == hex.npos) return "::";
        return hex == "00000000000000000000000001000000" ? "::1" : "IPv6";
    }
    std::string out;
    for (int at = 6; at >= 0; at -= 2) {  // The kernel's own order, little endian.
        unsigned byte = 0;
        std::from_chars(hex.data() + at, hex.data() + at + 2, byte, 16);
        out += (out.empty() ? "" : ".") + std::to_string(byte);
    }
    return out;
}

/// By socket: who has it. Of others' processes nothing is shown to who is not root.
std::map<std::string, int> owners() {
    std::map<std::string, int> out;
    std::error_code closed;
    for (const auto& process : fs::directory_iterator("/proc", closed)) {
        const auto name = process.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        for (const auto& file : fs::directory_iterator(process.path() / "fd", closed)) {
            const auto to = fs::read_symlink(file.path(), closed).string();
            if (to.starts_with("socket:[")) {
                out.emplace(to.substr(8, to.size() - 9), std::stoi(name));
            }
        }
    }
    return out;
}

std::string command_of(int process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/cmdline", std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(file), {}};
    std::ranges::replace(out, '\0', ' ');
    return out.substr(0, 200);
}

}  // namespace

std::vector<Listening> listening() {
    std::vector<Listening> out;
    const auto owner = owners();
    for (const auto* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line);  // Headings.
        while (std::getline(file, line)) {
            std::istringstream words(line);
            std::string number, local, remote, state, queues, timer, retries, user, timeout, socket;
            words >> number >> local >> remote >> state >> queues >> timer >> retries >> user >>
                timeout >> socket;
            const auto colon = local.find(':');
            if (state != kListens || colon == local.npos) continue;
            Listening one;
            one.address = address_of(std::string_view(local).substr(0, colon));
            std::from_chars(local.data() + colon + 1, local.data() + local.size(), one.port, 16);
            if (const auto at = owner.find(socket); at != owner.end()) {
                one.process = at->second;
                one.command = command_of(one.process);
            }
            out.push_back(std::move(one));
        }
    }
    return out;
}

Finding check_port(
    const std::string& check, std::uint16_t port, bool up, const std::vector<Listening>& all,
    const std::vector<std::string>& words) {
    const auto at = std::ranges::find(all, port, &Listening::port);
    const auto number = "port " + std::to_string(port);
    if (at == all.end()) {
        if (!up) return {check, Verdict::well, number + " is free"};
        return {
            check, Verdict::fault, "nobody listens at " + number + ", though the server is up",
            "see its log; start it again"};
    }
    const auto has = [&](const std::string& word) {
        return at->command.find(word) != std::string::npos;
    };
    if (at->process != 0 && std::ranges::all_of(words, has)) {
        return {check, Verdict::well, number + " is ours"};
    }
    if (at->process == 0 && up) {
        return {
            check, Verdict::warning, number + " is somebody's whom we may not see",
            "ask as root, or as the server's user"};
    }
    const auto who = at->process == 0
                         ? std::string("another user")
                         : "process " + std::to_string(at->process) + " (" + at->command + ")";
    return {
        check, Verdict::fault, number + " is taken by " + who,
        "stop that, or set another: mobilytics config"};
}

Finding check_ready(const std::optional<std::string>& readyz) {
    if (!readyz) return {"server", Verdict::well, "the server is not up"};
    boost::json::error_code bad;
    const auto told = boost::json::parse(*readyz, bad);
    const auto* all = bad ? nullptr : told.if_object();
    const auto* checks = all != nullptr ? all->if_contains("checks") : nullptr;
    const auto* ready = all != nullptr ? all->if_contains("ready") : nullptr;
    if (checks == nullptr && ready != nullptr && ready->is_bool()) {  // We are no insider.
        if (ready->get_bool()) return {"server", Verdict::well, "the server is up and ready"};
        return {
            "server", Verdict::fault, "the server is not ready, and tells us no more",
            "see its log; with metrics.token it says what is wrong"};
    }
    if (checks == nullptr || !checks->is_object()) {
        return {
            "server", Verdict::fault, "what listens at http.port is not this server",
            "name the settings that it runs with, by --data and --config"};
    }
    std::string wrong;
    for (const auto& [name, outcome] : checks->as_object()) {
        if (outcome == "ok" || outcome == false) continue;
        wrong += (wrong.empty() ? "" : "; ") + std::string(name) + " " +
                 (outcome.is_string() ? std::string(outcome.as_string()) : "is true");
    }
    if (wrong.empty()) return {"server", Verdict::well, "the server is up and ready"};
    return {
        "server", Verdict::fault, "the server is not ready: " + wrong,
        "see what this says of that part, and the server's log"};
}

Finding check_exposure(const Settings& settings) {
    const auto& http = settings.http;
    const bool here_only = http.address == "127.0.0.1" || http.address == "::1";
    const bool by_tls = !http.certificate_file.empty() || http.public_url.starts_with("https://");
    if (here_only || by_tls) {
        return {
            "tls", Verdict::well,
            by_tls ? "browsers come by TLS" : "browsers come from this machine only"};
    }
    return {
        "tls", Verdict::warning, "passwords and cookies come to " + http.address + " in the clear",
        "set http.certificate_file and http.key_file; or a proxy that speaks TLS, and "
        "http.public_url to what it is called"};
}

Finding check_insiders(const Settings& settings) {
    const bool token = !settings.metrics.token.empty();
    if (settings.has_unnamed_proxy()) {
        if (token) return {"metrics", Verdict::well, "/metrics is for who shows metrics.token"};
        return {
            "metrics", Verdict::warning,
            "nobody is given /metrics: http.public_url says that a proxy stands before us, which "
            "http.trusted_proxies does not name",
            "name it there, or set metrics.token for whoever collects them"};
    }
    return {
        "metrics", Verdict::well,
        token ? "/metrics is for this machine, and for who shows metrics.token"
              : "/metrics is for this machine only"};
}

}  // namespace mobilytics::server
