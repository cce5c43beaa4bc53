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
             {"link", "https://mobilytics.example/invitation?token=example"},
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
             {"link", "https://mobilytics.example/password-reset?token=example"},
             {"until", "21 August 2026, 10:30 UTC"}}});
    out.add(
        {.name = "notices.notice",
         .subject = "{{title}}",
         .text = "Hello {{name}},\n\n"
                 "{{text}}\n\n"
                 "{{link}}\n\n"
                 "{{times}}\n\n"
                 "What you are told by mail, you choose here: {{settings}}\n",
         .html = "<p>Hello {{name}},</p>"
                 "<p>{{text}}</p>"
                 "<p><a class=\"button\" href=\"{{link}}\">Have a look</a></p>"
                 "<p>{{times}}</p>"
                 "<p><a href=\"{{settings}}\">What you are told by mail</a>, you choose.</p>",
         .examples = {
             {"name", "Ada Lovelace"},
             {"title", "North gate has fallen silent"},
             {"text", "Nothing has come from it since 21 August 2026, 09:30 UTC."},
             {"times", "This has happened 3 times since the last mail about it."},
             {"link", "https://mobilytics.example/assets"},
             {"settings", "https://mobilytics.example/settings/profile"}}});
    return out;
}

}  // namespace mobilytics::server
