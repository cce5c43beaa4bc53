#include "platform/http/connection.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace mobilytics::http {

namespace {

using asio::ip::tcp;
using boost::system::error_code;

std::string entry(X509_NAME* name, int kind) {
    const int at = X509_NAME_get_index_by_NID(name, kind, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const auto* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    const int size = ASN1_STRING_to_UTF8(&text, data);
    if (size < 0) return {};
    std::string out(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return out;
}

std::string serial_of(X509* certificate) {
    auto* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    char* text = number != nullptr ? BN_bn2hex(number) : nullptr;
    std::string out = text != nullptr ? text : "";
    OPENSSL_free(text);
    BN_free(number);
    out.erase(0, std::min(out.find_first_not_of('0'), out.size()));
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

/// None, when the client showed no certificate; what it showed has been verified.
std::optional<PeerCertificate> peer_of(SSL* session) {
    auto* certificate = SSL_get1_peer_certificate(session);
    if (certificate == nullptr) return std::nullopt;
    auto* subject = X509_get_subject_name(certificate);
    PeerCertificate peer{
        entry(subject, NID_commonName), entry(subject, NID_organizationName),
        serial_of(certificate)};
    X509_free(certificate);
    return peer;
}

std::string address_of(const tcp::socket& socket) {
    error_code gone;
    const auto endpoint = socket.remote_endpoint(gone);
    return gone ? "" : endpoint.address().to_string();
}

template <class Stream>
asio::awaitable<std::size_t> read_some(Stream& stream, asio::mutable_buffer into) {
    error_code failed;
    const auto count =
        co_await stream.async_read_some(into, asio::redirect_error(asio::use_awaitable, failed));
    co_return failed ? 0 : count;
}

template <class Stream>
asio::awaitable<bool> write_all(
    Stream& stream, asio::const_buffer first, asio::const_buffer second, std::uint64_t& written) {
    const std::array<asio::const_buffer, 2> both{first, second};
    error_code failed;
    const auto count =
        co_await asio::async_write(stream, both, asio::redirect_error(asio::use_awaitable, failed));
    written += count;
    co_return !failed;
}

void close(tcp::socket& socket) {
    error_code ignored;  // It is gone either way.
    socket.close(ignored);
}

class PlainConnection final : public Connection {
  public:
    explicit PlainConnection(tcp::socket socket) : Connection(socket), socket_(std::move(socket)) {}

    asio::awaitable<bool> begin() override { co_return true; }
    asio::awaitable<std::size_t> read(asio::mutable_buffer into) override {
        return read_some(socket_, into);
    }
    asio::awaitable<bool> write(asio::const_buffer first, asio::const_buffer second) override {
        return write_all(socket_, first, second, written_);
    }
    asio::awaitable<void> end_writing() override {
        error_code ignored;  // Then it is gone already.
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        co_return;
    }
    void cut() override { close(socket_); }

  private:
    tcp::socket socket_;
};

class TlsConnection final : public Connection {
  public:
    TlsConnection(tcp::socket socket, TlsContext tls)
        : Connection(socket), tls_(std::move(tls)), waiting_(std::move(socket)) {}

    asio::awaitable<bool> begin() override {
        // What TLS needs for a connection is some hundred times a socket: who says nothing gets
        // none.
        error_code failed;
        co_await waiting_->async_wait(
            tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, failed));
        if (failed) co_return false;
        stream_.emplace(std::move(*waiting_), *tls_);
        waiting_.reset();
        co_await stream_->async_handshake(
            asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, failed));
        if (!failed) peer_ = peer_of(stream_->native_handle());
        co_return !failed;
    }
    asio::awaitable<std::size_t> read(asio::mutable_buffer into) override {
        return read_some(*stream_, into);
    }
    asio::awaitable<bool> write(asio::const_buffer first, asio::const_buffer second) override {
        return write_all(*stream_, first, second, written_);
    }
    asio::awaitable<void> end_writing() override {
        error_code ignored;  // Then it is gone already.
        co_await stream_->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
        stream_->next_layer().shutdown(tcp::socket::shutdown_send, ignored);
    }
    void cut() override { close(stream_ ? stream_->next_layer() : *waiting_); }

  private:
    TlsContext tls_;                      // Of before a reload, perhaps: the stream's own.
    std::optional<tcp::socket> waiting_;  // Until there is something to read.
    std::optional<asio::ssl::stream<tcp::socket>> stream_;
};

constexpr unsigned char kAlpn[] = "\x08http/1.1";

int choose_protocol(
    SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
    unsigned int offered_size, void*) {
    auto* ours = const_cast<unsigned char**>(chosen);
    const int found =
        SSL_select_next_proto(ours, size, kAlpn, sizeof(kAlpn) - 1, offered, offered_size);
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void verify_clients(asio::ssl::context& context, const TlsConfig& config) {
    context.load_verify_file(config.client_ca_file);
    auto* names = SSL_load_client_CA_file(config.client_ca_file.c_str());
    SSL_CTX_set_client_CA_list(context.native_handle(), names);
    const auto required =
        config.client_certificate_required ? asio::ssl::verify_fail_if_no_peer_cert : 0;
    context.set_verify_mode(asio::ssl::verify_peer | required);
    // Each connection shows its certificate anew, so that one that has been revoked is seen.
    SSL_CTX_set_session_cache_mode(context.native_handle(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context.native_handle(), 0);
}

/// Of TLS 1.2 what has forward secrecy and authenticates what it encrypts; all of TLS 1.3 does.
constexpr auto kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

}  // namespace

TlsContext tls_context(const TlsConfig& config) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    auto* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    VERIFY(SSL_CTX_set_cipher_list(native, kCiphers) == 1);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    context->use_certificate_chain_file(config.certificate_file);
    context->use_private_key_file(config.key_file, asio::ssl::context::pem);
    if (!config.client_ca_file.empty()) verify_clients(*context, config);
    return context;
}

Connection::Connection(const tcp::socket& socket) : remote_address_(address_of(socket)) {}

std::unique_ptr<Connection> connection(tcp::socket socket, TlsContext tls) {
    if (tls) return std::make_unique<TlsConnection>(std::move(socket), std::move(tls));
    return std::make_unique<PlainConnection>(std::move(socket));
}

}  // namespace mobilytics::http
