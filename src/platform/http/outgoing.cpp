#include "platform/http/outgoing.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "foundation/json.h"
#include "foundation/log.h"
#include "platform/http/compression.h"

namespace mobilytics::http {

namespace {

constexpr std::size_t kCompressedBytesMin = 1024;
constexpr int kGzipLevel = 4;  // A third of the time of 6, and a tenth more bytes.

/// "Fri, 21 Aug 2026 09:30:00 GMT": RFC 9110, IMF-fixdate.
std::string http_date(Instant instant) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto midnight = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(midnight);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - midnight));
    std::array<char, 40> text{};
    std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        days.at(std::chrono::weekday(midnight).c_encoding()), unsigned(date.day()),
        months.at(unsigned(date.month()) - 1), int(date.year()), int(time.hours().count()),
        int(time.minutes().count()), int(time.seconds().count()));
    return text.data();
}

void line(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

/// What every answer says, unless its handler says otherwise: it is what it says it is, and no page
/// is made of it, nor is it shown in another's. Source: OWASP's Secure Headers, REST Security.
constexpr std::pair<std::string_view, std::string_view> kUnlessSaid[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), payment=(), usb=()"},
};

/// What only we say, whoever else would.
bool is_ours(std::string_view name) {
    static constexpr std::array<std::string_view, 5> ours{
        "Content-Length", "Transfer-Encoding", "Connection", "Date", "Content-Type"};
    return std::ranges::any_of(ours, [&](auto one) { return boost::beast::iequals(one, name); });
}

struct Body {
    std::string type;
    std::uint64_t size = 0;
};

Body fill(Outgoing& out, Reply& reply) {
    if (reply.events) {
        out.events = std::move(reply.events);
        out.may_go_on = std::move(reply.may_go_on);
        return {"text/event-stream; charset=utf-8"};
    }
    if (!reply.content) {
        out.body = json::text(reply.body);
        return {reply.status < 400 ? "application/json" : "application/problem+json"};
    }
    auto& content = *reply.content;
    if (auto* path = std::get_if<std::filesystem::path>(&content.bytes)) {
        out.file = std::make_shared<OpenFile>(*path);
    } else if (auto* bytes = std::get_if<std::string>(&content.bytes)) {
        out.body = std::move(*bytes);
    } else {
        out.shared_body = std::get<std::shared_ptr<const std::string>>(content.bytes);
    }
    return {std::move(content.type)};
}

/// Shared bodies are left: whoever shares them has compressed them, if it is worth it.
bool compress(Outgoing& out, const Body& body, const Reply& reply, const Asked& asked) {
    if (out.body.size() < kCompressedBytesMin || !is_compressible(body.type)) return false;
    if (!reply.headers.get("Content-Encoding").empty()) return false;
    if (!accepts(asked.accept_encoding, "gzip")) return false;
    out.body = gzip(out.body, kGzipLevel);
    return true;
}

Outgoing made(Reply reply, const Asked& asked) {
    Outgoing out;
    out.status = reply.status;
    out.route = reply.route;
    out.request_id = reply.headers.get("X-Request-Id");
    out.trace_id = reply.trace_id;
    out.caller = reply.caller;
    const bool empty = reply.status == 204 || reply.status == 304;
    Body body = empty ? Body() : fill(out, reply);
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; };
    if (std::ranges::any_of(body.type, control)) throw std::runtime_error("a type of two lines");
    const bool compressed = compress(out, body, reply, asked);
    out.keep_alive = asked.keep_alive && !out.events;
    body.size = out.file ? out.file->size() : out.bytes().size();

    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(reply.status));
    out.head.reserve(512);
    out.head.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
    out.head.append(reason.data(), reason.size()).append("\r\n");
    line(out.head, "Date", http_date(SystemClock().now()));
    if (!body.type.empty()) line(out.head, "Content-Type", body.type);
    if (!empty && !out.events) line(out.head, "Content-Length", std::to_string(body.size));
    if (compressed) line(out.head, "Content-Encoding", "gzip");
    if (out.body.size() >= kCompressedBytesMin || compressed) {
        line(out.head, "Vary", "Accept-Encoding");
    }
    for (const auto& [name, value] : kUnlessSaid) {
        if (reply.headers.get(name).empty()) line(out.head, name, value);
    }
    if (asked.tls_only.count() > 0) {
        const auto seconds = std::to_string(asked.tls_only.count());
        line(out.head, "Strict-Transport-Security", "max-age=" + seconds + "; includeSubDomains");
    }
    if (out.events) line(out.head, "X-Accel-Buffering", "no");  // nginx: pass them on at once.
    line(out.head, "Connection", out.keep_alive ? "keep-alive" : "close");
    for (const auto& [name, value] : reply.headers) {
        if (!is_ours(name)) line(out.head, name, value);
    }
    out.head.append("\r\n");
    if (asked.head) {
        out.body.clear();
        out.shared_body.reset();
        out.file.reset();
        out.events.reset();
    }
    return out;
}

}  // namespace

OpenFile::OpenFile(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), path.string());
    struct stat about{};
    if (::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode)) {
        size_ = static_cast<std::uint64_t>(about.st_size);
    }
}

OpenFile::~OpenFile() { ::close(descriptor_); }

std::string OpenFile::read(std::size_t most) {
    std::string bytes(most, '\0');
    const auto count = ::read(descriptor_, bytes.data(), bytes.size());
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
}

Outgoing outgoing(Reply reply, const Asked& asked) {
    try {
        return made(std::move(reply), asked);
    } catch (const std::exception& failure) {
        log::error("reply_not_made", {{"why", failure.what()}});
        const Error ours{ErrorKind::unavailable, "our_fault", "this is our fault, not yours"};
        return made(problem(500, ours), asked);
    }
}

}  // namespace mobilytics::http
