-- Factors from devices to people, and which applies where and when.
CREATE TABLE calibration.site_class (
    company_id uuid NOT NULL,
    id         uuid NOT NULL,
    name       text NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, name)
);
ALTER TABLE calibration.site_class ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.site_class USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON calibration.site_class TO mobilytics_app;

CREATE TABLE calibration.class_member (
    company_id uuid NOT NULL,
    asset_id   uuid NOT NULL,
    class_id   uuid NOT NULL,
    PRIMARY KEY (company_id, asset_id),
    FOREIGN KEY (company_id, class_id) REFERENCES calibration.site_class (company_id, id)
);
ALTER TABLE calibration.class_member ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.class_member USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON calibration.class_member TO mobilytics_app;

-- scope_id: the asset, the class, or, of the scope company, the company itself.
CREATE TABLE calibration.model (
    company_id    uuid        NOT NULL,
    id            uuid        NOT NULL,
    scope         text        NOT NULL CHECK (scope IN ('asset', 'class', 'company')),
    scope_id      uuid        NOT NULL,
    version       integer     NOT NULL,
    state         text        NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    method        text        NOT NULL,
    input         text        NOT NULL CHECK (input IN ('counted', 'addresses')),
    gate_dbm      integer     NOT NULL,
    factor        float8      NOT NULL CHECK (factor > 0),
    factor_low    float8      NOT NULL,
    factor_high   float8      NOT NULL,
    dispersion    float8      NOT NULL,
    error         float8      NOT NULL,
    quarters      integer     NOT NULL,
    days          integer     NOT NULL,
    unheard       integer     NOT NULL,
    newest_day    date        NOT NULL,
    residuals     jsonb       NOT NULL,
    counts        uuid[]      NOT NULL,
    counting_name text        NOT NULL,
    counting_version text     NOT NULL,
    counting_hash text        NOT NULL,
    fitted_at     timestamptz NOT NULL,
    fitted_by     uuid        NOT NULL,
    published_at  timestamptz,
    published_by  uuid,
    valid_from    timestamptz,
    retired_at    timestamptz,
    retired_by    uuid,
    reason        text,
    drift         jsonb,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, scope, scope_id, version),
    CHECK ((state = 'draft') <= (published_at IS NULL)),
    CHECK ((state = 'published') <= (published_at IS NOT NULL AND valid_from IS NOT NULL)),
    CHECK ((state = 'retired') = (retired_at IS NOT NULL))
);
CREATE UNIQUE INDEX model_published ON calibration.model (company_id, scope, scope_id)
    WHERE state = 'published';
ALTER TABLE calibration.model ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.model USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON calibration.model TO mobilytics_app;

-- Which model a scope's numbers are people by: [from_at, to_at).
CREATE TABLE calibration.span (
    company_id uuid        NOT NULL,
    scope      text        NOT NULL,
    scope_id   uuid        NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz CHECK (to_at > from_at),
    model_id   uuid        NOT NULL,
    PRIMARY KEY (company_id, scope, scope_id, from_at),
    FOREIGN KEY (company_id, model_id) REFERENCES calibration.model (company_id, id)
);
ALTER TABLE calibration.span ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.span USING (company_id = app.company_id());
GRANT SELECT, INSERT, DELETE ON calibration.span TO mobilytics_app;

-- No row: as it is without one.
CREATE TABLE calibration.setting (
    company_id    uuid    NOT NULL PRIMARY KEY,
    second_person boolean NOT NULL
);
ALTER TABLE calibration.setting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON calibration.setting USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON calibration.setting TO mobilytics_app;
