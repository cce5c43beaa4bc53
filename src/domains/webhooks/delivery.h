#pragma once
// Delivers messages, by jobs: one run at a time sends to an endpoint, so that what is of one
// endpoint goes in its order, and one that fails is asked once and not by each of its messages.

#include "domains/webhooks/webhooks.h"

namespace mobilytics::webhooks {

/// Has an endpoint sent what is due, now or at `due`. In the transaction in which its row was
/// locked: a run that is about to end does so under this lock, and has seen what was there.
void wake(pg::Transaction& tx, EndpointId endpoint, bool slow, Instant now, Instant due);

/// What it is given must outlive the workers.
void serve_deliveries(
    jobs::Workers& workers, pg::Pool& pool, const crypto::SealedBox& seal, const Clock& clock,
    const WebhooksConfig& config);

}  // namespace mobilytics::webhooks
