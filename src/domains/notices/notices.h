#pragma once
// What people are told by mail: each chooses of what, of what happens often one mail is made, and
// every mail can be unsubscribed from.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "foundation/secret.h"
#include "foundation/vocabulary.h"
#include "platform/pg/pg.h"
#include "platform/privacy/privacy.h"

namespace mobilytics::crypto {
class SealedBox;
}
namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Workers;
}
namespace mobilytics::mail {
class Outbox;
}

namespace mobilytics::notices {

/// A kind, as one person has it.
struct Notice {
    std::string kind, group, title, about;
    bool mailed = false;
    bool usual = false;  // What it is for their role.
    bool settable = true;
};
/// All that a person may be told.
struct NoticeList {
    std::vector<Notice> items;
};
struct NoticesWanted {
    std::vector<std::string> mailed;
};

/// What has happened.
struct News {
    std::string kind;    // Of notice_kinds.h.
    std::string what;    // The same, however often it is told: "event 17". Never told twice.
    std::string target;  // Of one there is a mail an hour at most: "device_…".
    std::string title;   // "North gate has fallen silent"
    std::string text;    // Some sentences.
    std::string link;    // Where to look, within the dashboard: "/assets".
    /// Whom alone it concerns; none: everybody of the company whose role is told of it.
    std::optional<PersonId> only = {};
};

/// Who belongs to a company.
struct Member {
    PersonId person;
    std::string email, name;
    Role role{};
};

struct NoticesConfig {
    std::string public_url;  // Without a slash at its end.
    std::chrono::minutes mailed_every{60};
    std::chrono::hours taken_kept{24 * 90};
};

class Notices {
  public:
    struct Needs {
        pg::Pool& pool;
        const crypto::SealedBox& seal;
        const Clock& clock;
        const mail::Outbox& outbox;
        /// Those who are active. Asked outside of any transaction.
        std::function<std::vector<Member>(CompanyId)> members;
    };
    /// What it is given must outlive this.
    Notices(Needs needs, NoticesConfig config);

    /// Mails later what came too often to be mailed at once: before workers.start(). This must
    /// outlive the workers.
    void serve(jobs::Workers& workers);

    /// A mail to each whom it concerns and who wants it; within the hour after one of this kind and
    /// target it is counted, and mailed at its end.
    void tell(CompanyId company, const News& news);

    Result<NoticeList> list_notices(const Caller& caller);
    /// invalid `no_such_notice`, for what is none, is not settable, or not for this role.
    Result<NoticeList> set_notices(const Caller& caller, const NoticesWanted& wanted);

    /// RFC 8058, for whoever has the link of a mail. What is no token of ours does nothing.
    void unsubscribe(const std::string& token);
    /// What an address ends with that unsubscribes.
    std::string token_of(CompanyId company, PersonId person, const std::string& kind) const;

  private:
    void mail_later(CompanyId company, const std::string& kind, const std::string& target);
    void write_letters(
        pg::Transaction& tx, const std::vector<Member>& members, const News& news,
        std::int64_t times);

    Needs needs_;
    const NoticesConfig config_;
};

/// All of the HTTP contract.
void mount_all(http::Router& router, Notices& notices);

privacy::Holder holder();

}  // namespace mobilytics::notices
