#pragma once
// A company's logo: an image among the objects, by the digest of its bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "domains/accounts/account_types.h"

namespace mobilytics::objects {
class Objects;
}

namespace mobilytics::accounts {

inline constexpr std::size_t kLogoBytesMax = 512 << 10;
inline constexpr std::uint32_t kLogoSideMax = 2048;

struct FindLogoQuery {
    std::optional<std::string> version;
};

class Logos {
  public:
    /// `objects` must outlive this.
    Logos(Ground ground, objects::Objects& objects) : ground_(ground), objects_(objects) {}

    /// 415 `bad_media_type`, 413 `body_too_large`; invalid `bad_image`, also for one that is not
    /// what its Content-Type says, `image_too_large`.
    Result<http::Reply> put_logo(const http::Call& call);
    /// not_found `no_logo`.
    Result<http::Reply> find_logo(const http::Call& call, const FindLogoQuery& query);
    Result<> remove_logo(const Caller& caller);

  private:
    void replace(const Caller& caller, const std::optional<std::string>& object);

    Ground ground_;
    objects::Objects& objects_;
};

/// Where that object is to be had: its version is in it, so that a browser may keep it.
std::optional<std::string> logo_path(const std::optional<std::string>& object);

}  // namespace mobilytics::accounts
