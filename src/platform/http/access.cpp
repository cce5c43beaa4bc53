#include "platform/http/access.h"

namespace mobilytics::http {

namespace {

Permission parsed(std::string_view text) {
    auto permission = Permission::parse(text);
    VERIFY(permission && permission->verb && permission->resource != "*");
    return *std::move(permission);
}

Result<> forbidden(const char* code, std::string message) {
    return fail(ErrorKind::forbidden, code, std::move(message));
}

Result<> finished(Needs needs, Finished least) {
    switch (needs) {
        case Needs::nothing: return {};
        case Needs::second_factor:
            return forbidden("second_factor_needed", "show your second factor first");
        case Needs::new_password:
            return forbidden("new_password_needed", "choose a password of your own first");
        case Needs::enrol_second_factor:
            if (least == Finished::may_enrol) return {};
            return forbidden(
                "enrol_second_factor_needed", "this company asks for a second factor: set one up");
    }
    return {};
}

}  // namespace

Access::Access(Roles roles, std::string_view permission)
    : kind_(Kind::roles), roles_(roles), permission_(parsed(permission)) {}

Access::Access(AnyPerson, std::string_view permission, Finished finished)
    : kind_(Kind::person), permission_(parsed(permission)), finished_(finished) {}

Result<> Access::check(const Caller& caller) const {
    VERIFY(asks_who());
    if (finished_ != Finished::need_not_be) {
        CHECK(finished(caller.needs, finished_));
        if (caller.impersonation && !caller.impersonation->running) {
            return forbidden("impersonation_not_running", "it waits for consent, or has ended");
        }
    }
    // What a person does themselves, neither a key does for them nor a token.
    const bool has_role = kind_ == Kind::person ? caller.person != PersonId() && !caller.by_token
                                                : roles_.has(caller.role);
    if (!has_role) return forbidden("role_not_enough", "your role does not allow this");
    if (caller.by_token && (!permission_ || covers(never_by_token(), *permission_))) {
        return forbidden("not_by_a_token", "this takes a session or an API key");
    }
    if (caller.impersonation &&
        (!permission_ || covers(never_while_impersonating(), *permission_))) {
        return forbidden("not_while_impersonating", "nobody does this for somebody else");
    }
    if (caller.scopes && (!permission_ || !covers(*caller.scopes, *permission_))) {
        const auto needed = permission_ ? permission_->str() : std::string("more than it has");
        return forbidden("scope_missing", "this needs the permission " + needed);
    }
    if (!caller.impersonation) return {};
    const bool changes = permission_->verb != Verb::read && finished_ != Finished::need_not_be;
    if (changes && !caller.impersonation->may_write) {
        return forbidden("impersonation_read_only", "you may look, and change nothing");
    }
    return {};
}

std::string Access::word() const {
    switch (kind_) {
        case Kind::person: return "person";
        case Kind::device: return "device";
        case Kind::open: return "open";
        case Kind::roles: break;
    }
    std::string out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Role>>([&](auto its) {
        if (!roles_.has(its.value)) return;
        if (!out.empty()) out += ' ';
        out += mobilytics::word(its.value);
    });
    return out;
}

}  // namespace mobilytics::http
