#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "apps/server/doctor/checks.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kGiB = kMiB << 10;
constexpr std::uint64_t kSpaceTight = 5 * kGiB;  // Of the WAL between two checkpoints, and a day.
constexpr std::uint64_t kSpaceGone = kGiB / 2;
constexpr std::uint64_t kFilesTight = 100'000;  // Inodes.
constexpr std::uint64_t kFilesGone = 1'000;
constexpr std::uint64_t kOpenFilesLeast = 16'384;  // Connections of sensors and browsers, and more.
constexpr std::chrono::milliseconds kOffsetTight{500};
constexpr std::chrono::seconds kOffsetGone{30};

std::string size(std::uint64_t bytes) {
    std::array<char, 32> text{};
    std::snprintf(
        text.data(), text.size(), "%.1f GiB",
        static_cast<double>(bytes) / static_cast<double>(kGiB));
    return text.data();
}

std::uint64_t number_in(const char* file) {
    std::uint64_t out = 0;
    std::ifstream(file) >> out;  // "max" leaves it 0.
    return out;
}

}  // namespace

Finding check_folder(const fs::path& data) {
    const std::string check = "data_folder";
    const auto name = fs::absolute(data).string();
    if (!fs::is_directory(data)) {
        return {
            check, Verdict::fault, "there is no installation in " + name,
            "name its folder with --data, or make one: mobilytics up --data " + name};
    }
    if (access(data.c_str(), W_OK | X_OK) != 0) {
        return {
            check, Verdict::fault, "whoever asks may not write in " + name,
            "run as the user to whom it belongs, or give it to this one: chown"};
    }
    return {check, Verdict::well, name};
}

Finding check_secrecy(const fs::path& data) {
    std::string open;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(data / "pki", gone)) {
        const auto mode = entry.status(gone).permissions();
        const bool for_others =
            (mode & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none;
        if (entry.path().extension() == ".key" && for_others) {
            open += (open.empty() ? "" : " ") + entry.path().string();
        }
    }
    if (open.empty()) return {"keys_closed", Verdict::well, "keys are their owner's alone"};
    return {
        "keys_closed", Verdict::fault, "others may read " + open,
        "chmod 600 " + open + "; where others were on this machine, the keys are to be replaced"};
}

Space space_of(const fs::path& folder) {
    struct statvfs about{};
    if (statvfs(folder.c_str(), &about) != 0) {
        throw std::system_error(errno, std::generic_category(), folder.string());
    }
    return {
        about.f_frsize * about.f_blocks, about.f_frsize * about.f_bavail, about.f_files,
        about.f_favail};
}

Finding check_space(const Space& space) {
    const std::string check = "disk_space";
    auto words = size(space.bytes_free) + " of " + size(space.bytes) + " free";
    const bool counted = space.files > 0;  // Some file systems have as many as they like.
    if (counted) words += ", " + std::to_string(space.files_free) + " files more";
    const std::string remedy = "make room, or move the data folder to a larger disk";
    if (space.bytes_free < kSpaceGone || (counted && space.files_free < kFilesGone)) {
        return {check, Verdict::fault, words, remedy + "; sensors keep their reports meanwhile"};
    }
    if (space.bytes_free < kSpaceTight || (counted && space.files_free < kFilesTight)) {
        return {check, Verdict::warning, words, remedy};
    }
    return {check, Verdict::well, words};
}

std::uint64_t files_limit() {
    rlimit files{};
    return getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_max : 0;
}

Finding check_files_limit(std::uint64_t files_max) {
    const auto words = std::to_string(files_max) + " open files allowed";
    if (files_max >= kOpenFilesLeast) return {"open_files", Verdict::well, words};
    return {
        "open_files", Verdict::warning, words + "; each connection is one",
        "LimitNOFILE=65536 in its unit, or `ulimit -Hn 65536` before it starts"};
}

std::uint64_t memory_bytes() {
    const auto pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    const auto machine = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page);
    const auto group = number_in("/sys/fs/cgroup/memory.max");
    return group != 0 ? std::min(machine, group) : machine;
}

Finding check_memory(std::uint64_t bytes, std::uint64_t wanted) {
    const auto words = size(bytes) + ", of which the settings use up to " + size(wanted);
    if (bytes >= wanted + wanted / 4) return {"memory", Verdict::well, words};
    return {
        "memory", bytes < wanted ? Verdict::fault : Verdict::warning, words,
        "set store.memory_mib lower, or give it more memory"};
}

Finding check_offset(const std::string& whose, std::chrono::microseconds offset) {
    const auto check = "clock_" + whose;
    std::array<char, 80> text{};
    std::snprintf(
        text.data(), text.size(), "the clock of the %s is %+.3f s from ours", whose.c_str(),
        std::chrono::duration<double>(offset).count());
    const auto far = offset < offset.zero() ? -offset : offset;
    if (far < kOffsetTight) return {check, Verdict::well, text.data()};
    return {
        check, far < kOffsetGone ? Verdict::warning : Verdict::fault, text.data(),
        "set both machines by NTP: chronyc tracking, timedatectl"};
}

std::chrono::microseconds file_system_offset(const fs::path& folder, const Clock& clock) {
    const auto file = folder / ".clock";
    const auto before = clock.now();
    std::ofstream(file) << "now";
    struct stat about{};
    const bool seen = ::stat(file.c_str(), &about) == 0;
    std::error_code left_behind;
    fs::remove(file, left_behind);
    if (!seen) throw std::runtime_error("cannot write in " + folder.string());
    const Instant written{
        std::chrono::seconds(about.st_mtim.tv_sec) +
        std::chrono::microseconds(about.st_mtim.tv_nsec / 1000)};
    // A file's time is that of the kernel's last tick.
    return written - before;
}

bool clock_is_synchronized() {
    timex state{};
    return adjtimex(&state) != TIME_ERROR;
}

Finding check_synchronized(bool synchronized) {
    if (synchronized) return {"clock_synchronized", Verdict::well, "the clock is set by NTP"};
    return {
        "clock_synchronized", Verdict::warning, "nobody says that this clock is right",
        "set it by NTP: apt install chrony, or timedatectl set-ntp true"};
}

}  // namespace mobilytics::server
