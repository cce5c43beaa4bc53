-- The keys that sign short-lived tokens, one row of the installation: sealed by a key that is not in
-- the database. Requests read it; the system makes it and turns it.
CREATE TABLE accounts.signing_keys (
    only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    version    bigint      NOT NULL,
    sealed     text        NOT NULL,
    changed_at timestamptz NOT NULL
);
ALTER TABLE accounts.signing_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody ON accounts.signing_keys FOR SELECT USING (true);
CREATE POLICY system ON accounts.signing_keys TO mobilytics_system USING (true) WITH CHECK (true);
GRANT USAGE ON SCHEMA accounts TO mobilytics_system;
GRANT SELECT ON accounts.signing_keys TO mobilytics_app;
GRANT SELECT, INSERT, UPDATE ON accounts.signing_keys TO mobilytics_system;
