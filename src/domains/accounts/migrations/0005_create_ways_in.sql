-- Passkeys, a second factor that a company demands, and another e-mail for a person.

-- What only the person's own transactions see.
CREATE TABLE accounts.passkey (
    id              uuid        PRIMARY KEY,
    person_id       uuid        NOT NULL REFERENCES accounts.person (id),
    credential_id   bytea       NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 16 AND 1023),
    public_key      bytea       NOT NULL,  -- COSE.
    sign_count      bigint      NOT NULL,
    backup_eligible boolean     NOT NULL,
    backed_up       boolean     NOT NULL,
    aaguid          text        NOT NULL,
    transports      text[]      NOT NULL,
    name            text        NOT NULL,
    added_at        timestamptz NOT NULL,
    used_at         timestamptz
);
CREATE INDEX passkey_person ON accounts.passkey (person_id);

-- For one ceremony, once, of the browser that asked for it.
CREATE TABLE accounts.passkey_challenge (
    id             uuid        PRIMARY KEY,
    challenge      bytea       NOT NULL CHECK (length(challenge) = 32),
    browser_sha256 text        NOT NULL,  -- Of what its cookie holds.
    person_id      uuid,                  -- Who adds one; NULL: somebody signs in.
    expires_at     timestamptz NOT NULL
);
CREATE INDEX passkey_challenge_expiry ON accounts.passkey_challenge (expires_at);

CREATE TABLE accounts.email_change (
    token_sha256 text        PRIMARY KEY,
    person_id    uuid        NOT NULL REFERENCES accounts.person (id),
    email        text        NOT NULL CHECK (length(email) <= 254),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX email_change_person ON accounts.email_change (person_id);

-- Whether those who belong to it must have a second factor.
ALTER TABLE accounts.company
    ADD COLUMN second_factor text NOT NULL DEFAULT 'optional'
        CHECK (second_factor IN ('optional', 'required'));

ALTER TABLE accounts.passkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.passkey_challenge ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts.email_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts.passkey USING (person_id = app.person_id());
CREATE POLICY by_its_id ON accounts.passkey_challenge USING (true);
CREATE POLICY by_its_token ON accounts.email_change USING (true);
CREATE POLICY door ON accounts.passkey FOR SELECT TO mobilytics_door USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts.passkey TO mobilytics_app;
GRANT SELECT, INSERT, DELETE ON accounts.passkey_challenge, accounts.email_change
    TO mobilytics_app;
GRANT SELECT ON accounts.passkey TO mobilytics_door;

-- A passkey by its credential id, before it is known whose it is.
CREATE FUNCTION accounts.passkey_of(credential bytea) RETURNS TABLE (
    id uuid, person_id uuid, public_key bytea, sign_count bigint, backup_eligible boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT k.id, k.person_id, k.public_key, k.sign_count, k.backup_eligible
    FROM accounts.passkey k WHERE k.credential_id = credential
$$;

-- Beside session_of(): whether the session's person has a passkey, and whether its company demands
-- a second factor.
CREATE FUNCTION accounts.factors_of(token text) RETURNS TABLE (
    has_passkey boolean, factor_demanded boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN RETURN QUERY
    SELECT EXISTS (SELECT FROM accounts.passkey k WHERE k.person_id = s.person_id),
           c.second_factor = 'required'
    FROM accounts.session s JOIN accounts.company c ON c.company_id = s.company_id
    WHERE s.token_sha256 = token;
END $$;

-- False when it is somebody else's. As whoever asks: the person's own transaction.
CREATE FUNCTION accounts.set_email(who uuid, address text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog AS $$ BEGIN
    UPDATE accounts.person SET email = address WHERE id = who;
    RETURN FOUND;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END $$;

GRANT CREATE ON SCHEMA accounts TO mobilytics_door;  -- While it is given its functions.
ALTER FUNCTION accounts.passkey_of(bytea) OWNER TO mobilytics_door;
ALTER FUNCTION accounts.factors_of(text) OWNER TO mobilytics_door;
REVOKE CREATE ON SCHEMA accounts FROM mobilytics_door;
REVOKE ALL ON FUNCTION accounts.passkey_of(bytea), accounts.factors_of(text),
    accounts.set_email(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts.passkey_of(bytea), accounts.factors_of(text),
    accounts.set_email(uuid, text) TO mobilytics_app;
