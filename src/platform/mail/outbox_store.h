#pragma once
// The outbox in Postgres. For this folder only.

#include "platform/mail/mail.h"

namespace mobilytics::mail {

struct StoredMail {
    CompanyId company;
    MailRow row;
    std::string to_name;
    Values values;
    Brand brand;
    std::optional<std::string> sealed;
    std::optional<Instant> secrets_end;
};

void insert(pg::AnyTransaction& tx, const StoredMail& mail);
std::optional<StoredMail> select(pg::AnyTransaction& tx, MailId id);
/// The newest first, of those older than `before`.
std::vector<MailRow> select_before(
    pg::AnyTransaction& tx, std::optional<MailId> before, const MailFilter& filter,
    std::int64_t count);
/// After an attempt. Its secrets go, unless it still waits or is kept.
void finish(
    pg::AnyTransaction& tx, MailId id, MailState state, const std::string& answer, Instant now);
void await_again(pg::AnyTransaction& tx, MailId id);
/// Secrets that end before `now`, and mail written before `before`.
void forget(pg::SystemTransaction& tx, Instant now, Instant before);

}  // namespace mobilytics::mail
