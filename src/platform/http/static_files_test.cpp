#include "platform/http/static_files.h"

#include <fstream>

#include <gtest/gtest.h>

#include "platform/http/compression.h"
#include "platform/http/http_test.h"

namespace mobilytics::http {
namespace {

class StaticFilesTest : public testing::Test {
  protected:
    StaticFilesTest() {
        std::filesystem::create_directories(folder / "site/assets");
        write("site/index.html", "<!doctype html>" + std::string(2'000, ' ') + "here");
        write("site/assets/index-B3x9_kQ2.js", std::string(3'000, 'j'));
        write("site/icon.png", std::string(3'000, 'p'));
        write("site/mark.svg", "<svg/>");
        write("secret.txt", "secret");
        files.emplace(StaticFilesConfig{.folder = folder / "site"});
        files->mount(router);
        router.on(verb::get, "/api/v1/thing", kOpen, [](const Call&) -> Result<Reply> {
            return Reply{200, nullptr};
        });
    }
    ~StaticFilesTest() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, const std::string& content) const {
        std::ofstream(folder / name, std::ios::binary) << content;
    }
    Reply get(std::string target, Headers headers = {}) const {
        return router.handle(
            {.method = verb::get, .target = std::move(target), .headers = std::move(headers)});
    }
    static std::string text(const Reply& reply) {
        return *std::get<std::shared_ptr<const std::string>>(reply.content->bytes);
    }

    const std::filesystem::path folder = [] {
        auto name = (std::filesystem::temp_directory_path() / "mobilytics_files_XXXXXX").string();
        return std::filesystem::path(::mkdtemp(name.data()));
    }();
    std::optional<StaticFiles> files;
    Router router{[](std::string_view) -> Result<Caller> { return Caller{{}, Role::viewer}; }};
};

TEST_F(StaticFilesTest, AnotherAppLivesBelowAPathOfItsOwn) {
    std::filesystem::create_directories(folder / "office");
    write("office/index.html", "the office");
    write("office/desk.svg", "<svg>desk</svg>");
    const StaticFiles both({.folder = folder / "site", .below = {{"/office", folder / "office"}}});
    const auto get = [&](const std::string& target) {
        return text(*both.reply({.method = verb::get, .target = target}));
    };
    EXPECT_EQ(get("/office"), "the office");
    EXPECT_EQ(get("/office/"), "the office");
    EXPECT_EQ(get("/office/jobs/job_1?state=running"), "the office");
    EXPECT_EQ(get("/office/desk.svg"), "<svg>desk</svg>");
    EXPECT_TRUE(get("/officer").ends_with("here"));
    EXPECT_TRUE(get("/jobs").ends_with("here"));
    EXPECT_FALSE(both.reply({.method = verb::get, .target = "/office/mark.svg"}));
    EXPECT_THROW(
        StaticFiles({.folder = folder / "site", .below = {{"/api", folder / "nothing"}}}),
        std::exception);
}

TEST_F(StaticFilesTest, GivesAFileWithWhatKeepsABrowserSafe) {
    const auto reply = get("/icon.png");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(text(reply), std::string(3'000, 'p'));
    EXPECT_EQ(reply.content->type, "image/png");
    EXPECT_EQ(reply.headers.get("Cache-Control"), "no-cache");
    EXPECT_EQ(
        reply.headers.get("Content-Security-Policy"),
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'");
    EXPECT_EQ(reply.headers.get("Referrer-Policy"), "same-origin");
    EXPECT_EQ(
        get("/assets/index-B3x9_kQ2.js").headers.get("Cache-Control"),
        "public, max-age=31536000, immutable");
}

TEST_F(StaticFilesTest, TextSaysItsCharset) {
    EXPECT_EQ(get("/").content->type, "text/html; charset=utf-8");
    EXPECT_EQ(get("/assets/index-B3x9_kQ2.js").content->type, "text/javascript; charset=utf-8");
    EXPECT_EQ(get("/mark.svg").content->type, "image/svg+xml; charset=utf-8");
}

TEST_F(StaticFilesTest, EveryOtherPathIsAPageOfTheApp) {
    for (const char* path : {"/", "/campaigns/summer", "/a/b?tab=1"}) {
        EXPECT_TRUE(text(get(path)).ends_with("here")) << path;
    }
    EXPECT_EQ(get("/api/v1/nothing").status, 404);
    EXPECT_EQ(get("/device/v1/nothing").status, 404);
    EXPECT_EQ(get("/assets/gone-12345678.js").status, 404);
    EXPECT_EQ(get("/api/v1/thing").status, 200);
}

TEST_F(StaticFilesTest, NoPathLeadsOut) {
    for (const char* path :
         {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
          "//../secret.txt", "/assets/..%5c..%5csecret.txt"}) {
        const auto reply = get(path);
        EXPECT_EQ(reply.status, 404) << path;
    }
    EXPECT_EQ(get("/./../secret.txt").status, 400);  // No second spelling of a path.
}

TEST_F(StaticFilesTest, IsNotSentAgainToWhoHasIt) {
    const auto etag = std::string(get("/icon.png").headers.get("ETag"));
    const auto again = get("/icon.png", {{"If-None-Match", "W/\"x\", " + etag}});
    EXPECT_EQ(again.status, 304);
    EXPECT_FALSE(again.content);
    EXPECT_EQ(again.headers.get("ETag"), etag);
    EXPECT_EQ(get("/icon.png", {{"If-None-Match", "\"other\""}}).status, 200);
}

TEST_F(StaticFilesTest, IsCompressedAsTheClientTakesIt) {
    const auto best = get("/assets/index-B3x9_kQ2.js", {{"Accept-Encoding", "gzip, deflate, br"}});
    EXPECT_EQ(best.headers.get("Content-Encoding"), "br");
    const auto good = get("/assets/index-B3x9_kQ2.js", {{"Accept-Encoding", "gzip, br;q=0"}});
    EXPECT_EQ(good.headers.get("Content-Encoding"), "gzip");
    EXPECT_EQ(text(good).substr(0, 2), "\x1f\x8b");
    const auto plain = get("/assets/index-B3x9_kQ2.js", {{"Accept-Encoding", "identity"}});
    EXPECT_EQ(plain.headers.get("Content-Encoding"), "");
    EXPECT_EQ(get("/icon.png", {{"Accept-Encoding", "br"}}).headers.get("Content-Encoding"), "");
}

TEST_F(StaticFilesTest, GoesThroughASocket) {
    const RunningServer running({}, router);
    RawClient client(running.port());
    client.send(request_text("HEAD /"));
    const auto head = client.read_until("\r\n\r\n");
    EXPECT_NE(head.find("Content-Length: 2019\r\n"), head.npos) << head;
    client.send(request_text("GET /icon.png"));
    EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\n" + std::string(3'000, 'p')));
    client.send(request_text("GET /../secret.txt", "Connection: close\r\n"));
    EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 404"));
}

TEST_F(StaticFilesTest, DoesNotStartWithoutAPageOrWithTooMuch) {
    EXPECT_THROW(StaticFiles({.folder = folder / "site/assets"}), std::runtime_error);
    EXPECT_THROW(StaticFiles({.folder = folder / "site", .bytes_max = 3'000}), std::runtime_error);
}

TEST(Compression, OfJsonIsWhatTheClientTakes) {
    EXPECT_TRUE(accepts("gzip", "gzip"));
    EXPECT_TRUE(accepts("deflate, gzip;q=0.5", "gzip"));
    EXPECT_FALSE(accepts("gzip;q=0, br", "gzip"));
    EXPECT_FALSE(accepts("gzip;q=0.000", "gzip"));
    EXPECT_FALSE(accepts("xgzip", "gzip"));
    EXPECT_FALSE(accepts("", "gzip"));
}

}  // namespace
}  // namespace mobilytics::http
