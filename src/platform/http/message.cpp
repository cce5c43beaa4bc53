#include "platform/http/message.h"

#include <algorithm>
#include <cctype>

namespace mobilytics::http {

namespace {

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

unsigned status_of(ErrorKind kind) {
    switch (kind) {  // No default: the compiler asks for every kind.
        case ErrorKind::invalid: return 422;
        case ErrorKind::unauthenticated: return 401;
        case ErrorKind::forbidden: return 403;
        case ErrorKind::not_found: return 404;
        case ErrorKind::conflict: return 409;
        case ErrorKind::unavailable: return 503;
    }
    return 500;
}

/// RFC 6265: what a cookie may be made of.
bool is_cookie_text(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
    });
}

}  // namespace

std::string_view Headers::get(std::string_view name) const {
    for (const auto& [its_name, value] : fields_) {
        if (same_name(its_name, name)) return value;
    }
    return {};
}

std::size_t Headers::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        fields_, [name](const auto& field) { return same_name(field.first, name); }));
}

std::string_view Request::cookie(std::string_view name) const {
    for (const auto& [header, value] : headers) {
        if (!same_name(header, "cookie")) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            auto pair = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
            pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
            const auto equals = pair.find('=');
            if (equals != pair.npos && pair.substr(0, equals) == name) {
                return pair.substr(equals + 1);
            }
        }
    }
    return {};
}

boost::json::object who(const Caller& caller) {
    if (caller.company == CompanyId()) return {};
    boost::json::object out{{"company", caller.company.str()}, {"role", word(caller.role)}};
    if (caller.key) out["key"] = caller.key->str();
    if (caller.person != PersonId()) out["person"] = caller.person.str();
    if (caller.impersonation) {
        out["act"] = caller.impersonation->id.str();
        out["staff"] = caller.impersonation->staff.str();
    }
    return out;
}

Reply problem(unsigned status, const Error& error) {
    boost::json::object body{{"status", status}, {"code", error.code}, {"detail", error.message}};
    if (!error.faults.empty()) {
        auto& errors = body["errors"].emplace_array();
        for (const auto& [pointer, detail] : error.faults) {
            errors.push_back({{"pointer", pointer}, {"detail", detail}});
        }
    }
    return {status, std::move(body)};
}

Reply problem_of(const Error& error) {
    auto reply = problem(status_of(error.kind), error);
    if (reply.status == 401) reply.headers.add("WWW-Authenticate", "Bearer");
    return reply;
}

Reply bytes(unsigned status, std::string type, std::string content) {
    return {.status = status, .content = Content{std::move(type), std::move(content)}};
}

Reply file(std::string type, std::filesystem::path path) {
    return {.status = 200, .content = Content{std::move(type), std::move(path)}};
}

Reply events(std::shared_ptr<Subscription> subscription) {
    return {.status = 200, .events = std::move(subscription)};
}

void set_cookie(Reply& reply, const Cookie& cookie) {
    VERIFY(!cookie.name.empty() && is_cookie_text(cookie.name) && is_cookie_text(cookie.value));
    VERIFY(cookie.name.find('=') == std::string::npos);
    auto text = cookie.name + "=" + cookie.value + "; Path=/; HttpOnly; SameSite=" +
                (cookie.same_site == SameSite::strict ? "Strict" : "Lax");
    const auto age = cookie.value.empty() ? std::chrono::seconds(0) : cookie.age_max;
    if (age) text += "; Max-Age=" + std::to_string(age->count());
    if (cookie.secure) text += "; Secure";
    reply.headers.add("Set-Cookie", text);
}

}  // namespace mobilytics::http
