#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "foundation/monotonic.h"
#include "platform/crypto/files.h"
#include "platform/crypto/pki.h"
#include "platform/http/http_test.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::http {
namespace {

/// A client that trusts one authority, and may show a certificate.
class TlsClient {
  public:
    TlsClient(
        std::uint16_t port, const std::string& ca_file, const std::string& pair_file = "",
        int version_max = 0, const char* ciphers = "DEFAULT")
        : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), raw_(port) {
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_.get(), version_max);
        SSL_CTX_set_cipher_list(context_.get(), ciphers);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        SSL_CTX_load_verify_locations(context_.get(), ca_file.c_str(), nullptr);
        if (!pair_file.empty()) {
            SSL_CTX_use_certificate_file(context_.get(), pair_file.c_str(), SSL_FILETYPE_PEM);
            SSL_CTX_use_PrivateKey_file(context_.get(), pair_file.c_str(), SSL_FILETYPE_PEM);
        }
        session_.reset(SSL_new(context_.get()));
        SSL_set1_host(session_.get(), "localhost");
        SSL_set_fd(session_.get(), raw_.descriptor());
        connected_ = SSL_connect(session_.get()) == 1;
    }

    bool connected() const { return connected_; }
    std::string serial() const {
        auto* certificate = SSL_get0_peer_certificate(session_.get());
        auto* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
        auto* text = BN_bn2hex(number);
        std::string out = text;
        OPENSSL_free(text);
        BN_free(number);
        return out;
    }
    /// Empty when the other has hung up.
    std::string ask(std::string_view sent) {
        if (SSL_write(session_.get(), sent.data(), static_cast<int>(sent.size())) <= 0) return {};
        std::string answer;
        std::array<char, 4096> space{};
        for (;;) {
            const int count = SSL_read(session_.get(), space.data(), space.size());
            if (count <= 0) return answer;
            answer.append(space.data(), static_cast<std::size_t>(count));
            const auto end = answer.find("\r\n\r\n");
            const auto length = answer.find("Content-Length: ");
            if (end == answer.npos || length == answer.npos) continue;
            if (answer.size() == end + 4 + std::stoul(answer.substr(length + 16))) return answer;
        }
    }

  private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    RawClient raw_;
    struct FreeSession {
        void operator()(SSL* session) const { SSL_free(session); }
    };
    std::unique_ptr<SSL, FreeSession> session_;
    bool connected_ = false;
};

class TlsTest : public testing::Test {
  protected:
    TlsTest() {
        ::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own sockets raise it.
        write_server_pair();
        router.on(verb::get, "/device", kDevice, [](const Call& call) -> Result<Reply> {
            const auto& peer = *call.request.peer;
            return Reply{
                200,
                {{"name", peer.common_name}, {"of", peer.organization}, {"serial", peer.serial}}};
        });
        router.on(verb::get, "/open", kOpen, [](const Call& call) -> Result<Reply> {
            return Reply{200, {{"shown", call.request.peer.has_value()}}};
        });
    }
    ~TlsTest() override {
        running.reset();
        std::filesystem::remove_all(folder);
    }

    std::string at(const char* name) const { return (folder / name).string(); }
    void write_server_pair() {
        const auto key = crypto::make_key();
        const auto pem = *authority.sign(
            crypto::make_request(key, "any"), {"server", "ours", {"localhost", "127.0.0.1"}}, now,
            std::chrono::days(1));
        crypto::write_file(folder / "server.key", key.reveal(), crypto::Readable::by_owner);
        crypto::write_file(folder / "server.pem", pem, crypto::Readable::by_all);
    }
    /// A file with a device's certificate and key, and the certificate.
    std::pair<std::string, std::string> device(const crypto::Authority& by, const char* name) {
        const auto key = crypto::make_key();
        const auto pem = *by.sign(
            crypto::make_request(key, "any"), {name, "company", {}}, now, std::chrono::days(1));
        crypto::write_file(folder / name, pem + key.reveal(), crypto::Readable::by_owner);
        return {at(name), pem};
    }
    RunningServer& server(bool required = true) {
        TlsConfig tls;
        tls.certificate_file = at("server.pem");
        tls.key_file = at("server.key");
        tls.client_ca_file = at("ca.pem");
        tls.client_certificate_required = required;
        tls.accepted = [this](const PeerCertificate& peer) {
            if (unknown) throw Unavailable("no connection is free");
            return !revoked || peer.common_name != "one";
        };
        ServerConfig config;
        config.tls = tls;
        config.metrics = &registry;
        running = std::make_unique<RunningServer>(config, router);
        return *running;
    }

    const std::filesystem::path folder = [] {
        auto name = (std::filesystem::temp_directory_path() / "mobilytics_tls_XXXXXX").string();
        return std::filesystem::path(::mkdtemp(name.data()));
    }();
    const Instant now = SystemClock().now();
    const crypto::Authority authority{folder / "pki", now};
    const crypto::Authority stranger{folder / "other", now};
    const bool written = [this] {
        crypto::write_file(
            folder / "ca.pem", authority.certificate_pem(), crypto::Readable::by_all);
        return true;
    }();
    std::atomic<bool> revoked = false;
    std::atomic<bool> unknown = false;
    metrics::Registry registry;
    Router router{[](std::string_view) -> Result<Caller> {
        return fail(ErrorKind::unauthenticated, "no_session", "sign in");
    }};
    std::unique_ptr<RunningServer> running;
};

TEST_F(TlsTest, KnowsADeviceByItsCertificate) {
    const auto [file, pem] = device(authority, "one");
    TlsClient client(server().port(), at("ca.pem"), file);
    ASSERT_TRUE(client.connected());
    const auto serial = crypto::read_certificate(pem)->serial;
    const auto answer = client.ask(request_text("GET /device"));
    EXPECT_TRUE(answer.ends_with(R"({"name":"one","of":"company","serial":")" + serial + "\"}"))
        << answer;
}

TEST_F(TlsTest, RefusesWhoShowsNoneOrThatOfAStranger) {
    const auto [file, pem] = device(stranger, "two");
    server();
    // With TLS 1.3 a client learns of it when it reads.
    EXPECT_EQ(TlsClient(running->port(), at("ca.pem")).ask(request_text("GET /open")), "");
    EXPECT_EQ(TlsClient(running->port(), at("ca.pem"), file).ask(request_text("GET /open")), "");
    RawClient plain(running->port());
    plain.send(request_text("GET /open"));
    EXPECT_EQ(plain.read_all().find("HTTP/1.1"), std::string::npos);
    EXPECT_NE(registry.text().find("why=\"handshake\"} 3"), std::string::npos) << registry.text();
}

TEST_F(TlsTest, SpeaksOnlyWhatIsRecommended) {
    const auto [file, pem] = device(authority, "one");
    const auto port = server().port();
    const auto connects = [&](int version, const char* ciphers) {
        return TlsClient(port, at("ca.pem"), file, version, ciphers).connected();
    };
    EXPECT_TRUE(connects(TLS1_3_VERSION, "DEFAULT"));
    for (const char* good : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
        EXPECT_TRUE(connects(TLS1_2_VERSION, good)) << good;
    }
    // A client that would take them.
    for (const int old : {TLS1_VERSION, TLS1_1_VERSION}) {
        EXPECT_FALSE(connects(old, "ALL:@SECLEVEL=0")) << old;
    }
    for (const char* weak :
         {"ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0",
          "AES128-GCM-SHA256:@SECLEVEL=0", "aNULL:eNULL:@SECLEVEL=0"}) {
        EXPECT_FALSE(connects(TLS1_2_VERSION, weak)) << weak;
    }
}

TEST_F(TlsTest, WhereNoneIsRequiredADevicesRouteStillIs) {
    TlsClient client(server(false).port(), at("ca.pem"));
    EXPECT_TRUE(client.ask(request_text("GET /open")).ends_with(R"({"shown":false})"));
    const auto answer = client.ask(request_text("GET /device"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 401")) << answer;
    EXPECT_NE(answer.find("no_certificate"), answer.npos) << answer;
}

TEST_F(TlsTest, RevocationWorksWithinAConnectionAndOnTheNext) {
    const auto [one, one_pem] = device(authority, "one");
    const auto [two, two_pem] = device(authority, "two");
    TlsClient client(server().port(), at("ca.pem"), one);
    EXPECT_TRUE(client.ask(request_text("GET /device")).starts_with("HTTP/1.1 200"));
    revoked = true;
    const auto answer = client.ask(request_text("GET /device"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 403")) << answer;
    EXPECT_NE(answer.find("certificate_revoked"), answer.npos) << answer;
    EXPECT_EQ(client.ask(request_text("GET /device")), "");

    EXPECT_EQ(TlsClient(running->port(), at("ca.pem"), one).ask(request_text("GET /device")), "");
    TlsClient other(running->port(), at("ca.pem"), two);
    EXPECT_TRUE(other.ask(request_text("GET /device")).starts_with("HTTP/1.1 200"));
}

TEST_F(TlsTest, WhoCannotBeAskedAboutComesLater) {
    const auto [file, pem] = device(authority, "one");
    unknown = true;
    TlsClient client(server().port(), at("ca.pem"), file);
    EXPECT_TRUE(client.ask(request_text("GET /device")).starts_with("HTTP/1.1 503"));
    unknown = false;
    EXPECT_TRUE(client.ask(request_text("GET /device")).starts_with("HTTP/1.1 200"));
}

TEST_F(TlsTest, ANewCertificateIsUsedWithoutAStart) {
    const auto [file, pem] = device(authority, "one");
    server();
    const auto before = TlsClient(running->port(), at("ca.pem"), file).serial();
    // A file that is no certificate changes nothing.
    crypto::write_file(folder / "server.pem", "no certificate", crypto::Readable::by_all);
    EXPECT_EQ(TlsClient(running->port(), at("ca.pem"), file).serial(), before);
    write_server_pair();
    const Stopwatch stopwatch;
    auto after = before;
    while (after == before && stopwatch.elapsed() < std::chrono::seconds(10)) {
        after = TlsClient(running->port(), at("ca.pem"), file).serial();
    }
    EXPECT_NE(after, before);
}

TEST_F(TlsTest, DoesNotStartWithoutItsCertificate) {
    ServerConfig config;
    config.port = 0;
    config.tls = TlsConfig{at("nowhere.pem"), at("server.key")};
    EXPECT_ANY_THROW(Server(config, router));
}

}  // namespace
}  // namespace mobilytics::http
