-- What people are told by mail, as far as they choose.
CREATE SCHEMA notices;
GRANT USAGE ON SCHEMA notices TO mobilytics_app, mobilytics_system;

-- No row: as is usual for the person's role.
CREATE TABLE notices.choice (
    company_id uuid    NOT NULL,
    person_id  uuid    NOT NULL,
    kind       text    NOT NULL,
    mailed     boolean NOT NULL,
    PRIMARY KEY (company_id, person_id, kind)
);
ALTER TABLE notices.choice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON notices.choice USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON notices.choice TO mobilytics_app;

-- What has been told, so that it is told once.
CREATE TABLE notices.taken (
    company_id uuid        NOT NULL,
    what       text        NOT NULL,
    taken_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, what)
);
CREATE INDEX taken_age ON notices.taken (company_id, taken_at);
ALTER TABLE notices.taken ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON notices.taken USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON notices.taken TO mobilytics_app;

-- When a mail of a kind went out about something last, and what has happened since.
CREATE TABLE notices.recent (
    company_id uuid        NOT NULL,
    kind       text        NOT NULL,
    target     text        NOT NULL,
    mailed_at  timestamptz NOT NULL,
    since      integer     NOT NULL DEFAULT 0,  -- How often, without a mail.
    newest     jsonb       NOT NULL,            -- Of these.
    PRIMARY KEY (company_id, kind, target)
);
ALTER TABLE notices.recent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON notices.recent USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON notices.recent TO mobilytics_app;
