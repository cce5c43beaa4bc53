#include "apps/server/background_settings.h"

#include "platform/fetch/egress.h"
#include "platform/mail/mail.h"

namespace mobilytics::server {

void BackgroundSettings::list_in(config::Book& book) {
    book.section("jobs", "Work that is done in the background.")
        .field("threads", jobs.threads, "threads", "That run jobs in this process.", {1, 64});
    book.section("mail", "How mail is sent; without a host it stays in the outbox.")
        .field("host", mail.host, "The SMTP server; empty: none, the backoffice shows the outbox.")
        .field("port", mail.port, "TCP port", "587 for starttls, 465 for tls.", {.min = 1})
        .field("security", mail.security, "starttls, tls, or none for a server on this machine.")
        .field("username", mail.username, "For the SMTP server; empty: none is asked for.")
        .field("password", mail.password, "Belongs to username.")
        .field("from", mail.from, "The address that mail comes from.")
        .field("from_name", mail.from_name, "The name that stands beside it.")
        .field("authority_file", mail.authority_file, "PEM; empty: the system's authorities.")
        .field("per_second", mail.per_second, "mails", "At most so many a second.", {1, 1000});
    book.section("webhooks", "Messages to companies' own servers.")
        .field("allow_http", webhooks.allow_http, "Also without TLS. Not on the Internet.")
        .field(
            "allowed_networks", webhooks.allowed_networks,
            "Networks beside the public Internet where they may be, 10.0.0.0/8,::1.");
}

std::vector<Fault> BackgroundSettings::faults() const {
    std::vector<Fault> out;
    if (!from_word<mail::Security>(mail.security)) {
        out.push_back({"mail.security", "is to be starttls, tls or none"});
    }
    if (!mail::valid_address(mail.from)) {
        out.push_back({"mail.from", "is to be an address, mobilytics@example.com"});
    }
    if (mail.username.empty() != mail.password.empty()) {
        out.push_back({"mail.password", "goes with mail.username: set both or neither"});
    }
    if (const auto good = fetch::networks_of(webhooks.allowed_networks); !good) {
        out.push_back({"webhooks.allowed_networks", good.error().message});
    }
    return out;
}

}  // namespace mobilytics::server
