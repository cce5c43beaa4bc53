-- Who did what. An entry is written into audit.entry by the transaction that it tells of. Soon after
-- the sealer moves it into audit.sealed, at the end of its company's chain of hashes. Nobody changes
-- or takes away a row: what has to is a function below, which runs as mobilytics_audit, a role that
-- nobody is. See docs/audit.md and docs/decisions/0009.
DO $$ BEGIN
    CREATE ROLE mobilytics_audit NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- So that who migrates may give it what follows.
GRANT mobilytics_audit TO CURRENT_USER;

CREATE SCHEMA audit;
GRANT USAGE, CREATE ON SCHEMA audit TO mobilytics_audit;
GRANT USAGE ON SCHEMA audit TO mobilytics_app, mobilytics_system;
GRANT USAGE ON SCHEMA app TO mobilytics_audit;

CREATE TABLE audit.entry (
    company_id     uuid        NOT NULL,
    id             uuid        NOT NULL,
    -- Entries of one transaction in their order; between transactions the order is their ids'.
    number         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8        NOT NULL DEFAULT pg_current_xact_id(),
    occurred_at    timestamptz NOT NULL,
    action         text        NOT NULL CHECK (action ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$'),
    outcome        text        NOT NULL CHECK (outcome IN ('success', 'failure', 'denied')),
    actor_kind     text        NOT NULL CHECK (actor_kind IN ('person', 'api_key', 'device', 'system')),
    actor_id       text        NOT NULL,
    impersonator   text        NOT NULL,  -- Empty where nobody acted for the actor.
    target_types   text[]      NOT NULL,
    target_ids     text[]      NOT NULL CHECK (cardinality(target_ids) = cardinality(target_types)),
    request_id     text        NOT NULL,
    trace_id       text        NOT NULL,
    -- What may be about a person: address, user_agent, reason, names, before, after. Of the type
    -- json, which keeps the text as it came: it is hashed.
    details        json        NOT NULL,
    salt           bytea       NOT NULL CHECK (length(salt) = 16),
    PRIMARY KEY (company_id, id)
);
CREATE INDEX entry_order ON audit.entry (transaction_id, number);
ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON audit.entry TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY keeper ON audit.entry TO mobilytics_audit USING (true);
GRANT SELECT, INSERT ON audit.entry TO mobilytics_app, mobilytics_system;
GRANT SELECT, DELETE ON audit.entry TO mobilytics_audit;

-- The chain: sha256 is of previous_sha256 and of the entry (platform/audit/canonical.h). A month of
-- it is a partition, by when it was sealed; a chain's positions follow each other without a gap.
CREATE TABLE audit.sealed (
    company_id      uuid        NOT NULL,
    position        bigint      NOT NULL CHECK (position > 0),
    sealed_at       timestamptz NOT NULL,
    previous_sha256 bytea       NOT NULL CHECK (length(previous_sha256) = 32),
    sha256          bytea       NOT NULL CHECK (length(sha256) = 32),
    id              uuid        NOT NULL,
    number          bigint      NOT NULL,
    transaction_id  xid8        NOT NULL,
    occurred_at     timestamptz NOT NULL,
    action          text        NOT NULL,
    outcome         text        NOT NULL,
    actor_kind      text        NOT NULL,
    actor_id        text        NOT NULL,
    impersonator    text        NOT NULL,
    target_types    text[]      NOT NULL,
    target_ids      text[]      NOT NULL,
    request_id      text        NOT NULL,
    trace_id        text        NOT NULL,
    details_sha256  bytea       NOT NULL CHECK (length(details_sha256) = 32),
    details         json,       -- NULL, and so is salt, when it has been blacked out.
    salt            bytea,
    PRIMARY KEY (company_id, position, sealed_at)
) PARTITION BY RANGE (sealed_at);
CREATE INDEX sealed_id ON audit.sealed (company_id, id);
CREATE INDEX sealed_targets ON audit.sealed USING gin (target_ids);
ALTER TABLE audit.sealed ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON audit.sealed TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY keeper ON audit.sealed TO mobilytics_audit USING (true);
GRANT SELECT ON audit.sealed TO mobilytics_app, mobilytics_system;

-- Where each chain ends, signed by the sealer: rows behind it are not ours.
CREATE TABLE audit.head (
    company_id uuid        NOT NULL PRIMARY KEY,
    position   bigint      NOT NULL,
    sha256     bytea       NOT NULL,
    sealed_at  timestamptz NOT NULL,
    signature  bytea       NOT NULL
);
ALTER TABLE audit.head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON audit.head TO mobilytics_system USING (true);
CREATE POLICY keeper ON audit.head TO mobilytics_audit USING (true);
GRANT SELECT ON audit.head TO mobilytics_system;
GRANT SELECT, INSERT, UPDATE ON audit.head TO mobilytics_audit;

-- Of each hour in which something was sealed, the root of the tree of its hashes, signed.
CREATE TABLE audit.root (
    company_id      uuid        NOT NULL,
    hour            timestamptz NOT NULL,
    first_position  bigint      NOT NULL,
    last_position   bigint      NOT NULL CHECK (last_position >= first_position),
    previous_sha256 bytea       NOT NULL,  -- Of the entry before the first.
    last_sha256     bytea       NOT NULL,
    merkle_sha256   bytea       NOT NULL,
    key_id          text        NOT NULL,
    signature       bytea       NOT NULL,
    PRIMARY KEY (company_id, first_position),
    UNIQUE (company_id, hour)
);
ALTER TABLE audit.root ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON audit.root TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY keeper ON audit.root TO mobilytics_audit USING (true);
GRANT SELECT ON audit.root TO mobilytics_app, mobilytics_audit;
GRANT SELECT, INSERT ON audit.root TO mobilytics_system;

-- Months that were let go, signed: the positions that may be missing.
CREATE TABLE audit.retirement (
    company_id     uuid        NOT NULL,
    month          date        NOT NULL,
    first_position bigint      NOT NULL,
    last_position  bigint      NOT NULL,
    last_sha256    bytea       NOT NULL,
    retired_at     timestamptz NOT NULL,
    key_id         text        NOT NULL,
    signature      bytea       NOT NULL,
    PRIMARY KEY (company_id, month)
);
ALTER TABLE audit.retirement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON audit.retirement TO mobilytics_app, mobilytics_system
    USING (app.visible(company_id));
CREATE POLICY keeper ON audit.retirement TO mobilytics_audit USING (true);
GRANT SELECT ON audit.retirement TO mobilytics_app, mobilytics_audit;
GRANT SELECT, INSERT ON audit.retirement TO mobilytics_system;

-- All entries, wherever they are.
CREATE VIEW audit.trail WITH (security_invoker = true) AS
    SELECT company_id, id, number, occurred_at, action, outcome, actor_kind, actor_id, impersonator,
           target_types, target_ids, request_id, trace_id, details, NULL::bigint AS position
    FROM audit.entry
    UNION ALL
    SELECT company_id, id, number, occurred_at, action, outcome, actor_kind, actor_id, impersonator,
           target_types, target_ids, request_id, trace_id, details, position
    FROM audit.sealed;
GRANT SELECT ON audit.trail TO mobilytics_app, mobilytics_system;

-- Holds for superusers and owners too: a slip is refused, and malice is for the chain to find.
CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'mobilytics_audit' THEN
        RAISE EXCEPTION 'the audit trail is only ever added to: % of %.% is refused',
            TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['entry', 'sealed', 'head', 'root', 'retirement'] LOOP
        EXECUTE format('CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON audit.%I '
                       'FOR EACH ROW EXECUTE FUNCTION audit.refuse()', kept);
        EXECUTE format('CREATE TRIGGER kept_whole BEFORE TRUNCATE ON audit.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()', kept);
    END LOOP;
END $$;
