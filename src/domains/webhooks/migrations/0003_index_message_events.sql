-- outside a transaction
-- An event that is delivered twice is one message to each endpoint.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS message_event
    ON webhooks.message (company_id, endpoint_id, event_number);
