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
        {.name = "webhooks.endpoint_disabled",
         .subject = "Messages to {{url}} have stopped",
         .text = "Hello,\n\n"
                 "{{brand}} no longer sends messages to\n\n"
                 "{{url}}\n\n"
                 "{{why}} When it is mended, enable it again on this page; what waits is sent "
                 "then:\n\n"
                 "{{link}}\n",
         .html = "<p>Hello,</p>"
                 "<p>{{brand}} no longer sends messages to <strong>{{url}}</strong>.</p>"
                 "<p>{{why}} When it is mended, enable it again; what waits is sent then.</p>"
                 "<p><a class=\"button\" href=\"{{link}}\">Webhooks</a></p>",
         .examples = {
             {"url", "https://example.com/hook"},
             {"why", "Nothing got through for five days."},
             {"link", "https://mobilytics.example/settings/webhooks"}}});
    return out;
}

}  // namespace mobilytics::server
