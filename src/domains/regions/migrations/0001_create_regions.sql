CREATE SCHEMA regions;
GRANT USAGE ON SCHEMA regions TO mobilytics_app;

CREATE TABLE regions.region_set (
    company_id uuid        NOT NULL,
    id         uuid        NOT NULL,
    name       text        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('state', 'county', 'postal', 'market', 'custom')),
    state      text        NOT NULL CHECK (state IN ('in_use', 'removed')),
    version    bigint      NOT NULL CHECK (version >= 0),
    regions    bigint      NOT NULL CHECK (regions >= 0),
    points     bigint      NOT NULL CHECK (points >= 0),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX region_set_name ON regions.region_set (company_id, name) WHERE state = 'in_use';
ALTER TABLE regions.region_set ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON regions.region_set USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON regions.region_set TO mobilytics_app;

-- What became of a set, and of what. Version n holds from made_at until the next one is made.
CREATE TABLE regions.version (
    company_id uuid        NOT NULL,
    set_id     uuid        NOT NULL,
    number     bigint      NOT NULL,
    made_at    timestamptz NOT NULL,
    source     text        NOT NULL,  -- As its company calls it: a file's name.
    regions    bigint      NOT NULL,
    added      bigint      NOT NULL,
    changed    bigint      NOT NULL,
    removed    bigint      NOT NULL,
    PRIMARY KEY (company_id, set_id, number),
    FOREIGN KEY (company_id, set_id) REFERENCES regions.region_set (company_id, id)
);
ALTER TABLE regions.version ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON regions.version USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON regions.version TO mobilytics_app;

-- A region is of the versions [from_version, to_version); without an end, of those to come too.
CREATE TABLE regions.region (
    company_id        uuid    NOT NULL,
    set_id            uuid    NOT NULL,
    code              text    NOT NULL,
    from_version      bigint  NOT NULL,
    to_version        bigint  CHECK (to_version > from_version),
    name              text    NOT NULL,
    population        bigint  CHECK (population >= 0),
    population_source text    NOT NULL,
    area_m2           float8  NOT NULL,
    buffer_m          float8,            -- Of a line that was made an area of.
    points            bigint  NOT NULL,
    shape             bytea   NOT NULL,  -- As platform/geojson packs it.
    PRIMARY KEY (company_id, set_id, code, from_version),
    FOREIGN KEY (company_id, set_id) REFERENCES regions.region_set (company_id, id)
);
CREATE UNIQUE INDEX region_now ON regions.region (company_id, set_id, code) WHERE to_version IS NULL;
ALTER TABLE regions.region ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON regions.region USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON regions.region TO mobilytics_app;
