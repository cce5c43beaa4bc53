#pragma once
// For tests that keep a DuckDB file.

#include <cstdlib>
#include <filesystem>
#include <string>

#include "foundation/result.h"

namespace mobilytics::duckdb {

/// A folder of its own, gone with it.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        auto name = (std::filesystem::temp_directory_path() / "mobilytics_XXXXXX").string();
        VERIFY(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace mobilytics::duckdb
