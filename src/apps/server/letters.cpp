#include "apps/server/letters.h"

#include "domains/accounts/accounts.h"
#include "foundation/log.h"
#include "platform/events/events.h"
#include "platform/mail/mail.h"

namespace mobilytics::server {

namespace {

/// "2026-08-28 09:30 UTC"
std::string written(Instant at) {
    auto text = to_iso8601(at).substr(0, 16);
    text.at(10) = ' ';
    return text + " UTC";
}

void write(const LettersGround& ground, CompanyId company, const mail::NewMail& wanted) {
    if (!mail::valid_address(wanted.to)) {
        log::warning("mail_not_written", {{"template", wanted.template_name}});
        return;
    }
    auto tx = ground.system.begin();
    ground.outbox.write(tx, company, wanted);
    tx.commit();
}

void write(
    const LettersGround& ground, const accounts::MailWanted& told, events::EventNumber number) {
    if (told.kind == accounts::MailKind::nobody) return;
    const bool invitation = told.kind == accounts::MailKind::invitation;
    mail::NewMail out;
    out.once = "event " + std::to_string(number);
    out.to = told.to;
    out.to_name = told.name;
    out.values = {{"name", told.name}, {"until", written(told.expires_at)}};
    out.template_name = invitation ? "accounts.invitation" : "accounts.password_reset";
    if (invitation) out.values["company"] = told.company_name;
    const auto* page = invitation ? "/accept?token=" : "/redeem?token=";
    out.secrets.emplace(
        "link", Secret(ground.public_url + page + told.open_token(ground.seal).reveal()));
    // As long as an invitation is good for.
    if (invitation) out.secrets_kept = std::chrono::hours(24 * 7);
    write(ground, CompanyId(), out);
}

}  // namespace

void join_letters(events::Relay& relay, const LettersGround& ground) {
    relay.subscribe_numbered<accounts::MailWanted>(
        "letters_accounts",
        [ground](const auto& told, events::EventNumber number) { write(ground, told, number); });
}

}  // namespace mobilytics::server
