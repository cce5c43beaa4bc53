#pragma once
// What can be set of the work that is done in the background: jobs, mail, webhooks.

#include <cstdint>
#include <string>
#include <vector>

#include "foundation/result.h"
#include "foundation/secret.h"
#include "platform/config/config.h"

namespace mobilytics::server {

struct BackgroundSettings {
    struct Jobs {
        std::int64_t threads = 4;
    } jobs;
    struct Mail {
        std::string host;  // Empty: mail stays in the outbox.
        std::uint16_t port = 587;
        std::string security = "starttls";
        std::string username;
        Secret<std::string> password;
        std::string from = "mobilytics@localhost";
        std::string from_name = "Mobilytics";
        std::string authority_file;
        std::int64_t per_second = 10;
    } mail;
    struct Webhooks {
        bool allow_http = false;
        std::string allowed_networks;
    } webhooks;

    /// Its sections. This must outlive the book.
    void list_in(config::Book& book);
    /// What is wrong with them beyond their types.
    std::vector<Fault> faults() const;
};

}  // namespace mobilytics::server
