-- People who belong to several companies, companies below companies, keys, and who of our staff looks
-- as whom. What was there (one company, its owners) is taken along.

ALTER TABLE accounts.company NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.person NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.company
    ADD COLUMN kind text NOT NULL DEFAULT 'operator'
        CHECK (kind IN ('house', 'operator', 'reseller', 'advertiser')),
    ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    ADD COLUMN parent_id uuid,
    ADD COLUMN currency char(3) NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    -- Whether our staff may look as one of its people at once, only when it has said yes, or never.
    ADD COLUMN impersonation_consent text NOT NULL DEFAULT 'not_needed'
        CHECK (impersonation_consent IN ('not_needed', 'needed', 'refused')),
    ADD COLUMN brand_name text,
    ADD COLUMN brand_logo_object text,
    ADD COLUMN brand_primary_color text,
    ADD COLUMN brand_accent_color text,
    ADD COLUMN brand_domain text;
-- safe: an installation has few companies
CREATE UNIQUE INDEX company_brand_domain ON accounts.company (brand_domain);

-- The house is the company of our own staff.
ALTER TABLE accounts.installation ADD COLUMN house_company uuid;
-- safe: it has one row
UPDATE accounts.installation SET house_company = gen_random_uuid();
INSERT INTO accounts.company (company_id, name, kind, time_zone, privacy_mode, synthetic, created_at)
SELECT house_company, 'House', 'house', 'UTC', 'standard', false, now() FROM accounts.installation;
-- safe: an installation has few companies
UPDATE accounts.company SET parent_id = (SELECT house_company FROM accounts.installation)
WHERE kind <> 'house';
-- safe: it has one row
ALTER TABLE accounts.installation ALTER COLUMN house_company SET NOT NULL;

-- contract: of whoever has signed in; the program before cannot serve people of several companies
DROP TABLE accounts.session;
ALTER TABLE accounts.person RENAME TO owner_before;

-- Somebody who may sign in. A row of no company: those of which they are a member see who it is.
CREATE TABLE accounts.person (
    id              uuid        PRIMARY KEY,
    email           text        NOT NULL CHECK (length(email) <= 254),
    name            text        NOT NULL,
    locale          text,
    has_second_factor boolean   NOT NULL DEFAULT false,  -- For those who may not see which.
    added_at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX person_email ON accounts.person (lower(email));

CREATE TABLE accounts.membership (
    company_id uuid        NOT NULL REFERENCES accounts.company (company_id),
    person_id  uuid        NOT NULL REFERENCES accounts.person (id),
    role       text        NOT NULL CHECK (role IN (
        'viewer', 'analyst', 'admin', 'owner', 'operator',
        'support', 'fulfillment', 'finance', 'engineer', 'superuser')),
    state      text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    joined_at  timestamptz NOT NULL,
    PRIMARY KEY (company_id, person_id)
);
CREATE INDEX membership_person ON accounts.membership (person_id);

-- What only the person's own transactions see.
CREATE TABLE accounts.credential (
    person_id             uuid        PRIMARY KEY REFERENCES accounts.person (id),
    password_hash         text,  -- Argon2id, with its parameters and salt; NULL: signs in otherwise.
    has_one_time_password boolean     NOT NULL DEFAULT false,
    one_time_until        timestamptz,
    totp_sealed           text,  -- By a key that is not in the database.
    totp_pending_sealed   text,  -- Until a code of it has been shown.
    totp_last_step        bigint
);
CREATE TABLE accounts.recovery_code (
    person_id   uuid NOT NULL REFERENCES accounts.person (id),
    code_sha256 text NOT NULL,
    PRIMARY KEY (person_id, code_sha256)
);
CREATE TABLE accounts.password_reset (
    token_sha256 text        PRIMARY KEY,
    person_id    uuid,  -- NULL for who is not known: it costs the same, and opens nothing.
    expires_at   timestamptz NOT NULL
);

INSERT INTO accounts.person (id, email, name, added_at)
SELECT id, CASE WHEN row_number() OVER (ORDER BY id) = 1 THEN 'owner@localhost'
                ELSE 'owner' || row_number() OVER (ORDER BY id) || '@localhost' END, name, now()
FROM accounts.owner_before;
INSERT INTO accounts.credential (person_id, password_hash, has_one_time_password)
SELECT id, password_hash, has_one_time_password FROM accounts.owner_before;
INSERT INTO accounts.membership (company_id, person_id, role, joined_at)
SELECT company_id, id, role, now() FROM accounts.owner_before;
INSERT INTO accounts.membership (company_id, person_id, role, joined_at)
SELECT i.house_company, o.id, 'superuser', now()
FROM accounts.owner_before o, accounts.installation i WHERE o.role = 'owner';
-- contract: its rows are in person, credential and membership; as above
DROP TABLE accounts.owner_before;

-- A token is kept as its SHA-256 only: who reads this table can sign in nowhere.
CREATE TABLE accounts.session (
    id               uuid        PRIMARY KEY,
    person_id        uuid        NOT NULL REFERENCES accounts.person (id),
    company_id       uuid        NOT NULL REFERENCES accounts.company (company_id),
    token_sha256     text        NOT NULL UNIQUE,
    begun_at         timestamptz NOT NULL,
    seen_at          timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    second_factor_at timestamptz,
    address          text        NOT NULL,
    user_agent       text        NOT NULL,
    impersonation_id uuid
);
CREATE INDEX session_person ON accounts.session (person_id);
CREATE INDEX session_company ON accounts.session (company_id, person_id);
CREATE INDEX session_expiry ON accounts.session (expires_at);

CREATE TABLE accounts.invitation (
    company_id   uuid        NOT NULL REFERENCES accounts.company (company_id),
    id           uuid        NOT NULL,
    email        text        NOT NULL CHECK (length(email) <= 254),
    role         text        NOT NULL,
    token_sha256 text        NOT NULL UNIQUE,
    invited_by   uuid        NOT NULL,
    invited_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX invitation_email ON accounts.invitation (company_id, lower(email));

-- People without a login.
CREATE TABLE accounts.contact (
    company_id uuid        NOT NULL REFERENCES accounts.company (company_id),
    id         uuid        NOT NULL,
    name       text        NOT NULL,
    email      text        NOT NULL,
    phone      text        NOT NULL,
    title      text        NOT NULL,
    note       text        NOT NULL,
    added_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);

-- Between a company and the one above it: what that one may see of it. Nothing, unless it says so.
CREATE TABLE accounts.contract (
    company_id uuid        PRIMARY KEY REFERENCES accounts.company (company_id),
    parent_id  uuid        NOT NULL REFERENCES accounts.company (company_id),
    label      text        NOT NULL,  -- As the company above calls it.
    shares     text[]      NOT NULL DEFAULT '{}',
    added_at   timestamptz NOT NULL
);
CREATE INDEX contract_parent ON accounts.contract (parent_id, company_id);
INSERT INTO accounts.contract (company_id, parent_id, label, added_at)
SELECT company_id, parent_id, name, now() FROM accounts.company WHERE parent_id IS NOT NULL;

CREATE TABLE accounts.api_key (
    company_id      uuid        NOT NULL REFERENCES accounts.company (company_id),
    id              uuid        NOT NULL,
    name            text        NOT NULL,
    prefix          text        NOT NULL,
    role            text        NOT NULL,
    scopes          text[]      NOT NULL,
    networks        text[]      NOT NULL,
    secret_sha256   text        NOT NULL UNIQUE,
    previous_sha256 text        UNIQUE,
    previous_until  timestamptz,
    added_at        timestamptz NOT NULL,
    added_by        uuid        NOT NULL,
    expires_at      timestamptz,
    used_at         timestamptz,
    revoked_at      timestamptz,
    PRIMARY KEY (company_id, id)
);

-- One of our staff sees what a person of a company sees.
CREATE TABLE accounts.impersonation (
    company_id    uuid        NOT NULL REFERENCES accounts.company (company_id),
    id            uuid        NOT NULL,
    person_id     uuid        NOT NULL,
    person_name   text        NOT NULL,
    staff_id      uuid        NOT NULL,
    staff_name    text        NOT NULL,
    reason        text        NOT NULL,
    ticket        text        NOT NULL,
    rights        text[]      NOT NULL,  -- Of the staff's role when it began.
    may_write     boolean     NOT NULL DEFAULT false,
    granted_by    uuid,
    state         text        NOT NULL CHECK (state IN ('waiting', 'running', 'ended')),
    begun_at      timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    PRIMARY KEY (company_id, id)
);

ALTER TABLE accounts.company FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.membership ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.credential ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.recovery_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.password_reset ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.contact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.contract ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.api_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.impersonation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY own ON accounts.person USING (id = app.person_id());
CREATE POLICY member ON accounts.person FOR SELECT USING (EXISTS (
    SELECT FROM accounts.membership m
    WHERE m.person_id = person.id AND m.company_id = app.company_id()));
CREATE POLICY company ON accounts.membership USING (company_id = app.company_id());
CREATE POLICY own ON accounts.membership FOR SELECT USING (person_id = app.person_id());
CREATE POLICY own ON accounts.credential USING (person_id = app.person_id());
CREATE POLICY own ON accounts.recovery_code USING (person_id = app.person_id());
CREATE POLICY by_its_token ON accounts.password_reset USING (true);
CREATE POLICY own ON accounts.session USING (person_id = app.person_id());
CREATE POLICY company ON accounts.session USING (company_id = app.company_id());
CREATE POLICY company ON accounts.invitation USING (company_id = app.company_id());
CREATE POLICY company ON accounts.contact USING (company_id = app.company_id());
CREATE POLICY company ON accounts.contract USING (company_id = app.company_id());
CREATE POLICY company ON accounts.api_key USING (company_id = app.company_id());
CREATE POLICY company ON accounts.impersonation USING (company_id = app.company_id());

GRANT SELECT, INSERT, UPDATE ON accounts.person, accounts.credential, accounts.contract,
    accounts.api_key, accounts.impersonation TO mobilytics_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.membership, accounts.session, accounts.contact
    TO mobilytics_app;
GRANT SELECT, INSERT, DELETE ON accounts.recovery_code, accounts.invitation, accounts.password_reset
    TO mobilytics_app;
