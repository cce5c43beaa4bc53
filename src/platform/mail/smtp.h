#pragma once
// One mail to one SMTP server, over libcurl. For this folder only.

#include <string>

#include "platform/mail/mail.h"

namespace mobilytics::mail {

/// What became of it. `code` is the server's last, 0 where it said none.
struct Delivery {
    bool taken = false;
    bool permanent = false;  // Refused for good: 5xx, or an address that it will never have.
    int code = 0;
    std::string answer;
};

/// A connection for each: mail is seldom. `message` ends each line by CR LF.
Delivery send(const SmtpConfig& config, const std::string& to, const std::string& message);

}  // namespace mobilytics::mail
