-- Who a provider says that a person is: issuer and subject, as a digest. Seen by the person's own
-- transactions, and by the one that has been shown them.
CREATE TABLE accounts.identity (
    identity_sha256 text        PRIMARY KEY,
    issuer          text        NOT NULL,
    person_id       uuid        NOT NULL REFERENCES accounts.person (id),
    linked_at       timestamptz NOT NULL
);
-- One of each provider: who comes by the same e-mail later is somebody else.
CREATE UNIQUE INDEX identity_person ON accounts.identity (person_id, issuer);

-- A sign-in that has been sent to the provider: sealed, found by the digest of a cookie, used once.
CREATE TABLE accounts.provider_attempt (
    cookie_sha256 text        PRIMARY KEY,
    sealed        text        NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX provider_attempt_expiry ON accounts.provider_attempt (expires_at);

ALTER TABLE accounts.identity ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.provider_attempt ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts.identity USING (person_id = app.person_id());
CREATE POLICY shown ON accounts.identity FOR SELECT
    USING (identity_sha256 = current_setting('app.identity', true));
CREATE POLICY by_its_cookie ON accounts.provider_attempt USING (true);
-- Whom a provider vouches for by their e-mail finds what they are invited to.
CREATE POLICY invited ON accounts.invitation FOR SELECT
    USING (lower(email) = current_setting('app.email', true));
GRANT SELECT, INSERT, DELETE ON accounts.identity, accounts.provider_attempt TO mobilytics_app;
