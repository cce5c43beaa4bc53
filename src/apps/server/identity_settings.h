#pragma once
// What can be set of signing in: the provider of single sign-on.

#include <optional>
#include <string>
#include <vector>

#include "domains/accounts/oidc.h"
#include "foundation/result.h"
#include "foundation/secret.h"
#include "platform/config/config.h"

namespace mobilytics::server {

struct IdentitySettings {
    struct Oidc {
        std::string issuer;  // Empty: nobody signs in by a provider.
        std::string client_id;
        Secret<std::string> client_secret;
        std::string client_secret_file;  // In its place.
        std::string client_authentication = "client_secret_basic";
        std::string name = "Single sign-on";
        std::string scopes = "openid email profile";
        std::string second_factor;  // Words with commas.
        std::string authority_file;
    } oidc;

    /// Its sections. This must outlive the book.
    void list_in(config::Book& book);
    /// What is wrong with them beyond their types; reads the secret's file.
    std::vector<Fault> faults() const;

    /// Without faults. None, where none is set.
    std::optional<accounts::Provider> provider(const std::string& public_url) const;
    std::optional<std::string> provider_name() const;

  private:
    Secret<std::string> secret() const;
};

}  // namespace mobilytics::server
