-- What domains tell others: written in the transaction that it tells of, delivered afterwards.
CREATE SCHEMA events;
GRANT USAGE ON SCHEMA events TO mobilytics_app, mobilytics_system;

CREATE TABLE events.outbox (
    company_id   uuid        NOT NULL,
    number       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    -- A number is given before its row is committed. A reader that goes by (transaction_id, number),
    -- and only below the oldest transaction still running, steps over none.
    transaction_id xid8      NOT NULL DEFAULT pg_current_xact_id(),
    name         text        NOT NULL,
    body         jsonb       NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, number)
);
CREATE INDEX outbox_order ON events.outbox (transaction_id, number);
ALTER TABLE events.outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON events.outbox USING (app.visible(company_id));
GRANT INSERT ON events.outbox TO mobilytics_app;
GRANT SELECT, INSERT, DELETE ON events.outbox TO mobilytics_system;

CREATE TABLE events.subscriber (
    name           text   PRIMARY KEY,
    transaction_id xid8   NOT NULL DEFAULT '0',
    number         bigint NOT NULL DEFAULT 0
);
GRANT SELECT, INSERT, UPDATE ON events.subscriber TO mobilytics_system;

-- What a subscriber could not take after many tries. Kept until somebody has looked.
CREATE TABLE events.dead_letter (
    company_id uuid        NOT NULL,
    subscriber text        NOT NULL,
    number     bigint      NOT NULL,
    name       text        NOT NULL,
    body       jsonb       NOT NULL,
    why        text        NOT NULL,
    given_up_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, subscriber, number)
);
ALTER TABLE events.dead_letter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON events.dead_letter USING (app.visible(company_id));
GRANT SELECT, INSERT, DELETE ON events.dead_letter TO mobilytics_system;
