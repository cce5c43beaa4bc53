#pragma once
// Requests that say Idempotency-Key, so that they may be sent again without being carried out
// again (draft-ietf-httpapi-idempotency-key-header-07). A port: http knows no database.

#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.h"

namespace mobilytics::http {

/// One of them. What it views must live while it is used.
struct Repeatable {
    Caller caller;
    std::string key;
    verb method;
    std::string_view target;
    std::string_view body;
};

class Repeats {
  public:
    virtual ~Repeats() = default;

    struct Begun {
        std::optional<Reply> earlier;  // What was answered then; none: carry it out.
        Instant at;                    // When this run of it began.
    };
    /// conflict `still_running`, while the first is being carried out; invalid `key_taken`, where
    /// the key was said with another request.
    virtual Result<Begun> begin(const Repeatable& asked) = 0;
    /// This is its answer, for whoever asks again.
    virtual void keep(const Repeatable& asked, Instant begun_at, const Reply& reply) = 0;
    /// It came to nothing: the next is to be carried out.
    virtual void forget(const Repeatable& asked, Instant begun_at) = 0;
};

/// What an Idempotency-Key says: a string of RFC 8941, or a bare word of the same characters. None
/// for what is neither, is empty or is longer than 255 characters.
std::optional<std::string> idempotency_key(std::string_view field);

/// Carries `handler` out with what `call` asks, once for all requests of its key.
Reply once(Repeats& repeats, const Repeatable& asked, const std::function<Reply()>& carry_out);

}  // namespace mobilytics::http
