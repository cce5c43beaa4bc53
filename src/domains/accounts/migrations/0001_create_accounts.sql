CREATE SCHEMA accounts;
GRANT USAGE ON SCHEMA accounts TO mobilytics_app;

CREATE TABLE accounts.company (
    company_id   uuid        NOT NULL PRIMARY KEY,
    name         text        NOT NULL,
    time_zone    text        NOT NULL,
    privacy_mode text        NOT NULL CHECK (privacy_mode IN ('standard', 'strict')),
    synthetic    boolean     NOT NULL,
    created_at   timestamptz NOT NULL
);
ALTER TABLE accounts.company ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON accounts.company USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON accounts.company TO mobilytics_app;

CREATE TABLE accounts.person (
    company_id            uuid    NOT NULL,
    id                    uuid    NOT NULL,
    name                  text    NOT NULL,
    role                  text    NOT NULL CHECK (role IN ('viewer', 'analyst', 'admin', 'owner')),
    password_hash         text    NOT NULL,  -- Argon2id, with its parameters and salt.
    has_one_time_password boolean NOT NULL,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id) REFERENCES accounts.company (company_id)
);
ALTER TABLE accounts.person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON accounts.person USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON accounts.person TO mobilytics_app;

-- A token is kept as its SHA-256 only: who reads this table can sign in nowhere.
CREATE TABLE accounts.session (
    company_id   uuid        NOT NULL,
    token_sha256 text        NOT NULL,
    person_id    uuid        NOT NULL,
    begun_at     timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, token_sha256),
    FOREIGN KEY (company_id, person_id) REFERENCES accounts.person (company_id, id)
);
ALTER TABLE accounts.session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON accounts.session USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.session TO mobilytics_app;

-- Which company this installation is of, asked before anybody has said whose they are. It tells an
-- id and nothing else.
CREATE TABLE accounts.installation (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    first_company uuid NOT NULL
);
GRANT SELECT, INSERT ON accounts.installation TO mobilytics_app;
