#include "platform/mail/mail.h"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "foundation/log.h"
#include "platform/jobs/workers.h"
#include "platform/mail/message.h"
#include "platform/mail/outbox_store.h"
#include "platform/mail/smtp.h"

namespace mobilytics::mail {

namespace {

using namespace std::chrono_literals;

constexpr const char* kVendor = "smtp";
constexpr const char* kHidden = "••••••••";
constexpr std::chrono::hours kKept{24 * 90};
constexpr std::chrono::hours kOfCompaniesKept{24 * 365};  // At most: see letters_rule().

struct SendMail {
    static constexpr std::string_view kName = "mail.send.v1";
    MailId mail;
    boost::json::value to_json() const { return {{"mail", mail.str()}}; }
    static SendMail from_json(const boost::json::value& json) {
        return {pg::verified(MailId::parse(json.at("mail").as_string()))};
    }
};

struct ForgetMail {
    static constexpr std::string_view kName = "mail.forget.v1";
    boost::json::value to_json() const { return boost::json::object(); }
    static ForgetMail from_json(const boost::json::value&) { return {}; }
};

std::string sealed_secrets(
    const crypto::SealedBox& seal, const std::map<std::string, Secret<std::string>>& secrets,
    MailId id) {
    boost::json::object plain;
    for (const auto& [name, value] : secrets) plain[name] = value.reveal();
    return seal.seal(Secret(boost::json::serialize(plain)), id.str());
}

/// With its secrets opened; none when they are gone.
std::optional<Values> opened(const crypto::SealedBox& seal, const StoredMail& mail) {
    auto values = mail.values;
    if (!mail.secrets_end) return values;
    if (!mail.sealed) return std::nullopt;
    const auto plain = seal.open(*mail.sealed, mail.row.id.str());
    if (!plain) return std::nullopt;  // The key is another now.
    const auto secrets = boost::json::parse(plain->reveal());
    for (const auto& [name, value] : secrets.as_object()) {
        values[name] = std::string(value.as_string());
    }
    return values;
}

void enqueue_sending(pg::AnyTransaction& tx, CompanyId company, MailId id, Instant now) {
    const SendMail job{id};
    jobs::enqueue(
        tx, company, now, jobs::AnyJob{SendMail::kName, job.to_json()},
        {.priority = jobs::Priority::high, .unique_key = id.str()});
}

/// What it is given must outlive it.
class Sender {
  public:
    Sender(
        const crypto::SealedBox& seal, const Clock& clock, const Templates& templates,
        const SmtpConfig& smtp, pg::SystemPool& system)
        : seal_(seal), clock_(clock), templates_(templates), smtp_(smtp), system_(system) {}

    jobs::Outcome send(const jobs::JobRun& run, MailId id) const {
        std::optional<StoredMail> mail;
        {
            auto tx = system_.begin();
            mail = select(tx, id);
        }
        if (!mail || mail->row.state != MailState::waiting) return jobs::Done{};
        if (smtp_.host.empty()) return end(id, MailState::kept, "no SMTP server is set up");
        const auto values = opened(seal_, *mail);
        if (!values || (mail->secrets_end && *mail->secrets_end < clock_.now())) {
            return end(id, MailState::failed, "its links have ended");
        }
        const auto delivery = mail::send(smtp_, mail->row.to, text_of(*mail, *values));
        if (delivery.taken) return end(id, MailState::sent, delivery.answer);
        if (delivery.permanent) return end(id, MailState::refused, delivery.answer);
        const bool last = run.attempt >= run.attempts_max;
        return jobs::Failed{
            .code = delivery.code == 0 ? "smtp_no_answer" : "smtp_" + std::to_string(delivery.code),
            .message = "the SMTP server did not take it",
            .effects =
                end(id, last ? MailState::failed : MailState::waiting, delivery.answer).effects};
    }

  private:
    jobs::Done end(MailId id, MailState state, const std::string& answer) const {
        return {[this, id, state, answer](pg::Transaction& tx) {
            finish(tx, id, state, answer, clock_.now());
        }};
    }
    std::string text_of(const StoredMail& mail, const Values& values) const {
        const auto domain = smtp_.from.substr(smtp_.from.find('@') + 1);
        const Envelope envelope{
            smtp_.from,
            smtp_.from_name,
            mail.row.to,
            mail.to_name,
            mail.row.id.str() + "@" + domain,
            mail.row.written_at,
            mail.unsubscribe_url};
        return message(envelope, templates_.render(mail.row.template_name, values, mail.brand));
    }

    const crypto::SealedBox& seal_;
    const Clock& clock_;
    const Templates& templates_;
    const SmtpConfig& smtp_;
    pg::SystemPool& system_;
};

}  // namespace

bool valid_address(std::string_view address) {
    constexpr std::size_t kBytesMax = 254, kLocalBytesMax = 64;
    const auto at = address.find('@');
    if (address.size() > kBytesMax || at == 0 || at == address.npos || at > kLocalBytesMax) {
        return false;
    }
    const auto local = address.substr(0, at), domain = address.substr(at + 1);
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    // RFC 5322's dot-atom.
    const auto of_local = [&](char c) {
        return letter(c) ||
               std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
    };
    const auto of_domain = [&](char c) { return letter(c) || c == '-' || c == '.'; };
    const auto dots_apart = [](std::string_view text) {
        return !text.empty() && text.front() != '.' && text.back() != '.' &&
               text.find("..") == text.npos;
    };
    return std::all_of(local.begin(), local.end(), of_local) &&
           std::all_of(domain.begin(), domain.end(), of_domain) && dots_apart(local) &&
           dots_apart(domain) && domain.front() != '-' && domain.back() != '-';
}

Outbox::Outbox(
    const crypto::SealedBox& seal, const Clock& clock, Templates templates, SmtpConfig smtp)
    : seal_(seal), clock_(clock), templates_(std::move(templates)), smtp_(std::move(smtp)) {
    VERIFY(smtp_.host.empty() || valid_address(smtp_.from));
}

MailId Outbox::write(pg::Transaction& tx, const NewMail& mail) const {
    return write(tx, tx.company(), mail);
}

MailId Outbox::write(pg::SystemTransaction& tx, CompanyId company, const NewMail& mail) const {
    return write(static_cast<pg::AnyTransaction&>(tx), company, mail);
}

MailId Outbox::write(pg::AnyTransaction& tx, CompanyId company, const NewMail& mail) const {
    VERIFY(valid_address(mail.to));
    std::vector<std::string> given;
    for (const auto& [name, value] : mail.values) given.push_back(name);
    for (const auto& [name, value] : mail.secrets) given.push_back(name);
    std::sort(given.begin(), given.end());
    VERIFY(given == templates_.values_of(mail.template_name));

    const auto now = clock_.now();
    auto shown = mail.values;
    for (const auto& [name, value] : mail.secrets) shown[name] = kHidden;
    StoredMail stored;
    stored.company = company;
    stored.row.id = MailId::fresh(now);
    stored.row.to = mail.to;
    stored.row.template_name = mail.template_name;
    stored.row.subject = templates_.render(mail.template_name, shown, mail.brand).subject;
    stored.row.state = sends() ? MailState::waiting : MailState::kept;
    stored.row.written_at = now;
    stored.to_name = mail.to_name;
    stored.values = mail.values;
    stored.brand = mail.brand;
    stored.unsubscribe_url = mail.unsubscribe_url;
    if (!mail.once.empty()) stored.once = mail.once;
    if (!mail.secrets.empty()) {
        stored.secrets_end = now + mail.secrets_kept;
        stored.sealed = sealed_secrets(seal_, mail.secrets, stored.row.id);
    }
    if (!insert(tx, stored)) return select_once(tx, company, mail.once);
    if (sends()) enqueue_sending(tx, company, stored.row.id, now);
    return stored.row.id;
}

void Outbox::serve(jobs::Workers& workers, pg::SystemPool& system) {
    workers.limit(
        kVendor, {.concurrency_max = smtp_.at_once,
                  .per_second = smtp_.per_second,
                  .burst = std::max(1.0, smtp_.per_second)});
    jobs::KindOptions options;
    options.retry = {.attempts_max = 12, .wait_min = 30s, .growth = 2, .wait_max = 2h};
    options.run_max = smtp_.total_max + 30s;
    options.vendor = kVendor;
    workers.handle<SendMail>(
        [sender = Sender{seal_, clock_, templates_, smtp_, system}](
            jobs::JobRun& run, const SendMail& job) { return sender.send(run, job.mail); },
        std::move(options));
    workers.handle_as_system<ForgetMail>(
        [this](jobs::JobRun&, const ForgetMail&) -> jobs::SystemOutcome {
            return jobs::SystemDone{[this](pg::SystemTransaction& tx) {
                const auto now = clock_.now();
                forget(tx, now, {now - kKept, now - kOfCompaniesKept});
            }};
        });
    workers.schedule({"mail_forget", "17 * * * *", "UTC"}, ForgetMail{});
}

Result<Page<MailRow>> Outbox::list(
    pg::AnyTransaction& tx, const MailFilter& filter, const PageRequest& page,
    const std::optional<std::string>& sort) const {
    constexpr const char* kNewestFirst = "-written_at";
    if (sort.value_or(kNewestFirst) != kNewestFirst) {
        TRY(const auto sorting, pg::sorting_of(sort, page, {"written_at", "to", "state"}));
        return pg::sorted_page(
            select_sorted(tx, filter, sorting, page.limit + 1), page.limit, sorting);
    }
    TRY(const auto after, page.after<MailId>());
    const auto before = page.cursor.empty() ? std::nullopt : std::optional(after);
    return page_of(select_before(tx, before, filter, page.limit + 1), page.limit);
}

Result<Letter> Outbox::find(pg::AnyTransaction& tx, MailId id) const {
    const auto mail = select(tx, id);
    if (!mail) return fail(ErrorKind::not_found, "no_such_mail", id.str());
    auto values = mail->values;
    for (const auto& name : templates_.values_of(mail->row.template_name)) {
        values.try_emplace(name, kHidden);
    }
    if (mail->row.state == MailState::kept && mail->secrets_end &&
        *mail->secrets_end > clock_.now()) {
        if (auto all = opened(seal_, *mail)) values = *std::move(all);
    }
    auto content = templates_.render(mail->row.template_name, values, mail->brand);
    return Letter{mail->row, std::move(content.text), std::move(content.html)};
}

Result<CompanyId> Outbox::company_of(pg::AnyTransaction& tx, MailId id) const {
    const auto mail = select(tx, id);
    if (!mail) return fail(ErrorKind::not_found, "no_such_mail", id.str());
    return mail->company;
}

Result<MailRow> Outbox::retry(pg::Transaction& tx, MailId id) const {
    const auto mail = select(tx, id);
    if (!mail) return fail(ErrorKind::not_found, "no_such_mail", id.str());
    const auto no = [](const char* why) {
        return fail(ErrorKind::conflict, "mail_not_sendable", why);
    };
    if (!sends()) return no("no SMTP server is set up");
    if (mail->row.state == MailState::sent) return no("it was sent");
    if (!opened(seal_, *mail)) return no("the links that it had are gone: have a new one written");
    await_again(tx, id);
    enqueue_sending(tx, tx.company(), id, clock_.now());
    return select(tx, id)->row;
}

}  // namespace mobilytics::mail
