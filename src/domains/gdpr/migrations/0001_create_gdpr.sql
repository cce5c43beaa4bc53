-- What people asked for, and what they consented to.
CREATE SCHEMA gdpr;
GRANT USAGE ON SCHEMA gdpr TO mobilytics_app;

-- A file with all that was kept of a person; the file itself is an object, privacy/exports/….
CREATE TABLE gdpr.export (
    company_id   uuid        NOT NULL,
    id           uuid        NOT NULL,
    person_id    uuid        NOT NULL,
    requested_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    items        bigint      NOT NULL,
    bytes        bigint      NOT NULL,
    sha256       text        NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX export_age ON gdpr.export (company_id, requested_at);
ALTER TABLE gdpr.export ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON gdpr.export USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON gdpr.export TO mobilytics_app;

-- That somebody was erased, and what of them. Kept: it proves that we did.
CREATE TABLE gdpr.erasure (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL,
    person_id   uuid        NOT NULL,
    erased_at   timestamptz NOT NULL,
    erased      jsonb       NOT NULL,
    certificate text        NOT NULL,
    signature   bytea       NOT NULL,
    key_id      text        NOT NULL,
    PRIMARY KEY (company_id, id)
);
ALTER TABLE gdpr.erasure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON gdpr.erasure USING (company_id = app.company_id());
GRANT SELECT, INSERT ON gdpr.erasure TO mobilytics_app;

-- Nothing is written over: a withdrawal is a row of its own.
CREATE TABLE gdpr.consent (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL,
    subject     text        NOT NULL,
    purpose     text        NOT NULL,
    version     text        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('given', 'withdrawn')),
    at          timestamptz NOT NULL,
    how         text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX consent_subject ON gdpr.consent (company_id, subject, at);
ALTER TABLE gdpr.consent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON gdpr.consent USING (company_id = app.company_id());
-- An erasure takes subject and how out of it; what else it says cannot be changed.
GRANT SELECT, INSERT, UPDATE (subject, how) ON gdpr.consent TO mobilytics_app;

-- How long a company wants a kind of data kept, and what the last round did. No row: as usual.
CREATE TABLE gdpr.retention (
    company_id       uuid        NOT NULL,
    kind             text        NOT NULL,
    kept_days        integer     CHECK (kept_days > 0),  -- NULL: as usual.
    last_enforced_at timestamptz,
    last_gone        bigint,
    PRIMARY KEY (company_id, kind)
);
ALTER TABLE gdpr.retention ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON gdpr.retention USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON gdpr.retention TO mobilytics_app;
