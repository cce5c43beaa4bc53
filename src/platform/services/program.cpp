#include "platform/services/program.h"

#include <array>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mobilytics::services {

namespace {

constexpr std::size_t kToldBytesMax = 4000;

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> out;
    out.reserve(words.size() + 1);
    for (auto& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

/// What it inherits: nothing to read, its standard error to us.
class Inheritance {
  public:
    explicit Inheritance(int told) {
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&files, told, 2);
        posix_spawn_file_actions_addclosefrom_np(&files, 3);
        posix_spawnattr_init(&attributes);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Inheritance() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&files);
    }
    Inheritance(const Inheritance&) = delete;
    Inheritance& operator=(const Inheritance&) = delete;

    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
};

std::string end_of(int told) {
    std::string out;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto count = read(told, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return out;
        out.append(piece.data(), static_cast<std::size_t>(count));
        if (out.size() > kToldBytesMax) out.erase(0, out.size() - kToldBytesMax);
    }
}

}  // namespace

Finished run_program(
    const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& more) {
    std::vector<std::string> all = words;
    std::vector<std::string> environment{
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};
    for (const auto& [name, value] : more) environment.push_back(name + "=" + value);
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::system_category(), "cannot run " + words[0]);
    }
    pid_t process = 0;
    const Inheritance inheritance(ends[1]);
    const int failed = posix_spawnp(
        &process, words[0].c_str(), &inheritance.files, &inheritance.attributes,
        pointers_to(all).data(), pointers_to(environment).data());
    close(ends[1]);
    Finished out;
    if (failed == 0) out.told = end_of(ends[0]);
    close(ends[0]);
    if (failed != 0) {
        throw std::system_error(failed, std::system_category(), "cannot run " + words[0]);
    }
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return out;
}

}  // namespace mobilytics::services
