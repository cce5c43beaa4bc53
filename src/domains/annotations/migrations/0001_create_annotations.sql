-- What a company notes beside its figures.
CREATE SCHEMA annotations;
GRANT USAGE ON SCHEMA annotations TO mobilytics_app;

CREATE TABLE annotations.annotation (
    company_id uuid        NOT NULL,
    id         uuid        NOT NULL,
    kind       text        NOT NULL,
    text       text        NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz NOT NULL CHECK (to_at > from_at),
    asset_ids  uuid[]      NOT NULL,  -- None: all of the company's.
    made_at    timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
ALTER TABLE annotations.annotation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON annotations.annotation USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON annotations.annotation TO mobilytics_app;
