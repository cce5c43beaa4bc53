-- Mail that was written: sent, to be sent, or kept where no SMTP server is set up.
CREATE SCHEMA mail;
GRANT USAGE ON SCHEMA mail TO mobilytics_app, mobilytics_system, mobilytics_staff;

CREATE TABLE mail.outbox (
    company_id   uuid        NOT NULL,  -- 0000...: the system's own.
    id           uuid        NOT NULL,
    to_address   text        NOT NULL CHECK (length(to_address) <= 254),
    to_name      text        NOT NULL,
    template     text        NOT NULL,
    subject      text        NOT NULL,
    content      jsonb       NOT NULL,  -- Values and brand.
    sealed       text,                  -- Values that let somebody in; gone when it is sent.
    secrets_end  timestamptz,           -- When they go at the latest; NULL: there are none.
    state        text        NOT NULL CHECK (state IN ('waiting', 'kept', 'sent', 'refused',
                                                       'failed')),
    attempts     integer     NOT NULL DEFAULT 0,
    answer       text,
    written_at   timestamptz NOT NULL,
    sent_at      timestamptz,
    PRIMARY KEY (company_id, id),
    CHECK (state IN ('waiting', 'kept') OR sealed IS NULL),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
-- Staff are shown the newest of all companies first.
CREATE INDEX outbox_order ON mail.outbox (id);
CREATE INDEX outbox_secrets ON mail.outbox (secrets_end) WHERE sealed IS NOT NULL;
ALTER TABLE mail.outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON mail.outbox TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY staff ON mail.outbox FOR SELECT TO mobilytics_staff USING (true);
GRANT SELECT, INSERT, UPDATE ON mail.outbox TO mobilytics_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON mail.outbox TO mobilytics_system;
GRANT SELECT ON mail.outbox TO mobilytics_staff;
