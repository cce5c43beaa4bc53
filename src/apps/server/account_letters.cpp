#include "apps/server/account_letters.h"

#include "domains/accounts/accounts.h"
#include "foundation/log.h"
#include "platform/events/events.h"
#include "platform/mail/mail.h"

namespace mobilytics::server {

namespace {

using accounts::NoticeKind;

/// "2026-08-28 09:30 UTC"
std::string written(Instant at) {
    auto text = to_iso8601(at).substr(0, 16);
    text.at(10) = ' ';
    return text + " UTC";
}

std::string what_became(const accounts::NoticeWanted& told) {
    switch (told.kind) {
        case NoticeKind::password_changed: return "Your password was changed.";
        case NoticeKind::second_factor_added: return "An app for codes was added to your account.";
        case NoticeKind::second_factor_removed:
            return "The app for codes was removed from your account.";
        case NoticeKind::second_factor_reset:
            return "Our staff removed your app for codes, your recovery codes and your passkeys, "
                   "because you could not sign in any more (ticket " +
                   told.about + ").";
        case NoticeKind::passkey_added:
            return "The passkey " + told.about + " was added to your account.";
        case NoticeKind::passkey_removed:
            return "The passkey " + told.about + " was removed from your account.";
        case NoticeKind::email_change_asked:
            return "Your e-mail is to be " + told.about +
                   " from now on, once the link that we sent there is opened.";
        case NoticeKind::email_changed:
            return "Your e-mail is " + told.about + " now. This address opens nothing any more.";
    }
    return "";
}

void write(const LettersGround& ground, const mail::NewMail& wanted) {
    if (!mail::valid_address(wanted.to)) {
        log::warning("mail_not_written", {{"template", wanted.template_name}});
        return;
    }
    auto tx = ground.system.begin();
    ground.outbox.write(tx, CompanyId(), wanted);
    tx.commit();
}

void write(const LettersGround& ground, const accounts::NoticeWanted& told) {
    mail::NewMail out;
    out.to = told.to;
    out.to_name = told.name;
    out.template_name = "accounts.notice";
    out.values = {
        {"name", told.name},
        {"what", what_became(told)},
        {"when", written(told.at)},
        {"where", told.address.empty() ? "this machine" : told.address},
        {"link", ground.public_url + "/settings/security"}};
    write(ground, out);
}

void write(const LettersGround& ground, const accounts::ConfirmationWanted& told) {
    if (told.to.empty()) return;
    mail::NewMail out;
    out.to = told.to;
    out.to_name = told.name;
    out.template_name = "accounts.email_confirmation";
    out.values = {{"name", told.name}, {"until", written(told.expires_at)}};
    // Behind the #, which neither proxies nor the server see.
    out.secrets.emplace(
        "link",
        Secret(
            ground.public_url + "/confirm-email#token=" + told.open_token(ground.seal).reveal()));
    write(ground, out);
}

}  // namespace

void join_account_letters(events::Relay& relay, const LettersGround& ground) {
    relay.subscribe<accounts::NoticeWanted>(
        "letters_account_notices", [ground](const auto& told) { write(ground, told); });
    relay.subscribe<accounts::ConfirmationWanted>(
        "letters_account_confirmations", [ground](const auto& told) { write(ground, told); });
}

}  // namespace mobilytics::server
