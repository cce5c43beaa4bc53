// Where the links in mails lead, and that nobody on the way learns what they open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/server/letters.h"
#include "apps/server/mail_templates.h"
#include "domains/accounts/accounts_test.h"
#include "platform/jobs/jobs_migrations.h"
#include "platform/mail/mail.h"
#include "platform/mail/mail_migrations.h"

namespace mobilytics::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class LinksTest : public accounts::DeskTest {
  protected:
    LinksTest()
        : DeskTest(
              {pg::kMigrations, events::kMigrations, audit::kMigrations, jobs::kMigrations,
               mail::kMigrations, accounts::kMigrations}) {
        join_letters(relay, {outbox, system, seal, "https://mobilytics.example"});
    }
    /// The newest, and the token that its link is to have.
    std::pair<mail::Letter, std::string> newest() {
        const auto secret = mails().back().second;
        auto tx = staff.begin();
        const auto row = outbox.list(tx, {}, {})->items.front();
        return {*outbox.find(tx, row.id), secret};
    }

    const mail::Outbox outbox{seal, clock, mail_templates()};
};

TEST_F(LinksTest, ATokenStandsBehindTheHashWhereNoServerSeesIt) {
    be_owner();
    ASSERT_EQ(post("invitations", {{"email", "ana@example.com"}, {"role", "viewer"}}).status, 201U);
    const auto [invitation, invited] = newest();
    const auto accept = "https://mobilytics.example/accept#token=" + invited;
    EXPECT_EQ(invitation.mail.template_name, "accounts.invitation");
    EXPECT_THAT(invitation.text, HasSubstr("\n" + accept + "\n"));
    EXPECT_THAT(invitation.html, HasSubstr("href=\"" + accept + "\""));

    clock.advance(std::chrono::seconds(1));
    ASSERT_EQ(post("password-reset", {{"email", owner_email}}).status, 202U);
    const auto [reset, asked] = newest();
    const auto redeem = "https://mobilytics.example/redeem#token=" + asked;
    EXPECT_EQ(reset.mail.template_name, "accounts.password_reset");
    EXPECT_THAT(reset.text, HasSubstr("\n" + redeem + "\n"));
    EXPECT_THAT(reset.html, HasSubstr("href=\"" + redeem + "\""));

    for (const auto* letter : {&invitation, &reset}) {
        EXPECT_THAT(letter->text, Not(HasSubstr("?")));
        EXPECT_THAT(letter->html, Not(HasSubstr("?token=")));
    }
}

TEST_F(LinksTest, TheExamplesLeadToTheSamePages) {
    for (const auto* name : {"accounts.invitation", "accounts.password_reset"}) {
        EXPECT_THAT(outbox.templates().preview(name).text, HasSubstr("#token=example\n"));
    }
}

}  // namespace
}  // namespace mobilytics::server
