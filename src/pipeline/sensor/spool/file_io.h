#pragma once
// The few things that the spool asks of a disk, in one folder. Behind an interface, so that tests
// can be a disk that is full, that goes read-only, or that loses its power at any moment.
//
// Failures are `unavailable`: disk_full, disk_read_only, disk_failed; but not_found `no_file`, by
// open().

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"

namespace mobilytics::sensor {

class File {
  public:
    virtual ~File() = default;

    /// All of it or a failure; then some of it may be there.
    virtual Result<> write_at(std::uint64_t offset, std::string_view bytes) = 0;
    /// Fewer bytes than asked for where the file ends.
    virtual Result<std::string> read_at(std::uint64_t offset, std::size_t bytes) = 0;
    /// Cuts it, or makes it longer by zeros for which the disk has room.
    virtual Result<> resize(std::uint64_t bytes) = 0;
    virtual Result<std::uint64_t> size() = 0;
    /// What was written stays, whatever happens, once this has returned.
    virtual Result<> sync() = 0;
};

class FileIo {
  public:
    virtual ~FileIo() = default;

    /// A new file, empty; what had the name is gone.
    virtual Result<std::unique_ptr<File>> create(const std::string& name) = 0;
    virtual Result<std::unique_ptr<File>> open(const std::string& name) = 0;
    virtual Result<> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<> remove(const std::string& name) = 0;
    /// Names that were made, changed or removed stay so once this has returned.
    virtual Result<> sync_folder() = 0;
    virtual Result<std::vector<std::string>> list() = 0;
    virtual Result<std::uint64_t> free_bytes() = 0;
};

/// Writes beside it, syncs, renames, syncs the folder: afterwards it is the old one or the new one.
Result<> replace_file(FileIo& io, const std::string& name, std::string_view content);
/// The whole of a file.
Result<std::string> read_file(FileIo& io, const std::string& name);

}  // namespace mobilytics::sensor
