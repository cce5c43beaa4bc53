-- What was answered to a request that said Idempotency-Key.
CREATE SCHEMA idempotency;
GRANT USAGE ON SCHEMA idempotency TO mobilytics_app;

CREATE TABLE idempotency.reply (
    company_id     uuid        NOT NULL,
    person_id      uuid        NOT NULL,
    key            text        NOT NULL CHECK (length(key) <= 255),
    request_sha256 text        NOT NULL,  -- Of method, target and body.
    begun_at       timestamptz NOT NULL,
    status         integer,               -- NULL while it is being carried out.
    sealed         text,                  -- The JSON of the reply.
    PRIMARY KEY (company_id, person_id, key),
    CHECK ((status IS NULL) = (sealed IS NULL))
);
CREATE INDEX reply_age ON idempotency.reply (company_id, begun_at);
ALTER TABLE idempotency.reply ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON idempotency.reply USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency.reply TO mobilytics_app;
