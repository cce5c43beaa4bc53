#include "apps/server/letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/server/mail_templates.h"
#include "apps/server/news.h"
#include "domains/accounts/accounts.h"
#include "domains/accounts/told.h"
#include "domains/fleet/fleet.h"
#include "domains/gdpr/gdpr.h"
#include "domains/notices/notices.h"
#include "domains/notices/notices_migrations.h"
#include "domains/webhooks/webhooks.h"
#include "platform/audit/audit_migrations.h"
#include "platform/crypto/files.h"
#include "platform/events/events_migrations.h"
#include "platform/jobs/jobs_test.h"
#include "platform/mail/mail.h"
#include "platform/mail/mail_migrations.h"
#include "platform/services/child_process.h"

namespace mobilytics::server {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr pg::Query kAgain{"test.again", R"sql(
    UPDATE events.subscriber SET transaction_id = '0', number = 0
)sql"};
constexpr pg::Query kPayloads{"test.payloads", "SELECT payload::text AS text FROM jobs.job"};
constexpr pg::Query kLetters{"test.letters", "SELECT o::text AS text FROM mail.outbox o"};

/// All that makes mail, joined as an installation joins it.
class LettersTest : public pg::PostgresTest {
  protected:
    LettersTest()
        : PostgresTest(
              {pg::kMigrations, audit::kMigrations, events::kMigrations, jobs::kMigrations,
               mail::kMigrations, notices::kMigrations}) {
        join_letters(relay, {outbox, system, seal, "https://mobilytics.example"});
        join_news(relay, ground);
        notices.serve(workers);
        watch_sensors(workers, ground);
    }
    template <class T>
    void happens(const T& event) {
        {
            auto tx = pool.begin(company);
            events::publish(tx, event);
            tx.commit();
        }
        deliver();
    }
    void deliver() {
        while (relay.deliver() > 0) continue;
    }
    /// Delivers all once more, as after a crash.
    void deliver_again() {
        {
            auto tx = system.begin();
            tx.run(kAgain);
            tx.commit();
        }
        deliver();
    }
    void wants(accounts::MailKind kind) {
        accounts::MailWanted mail;
        mail.kind = kind;
        mail.to = "ann@example.com";
        mail.name = "Ann";
        mail.company_name = kind == accounts::MailKind::invitation ? "Example Outdoor" : "";
        mail.expires_at = clock.now() + 1h;
        {
            auto tx = pool.begin(company);
            accounts::want_mail(tx, seal, mail, Secret<std::string>("the-secret-token"));
            tx.commit();
        }
        deliver();
    }
    struct Written {
        mail::MailRow row;
        std::string text;
    };
    std::vector<Written> written() {
        auto tx = system.begin();
        std::vector<Written> out;
        const auto page = outbox.list(tx, {}, {}, "written_at");
        for (const auto& row : page->items) {
            out.push_back({row, outbox.find(tx, row.id)->text});
        }
        return out;
    }
    std::vector<std::string> texts(const pg::Query& query) {
        auto tx = system.begin();
        return tx.run(query).all([](const pg::Row& row) { return row.get<std::string>("text"); });
    }
    static mail::SmtpConfig smtp() {
        mail::SmtpConfig out;
        out.host = "127.0.0.1";  // Nobody is asked: the jobs that send are not run here.
        return out;
    }

    const services::TemporaryFolder folder;
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId company = CompanyId::fresh(clock.now());
    const DeviceId device = DeviceId::fresh(clock.now());
    const PersonId owner_id = PersonId::fresh(clock.now());
    const crypto::SealedBox seal{folder.path() / "seal.key"};
    const mail::Outbox outbox{seal, clock, mail_templates(), smtp()};
    events::Relay relay{system, as("mobilytics_system"), clock};
    metrics::Registry registry;
    notices::Notices notices{
        {pool, seal, clock, outbox,
         [this](CompanyId) {
             return std::vector{notices::Member{owner_id, "olga@example.com", "Olga", Role::owner}};
         }},
        {.public_url = "https://mobilytics.example"}};
    std::vector<KnownSensor> sensors;
    const NewsGround ground{
        .notices = notices,
        .clock = clock,
        .time_zone = [](CompanyId) { return "Europe/Berlin"; },
        .name_of = [](CompanyId, DeviceId) { return "North gate"; },
        .companies = [this] { return std::vector{company}; },
        .sensors = [this](CompanyId) { return sensors; }};
    jobs::Workers workers{{pool, system, as("mobilytics_system"), clock, registry}};
};

TEST_F(LettersTest, WhoIsInvitedAndWhoForgotAPasswordAreWrittenToOnce) {
    wants(accounts::MailKind::invitation);
    wants(accounts::MailKind::password_reset);
    wants(accounts::MailKind::nobody);
    deliver_again();
    const auto all = written();
    ASSERT_EQ(all.size(), 2U);
    for (const auto& letter : all) {
        EXPECT_EQ(letter.row.to, "ann@example.com");
        EXPECT_THAT(letter.text, HasSubstr("Hello Ann"));
        EXPECT_THAT(letter.text, HasSubstr("2026-08-21 10:30 UTC"));  // It says of which zone.
        EXPECT_THAT(letter.text, Not(HasSubstr("the-secret-token")));
    }
    std::vector<std::string> names{all[0].row.template_name, all[1].row.template_name};
    EXPECT_THAT(
        names, testing::UnorderedElementsAre("accounts.invitation", "accounts.password_reset"));
    EXPECT_THAT(
        all[names[0] == "accounts.invitation" ? 0 : 1].row.subject, HasSubstr("Example Outdoor"));
    // Its link lets somebody in: it is in no job, and in no row that can be read.
    EXPECT_EQ(texts(kPayloads).size(), 2U);
    for (const auto& text : texts(kPayloads)) EXPECT_THAT(text, Not(HasSubstr("token")));
    for (const auto& text : texts(kLetters)) EXPECT_THAT(text, Not(HasSubstr("the-secret-token")));
}

TEST_F(LettersTest, EachEventIsToldToWhomItConcernsInTheCompanysTime) {
    happens(fleet::DeviceChanged{company, device, true, "ab", clock.now()});
    happens(fleet::DeviceChanged{company, device, false, "ab", clock.now()});
    happens(webhooks::EndpointDisabled{
        company, webhooks::EndpointId::fresh(clock.now()), "https://example.com/hook",
        webhooks::EndpointState::disabled_by_failures});
    happens(gdpr::ExportReady{
        company, gdpr::ExportId::fresh(clock.now()), owner_id, clock.now() + 24h * 7});
    happens(accounts::MemberJoined{company, PersonId::fresh(clock.now()), Role::analyst});
    deliver_again();
    std::vector<std::string> subjects;
    for (const auto& letter : written()) {
        EXPECT_EQ(letter.row.to, "olga@example.com");
        EXPECT_EQ(letter.row.template_name, "notices.notice");
        EXPECT_EQ(letter.row.company_id, company);
        subjects.push_back(letter.row.subject);
    }
    EXPECT_THAT(
        subjects,
        testing::UnorderedElementsAre(
            "North gate was taken out", "Messages to https://example.com/hook have stopped",
            "Your export is ready", "Somebody has joined your company"));
    for (const auto& letter : written()) {
        if (letter.row.subject == "North gate was taken out") {
            EXPECT_THAT(letter.text, HasSubstr("at 2026-08-21 11:30 Europe/Berlin."));
        }
        if (letter.row.subject.starts_with("Messages")) {
            EXPECT_THAT(letter.text, HasSubstr("Nothing got through for five days."));
            EXPECT_THAT(letter.text, HasSubstr("https://mobilytics.example/settings/webhooks"));
        }
    }
    for (const auto& text : texts(kPayloads)) EXPECT_THAT(text, Not(HasSubstr("unsubscribe")));
}

TEST_F(LettersTest, ASensorThatFallsSilentIsToldOnceEachTime) {
    const auto subjects = [this] {
        std::vector<std::string> out;
        for (const auto& letter : written()) out.push_back(letter.row.subject);
        return out;
    };
    const auto years = clock.now() + 24h * 365;
    sensors = {
        {device, "North gate", clock.now(), years},
        {DeviceId::fresh(clock.now()), "Never heard", std::nullopt, years},
        {DeviceId::fresh(clock.now()), "Gone long ago", clock.now() - 24h * 30, years}};
    const auto look = [this](std::chrono::minutes after) {
        clock.advance(after);
        workers.run_due();
    };
    look(10min);
    EXPECT_TRUE(subjects().empty());
    look(50min);
    look(10min);
    EXPECT_THAT(subjects(), ElementsAre("North gate has fallen silent"));
    EXPECT_THAT(written()[0].text, HasSubstr("since 2026-08-21 11:30 Europe/Berlin"));
    sensors[0].heard_at = clock.now();
    look(2h);
    EXPECT_EQ(subjects().size(), 2U);
    sensors[0].heard_at = clock.now();
    sensors[0].certificate_ends_at = clock.now() + 24h * 20;
    look(10min);
    look(10min);
    EXPECT_EQ(subjects().back(), "The certificate of North gate ends soon");
    EXPECT_EQ(subjects().size(), 3U);
}

}  // namespace
}  // namespace mobilytics::server
