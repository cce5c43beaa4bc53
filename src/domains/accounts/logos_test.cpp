#include "domains/accounts/logos.h"

#include <gtest/gtest.h>

#include "domains/accounts/accounts_test.h"
#include "domains/accounts/image_header.h"
#include "platform/fetch/fetch.h"
#include "platform/http/http_test.h"

namespace mobilytics::accounts {
namespace {

using http::verb;
using namespace std::string_literals;

std::string big(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
    return out;
}
std::string little(std::uint32_t value, int bytes) {
    const auto out = big(value, bytes);
    return {out.rbegin(), out.rend()};
}

/// What a header needs to be read, without pixels.
std::string png(std::uint32_t width, std::uint32_t height) {
    return "\x89PNG\r\n\x1A\n"s + big(13, 4) + "IHDR" + big(width, 4) + big(height, 4) +
           "\x08\x06\0\0\0"s + "crc!" + "\0\0\0\0IEND\xAE\x42\x60\x82"s;
}
std::string jpeg(std::uint32_t width, std::uint32_t height) {
    return "\xFF\xD8"s + "\xFF\xE0" + big(4, 2) + "ab" + "\xFF\xFF\xC2"s + big(11, 2) + "\x08"s +
           big(height, 2) + big(width, 2) + "\x01" + "\x01\x11\0"s + "\xFF\xD9"s;
}
std::string riff(const std::string& chunks) {
    return "RIFF" + little(static_cast<std::uint32_t>(4 + chunks.size()), 4) + "WEBP" + chunks;
}
std::string webp(std::uint32_t width, std::uint32_t height) {
    return riff(
        "VP8X" + little(10, 4) + "\0\0\0\0"s + little(width - 1, 3) + little(height - 1, 3));
}
std::string lossy_webp(std::uint32_t width, std::uint32_t height) {
    return riff(
        "VP8 " + little(10, 4) + "\x10\0\0"s + "\x9D\x01\x2A" + little(width, 2) +
        little(height, 2));
}
std::string lossless_webp(std::uint32_t width, std::uint32_t height) {
    return riff(
        "VP8L" + little(6, 4) + "\x2F" + little((width - 1) | (height - 1) << 14U, 4) + "\0"s);
}

TEST(ImageHeader, SaysFormatAndSize) {
    const auto size_of = [](const std::string& bytes) -> std::string {
        const auto header = read_image_header(bytes);
        if (!header) return header.error().code;
        return std::string(word(header->kind)) + " " + std::to_string(header->width) + "x" +
               std::to_string(header->height);
    };
    EXPECT_EQ(size_of(png(640, 480)), "png 640x480");
    EXPECT_EQ(size_of(jpeg(640, 480)), "jpeg 640x480");
    EXPECT_EQ(size_of(webp(16384, 1)), "webp 16384x1");
    EXPECT_EQ(size_of(lossy_webp(640, 480)), "webp 640x480");
    EXPECT_EQ(size_of(lossless_webp(640, 480)), "webp 640x480");

    for (const auto& bad :
         {""s, "GIF89a"s, "<svg xmlns='http://www.w3.org/2000/svg'/>"s, "<html>"s, png(0, 1),
          png(1, 0), png(0x80000000, 1), jpeg(0, 1), jpeg(1, 0), lossy_webp(0, 1),
          // Something else behind it: a page, which a browser could be made to find.
          png(1, 1) + "<script>", jpeg(1, 1) + "<script>", webp(1, 1) + "<script>",
          "\xFF\xD8\xFF\xDA\0\x02\xFF\xD9"s, "\xFF\xD8\xFF\xC0\0\x02\xFF\xD9"s,
          "\xFF\xD8\xFF\xE0\0\x00\xFF\xD9"s, riff(""), riff("VP8X" + little(99, 4) + "x")}) {
        EXPECT_EQ(size_of(bad), "bad_image") << bad;
    }
    // Cut short anywhere.
    for (const auto& whole :
         {png(9, 9), jpeg(9, 9), webp(9, 9), lossy_webp(9, 9), lossless_webp(9, 9)}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_EQ(size_of(whole.substr(0, size)), "bad_image") << size;
        }
    }
}

class LogosTest : public DeskTest {
  protected:
    http::Reply put(const std::string& type, std::string bytes) {
        http::Request request{.method = verb::put, .target = "/api/v1/company/logo"};
        request.headers.add("Content-Type", type);
        request.headers.add("Authorization", "Bearer " + token);
        request.body = std::move(bytes);
        return router.handle(std::move(request));
    }
    std::string logo() {
        const auto brand = get("session").body.at("company").at("brand");
        return brand.as_object().contains("logo") ? text(brand, "logo") : "";
    }
    std::size_t kept() { return objects.list("logos/", "", 10).size(); }
};

TEST_F(LogosTest, ALogoIsOneImageOfTheCompany) {
    be_owner();
    EXPECT_EQ(code(get("company/logo")), "no_logo");
    const auto first = put("image/png", png(2048, 1));
    ASSERT_EQ(first.status, 200U) << boost::json::serialize(first.body);
    const auto path = text(first.body, "logo");
    EXPECT_TRUE(path.starts_with("/api/v1/company/logo?version=")) << path;
    EXPECT_EQ(logo(), path);
    EXPECT_EQ(text(get("company").body.at("brand"), "logo"), path);

    const auto shown = get(path.substr(8));
    EXPECT_EQ(shown.status, 200U);
    EXPECT_EQ(shown.content->type, "image/png");
    EXPECT_EQ(std::get<std::string>(shown.content->bytes), png(2048, 1));
    EXPECT_EQ(shown.headers.get("Cache-Control"), "private, max-age=31536000, immutable");
    EXPECT_EQ(get("company/logo").headers.get("Cache-Control"), "private, no-cache");
    EXPECT_EQ(get("company/logo?version=0").headers.get("Cache-Control"), "private, no-cache");

    // Another takes its place, and the file of the one before goes.
    ASSERT_EQ(put("image/webp", webp(10, 10)).status, 200U);
    EXPECT_NE(logo(), path);
    EXPECT_EQ(kept(), 1U);
    // What else is changed of the company leaves it.
    ASSERT_EQ(ask(verb::patch, "company", {{"brand", {{"name", "Brand"}}}}).status, 200U);
    EXPECT_NE(logo(), "");
    EXPECT_EQ(
        ask(verb::patch, "company", {{"brand", {{"logo_object", "exports/theirs.csv"}}}}).status,
        422U);
    EXPECT_EQ(ask(verb::delete_, "company/logo").status, 204U);
    EXPECT_EQ(code(get("company/logo")), "no_logo");
    EXPECT_EQ(kept(), 0U);
    EXPECT_EQ(ask(verb::delete_, "company/logo").status, 204U);
    const auto me = text(get("session").body.at("user"), "id");
    EXPECT_EQ(
        trail_of(company.id, "accounts.logo"),
        (std::vector<std::string>{
            "accounts.logo_changed " + me + " success", "accounts.logo_changed " + me + " success",
            "accounts.logo_removed " + me + " success"}));
}

TEST_F(LogosTest, WhatIsNoSuchImageIsRefused) {
    be_owner();
    const auto refusal = [this](const std::string& type, const std::string& bytes) {
        const auto reply = put(type, bytes);
        return std::to_string(reply.status) + " " + code(reply);
    };
    EXPECT_EQ(refusal("image/svg+xml", "<svg/>"), "415 bad_media_type");
    EXPECT_EQ(refusal("application/json", "{}"), "415 bad_media_type");
    EXPECT_EQ(refusal("image/png", jpeg(1, 1)), "422 bad_image");
    EXPECT_EQ(refusal("image/png", "<html>"), "422 bad_image");
    EXPECT_EQ(refusal("image/png", png(2049, 1)), "422 image_too_large");
    EXPECT_EQ(refusal("image/jpeg", jpeg(1, 2049)), "422 image_too_large");
    auto large = png(1, 1);
    large.insert(33, std::string(kLogoBytesMax, 'x'));
    EXPECT_EQ(refusal("image/png", large), "413 body_too_large");
    EXPECT_EQ(kept(), 0U);
    EXPECT_EQ(logo(), "");
}

TEST_F(LogosTest, ABrowserKeepsItAndRunsNothingOfIt) {
    be_owner();
    ASSERT_EQ(put("image/jpeg", jpeg(20, 10)).status, 200U);
    const http::RunningServer server({}, router);
    fetch::Client client;
    const auto reply = client.send(
        {.url = "http://127.0.0.1:" + std::to_string(server.port()) + logo(),
         .headers = {{"Cookie", "mobilytics_session=" + token}}});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, jpeg(20, 10));
    EXPECT_EQ(reply->headers.at("content-type"), "image/jpeg");
    EXPECT_EQ(reply->headers.at("x-content-type-options"), "nosniff");
    EXPECT_TRUE(reply->headers.at("content-security-policy").starts_with("default-src 'none';"));
    EXPECT_TRUE(reply->headers.at("content-security-policy").ends_with("; sandbox"));
    EXPECT_EQ(reply->headers.at("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(reply->headers.at("cache-control"), "private, max-age=31536000, immutable");
}

}  // namespace
}  // namespace mobilytics::accounts
