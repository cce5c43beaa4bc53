#pragma once
// Programs that we start and that must not outlive us; for this folder only.

#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace mobilytics::services {

/// Starts words[0], looked for in PATH, in a session of its own, its output appended to `log`. When
/// we are root it runs as `user`. It inherits none of our files and little of our environment, and
/// may have as many files open as the system lets it, and
/// gets `death_signal` when the thread that calls this ends, however that ends: a thread that
/// stays.
pid_t start_process(
    const std::vector<std::string>& words, const std::string& user,
    const std::filesystem::path& log, int death_signal);

/// Who such a program runs as: `user` when we are root, else ourselves. Throws std::runtime_error,
/// when there is no such user.
struct User {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
};
User runs_as(const std::string& user);

/// The nearest folder above this one that `user` may not enter; none, if all are open to them.
std::optional<std::filesystem::path> closed_above(
    const std::filesystem::path& folder, const User& user);

/// Makes `folder`, `user`'s and closed to others. Throws std::runtime_error, saying what to do,
/// when it is somebody else's or `user` cannot get to it.
void make_private_folder(const std::filesystem::path& folder, const User& user);

/// Is there, closed to others, while it lives.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// A log that has grown too long begins anew; what it said is kept once, beside it. The program
/// that writes to it does not notice.
void keep_short(const std::filesystem::path& log);

/// The last lines of a log, for a message to people; empty when there is none.
std::string last_lines(const std::filesystem::path& log);

/// Held while it lives; when this process ends, however, it is free. Throws std::runtime_error when
/// another process holds it.
class FolderLock {
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int file_;
};

}  // namespace mobilytics::services
