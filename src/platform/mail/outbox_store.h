#pragma once
// The outbox in Postgres. For this folder only.

#include <utility>

#include "platform/mail/mail.h"
#include "platform/pg/sorting.h"

namespace mobilytics::mail {

struct StoredMail {
    CompanyId company;
    MailRow row;
    std::string to_name;
    Values values;
    Brand brand;
    std::optional<std::string> sealed;
    std::optional<Instant> secrets_end;
    std::string unsubscribe_url;
    std::optional<std::string> once;
};

/// False, when what is known by its `once` was written before.
bool insert(pg::AnyTransaction& tx, const StoredMail& mail);
MailId select_once(pg::AnyTransaction& tx, CompanyId company, const std::string& once);
std::optional<StoredMail> select(pg::AnyTransaction& tx, MailId id);
/// The newest first, of those older than `before`.
std::vector<MailRow> select_before(
    pg::AnyTransaction& tx, std::optional<MailId> before, const MailFilter& filter,
    std::int64_t count);
/// With their sort keys.
std::vector<std::pair<MailRow, std::string>> select_sorted(
    pg::AnyTransaction& tx, const MailFilter& filter, const pg::Sorting& sorting,
    std::int64_t count);
/// After an attempt. Its secrets go, unless it still waits or is kept.
void finish(
    pg::AnyTransaction& tx, MailId id, MailState state, const std::string& answer, Instant now);
void await_again(pg::AnyTransaction& tx, MailId id);
/// Written before that: of no company in particular, and of companies.
struct Forgotten {
    Instant nobodys, companies;
};
/// Secrets that end before `now`, and mail.
void forget(pg::SystemTransaction& tx, Instant now, const Forgotten& before);

}  // namespace mobilytics::mail
