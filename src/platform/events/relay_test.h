#pragma once
// For tests beside others' transactions: while an older one is open, of a worker say, what is
// younger is not delivered yet, for it may come before it.

#include "foundation/monotonic.h"
#include "platform/events/events.h"

namespace mobilytics::events {

/// Until every subscriber has taken what was committed before this call.
inline void deliver_all(Relay& relay, pg::SystemPool& system) {
    constexpr pg::Query kWaiting{"test.waiting", R"sql(
        SELECT 1 FROM events.outbox o JOIN events.subscriber s
            ON (o.transaction_id, o.number) > (s.transaction_id, s.number) LIMIT 1
    )sql"};
    const auto waits = [&] {
        auto tx = system.begin();
        return tx.run(kWaiting).size() > 0;
    };
    const Deadline patience(std::chrono::seconds(60));
    do {
        while (relay.deliver() > 0) continue;
    } while (waits() && !patience.passed());
}

}  // namespace mobilytics::events
