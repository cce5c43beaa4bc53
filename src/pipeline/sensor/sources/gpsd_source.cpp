#include "pipeline/sensor/sources/gpsd_source.h"

#include <cerrno>
#include <cstring>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mobilytics::sensor {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPauseMin{1'000};
constexpr milliseconds kPauseMax{30'000};
constexpr std::string_view kWatch = "?WATCH={\"enable\":true,\"json\":true};\n";

}  // namespace

GpsdSource::~GpsdSource() {
    if (socket_ >= 0) close(socket_);
}

void GpsdSource::disconnect(std::string trouble) {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
    connected_ = false;
    trouble_ = std::move(trouble);
    pause_ = next_pause_ = std::clamp(next_pause_ * 2, kPauseMin, kPauseMax);
    // What was cut in two by the end of a connection is not continued by the next.
    std::vector<Fix> last;
    [[maybe_unused]] const auto read = parser_->read("\n", false, last);
}

bool GpsdSource::dial() {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(options_.port);
    if (const int code = getaddrinfo(options_.host.c_str(), port.c_str(), &wanted, &found)) {
        disconnect(options_.host + ": " + gai_strerror(code));
        return false;
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
    socket_ = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ >= 0 &&
        (::connect(socket_, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS)) {
        return true;
    }
    disconnect(std::strerror(errno));
    return false;
}

void GpsdSource::connect(milliseconds wait_max) {
    if (socket_ < 0) {
        if (pause_.count() > 0) {
            const milliseconds wait = std::min(pause_, wait_max);
            if (cancel_.wait(-1, 0, wait) == Cancel::Woken::by_time) pause_ -= wait;
            return;
        }
        if (!dial()) return;
    }
    if (cancel_.wait(socket_, POLLOUT, wait_max) != Cancel::Woken::by_event) return;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    const bool asked = error == 0 && send(socket_, kWatch.data(), kWatch.size(), MSG_NOSIGNAL) ==
                                         static_cast<ssize_t>(kWatch.size());
    if (!asked) return disconnect(std::strerror(error != 0 ? error : errno));
    connected_ = true;
    trouble_.clear();
}

void GpsdSource::receive(milliseconds wait_max) {
    if (cancel_.wait(socket_, POLLIN, wait_max) != Cancel::Woken::by_event) return;
    std::array<char, 16384> chunk{};
    const ssize_t count = recv(socket_, chunk.data(), chunk.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return disconnect(count == 0 ? "gpsd hung up" : std::strerror(errno));
    next_pause_ = milliseconds(0);
    fixes_.clear();
    given_ = 0;
    [[maybe_unused]] const auto read =
        parser_->read({chunk.data(), static_cast<std::size_t>(count)}, false, fixes_);
}

Step GpsdSource::next(Fix& fix, milliseconds wait_max) {
    if (given_ == fixes_.size() && !connected_) {
        connect(wait_max);
        wait_max = milliseconds(0);
    }
    if (given_ == fixes_.size() && connected_) receive(wait_max);
    if (cancel_.raised()) return Step::end;
    if (given_ == fixes_.size()) return Step::idle;
    fix = fixes_[given_++];
    return Step::ready;
}

}  // namespace mobilytics::sensor
