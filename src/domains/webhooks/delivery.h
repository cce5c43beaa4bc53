#pragma once
// Delivers messages, by jobs.

#include "domains/webhooks/webhooks.h"

namespace mobilytics::webhooks {

void enqueue_delivery(pg::Transaction& tx, MessageId message, Instant now);

/// What it is given must outlive the workers.
void serve_deliveries(
    jobs::Workers& workers, pg::Pool& pool, const crypto::SealedBox& seal, const Clock& clock,
    const WebhooksConfig& config);

}  // namespace mobilytics::webhooks
