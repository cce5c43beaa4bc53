#include "apps/server/mail_templates.h"

namespace mobilytics::server {

mail::Templates mail_templates() {
    mail::Templates out;
    out.add(
        {.name = "accounts.invitation",
         .subject = "{{company}} invites you to {{brand}}",
         .text =
             "Hello {{name}},\n\n"
             "{{company}} invites you to {{brand}}. To join, open this page:\n\n"
             "{{link}}\n\n"
             "It can be used once, until {{until}}. If you do not know {{company}}, do nothing.\n",
         .html =
             "<p>Hello {{name}},</p>"
             "<p>{{company}} invites you to {{brand}}.</p>"
             "<p><a class=\"button\" href=\"{{link}}\">Join</a></p>"
             "<p>The link can be used once, until {{until}}. If you do not know {{company}}, do "
             "nothing.</p>",
         .examples = {
             {"name", "Ada Lovelace"},
             {"company", "Example Outdoor"},
             {"link", "https://mobilytics.example/accept#token=example"},
             {"until", "28 August 2026, 09:30 UTC"}}});
    out.add(
        {.name = "accounts.password_reset",
         .subject = "A new password for {{brand}}",
         .text =
             "Hello {{name}},\n\n"
             "somebody, most likely you, asks for a new password. To choose one, open this "
             "page:\n\n"
             "{{link}}\n\n"
             "It can be used once, until {{until}}. If it was not you, do nothing: your password "
             "stays as it is.\n",
         .html =
             "<p>Hello {{name}},</p>"
             "<p>somebody, most likely you, asks for a new password.</p>"
             "<p><a class=\"button\" href=\"{{link}}\">Choose a password</a></p>"
             "<p>The link can be used once, until {{until}}. If it was not you, do nothing: your "
             "password stays as it is.</p>",
         .examples = {
             {"name", "Ada Lovelace"},
             {"link", "https://mobilytics.example/redeem#token=example"},
             {"until", "21 August 2026, 10:30 UTC"}}});
    out.add(
        {.name = "accounts.email_confirmation",
         .subject = "Your new e-mail for {{brand}}",
         .text = "Hello {{name}},\n\n"
                 "somebody, most likely you, wants to sign in to {{brand}} by this address. To "
                 "confirm that it is yours, open this page:\n\n"
                 "{{link}}\n\n"
                 "It can be used once, until {{until}}. If it was not you, do nothing.\n",
         .html = "<p>Hello {{name}},</p>"
                 "<p>somebody, most likely you, wants to sign in to {{brand}} by this address.</p>"
                 "<p><a class=\"button\" href=\"{{link}}\">It is mine</a></p>"
                 "<p>The link can be used once, until {{until}}. If it was not you, do "
                 "nothing.</p>",
         .examples = {
             {"name", "Ada Lovelace"},
             {"link", "https://mobilytics.example/confirm-email#token=example"},
             {"until", "21 August 2026, 10:30 UTC"}}});
    out.add(
        {.name = "accounts.notice",
         .subject = "How you sign in to {{brand}}",
         .text = "Hello {{name}},\n\n"
                 "{{what}}\n\n"
                 "It was done at {{when}} from {{where}}. If it was not you, change your password, "
                 "end your other sessions, and tell whoever administers your company:\n\n"
                 "{{link}}\n",
         .html = "<p>Hello {{name}},</p>"
                 "<p><strong>{{what}}</strong></p>"
                 "<p>It was done at {{when}} from {{where}}. If it was not you, change your "
                 "password, end your other sessions, and tell whoever administers your "
                 "company.</p>"
                 "<p><a class=\"button\" href=\"{{link}}\">How I sign in</a></p>",
         .examples = {
             {"name", "Ada Lovelace"},
             {"what", "The passkey Phone was added to your account."},
             {"when", "21 August 2026, 09:30 UTC"},
             {"where", "192.0.2.7"},
             {"link", "https://mobilytics.example/settings/security"}}});
    out.add(
        {.name = "notices.notice",
         .subject = "{{title}}",
         .text = "Hello {{name}},\n\n"
                 "{{text}}\n\n"
                 "{{link}}\n\n"
                 "{{times}}\n\n"
                 "No more of these, or choose what you are told: {{stop}}\n",
         .html = "<p>Hello {{name}},</p>"
                 "<p>{{text}}</p>"
                 "<p><a class=\"button\" href=\"{{link}}\">Have a look</a></p>"
                 "<p>{{times}}</p>"
                 "<p><a href=\"{{stop}}\">No more of these</a>, or choose what you are told.</p>",
         .examples = {
             {"name", "Ada Lovelace"},
             {"title", "North gate has fallen silent"},
             {"text", "Nothing has come from it since 21 August 2026, 09:30 UTC."},
             {"times", "This has happened 3 times since the last mail about it."},
             {"link", "https://mobilytics.example/assets"},
             {"stop", "https://mobilytics.example/unsubscribe#token=example"}}});
    return out;
}

}  // namespace mobilytics::server
