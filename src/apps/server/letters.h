#pragma once
// What is told by mail: who is invited, who forgot a password, whose webhooks have stopped.

#include <functional>
#include <string>
#include <vector>

#include "foundation/caller.h"

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
    /// The e-mails of a company's owners.
    std::function<std::vector<std::string>(CompanyId)> owners;
};

/// Before relay.start(). What it names must outlive `relay`.
void join_letters(events::Relay& relay, const LettersGround& ground);

}  // namespace mobilytics::server
