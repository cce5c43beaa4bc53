-- Companies' own servers that are told what happens, and what was sent to them.
CREATE SCHEMA webhooks;
GRANT USAGE ON SCHEMA webhooks TO mobilytics_app, mobilytics_system, mobilytics_staff;

CREATE TABLE webhooks.endpoint (
    company_id   uuid        NOT NULL,
    id           uuid        NOT NULL,
    url          text        NOT NULL CHECK (length(url) <= 500),
    description  text,
    event_types  text[]      NOT NULL,
    state        text        NOT NULL CHECK (state IN ('enabled', 'disabled_by_company',
                                             'disabled_by_failures', 'disabled_by_receiver')),
    state_since  timestamptz NOT NULL,
    failing_since timestamptz,
    secret_sealed     text   NOT NULL,
    old_secret_sealed text,             -- Signed with as well, until:
    old_secret_until  timestamptz,
    secret_rotated_at timestamptz,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX endpoint_order ON webhooks.endpoint (id);
ALTER TABLE webhooks.endpoint ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON webhooks.endpoint TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY staff ON webhooks.endpoint FOR SELECT TO mobilytics_staff USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.endpoint TO mobilytics_app;
GRANT SELECT ON webhooks.endpoint TO mobilytics_system;
-- Not its secrets.
GRANT SELECT (company_id, id, url, description, event_types, state, state_since, failing_since,
              secret_rotated_at, created_at) ON webhooks.endpoint TO mobilytics_staff;

-- What is sent to one endpoint; its id is the webhook-id.
CREATE TABLE webhooks.message (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL,
    endpoint_id uuid        NOT NULL,
    event_type  text        NOT NULL,
    body        text        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
    tries       integer     NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, endpoint_id) REFERENCES webhooks.endpoint (company_id, id)
        ON DELETE CASCADE
);
CREATE INDEX message_waiting ON webhooks.message (company_id, endpoint_id, created_at)
    WHERE state = 'waiting';
CREATE INDEX message_age ON webhooks.message (created_at);
ALTER TABLE webhooks.message ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON webhooks.message TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY staff ON webhooks.message FOR SELECT TO mobilytics_staff USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.message TO mobilytics_app;
GRANT SELECT, DELETE ON webhooks.message TO mobilytics_system;
GRANT SELECT (company_id, id, endpoint_id, event_type, state, tries, created_at)
    ON webhooks.message TO mobilytics_staff;

CREATE TABLE webhooks.attempt (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL,
    endpoint_id uuid        NOT NULL,
    message_id  uuid        NOT NULL,
    event_type  text        NOT NULL,
    number      integer     NOT NULL,
    outcome     text        NOT NULL,
    status      integer,
    detail      text,
    begun_at    timestamptz NOT NULL,
    took_ms     bigint      NOT NULL,
    next_at     timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, message_id) REFERENCES webhooks.message (company_id, id)
        ON DELETE CASCADE
);
CREATE INDEX attempt_order ON webhooks.attempt (company_id, endpoint_id, id);
CREATE INDEX attempt_message ON webhooks.attempt (company_id, message_id);
ALTER TABLE webhooks.attempt ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON webhooks.attempt TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY staff ON webhooks.attempt FOR SELECT TO mobilytics_staff USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.attempt TO mobilytics_app;
GRANT SELECT, DELETE ON webhooks.attempt TO mobilytics_system;
GRANT SELECT ON webhooks.attempt TO mobilytics_staff;
