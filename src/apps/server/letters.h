#pragma once
// What is written to whom it lets in: who is invited, who forgot a password. What else is told by
// mail, and can be chosen: news.h.

#include <string>

namespace mobilytics::crypto {
class SealedBox;
}
namespace mobilytics::events {
class Relay;
}
namespace mobilytics::mail {
class Outbox;
}
namespace mobilytics::pg {
class SystemPool;
}

namespace mobilytics::server {

struct LettersGround {
    const mail::Outbox& outbox;
    pg::SystemPool& system;
    const crypto::SealedBox& seal;
    std::string public_url;  // Without a slash at its end.
};

/// Before relay.start(). What it names must outlive `relay`.
void join_letters(events::Relay& relay, const LettersGround& ground);

}  // namespace mobilytics::server
