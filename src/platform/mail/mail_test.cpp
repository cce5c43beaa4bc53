#include "platform/mail/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "platform/crypto/pki.h"
#include "platform/jobs/jobs_test.h"
#include "platform/mail/mail_migrations.h"
#include "platform/mail/message.h"
#include "platform/mail/personal_data.h"
#include "platform/services/script_test.h"

namespace mobilytics::mail {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

Templates some_templates() {
    Templates out;
    out.add(
        {"test.invitation",
         "{{inviter}} invites you to {{brand}}",
         "Hello,\n\n{{inviter}} invites you. Join here:\n{{link}}\n",
         "<p>{{inviter}} invites you.</p><p><a class=\"button\" href=\"{{link}}\">Join</a></p>",
         {{"inviter", "Ada Lovelace"}, {"link", "https://example.com/join"}}});
    return out;
}

TEST(Templates, ValuesAreTextWhateverTheyLookLike) {
    const auto made = some_templates().render(
        "test.invitation",
        {{"inviter", "<script>alert(\"1\")</script>\r\nBcc: all@example.com {{link}}"},
         {"link", "https://example.com/?a=1&b=2"}},
        {});
    EXPECT_THAT(made.html, HasSubstr("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;  Bcc:"));
    EXPECT_THAT(made.html, Not(HasSubstr("<script")));
    EXPECT_THAT(made.html, HasSubstr("href=\"https://example.com/?a=1&amp;b=2\""));
    EXPECT_THAT(made.subject, Not(HasSubstr("\n")));
    EXPECT_THAT(made.text, HasSubstr("\nhttps://example.com/?a=1&b=2\n"));
    EXPECT_THAT(made.text, HasSubstr("{{link}}"));  // As it was given.
}

TEST(Templates, WhatIsNoLinkBecomesNone) {
    for (const auto* link :
         {"javascript:alert(1)", "https://x\" onclick=\"y", "data:text/html,x"}) {
        const auto made =
            some_templates().render("test.invitation", {{"inviter", "A"}, {"link", link}}, {});
        EXPECT_THAT(made.html, HasSubstr("href=\"\""));
    }
}

TEST(Templates, ABrandIsWrittenIntoTheLayout) {
    Brand brand{"Big & Tall", "#ff0000", "#000000", "https://example.com/logo.png", "1 Main St."};
    ASSERT_TRUE(check(brand));
    const auto made = some_templates().preview("test.invitation", brand);
    EXPECT_EQ(made.subject, "Ada Lovelace invites you to Big & Tall");
    EXPECT_THAT(made.html, HasSubstr("background: #ff0000"));
    EXPECT_THAT(made.html, HasSubstr("alt=\"Big &amp; Tall\""));
    EXPECT_THAT(made.html, HasSubstr("1 Main St."));
    EXPECT_THAT(made.text, HasSubstr("-- \n1 Main St."));
    brand.color = "red; } body { display: none";
    EXPECT_EQ(check(brand).error().code, "bad_brand");
    brand.color = "#ff0000";
    brand.logo_url = "http://example.com/logo.png";
    EXPECT_EQ(check(brand).error().code, "bad_brand");
}

TEST(Addresses, OneAndNoMore) {
    for (const auto* good :
         {"a@example.com", "first.last+tag@mail.example.co.uk", "o'neil@localhost"}) {
        EXPECT_TRUE(valid_address(good)) << good;
    }
    for (const auto* bad :
         {"", "a", "@example.com", "a@", "a b@example.com", "a@b@c",
          "a@example.com\r\nRCPT TO:<b@c>", "a@example.com,b@example.com", "<a@example.com>",
          "a..b@example.com", "a@-example.com", "a@example.com ", "jörg@example.com",
          "a@exa_mple.com"}) {
        EXPECT_FALSE(valid_address(bad)) << bad;
    }
}

RC_GTEST_PROP(
    Message, NothingGivenBecomesAHeaderOfItsOwn,
    (const std::string& name, const std::string& subject)) {
    const Envelope envelope{"us@example.com", name, "you@example.com", subject,
                            "id@example.com", {}};
    const auto made = message(envelope, {subject, "text", "<p>text</p>"});
    const auto head = made.substr(0, made.find("\r\n\r\n"));
    std::vector<std::string> names;
    for (std::size_t at = 0; at < head.size();) {
        const auto end = std::min(head.find("\r\n", at), head.size());
        const auto line = head.substr(at, end - at);
        RC_ASSERT(line.size() < 998U);
        for (const char c : line) RC_ASSERT(c >= 0x20 && c < 0x7F);
        if (line[0] != ' ') names.push_back(line.substr(0, line.find(':')));
        at = end + 2;
    }
    RC_ASSERT(
        names == (std::vector<std::string>{
                     "Date", "From", "To", "Subject", "Message-ID", "MIME-Version",
                     "Auto-Submitted", "Content-Type"}));
}

TEST(Message, LongAndForeignTextIsFoldedAndWhole) {
    EXPECT_EQ(header_text("Plain subject"), "Plain subject");
    EXPECT_EQ(header_text("Grüße"), "=?utf-8?B?R3LDvMOfZQ==?=");
    const auto folded = header_text(std::string(100, 'x') + "ü");
    EXPECT_THAT(folded, HasSubstr("?=\r\n =?utf-8?B?"));
    EXPECT_EQ(quoted_printable("a=b\nü \n.x"), "a=3Db\r\n=C3=BC=20\r\n=2Ex");
    const auto lines = quoted_printable(std::string(200, 'y'));
    EXPECT_EQ(lines.find("=\r\n"), 75U);
}

/// aiosmtpd, and what it has taken.
class SmtpServer {
  public:
    explicit SmtpServer(std::vector<std::string> arguments = {})
        : script_(command(std::move(arguments))),
          port_(static_cast<std::uint16_t>(std::stoi(script_.line()))) {}

    std::uint16_t port() const { return port_; }
    boost::json::value next() { return boost::json::parse(script_.line()); }

  private:
    static std::vector<std::string> command(std::vector<std::string> arguments) {
        // Debian's own Python, which has Debian's aiosmtpd.
        arguments.insert(
            arguments.begin(), {"/usr/bin/python3", "-B", "src/platform/mail/smtp_server_test.py"});
        return arguments;
    }
    services::ScriptProcess script_;
    std::uint16_t port_;
};

class MailTest : public pg::PostgresTest {
  protected:
    MailTest() : PostgresTest({pg::kMigrations, jobs::kMigrations, kMigrations}) {}

    SmtpConfig to(const SmtpServer& server, Security security = Security::none) {
        SmtpConfig out;
        out.host = security == Security::none ? "127.0.0.1" : "localhost";
        out.port = server.port();
        out.security = security;
        out.from = "mobilytics@example.com";
        out.authority_file = folder.path() / "authority.pem";
        return out;
    }
    void use(SmtpConfig smtp) {
        outbox = std::make_unique<Outbox>(seal, clock, some_templates(), std::move(smtp));
        workers = std::make_unique<jobs::Workers>(
            jobs::Ground{pool, system, as("mobilytics_system"), clock, registry});
        outbox->serve(*workers, system);
    }
    MailId invite(const std::string& address) {
        NewMail mail;
        mail.to = address;
        mail.to_name = "Zoë";
        mail.template_name = "test.invitation";
        mail.values = {{"inviter", "Ada"}};
        mail.secrets.emplace("link", Secret<std::string>("https://example.com/join?t=s3cret"));
        auto tx = pool.begin(ours);
        const auto id = outbox->write(tx, mail);
        tx.commit();
        return id;
    }
    Letter letter(MailId id) {
        auto tx = staff.begin();
        return *outbox->find(tx, id);
    }
    MailRow row(MailId id) { return letter(id).mail; }
    /// Everything that the database holds of it.
    std::string stored() {
        pg::Connection connection(owner, 0ms);
        constexpr pg::Query kAll{"test.all", R"sql(
            SELECT coalesce((SELECT json_agg(o)::text FROM mail.outbox o), '')
                   || coalesce((SELECT json_agg(j)::text FROM jobs.job j), '') AS all
        )sql"};
        return *connection.run(kAll).first([](pg::Row row) { return row.get<std::string>("all"); });
    }
    std::pair<std::string, std::string> certificate() {
        const crypto::Authority authority(folder.path() / "pki", SystemClock().now());
        crypto::write_file(
            folder.path() / "authority.pem", authority.certificate_pem(), crypto::Readable::by_all);
        const auto key = crypto::make_key();
        const auto signed_pem = *authority.sign(
            crypto::make_request(key, "localhost"), {"localhost", "", {"localhost"}},
            SystemClock().now(), std::chrono::days(1));
        const auto file = [this](const char* name) { return (folder.path() / name).string(); };
        crypto::write_file(file("smtp.pem"), signed_pem, crypto::Readable::by_all);
        crypto::write_file(file("smtp.key"), key.reveal(), crypto::Readable::by_owner);
        return {file("smtp.pem"), file("smtp.key")};
    }

    const services::TemporaryFolder folder;
    ManualClock clock{*parse_iso8601("2026-08-21T09:30:00Z")};
    const CompanyId ours = CompanyId::fresh(clock.now());
    const crypto::SealedBox seal{folder.path() / "seal.key"};
    metrics::Registry registry;
    std::unique_ptr<Outbox> outbox;
    std::unique_ptr<jobs::Workers> workers;
};

TEST_F(MailTest, WithoutAServerTheOutboxIsItsEndAndShowsIt) {
    use({});
    const auto id = invite("you@example.com");
    EXPECT_EQ(workers->run_due(), 0);
    const auto shown = letter(id);
    EXPECT_EQ(shown.mail.state, MailState::kept);
    EXPECT_EQ(shown.mail.subject, "Ada invites you to Mobilytics");
    EXPECT_EQ(shown.mail.company_id, ours);
    EXPECT_THAT(shown.text, HasSubstr("https://example.com/join?t=s3cret"));
    EXPECT_THAT(shown.html, HasSubstr("href=\"https://example.com/join?t=s3cret\""));
    EXPECT_THAT(stored(), Not(HasSubstr("s3cret")));
    clock.advance(25h);  // Its link has ended, and goes.
    EXPECT_THAT(letter(id).text, Not(HasSubstr("s3cret")));
    EXPECT_EQ(workers->run_due(), 1);
    EXPECT_THAT(stored(), HasSubstr("\"sealed\":null"));
}

TEST_F(MailTest, WhoIsErasedIsInItNoMore) {
    use({});
    const auto theirs = invite("You@example.com"), others = invite("other@example.com");
    const privacy::Subject subject{PersonId(), "you@example.com"};
    {
        auto tx = pool.begin(ours);
        const auto things = holder().take_along(tx, subject);
        ASSERT_EQ(things.size(), 1U);
        EXPECT_EQ(things[0].at("to_address"), "You@example.com");
        EXPECT_EQ(things[0].at("subject"), "Ada invites you to Mobilytics");
    }
    {
        auto tx = pool.begin(ours);
        EXPECT_EQ(holder().erase(tx, subject, clock.now())->at(0).erased, 1);
        tx.commit();
    }
    EXPECT_EQ(row(theirs).subject, "");
    EXPECT_EQ(row(theirs).state, MailState::kept);
    EXPECT_EQ(row(others).subject, "Ada invites you to Mobilytics");
    EXPECT_THAT(stored(), Not(HasSubstr("You@example.com")));
    auto tx = pool.begin(ours);
    EXPECT_TRUE(holder().take_along(tx, subject).empty());
    EXPECT_EQ(holder().erase(tx, {PersonId()}, clock.now())->at(0).erased, 0);
}

TEST_F(MailTest, IsSentWholeAndItsSecretsAreGone) {
    SmtpServer server;
    use(to(server));
    const auto id = invite("you@example.com");
    EXPECT_EQ(row(id).state, MailState::waiting);
    EXPECT_THAT(letter(id).text, Not(HasSubstr("s3cret")));
    EXPECT_EQ(workers->run_due(), 1);
    const auto got = server.next();
    EXPECT_EQ(got.at("from"), "mobilytics@example.com");
    EXPECT_EQ(got.at("to").at(0), "you@example.com");
    const std::string content(got.at("content").as_string());
    EXPECT_THAT(content, HasSubstr("Message-ID: <" + id.str() + "@example.com>\r\n"));
    EXPECT_THAT(content, HasSubstr("To: =?utf-8?B?Wm/Dqw==?= <you@example.com>\r\n"));
    EXPECT_THAT(content, HasSubstr("Date: Fri, 21 Aug 2026 09:30:00 +0000\r\n"));
    EXPECT_THAT(content, HasSubstr("https://example.com/join?t=3Ds3cret"));
    EXPECT_THAT(content, HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
    EXPECT_EQ(row(id).state, MailState::sent);
    EXPECT_EQ(row(id).sent_at, clock.now());
    EXPECT_THAT(stored(), HasSubstr("\"sealed\":null"));
    EXPECT_THAT(stored(), Not(HasSubstr("s3cret")));
    auto tx = pool.begin(ours);
    EXPECT_EQ(outbox->retry(tx, id).error().code, "mail_not_sendable");
}

TEST_F(MailTest, WhatIsAskedForTwiceIsWrittenOnceAndCanBeUnsubscribedFrom) {
    SmtpServer server;
    use(to(server));
    NewMail mail;
    mail.to = "you@example.com";
    mail.template_name = "test.invitation";
    mail.values = {{"inviter", "Ada"}, {"link", "https://example.com/"}};
    mail.unsubscribe_url = "https://example.com/unsubscribe/t0ken";
    mail.once = "event 17";
    const auto write = [&](CompanyId company) {
        auto tx = pool.begin(company);
        const auto id = outbox->write(tx, mail);
        tx.commit();
        return id;
    };
    const auto first = write(ours);
    EXPECT_EQ(write(ours), first);
    EXPECT_NE(write(CompanyId::fresh(clock.now())), first);  // Another's.
    EXPECT_EQ(workers->run_due(), 2);
    const std::string content(server.next().at("content").as_string());
    EXPECT_THAT(
        content, HasSubstr("List-Unsubscribe: <https://example.com/unsubscribe/t0ken>\r\n"
                           "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    mail.unsubscribe_url = "";
    mail.once = "";
    EXPECT_NE(write(ours), write(ours));
    workers->run_due();
    server.next();
    EXPECT_THAT(
        std::string(server.next().at("content").as_string()), Not(HasSubstr("Unsubscribe")));
}

TEST_F(MailTest, AListIsSortedAndACompanysLettersGoWhenItSays) {
    use({});
    for (const auto* to : {"b@example.com", "c@example.com", "a@example.com"}) {
        invite(to);
        clock.advance(std::chrono::hours(24));
    }
    const auto listed = [this](const std::string& sort) {
        std::string out;
        PageRequest page{"", 1};
        auto tx = staff.begin();
        for (;;) {
            const auto got = outbox->list(tx, {}, page, sort);
            for (const auto& each : got->items) out += each.to.front();
            if (!got->next_cursor) return out;
            page.cursor = *got->next_cursor;
        }
    };
    EXPECT_EQ(listed("to"), "abc");
    EXPECT_EQ(listed("-to"), "cba");
    EXPECT_EQ(listed("written_at"), "bca");
    EXPECT_EQ(listed("-written_at"), "acb");
    {
        auto tx = staff.begin();
        EXPECT_EQ(outbox->list(tx, {}, {}, "subject").error().code, "bad_sort");
    }
    {
        auto tx = pool.begin(ours);
        const auto before = clock.now() - std::chrono::hours(24 * 2);
        EXPECT_EQ(letters_rule().enforce(tx, before, clock.now()), 1);
        tx.commit();
    }
    EXPECT_EQ(listed("to"), "ac");
}

TEST_F(MailTest, WhomTheServerRefusesIsNotTriedAgain) {
    SmtpServer server;
    use(to(server));
    const auto nobody = invite("refused@example.com");
    const auto disliked = invite("rejected@example.com");
    EXPECT_EQ(workers->run_due(), 2);
    for (const auto id : {nobody, disliked}) {
        EXPECT_EQ(row(id).state, MailState::refused);
        EXPECT_EQ(row(id).attempts, 1);
    }
    EXPECT_THAT(*row(nobody).answer, HasSubstr("550 5.1.1"));
    EXPECT_THAT(*row(disliked).answer, HasSubstr("554 5.6.0"));
    clock.advance(24h);
    EXPECT_EQ(workers->run_due(), 1);  // To forget, and nothing else.
    EXPECT_THAT(stored(), Not(HasSubstr("s3cret")));
}

TEST_F(MailTest, WhoIsBusyIsTriedAgain) {
    SmtpServer server;
    use(to(server));
    const auto id = invite("busy@example.com");
    EXPECT_EQ(workers->run_due(), 1);
    EXPECT_EQ(row(id).state, MailState::waiting);
    EXPECT_THAT(*row(id).answer, HasSubstr("451 4.3.0"));
    for (int i = 0; i < 2; ++i) {
        clock.advance(2min);
        EXPECT_EQ(workers->run_due(), 1);
    }
    EXPECT_EQ(row(id).state, MailState::sent);
    EXPECT_EQ(row(id).attempts, 3);
    EXPECT_EQ(server.next().at("to").at(0), "busy@example.com");
}

TEST_F(MailTest, WhatCannotBeSentIsGivenUpInTheEnd) {
    SmtpConfig nowhere;
    nowhere.host = "127.0.0.1";
    nowhere.port = 1;
    nowhere.from = "mobilytics@example.com";
    use(nowhere);
    const auto id = invite("you@example.com");
    for (int i = 0; i < 13; ++i) {
        workers->run_due();
        clock.advance(2h);
    }
    EXPECT_EQ(row(id).state, MailState::failed);
    EXPECT_THAT(stored(), Not(HasSubstr("s3cret")));
    auto tx = pool.begin(ours);
    EXPECT_EQ(outbox->retry(tx, id).error().code, "mail_not_sendable");
}

TEST_F(MailTest, SpeaksTlsAndSaysWhoWeAre) {
    const auto [file, key] = certificate();
    for (const auto security : {Security::starttls, Security::tls}) {
        const auto* flag = security == Security::tls ? "--tls" : "--starttls";
        SmtpServer server({flag, file, key, "--user", "ada", "sesame"});
        auto config = to(server, security);
        config.username = "ada";
        config.password = Secret<std::string>("sesame");
        use(config);
        const auto id = invite("you@example.com");
        EXPECT_EQ(workers->run_due(), 1);
        EXPECT_EQ(row(id).state, MailState::sent);
        const auto got = server.next();
        EXPECT_EQ(got.at("tls"), true);
        EXPECT_EQ(got.at("user"), "ada");
    }
}

TEST_F(MailTest, TellsNothingToWhomItCannotTrust) {
    const auto [file, key] = certificate();
    SmtpServer stranger({"--starttls", file, key});
    auto config = to(stranger, Security::starttls);
    config.authority_file = "";  // The system's authorities do not know it.
    use(config);
    const auto id = invite("you@example.com");
    workers->run_due();
    EXPECT_EQ(row(id).state, MailState::waiting);

    SmtpServer plain;  // Offers no TLS: it is not told without.
    use(to(plain, Security::starttls));
    const auto next = invite("you@example.com");
    workers->run_due();
    EXPECT_EQ(row(next).state, MailState::waiting);
}

TEST_F(MailTest, StaffSeeAllAndCompaniesTheirOwn) {
    use({});
    const auto first = invite("a@example.com");
    clock.advance(1s);
    const auto second = invite("b@example.com");
    auto tx = staff.begin();
    const auto page = *outbox->list(tx, {.state = MailState::kept}, PageRequest{"", 1});
    ASSERT_EQ(page.items.size(), 1U);
    EXPECT_EQ(page.items[0].id, second);
    EXPECT_EQ(outbox->list(tx, {}, PageRequest{*page.next_cursor})->items.at(0).id, first);
    EXPECT_TRUE(outbox->list(tx, {.company = CompanyId::fresh(clock.now())}, {})->items.empty());
    EXPECT_EQ(*outbox->company_of(tx, first), ours);
    tx.commit();
}

}  // namespace
}  // namespace mobilytics::mail
