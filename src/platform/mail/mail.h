#pragma once
// Mail: written in the transaction that it belongs to, sent by a job. Where no SMTP server is set
// up the outbox is its end, and the backoffice shows it.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/secret.h"
#include "foundation/vocabulary.h"
#include "platform/crypto/files.h"
#include "platform/mail/templates.h"
#include "platform/pg/pg.h"

namespace mobilytics::jobs {
class Workers;
}

namespace mobilytics::mail {

struct MailIdentity {
    static constexpr std::string_view kIdPrefix = "mail";
};
using MailId = Id<MailIdentity>;

/// kept: no SMTP server is set up; refused: the server will not have it; failed: given up.
BOOST_DEFINE_ENUM_CLASS(MailState, waiting, kept, sent, refused, failed)

/// Whether mail may be addressed so: one address, local@domain, of visible ASCII.
bool valid_address(std::string_view address);

struct NewMail {
    std::string to;  // VERIFYs valid_address().
    std::string to_name = {};
    std::string template_name;
    Values values = {};
    /// Values that must not be read from the database: links that let somebody in. They are sealed,
    /// and gone when it is sent, or after `secrets_kept`.
    std::map<std::string, Secret<std::string>> secrets = {};
    std::chrono::hours secrets_kept{24};
    Brand brand = {};
    /// Where a POST ends mail of this sort (RFC 8058); empty: it cannot be ended.
    std::string unsubscribe_url = {};
    /// The same whenever this mail is asked for again: it is written once. Empty: each time.
    std::string once = {};
};

struct MailRow {
    MailId id;
    std::optional<CompanyId> company_id;  // None: the system's.
    std::string to;
    std::string template_name;
    std::string subject;
    MailState state{};
    std::int64_t attempts = 0;
    std::optional<std::string> answer;  // What the server said last.
    Instant written_at;
    std::optional<Instant> sent_at;
};

/// A mail as its receiver reads it.
struct Letter {
    MailRow mail;
    std::string text;
    std::string html;
};

struct MailFilter {
    std::optional<MailState> state = {};
    std::optional<std::string> template_name = {};
    std::optional<CompanyId> company = {};
};

BOOST_DEFINE_ENUM_CLASS(Security, starttls, tls, none)

struct SmtpConfig {
    std::string host;  // Empty: none is set up.
    std::uint16_t port = 587;
    Security security = Security::starttls;
    std::string username;  // Empty: no AUTH.
    Secret<std::string> password;
    std::string from = "mobilytics@localhost";
    std::string from_name = "Mobilytics";
    std::string authority_file;  // PEM; empty: the system's.
    std::chrono::milliseconds connect_max{10'000};
    std::chrono::milliseconds total_max{60'000};
    int at_once = 4;         // Connections.
    double per_second = 10;  // Mails.
};

/// All mail of this installation. For any thread.
class Outbox {
  public:
    /// What it is given must outlive this.
    Outbox(
        const crypto::SealedBox& seal, const Clock& clock, Templates templates,
        SmtpConfig smtp = {});

    bool sends() const { return !smtp_.host.empty(); }
    const Templates& templates() const { return templates_; }

    /// VERIFYs that there is such a template, and that it is given all its values. Of what was
    /// written before (NewMail::once), nothing but its id.
    MailId write(pg::Transaction& tx, const NewMail& mail) const;
    /// For a person of no company yet, or none in particular: CompanyId().
    MailId write(pg::SystemTransaction& tx, CompanyId company, const NewMail& mail) const;

    /// Sends, and forgets in time: before workers.start(). This must outlive the workers.
    void serve(jobs::Workers& workers, pg::SystemPool& system);

    // For staff, in a transaction that shows what they may see.

    /// By written_at, to or state, with a minus before it the other way round; the newest first,
    /// when none is said. invalid `bad_sort`; `bad_id` or `bad_cursor`, for a cursor that we did
    /// not give.
    Result<Page<MailRow>> list(
        pg::AnyTransaction& tx, const MailFilter& filter, const PageRequest& page,
        const std::optional<std::string>& sort = {}) const;
    /// Its secrets stand in it only where it is kept and they are not gone; else dots. not_found
    /// `no_such_mail`.
    Result<Letter> find(pg::AnyTransaction& tx, MailId id) const;
    /// Whose it is. not_found `no_such_mail`.
    Result<CompanyId> company_of(pg::AnyTransaction& tx, MailId id) const;
    /// Once more. conflict `mail_not_sendable`: it was sent, its secrets are gone, or no server is
    /// set up; not_found `no_such_mail`.
    Result<MailRow> retry(pg::Transaction& tx, MailId id) const;

  private:
    MailId write(pg::AnyTransaction& tx, CompanyId company, const NewMail& mail) const;

    const crypto::SealedBox& seal_;
    const Clock& clock_;
    const Templates templates_;
    const SmtpConfig smtp_;
};

}  // namespace mobilytics::mail
