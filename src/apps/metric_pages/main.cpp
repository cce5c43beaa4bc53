// metric_pages FOLDER: writes what docs/metrics/ holds, and removes the pages of metrics that are
// gone.

#include <filesystem>
#include <fstream>
#include <iostream>

#include "pipeline/report/metrics/pages.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "metric_pages FOLDER\n";
        return 2;
    }
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    const auto pages = mobilytics::report::metrics::pages();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto& path = entry.path();
        if (path.extension() == ".md" && !pages.contains(path.filename().string())) {
            std::filesystem::remove(path);
        }
    }
    for (const auto& [name, text] : pages) {
        std::ofstream file(folder / name);
        file << text;
        if (!file.flush()) {
            std::cerr << "metric_pages: cannot write " << (folder / name).string() << "\n";
            return 1;
        }
    }
    return 0;
}
