-- outside a transaction
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS outbox_once ON mail.outbox (company_id, once_key);
