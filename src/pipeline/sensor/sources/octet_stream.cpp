#include "pipeline/sensor/sources/octet_stream.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "pipeline/sensor/decode/fix_text.h"

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kReadBytes = 1 << 16;

std::optional<speed_t> line_speed(int baud) {
    switch (baud) {
        case 4800: return B4800;
        case 9600: return B9600;
        case 19200: return B19200;
        case 38400: return B38400;
        case 57600: return B57600;
        case 115200: return B115200;
        case 230400: return B230400;
        case 460800: return B460800;
        default: return std::nullopt;
    }
}

/// A terminal line gives its octets as they come, at `baud` where that is asked for.
bool make_raw(int descriptor, std::optional<speed_t> speed) {
    termios settings{};
    if (tcgetattr(descriptor, &settings) != 0) return false;
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    if (speed && cfsetspeed(&settings, *speed) != 0) return false;
    return tcsetattr(descriptor, TCSANOW, &settings) == 0;
}

tl::unexpected<Error> unreadable(const std::string& path, const char* why) {
    return fail(ErrorKind::invalid, "unreadable", path + ": " + why);
}

}  // namespace

Cancel::Cancel() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Cancel::~Cancel() { close(event_); }

void Cancel::raise() {
    raised_ = true;
    const std::uint64_t one = 1;
    // It can only fail for being raised already.
    [[maybe_unused]] const auto written = write(event_, &one, sizeof one);
}

Cancel::Woken Cancel::wait(int descriptor, short events, std::chrono::milliseconds wait_max) const {
    std::array<pollfd, 2> polled{{{event_, POLLIN, 0}, {descriptor, events, 0}}};
    const auto wait_ms = static_cast<int>(std::clamp<std::int64_t>(wait_max.count(), 0, 3'600'000));
    const int count = poll(polled.data(), polled.size(), wait_ms);
    if (raised_) return Woken::by_cancel;
    return count > 0 ? Woken::by_event : Woken::by_time;
}

Result<std::unique_ptr<OctetStream>> OctetStream::open(const std::string& path) {
    if (path == "-") {
        const int copy = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
        if (copy < 0) return unreadable(path, std::strerror(errno));
        return std::make_unique<OctetStream>(copy, path);
    }
    std::string file = path;
    std::optional<speed_t> speed;
    const std::size_t at = path.rfind('@');
    if (path.starts_with("/dev/") && at != std::string::npos) {
        speed = line_speed(read_digits(path.substr(at + 1)).value_or(0));
        if (!speed) return unreadable(path, "this line speed is not known");
        file.resize(at);
    }
    // Without O_NONBLOCK a FIFO waits here until somebody writes.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) return unreadable(path, std::strerror(errno));
    auto stream = std::make_unique<OctetStream>(descriptor, path);
    struct stat status{};
    if (fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
        return unreadable(path, std::strerror(EISDIR));
    }
    if (stream->terminal() && !make_raw(descriptor, speed)) {
        return unreadable(path, std::strerror(errno));
    }
    return stream;
}

OctetStream::OctetStream(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {
    struct stat status{};
    live_ = fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode);
    terminal_ = isatty(descriptor) == 1;
}

OctetStream::~OctetStream() { close(descriptor_); }

OctetStream::Fill OctetStream::fill(std::size_t octets_max, std::chrono::milliseconds wait_max) {
    if (cancel_.raised()) return Fill::end;
    if (begin_ > 0) {
        std::copy(
            buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ >= octets_max) return Fill::failed;
    if (buffer_.size() < end_ + kReadBytes) buffer_.resize(end_ + kReadBytes);
    if (live_) {
        const auto woken = cancel_.wait(descriptor_, POLLIN, wait_max);
        if (woken == Cancel::Woken::by_cancel) return Fill::end;
        if (woken == Cancel::Woken::by_time) return Fill::idle;
    }
    const ssize_t count = read(descriptor_, buffer_.data() + end_, kReadBytes);
    if (count == 0) return Fill::end;
    if (count < 0) {
        const bool later = errno == EAGAIN || errno == EINTR;
        return later ? Fill::idle : Fill::failed;
    }
    end_ += static_cast<std::size_t>(count);
    return Fill::more;
}

}  // namespace mobilytics::sensor
