#include "domains/accounts/accounts.h"
#include "foundation/json.h"
#include "platform/http/router.h"

namespace mobilytics::accounts {

namespace {

constexpr std::chrono::hours kCookieLives{24 * 30};  // The server ends a session earlier.

http::Cookie cookie_of(std::string token, bool secure, std::chrono::seconds age) {
    return {
        .name = Sessions::cookie_name(secure),
        .value = std::move(token),
        .age_max = age,
        .secure = secure,
    };
}

boost::json::value encode_session(const Session& session) {
    json::Writer user;
    user.field("id", session.user.id);
    user.field("name", session.user.name);
    user.field("role", session.user.role);
    user.field("has_one_time_password", session.user.has_one_time_password);
    json::Writer company;
    company.field("id", session.company.id);
    company.field("name", session.company.name);
    company.field("time_zone", session.company.time_zone);
    company.field("privacy_mode", session.company.privacy_mode);
    company.field("synthetic", session.company.synthetic);
    boost::json::object out;
    out["user"] = user.finish();
    out["company"] = company.finish();
    out["expires_at"] = to_iso8601(session.expires_at);
    return out;
}

}  // namespace

std::string Sessions::cookie_name(bool secure) {
    return secure ? "__Host-mobilytics_session" : "mobilytics_session";
}

Result<http::Reply> Sessions::begin_session(const http::Call&, const SignIn& with) {
    TRY(const auto signed_in, accounts_.sign_in(company_, with));
    http::Reply reply{.status = 201, .body = encode_session(signed_in.session)};
    http::set_cookie(reply, cookie_of(signed_in.token.reveal(), secure_, kCookieLives));
    return reply;
}

Result<http::Reply> Sessions::find_session(const http::Call& call) {
    TRY(const auto session, accounts_.find_session(call.caller, call.request.token));
    return http::Reply{.status = 200, .body = encode_session(session)};
}

Result<http::Reply> Sessions::end_session(const http::Call& call) {
    CHECK(accounts_.end_session(call.caller, call.request.token));
    auto reply = http::nothing();
    http::set_cookie(reply, cookie_of("", secure_, std::chrono::seconds(0)));
    return reply;
}

Result<http::Reply> Sessions::change_password(
    const http::Call& call, const PasswordChange& change) {
    CHECK(accounts_.change_password(call.caller, call.request.token, change));
    return http::nothing();
}

}  // namespace mobilytics::accounts
