#pragma once
// Who may call an operation: what its contract says by x-role and x-permission.

#include <optional>
#include <string>
#include <string_view>

#include "foundation/vocabulary.h"

namespace mobilytics::http {

struct Device {};
struct Open {};
struct AnyPerson {};
inline constexpr Device kDevice;  // Whoever shows a client certificate that the listener verified.
inline constexpr Open kOpen;      // Anybody.
inline constexpr AnyPerson kPerson;  // Whoever has signed in, with whatever role.

/// Whether a session may call it that still lacks something. may_enrol: who has no second factor
/// where the company demands one, for this is how to set it up. need_not_be: also who has not shown
/// it yet, or has no password of their own: what is about that session alone. That, who only looks
/// as somebody else may do too.
enum class Finished { must_be, may_enrol, need_not_be };

class Access {
  public:
    // NOLINTBEGIN(google-explicit-constructor): a route is mounted with one of these words.
    Access(Role least) : Access(Roles::from(least)) {}
    Access(Roles roles) : kind_(Kind::roles), roles_(roles) {}
    Access(Device) : kind_(Kind::device) {}
    Access(Open) : kind_(Kind::open) {}
    // NOLINTEND(google-explicit-constructor)

    /// `permission` is like "assets:read", else the process stops.
    Access(Roles roles, std::string_view permission);
    Access(AnyPerson, std::string_view permission, Finished finished = Finished::must_be);

    bool is_open() const { return kind_ == Kind::open; }
    bool is_device() const { return kind_ == Kind::device; }
    /// Whether a caller is asked for at all.
    bool asks_who() const { return kind_ == Kind::roles || kind_ == Kind::person; }
    /// None where it is asked of nobody; then too who is limited to permissions is refused.
    const std::optional<Permission>& permission() const { return permission_; }

    /// Of a caller who has been authenticated, where access asks_who(). forbidden, in this order:
    /// `second_factor_needed`, `new_password_needed`, `enrol_second_factor_needed`,
    /// `impersonation_not_running`, `role_not_enough`, `not_by_a_token`,
    /// `not_while_impersonating`, `scope_missing`, `impersonation_read_only`.
    Result<> check(const Caller& caller) const;

    /// "viewer analyst", "person", "device", "open"
    std::string word() const;

  private:
    enum class Kind { roles, person, device, open };
    Kind kind_;
    Roles roles_ = {};
    std::optional<Permission> permission_ = {};
    Finished finished_ = Finished::must_be;
};

}  // namespace mobilytics::http
