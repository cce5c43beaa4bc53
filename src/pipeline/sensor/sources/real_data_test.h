#pragma once
// For tests that compare with other programs' reading of real data.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace mobilytics::sensor {

/// The folder MOBILYTICS_REAL_DATA, if it is set.
inline std::optional<std::filesystem::path> real_data() {
    const char* folder = std::getenv("MOBILYTICS_REAL_DATA");
    if (folder == nullptr || *folder == 0) return std::nullopt;
    return std::filesystem::path(folder);
}

/// Files of a folder with an extension, sorted.
inline std::vector<std::filesystem::path> files_in(
    const std::filesystem::path& folder, std::string_view extension) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

inline std::vector<std::string> cells_of(std::string_view line, char separator) {
    std::vector<std::string> cells;
    while (true) {
        const std::size_t end = line.find(separator);
        cells.emplace_back(line.substr(0, end));
        if (end == std::string_view::npos) return cells;
        line.remove_prefix(end + 1);
    }
}

/// What a program writes to its standard output, line by line.
inline std::vector<std::string> lines_of(const std::string& command) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
        popen((command + " 2>/dev/null").c_str(), "r"), pclose);
    std::vector<std::string> lines(1);
    std::array<char, 65536> chunk{};
    while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), pipe.get())) {
        for (const char c : std::string_view(chunk.data(), size)) {
            if (c == '\n') {
                lines.emplace_back();
            } else {
                lines.back() += c;
            }
        }
    }
    lines.pop_back();
    return lines;
}

inline std::string quoted(const std::filesystem::path& path) { return "'" + path.string() + "'"; }

/// The fields of each frame of a capture, as tshark reads it.
inline std::vector<std::vector<std::string>> tshark(
    const std::filesystem::path& file, const std::vector<std::string>& fields,
    const std::string& filter = "", const std::string& options = "") {
    std::string command = "tshark -n -r " + quoted(file) + " -T fields -E occurrence=f " + options;
    if (!filter.empty()) command += " -Y '" + filter + "'";
    for (const std::string& field : fields) command += " -e " + field;
    std::vector<std::vector<std::string>> rows;
    for (const std::string& line : lines_of(command)) rows.push_back(cells_of(line, '\t'));
    return rows;
}

#define SKIP_WITHOUT_REAL_DATA()                                               \
    if (!real_data()) {                                                        \
        GTEST_SKIP() << "needs MOBILYTICS_REAL_DATA, the folder of real data"; \
    }

}  // namespace mobilytics::sensor
