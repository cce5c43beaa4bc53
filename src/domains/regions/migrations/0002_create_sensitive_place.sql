-- Places in which nobody is counted.
CREATE TABLE regions.sensitive_place (
    company_id uuid        NOT NULL,
    code       text        NOT NULL,
    name       text        NOT NULL,
    kind       text        NOT NULL,
    area_m2    float8      NOT NULL,
    points     bigint      NOT NULL,
    cells      bigint      NOT NULL,  -- Of the map, that it touches.
    shape      bytea       NOT NULL,  -- As platform/geojson packs it.
    marked_at  timestamptz NOT NULL,
    PRIMARY KEY (company_id, code)
);
ALTER TABLE regions.sensitive_place ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON regions.sensitive_place USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE, DELETE ON regions.sensitive_place TO mobilytics_app;
