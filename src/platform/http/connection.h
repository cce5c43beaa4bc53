#pragma once
// A socket with or without TLS, for conversation.cpp. On the server's one thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "platform/http/message.h"
#include "platform/http/server.h"

namespace mobilytics::http {

namespace asio = boost::asio;
using TlsContext = std::shared_ptr<asio::ssl::context>;

/// As `config` says; throws boost::system::system_error when a file is not what it should be.
TlsContext tls_context(const TlsConfig& config);

class Connection {
  public:
    explicit Connection(const asio::ip::tcp::socket& socket);
    virtual ~Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Whether the two of us understand each other.
    virtual asio::awaitable<bool> begin() = 0;
    /// Nothing when the other is gone.
    virtual asio::awaitable<std::size_t> read(asio::mutable_buffer into) = 0;
    /// All of both, or false.
    virtual asio::awaitable<bool> write(asio::const_buffer first, asio::const_buffer second) = 0;
    /// Bytes of all that was written, without TLS's own.
    std::uint64_t written() const { return written_; }
    /// Says that we write no more; with TLS, waits for the other to say so as well.
    virtual asio::awaitable<void> end_writing() = 0;
    /// At once; who reads or writes is told.
    virtual void cut() = 0;

    const std::string& remote_address() const { return remote_address_; }
    /// Once it has begun.
    const std::optional<PeerCertificate>& peer() const { return peer_; }

  protected:
    std::optional<PeerCertificate> peer_;
    std::uint64_t written_ = 0;

  private:
    std::string remote_address_;
};

/// `tls` null: plain.
std::unique_ptr<Connection> connection(asio::ip::tcp::socket socket, TlsContext tls);

}  // namespace mobilytics::http
