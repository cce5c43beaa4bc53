#include "domains/notices/notices.h"

#include <algorithm>

#include "domains/notices/notice_kinds.h"
#include "domains/notices/notice_store.h"
#include "domains/notices/notices_api.h"
#include "foundation/log.h"
#include "platform/audit/audit.h"
#include "platform/crypto/files.h"
#include "platform/http/router.h"
#include "platform/jobs/workers.h"
#include "platform/mail/mail.h"

namespace mobilytics::notices {

namespace {

constexpr std::string_view kAboutToken = "notices.unsubscribe";
constexpr const char* kSettings = "/settings/notices";
constexpr const char* kStop = "/unsubscribe#token=";  // For people; programs post to the API.

/// Mails what was counted.
struct MailLater {
    static constexpr std::string_view kName = "notices.mail_later.v1";
    std::string kind, target;
    boost::json::value to_json() const { return {{"kind", kind}, {"target", target}}; }
    static MailLater from_json(const boost::json::value& json) {
        return {
            std::string(json.at("kind").as_string()), std::string(json.at("target").as_string())};
    }
};

bool wants(const Kind& kind, Role role, const bool* chosen) {
    if (!kind.may.has(role)) return false;
    return chosen != nullptr && kind.settable ? *chosen : kind.usual.has(role);
}

template <class Map, class Key>
const bool* found(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? nullptr : &at->second;
}

NoticeList list_of(Role role, const std::map<std::string, bool>& choices) {
    NoticeList out;
    for (const auto& kind : kinds()) {
        if (!kind.may.has(role)) continue;
        const std::string word(kind.kind);
        out.items.push_back(
            {word, std::string(kind.group), std::string(kind.title), std::string(kind.about),
             wants(kind, role, found(choices, word)), kind.usual.has(role), kind.settable});
    }
    return out;
}

}  // namespace

Notices::Notices(Needs needs, NoticesConfig config)
    : needs_(std::move(needs)), config_(std::move(config)) {}

void Notices::serve(jobs::Workers& workers) {
    workers.handle<MailLater>([this](jobs::JobRun& run, const MailLater& job) -> jobs::Outcome {
        mail_later(run.company, job.kind, job.target);
        return jobs::Done{};
    });
}

void Notices::tell(CompanyId company, const News& news) {
    VERIFY(find_kind(news.kind) != nullptr);
    const auto members = needs_.members(company);
    const auto now = needs_.clock.now();
    auto tx = needs_.pool.begin(company);
    if (!take(tx, news.what, now)) return;
    forget(tx, now - config_.taken_kept);
    bool mails = insert_recent(tx, news, now);
    if (!mails) {
        auto recent = *select_recent(tx, news.kind, news.target);
        const auto next = recent.mailed_at + config_.mailed_every;
        recent.newest = news;
        // What was counted is mailed by the job, and this with it.
        mails = next <= now && recent.since == 0;
        if (mails) {
            recent.mailed_at = now;
        } else {
            ++recent.since;
            jobs::enqueue(
                tx, now, MailLater{news.kind, news.target},
                {.due = std::max(now, next), .unique_key = news.kind + " " + news.target});
        }
        update_recent(tx, news, recent);
    }
    if (mails) write_letters(tx, members, news, 1);
    tx.commit();
}

void Notices::mail_later(CompanyId company, const std::string& kind, const std::string& target) {
    const auto members = needs_.members(company);
    auto tx = needs_.pool.begin(company);
    auto recent = select_recent(tx, kind, target);
    if (!recent || recent->since == 0) return;
    write_letters(tx, members, recent->newest, recent->since);
    recent->since = 0;
    recent->mailed_at = needs_.clock.now();
    update_recent(tx, recent->newest, *recent);
    tx.commit();
}

void Notices::write_letters(
    pg::Transaction& tx, const std::vector<Member>& members, const News& news, std::int64_t times) {
    const auto& kind = *find_kind(news.kind);
    const auto choosers = select_choosers(tx, news.kind);
    for (const auto& member : members) {
        if (news.only && *news.only != member.person) continue;
        if (!wants(kind, member.role, found(choosers, member.person))) continue;
        if (!mail::valid_address(member.email)) {
            log::warning("mail_not_written", {{"notice", news.kind}});
            continue;
        }
        mail::NewMail out;
        out.to = member.email;
        out.to_name = member.name;
        out.template_name = "notices.notice";
        out.values = {
            {"name", member.name},
            {"title", news.title},
            {"text", news.text},
            {"times", times > 1 ? "This has happened " + std::to_string(times) +
                                      " times since the last mail about it."
                                : ""},
            {"link", config_.public_url + news.link}};
        if (kind.settable) {
            const auto token = token_of(tx.company(), member.person, news.kind);
            out.unsubscribe_url = config_.public_url + "/api/v1/notices/unsubscribe/" + token;
            out.values["stop"] = config_.public_url + kStop + token;
        } else {
            out.values["stop"] = config_.public_url + kSettings;
        }
        out.once = news.what + " " + member.person.str();
        needs_.outbox.write(tx, out);
    }
}

Result<NoticeList> Notices::list_notices(const Caller& caller) {
    auto tx = needs_.pool.begin(caller.company);
    return list_of(caller.role, select_choices(tx, caller.person));
}

Result<NoticeList> Notices::set_notices(const Caller& caller, const NoticesWanted& wanted) {
    for (const auto& word : wanted.mailed) {
        const auto* kind = find_kind(word);
        if (kind == nullptr || !kind->settable || !kind->may.has(caller.role)) {
            return fail(ErrorKind::invalid, "no_such_notice", "\"" + word + "\" cannot be chosen");
        }
    }
    auto tx = needs_.pool.begin(caller.company);
    const auto before = list_of(caller.role, select_choices(tx, caller.person));
    boost::json::object was, is;
    for (const auto& notice : before.items) {
        if (!notice.settable) continue;
        const bool mailed = std::ranges::find(wanted.mailed, notice.kind) != wanted.mailed.end();
        upsert_choice(tx, caller.person, notice.kind, mailed);
        was[notice.kind] = notice.mailed;
        is[notice.kind] = mailed;
    }
    audit::append(
        tx, needs_.clock.now(),
        {.action = "notices.chosen",
         .actor = audit::actor_of(caller),
         .targets = {{"person", caller.person.str()}},
         .before = std::move(was),
         .after = std::move(is)});
    auto after = list_of(caller.role, select_choices(tx, caller.person));
    tx.commit();
    return after;
}

std::string Notices::token_of(CompanyId company, PersonId person, const std::string& kind) const {
    return needs_.seal.seal(Secret(company.str() + " " + person.str() + " " + kind), kAboutToken);
}

void Notices::unsubscribe(const std::string& token) {
    const auto opened = needs_.seal.open(token, kAboutToken);
    if (!opened) return;
    const auto& text = opened->reveal();
    const auto first = text.find(' '), second = text.find(' ', first + 1);
    const auto company = pg::verified(CompanyId::parse(text.substr(0, first)));
    const auto person = pg::verified(PersonId::parse(text.substr(first + 1, second - first - 1)));
    const auto kind = text.substr(second + 1);
    auto tx = needs_.pool.begin(company);
    upsert_choice(tx, person, kind, false);
    audit::append(
        tx, needs_.clock.now(),
        {.action = "notices.unsubscribed",
         .actor = {audit::ActorKind::person, person.str()},
         .targets = {{"person", person.str()}},
         .after = boost::json::object{{kind, false}}});
    tx.commit();
}

void mount_all(http::Router& router, Notices& notices) {
    mount(router, notices);
    // Asked by mail programs, which know nothing of us: a form, no session, no header of ours.
    router.on_raw(
        http::verb::post, "/api/v1/notices/unsubscribe/{token}", http::kOpen,
        [&notices](const http::Call& call) -> Result<http::Reply> {
            notices.unsubscribe(call.path.at("token"));
            return http::bytes(
                200, "text/plain; charset=utf-8", "You get no more mail of this kind.\n");
        },
        {.body_bytes_max = 4 << 10,
         .rate = http::Rate{30, std::chrono::seconds(60)},
         .rate_by = http::RateBy::address});
}

privacy::Holder holder() {
    return {
        .name = "notices",
        .take_along =
            [](pg::Transaction& tx, const privacy::Subject& subject) {
                std::vector<boost::json::value> out;
                for (const auto& [kind, mailed] : select_choices(tx, subject.person)) {
                    out.push_back(boost::json::object{
                        {"place", "notices.choice"}, {"kind", kind}, {"mailed", mailed}});
                }
                return out;
            },
        .erase = [](pg::Transaction& tx, const privacy::Subject& subject,
                    Instant) -> Result<std::vector<privacy::Erased>> {
            const auto about = erase_about(tx, subject.person);
            return std::vector<privacy::Erased>{
                {"notices.choice", erase_choices(tx, subject.person), 0, ""},
                {"notices.recent", about, 0, ""}};
        }};
}

}  // namespace mobilytics::notices
