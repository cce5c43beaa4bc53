#pragma once
// What backup.cpp and restore.cpp have in common: programs, remembered times, sealed keys.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "foundation/clock.h"

namespace mobilytics::server {

/// A folder that is being made, gone with this unless it was kept.
class Making {
  public:
    /// `beside` is the name that it is to have: until then it is called beside.SUFFIX. What an
    /// attempt before this one left is removed.
    Making(const std::filesystem::path& beside, const std::string& suffix);
    ~Making();
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;
    const std::filesystem::path& path() const { return path_; }
    /// From now on it is there, under its name; an empty folder gives way to it.
    void keep();

  private:
    const std::filesystem::path name_;
    const std::filesystem::path path_;
    bool kept_ = false;
};

/// Throws std::runtime_error with what it said, unless it went well.
void must_run(
    const std::string& what, const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& environment = {});

/// Whether there is nothing at all.
bool is_empty_or_missing(const std::filesystem::path& folder);

/// "NAME.tar".
bool is_archive(const std::filesystem::path& path);

/// The files of pki/ and the configuration of `data`, sealed by the key in `key_file`, into `file`.
void seal_keys(
    const std::filesystem::path& data, const std::filesystem::path& key_file,
    const std::filesystem::path& file);
/// The other way. Throws std::runtime_error, when it is another key.
void open_keys(
    const std::filesystem::path& file, const std::filesystem::path& key_file,
    const std::filesystem::path& data);

/// Remembers when `what` went well.
void remember(
    const std::filesystem::path& data, const std::string& what, Instant at,
    const std::filesystem::path& where);

/// "3.2 MiB"
std::string size_words(std::int64_t bytes);

}  // namespace mobilytics::server
