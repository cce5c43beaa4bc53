CREATE SCHEMA fleet;
GRANT USAGE ON SCHEMA fleet TO mobilytics_app;

CREATE TABLE fleet.device (
    company_id             uuid        NOT NULL,
    id                     uuid        NOT NULL,
    name                   text        NOT NULL,
    state                  text        NOT NULL CHECK (state IN ('active', 'revoked')),
    key_sha256             text        NOT NULL,
    certificate_serial     text        NOT NULL,
    certificate_expires_at timestamptz NOT NULL,
    enrolled_at            timestamptz NOT NULL,
    revoked_at             timestamptz,
    PRIMARY KEY (company_id, id),
    CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
);
ALTER TABLE fleet.device ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON fleet.device USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON fleet.device TO mobilytics_app;

CREATE TABLE fleet.claim (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL,
    name        text        NOT NULL,
    asset_id    uuid,
    expires_at  timestamptz NOT NULL,
    device_id   uuid,  -- Of the sensor that took it.
    key_sha256  text,
    PRIMARY KEY (company_id, id),
    CHECK ((device_id IS NULL) = (key_sha256 IS NULL))
);
ALTER TABLE fleet.claim ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON fleet.claim USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON fleet.claim TO mobilytics_app;

-- Who comes with a code has not said whose they are: this tells which company's claim it is, to those
-- who have the code's digest, and nothing else.
CREATE TABLE fleet.claim_code (
    code_sha256   text PRIMARY KEY,
    claim_company uuid NOT NULL,
    claim_id      uuid NOT NULL
);
GRANT SELECT, INSERT, DELETE ON fleet.claim_code TO mobilytics_app;

CREATE TABLE fleet.salt (
    company_id   uuid        NOT NULL,
    day          date        NOT NULL,  -- Of the company's zone.
    epoch        text        NOT NULL,
    sealed       text,                  -- NULL once it has been destroyed.
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, day)
);
ALTER TABLE fleet.salt ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON fleet.salt USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON fleet.salt TO mobilytics_app;
