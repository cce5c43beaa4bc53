#include "platform/services/child_process.h"

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mobilytics::services {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kLogBytesMax = 10 << 20;
constexpr std::size_t kLastLines = 5;
constexpr std::size_t kLastBytes = 2000;

/// What it inherits of us.
class Inheritance {
  public:
    explicit Inheritance(const fs::path& log) {
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(
            &files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
        posix_spawn_file_actions_adddup2(&files, 1, 2);
        posix_spawn_file_actions_addclosefrom_np(&files, 3);
        posix_spawnattr_init(&attributes);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        // Apart from our terminal: it is ours to stop it, after what uses it.
        posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
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

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> out;
    out.reserve(words.size() + 1);
    for (auto& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

bool may_enter(const User& user, const struct stat& folder) {
    if (folder.st_uid == user.uid) return (folder.st_mode & S_IXUSR) != 0;
    std::array<gid_t, 64> groups{};
    int count = static_cast<int>(groups.size());
    getgrouplist(user.name.c_str(), user.gid, groups.data(), &count);
    for (int i = 0; i < count && i < static_cast<int>(groups.size()); ++i) {
        if (groups[static_cast<std::size_t>(i)] == folder.st_gid) {
            return (folder.st_mode & S_IXGRP) != 0;
        }
    }
    return (folder.st_mode & S_IXOTH) != 0;
}

}  // namespace

pid_t start_process(
    const std::vector<std::string>& words, const std::string& user, const fs::path& log,
    int death_signal) {
    std::vector<std::string> all{
        "setpriv", std::string("--pdeathsig=") + sigabbrev_np(death_signal)};
    if (geteuid() == 0) {
        all.insert(all.end(), {"--reuid=" + user, "--regid=" + user, "--init-groups"});
    }
    all.insert(all.end(), words.begin(), words.end());
    std::vector<std::string> environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};

    keep_short(log);
    const Inheritance inheritance(log);
    pid_t process = 0;
    const int failed = posix_spawnp(
        &process, "setpriv", &inheritance.files, &inheritance.attributes, pointers_to(all).data(),
        pointers_to(environment).data());
    if (failed != 0)
        throw std::system_error(failed, std::system_category(), "cannot start setpriv");
    // A broker has a file open for each device; what we were given may be for desktops.
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        prlimit(process, RLIMIT_NOFILE, &files, nullptr);
    }
    return process;
}

User runs_as(const std::string& user) {
    if (geteuid() != 0) {
        const passwd* self = getpwuid(geteuid());
        return {self != nullptr ? self->pw_name : "", geteuid(), getegid()};
    }
    const passwd* found = getpwnam(user.c_str());
    if (found == nullptr) {
        throw std::runtime_error("there is no user " + user + "; install Debian's package of it");
    }
    return {user, found->pw_uid, found->pw_gid};
}

std::optional<fs::path> closed_above(const fs::path& folder, const User& user) {
    const auto absolute = fs::absolute(folder);
    for (auto above = absolute.parent_path();; above = above.parent_path()) {
        struct stat found{};
        if (stat(above.c_str(), &found) == 0 && !may_enter(user, found)) return above;
        if (above == above.root_path()) return std::nullopt;
    }
}

void make_private_folder(const fs::path& folder, const User& user) {
    std::error_code refused;
    fs::create_directories(folder, refused);
    struct stat found{};
    if (refused || stat(folder.c_str(), &found) != 0) {
        throw std::runtime_error(
            "cannot make the folder " + folder.string() + ": " +
            (refused ? refused.message() : "it is not to be seen") +
            "; choose another data folder");
    }
    const bool foreign = geteuid() != 0 && found.st_uid != geteuid();
    if (foreign || (geteuid() == 0 && chown(folder.c_str(), user.uid, user.gid) != 0) ||
        chmod(folder.c_str(), S_IRWXU) != 0) {
        throw std::runtime_error(
            "the folder " + folder.string() +
            " belongs to another user; run as that user, or "
            "choose another data folder");
    }
    if (const auto above = closed_above(folder, user)) {
        throw std::runtime_error(
            "the user " + user.name + " may not enter " + above->string() +
            "; choose a data folder elsewhere, such as /var/lib/mobilytics, or allow it: chmod o+x " +
            above->string());
    }
}

TemporaryFolder::TemporaryFolder() {
    auto name = (fs::temp_directory_path() / "mobilytics_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::system_category(), "cannot make " + name);
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code left_behind;
    fs::remove_all(path_, left_behind);
}

void keep_short(const fs::path& log) {
    std::error_code refused;
    const auto size = fs::file_size(log, refused);
    if (refused || size <= kLogBytesMax) return;
    fs::copy_file(log, log.string() + ".before", fs::copy_options::overwrite_existing, refused);
    fs::resize_file(log, 0, refused);  // It is written at its end, wherever that is.
}

std::string last_lines(const fs::path& log) {
    std::ifstream file(log, std::ios::binary | std::ios::ate);
    if (!file) return "";
    const auto size = static_cast<std::size_t>(file.tellg());
    file.seekg(static_cast<std::streamoff>(size > kLastBytes ? size - kLastBytes : 0));
    std::ostringstream rest;
    rest << file.rdbuf();
    std::string text = rest.str();
    while (text.ends_with('\n')) text.pop_back();
    std::size_t from = text.size();
    for (std::size_t i = 0; i < kLastLines && from != text.npos && from > 0; ++i) {
        from = text.rfind('\n', from - 1);
    }
    return from == text.npos ? text : text.substr(from + (from > 0 ? 1 : 0));
}

FolderLock::FolderLock(const fs::path& folder)
    : file_(open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0) {
        throw std::system_error(
            errno, std::system_category(), "cannot open " + (folder / "lock").string());
    }
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
        close(file_);
        throw std::runtime_error(
            "another process uses " + folder.string() + "; stop it, or choose another data folder");
    }
}

FolderLock::~FolderLock() { close(file_); }

}  // namespace mobilytics::services
