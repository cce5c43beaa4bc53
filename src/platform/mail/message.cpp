#include "platform/mail/message.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <date/date.h>

#include "platform/crypto/digest.h"

namespace mobilytics::mail {

namespace {

constexpr std::size_t kLineBytesMax = 76;
constexpr std::size_t kWordBytesMax = 42;  // Of text in an encoded word: 56 of its 75 in base64.
constexpr std::string_view kEol = "\r\n";

std::string base64(std::string_view bytes) {
    auto out = crypto::to_base64url(bytes);
    std::replace(out.begin(), out.end(), '-', '+');
    std::replace(out.begin(), out.end(), '_', '/');
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

bool printable(char c) { return c >= 0x20 && c < 0x7F; }

/// How many bytes of it are whole characters, at most `most`.
std::size_t whole(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text.size();
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    return std::max<std::size_t>(most, 1);
}

/// With spaces for what controls.
std::string visible(std::string_view text) {
    std::string out;
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    return out;
}

/// RFC 2047, folded.
std::string encoded_words(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto count = whole(text, kWordBytesMax);
        if (!out.empty()) out += "\r\n ";
        out += "=?utf-8?B?" + base64(text.substr(0, count)) + "?=";
        text.remove_prefix(count);
    }
    return out;
}

/// "Name <address>"
std::string mailbox(const std::string& given, const std::string& address) {
    const auto name = visible(given);
    if (name.empty()) return address;
    const auto plain = [](char c) { return printable(c) && c != '"' && c != '\\'; };
    const bool quotable = name.size() < 60 && std::all_of(name.begin(), name.end(), plain);
    return (quotable ? "\"" + name + "\"" : encoded_words(name)) + " <" + address + ">";
}

std::string part(std::string_view type, std::string_view content) {
    return "Content-Type: " + std::string(type) +
           "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
           quoted_printable(content) + "\r\n";
}

std::string date_of(Instant at) {
    const date::sys_time<std::chrono::seconds> seconds(
        std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()));
    return date::format("%a, %d %b %Y %H:%M:%S +0000", seconds);
}

}  // namespace

std::string header_text(std::string_view given) {
    const auto text = visible(given);
    const bool plain = std::all_of(text.begin(), text.end(), printable) && text.size() < 60 &&
                       text.find("=?") == text.npos;
    return plain ? text : encoded_words(text);
}

std::string quoted_printable(std::string_view text) {
    std::string out, line;
    const auto put = [&](std::string_view piece) {
        if (line.size() + piece.size() > kLineBytesMax - 1) {
            out.append(line).append("=").append(kEol);
            line.clear();
        }
        line += piece;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r') continue;
        if (c == '\n') {
            out.append(line).append(kEol);
            line.clear();
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
        if (printable(c) && c != '=' && !(c == ' ' && ends_line) && !(c == '.' && line.empty())) {
            put({&c, 1});
            continue;
        }
        std::array<char, 4> hex{};
        std::snprintf(
            hex.data(), hex.size(), "=%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        put({hex.data(), 3});
    }
    return out + line;
}

std::string message(const Envelope& envelope, const Rendered& content) {
    const std::string boundary = "=_" + crypto::to_hex(crypto::random_bytes(16));
    std::string out;
    const auto header = [&](std::string_view name, std::string_view value) {
        out.append(name).append(": ").append(value).append(kEol);
    };
    header("Date", date_of(envelope.at));
    header("From", mailbox(envelope.from_name, envelope.from));
    header("To", mailbox(envelope.to_name, envelope.to));
    header("Subject", header_text(content.subject));
    header("Message-ID", "<" + envelope.message_id + ">");
    header("MIME-Version", "1.0");
    header("Auto-Submitted", "auto-generated");
    if (!envelope.unsubscribe_url.empty()) {
        header("List-Unsubscribe", "<" + envelope.unsubscribe_url + ">");
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    header("Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + "\"");
    out.append(kEol);
    out.append("--").append(boundary).append(kEol).append(part("text/plain", content.text));
    out.append("--").append(boundary).append(kEol).append(part("text/html", content.html));
    return out.append("--").append(boundary).append("--").append(kEol);
}

}  // namespace mobilytics::mail
