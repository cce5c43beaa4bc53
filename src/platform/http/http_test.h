#pragma once
// For tests of whatever speaks HTTP through a socket.

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/http/server.h"

namespace mobilytics::http {

/// A server that runs while this lives, on any port of the loopback.
class RunningServer {
  public:
    RunningServer(ServerConfig config, const Router& router)
        : server_((config.port = 0, config), router), thread_([this] { server_.run(); }) {}
    ~RunningServer() { stop(); }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    Server& server() { return server_; }
    std::uint16_t port() const { return server_.port(); }
    /// Until it has ended.
    void stop() {
        server_.stop();
        if (thread_.joinable()) thread_.join();
    }

  private:
    Server server_;
    std::thread thread_;
};

/// One connection, byte for byte.
class RawClient {
  public:
    static constexpr std::chrono::seconds kPatience{10};

    /// `receive_bytes`: of the socket's buffer; 0 as the system has it.
    explicit RawClient(std::uint16_t port, int receive_bytes = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_bytes > 0) {
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
        }
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
            throw std::runtime_error("cannot connect");
        }
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// False when the other has hung up.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    int descriptor() const { return socket_; }
    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    /// All until the other hangs up.
    std::string read_all() {
        while (fill()) {
        }
        return std::exchange(read_, {});
    }
    /// Up to and with `end`; throws when it does not come.
    std::string read_until(std::string_view end) {
        for (;;) {
            if (const auto at = read_.find(end); at != read_.npos) return taken(at + end.size());
            if (!fill()) throw std::runtime_error("hung up after: " + read_);
        }
    }
    std::string read_exactly(std::size_t count) {
        while (read_.size() < count) {
            if (!fill()) throw std::runtime_error("hung up after: " + read_);
        }
        return taken(count);
    }
    /// One answer that says its Content-Length, head and body.
    std::string read_answer() {
        auto head = read_until("\r\n\r\n");
        const auto at = head.find("Content-Length: ");
        return at == head.npos ? head : head + read_exactly(std::stoul(head.substr(at + 16)));
    }

  private:
    std::string taken(std::size_t count) {
        auto front = read_.substr(0, count);
        read_.erase(0, count);
        return front;
    }
    bool fill() {
        pollfd waits{socket_, POLLIN, 0};
        const auto most = std::chrono::milliseconds(kPatience).count();
        if (::poll(&waits, 1, static_cast<int>(most)) <= 0) {
            throw std::runtime_error("nothing came after: " + read_);
        }
        std::string space(64 * 1024, '\0');
        const auto count = ::recv(socket_, space.data(), space.size(), 0);
        if (count <= 0) return false;
        read_.append(space, 0, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    std::string read_;
};

inline constexpr std::string_view kJsonHeader = "Content-Type: application/json\r\n";

/// "GET /livez", with `headers` each ended by "\r\n".
inline std::string request_text(
    std::string_view line, std::string_view headers = "", std::string_view body = "") {
    std::string text(line);
    text.append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text.append("\r\n").append(body);
}

}  // namespace mobilytics::http
