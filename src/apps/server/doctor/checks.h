#pragma once
// The checks that doctor.cpp goes through, each for itself, so that a test can plant what it finds.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apps/server/backup/manifest.h"
#include "apps/server/doctor/doctor.h"
#include "platform/pg/survey.h"

namespace mobilytics::server {

// The folder and the machine: machine_checks.cpp.

Finding check_folder(const std::filesystem::path& data);
/// Keys that others than their owner may read.
Finding check_secrecy(const std::filesystem::path& data);
struct Space {
    std::uint64_t bytes = 0, bytes_free = 0, files = 0, files_free = 0;  // files: inodes.
};
Space space_of(const std::filesystem::path& folder);
Finding check_space(const Space& space);
Finding check_files_limit(std::uint64_t files_max);
std::uint64_t files_limit();
/// `wanted` is what the settings let it use.
Finding check_memory(std::uint64_t bytes, std::uint64_t wanted);
/// Of the machine, or of the control group that we are in.
std::uint64_t memory_bytes();
/// How a clock that others go by differs from ours.
Finding check_offset(const std::string& whose, std::chrono::microseconds offset);
/// Of the file system that the data lie on: its time of what is written now.
std::chrono::microseconds file_system_offset(
    const std::filesystem::path& folder, const Clock& clock);
Finding check_synchronized(bool synchronized);
bool clock_is_synchronized();

// Who listens: port_checks.cpp.

struct Listening {
    std::string address;  // "127.0.0.1", "::".
    std::uint16_t port = 0;
    int process = 0;  // 0: it is not ours to know.
    std::string command;
};
/// All of this machine, of TCP.
std::vector<Listening> listening();
/// `up`: whether the server runs; then the port is to be its own. `words`: in the command of who
/// may have it.
Finding check_port(
    const std::string& check, std::uint16_t port, bool up, const std::vector<Listening>& all,
    const std::vector<std::string>& words);
/// What /readyz says of a server that is up; none of `url`: it is not.
Finding check_ready(const std::optional<std::string>& readyz);
Finding check_exposure(const Settings& settings);
/// Who is given /metrics.
Finding check_insiders(const Settings& settings);

// What is kept: store_checks.cpp.

Finding check_store(const std::filesystem::path& data);
Finding check_certificate(
    const std::string& check, const std::filesystem::path& certificate,
    const std::filesystem::path& key, Instant now);
Finding check_backup(std::optional<Instant> last, Instant now);
Finding check_verified(std::optional<Instant> last, Instant now);
Finding check_dashboard(const std::filesystem::path& folder);

// PostgreSQL: postgres_checks.cpp.

Finding check_version(int version);
/// Of "fsync", "synchronous_commit" and the like; what `value` is, where the server knows it.
Finding check_setting(const std::string& name, const std::optional<std::string>& value);
Finding check_connections(std::int64_t connections_max, std::int64_t wanted);
Finding check_roles(const std::vector<pg::RoleRights>& roles);
Finding check_walls(const std::vector<std::string>& unwalled);
Finding check_migrations(
    const std::vector<pg::AppliedMigration>& applied, const KnownMigrations& known);

}  // namespace mobilytics::server
