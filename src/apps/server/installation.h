#pragma once
// All that runs, built top down in one list and ended from the bottom up.

#include <memory>
#include <string>

#include "apps/server/settings.h"
#include "foundation/result.h"

namespace mobilytics::server {

class Installation {
  public:
    /// Starts everything; returns when it serves. `demo`: with a synthetic city. Throws what keeps
    /// it from starting. `settings` must outlive this.
    Installation(const Settings& settings, bool demo);
    /// No longer ready, then requests in hand, sensors' reports in hand, and last what is beneath.
    ~Installation();
    Installation(const Installation&) = delete;
    Installation& operator=(const Installation&) = delete;

    /// For whoever started it: where it is, and the one-time password of a first start.
    const std::string& welcome() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// A new one-time password for whoever has that e-mail, and a line that tells it. The installation
/// must not be up. not_found `no_such_person`.
Result<std::string> reset_password(const Settings& settings, const std::string& email);

}  // namespace mobilytics::server
