#include "pipeline/sensor/spool/disk_io.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mobilytics::sensor {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> failed(int error) {
    const std::string message = std::strerror(error);
    switch (error) {
        case ENOSPC:
        case EDQUOT: return fail(ErrorKind::unavailable, "disk_full", message);
        case EROFS:
        case EACCES:
        case EPERM: return fail(ErrorKind::unavailable, "disk_read_only", message);
        case ENOENT: return fail(ErrorKind::not_found, "no_file", message);
        default: return fail(ErrorKind::unavailable, "disk_failed", message);
    }
}

Result<> outcome(int returned) {
    if (returned != 0) return failed(errno);
    return {};
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int operator*() const { return number_; }

  private:
    int number_;
};

class DiskFile final : public File {
  public:
    explicit DiskFile(int descriptor) : descriptor_(descriptor) {}

    Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto written =
                ::pwrite(*descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return failed(errno);
            bytes.remove_prefix(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
        return {};
    }

    Result<std::string> read_at(std::uint64_t offset, std::size_t bytes) override {
        std::string out(bytes, '\0');
        std::size_t done = 0;
        while (done < bytes) {
            const auto got = ::pread(
                *descriptor_, out.data() + done, bytes - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return failed(errno);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        out.resize(done);
        return out;
    }

    Result<> resize(std::uint64_t bytes) override {
        TRY(const auto before, size());
        if (bytes > before) {
            // Not all filesystems can reserve; then the room shows when it is written.
            const int error = ::posix_fallocate(
                *descriptor_, static_cast<off_t>(before), static_cast<off_t>(bytes - before));
            if (error == 0) return {};
            if (error != EOPNOTSUPP && error != EINVAL) return failed(error);
        }
        return outcome(::ftruncate(*descriptor_, static_cast<off_t>(bytes)));
    }

    Result<std::uint64_t> size() override {
        struct stat status{};
        CHECK(outcome(::fstat(*descriptor_, &status)));
        return static_cast<std::uint64_t>(status.st_size);
    }

    Result<> sync() override { return outcome(::fdatasync(*descriptor_)); }

  private:
    Descriptor descriptor_;
};

Result<std::unique_ptr<File>> opened(const fs::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return failed(errno);
    return std::make_unique<DiskFile>(descriptor);
}

}  // namespace

DiskIo::DiskIo(fs::path folder) : folder_(std::move(folder)) {
    std::error_code ignored;
    if (fs::create_directories(folder_, ignored)) {
        fs::permissions(folder_, fs::perms::owner_all, ignored);
    }
}

Result<std::unique_ptr<File>> DiskIo::create(const std::string& name) {
    return opened(folder_ / name, O_RDWR | O_CREAT | O_TRUNC);
}

Result<std::unique_ptr<File>> DiskIo::open(const std::string& name) {
    auto file = opened(folder_ / name, O_RDWR);
    // Where nothing can be written any more, what is there can still be read and sent.
    if (!file && file.error().code == "disk_read_only") return opened(folder_ / name, O_RDONLY);
    return file;
}

Result<> DiskIo::rename(const std::string& from, const std::string& to) {
    return outcome(::rename((folder_ / from).c_str(), (folder_ / to).c_str()));
}

Result<> DiskIo::remove(const std::string& name) {
    if (::unlink((folder_ / name).c_str()) != 0 && errno != ENOENT) return failed(errno);
    return {};
}

Result<> DiskIo::sync_folder() {
    const Descriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (*folder < 0) return failed(errno);
    return outcome(::fsync(*folder));
}

Result<std::vector<std::string>> DiskIo::list() {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
        names.push_back(at->path().filename().string());
    }
    if (error) return failed(error.value());
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::uint64_t> DiskIo::free_bytes() {
    std::error_code error;
    const auto space = fs::space(folder_, error);
    if (error) return failed(error.value());
    return space.available;
}

Result<> replace_file(FileIo& io, const std::string& name, std::string_view content) {
    const auto beside = name + ".new";
    const auto write = [&]() -> Result<> {
        TRY(const auto file, io.create(beside));
        CHECK(file->write_at(0, content));
        return file->sync();
    };
    if (auto written = write(); !written) {
        (void)io.remove(beside);  // On a disk that is full it would only be in the way.
        return written;
    }
    CHECK(io.rename(beside, name));
    return io.sync_folder();
}

Result<std::string> read_file(FileIo& io, const std::string& name) {
    TRY(const auto file, io.open(name));
    TRY(const auto size, file->size());
    return file->read_at(0, static_cast<std::size_t>(size));
}

}  // namespace mobilytics::sensor
