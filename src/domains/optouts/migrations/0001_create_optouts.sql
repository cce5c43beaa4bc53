-- Who asked not to be counted: a company's list, which its sensors follow. No address is here, but a
-- digest of each, with a key that only this list has.
CREATE SCHEMA optouts;
GRANT USAGE ON SCHEMA optouts TO mobilytics_app;

-- A company's own, from its first opt-out on.
CREATE TABLE optouts.list (
    company_id uuid        NOT NULL PRIMARY KEY,
    sealed_key text        NOT NULL,
    version    text        NOT NULL,  -- Another with each change; drawn.
    changed_at timestamptz NOT NULL
);
ALTER TABLE optouts.list ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON optouts.list USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON optouts.list TO mobilytics_app;

CREATE TABLE optouts.entry (
    company_id uuid        NOT NULL,
    id         uuid        NOT NULL,
    digest     text        NOT NULL,  -- 32 hexadecimal digits.
    added_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, digest)
);
ALTER TABLE optouts.entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON optouts.entry USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON optouts.entry TO mobilytics_app;

-- Which version a sensor said last that it follows.
CREATE TABLE optouts.follower (
    company_id uuid        NOT NULL,
    device_id  uuid        NOT NULL,
    version    text        NOT NULL,
    since      timestamptz NOT NULL,
    PRIMARY KEY (company_id, device_id)
);
ALTER TABLE optouts.follower ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON optouts.follower USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON optouts.follower TO mobilytics_app;
