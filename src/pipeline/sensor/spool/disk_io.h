#pragma once
// FileIo on a real folder. For any thread, but each File for one at a time.

#include <filesystem>

#include "pipeline/sensor/spool/file_io.h"

namespace mobilytics::sensor {

class DiskIo final : public FileIo {
  public:
    /// Makes the folder (for its owner only) if there is none; a disk that does not let us is met
    /// again at the first use.
    explicit DiskIo(std::filesystem::path folder);

    Result<std::unique_ptr<File>> create(const std::string& name) override;
    Result<std::unique_ptr<File>> open(const std::string& name) override;
    Result<> rename(const std::string& from, const std::string& to) override;
    Result<> remove(const std::string& name) override;
    Result<> sync_folder() override;
    Result<std::vector<std::string>> list() override;
    Result<std::uint64_t> free_bytes() override;

  private:
    std::filesystem::path folder_;
};

}  // namespace mobilytics::sensor
