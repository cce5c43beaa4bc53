-- Where assets stood that were moved: [from_at, to_at). Of one that was never moved there is no row: it has
-- stood where it is since it was registered.
CREATE TABLE assets.position (
    company_id uuid        NOT NULL,
    asset_id   uuid        NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz CHECK (to_at > from_at),
    latitude   float8      NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude  float8      NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    PRIMARY KEY (company_id, asset_id, from_at),
    FOREIGN KEY (company_id, asset_id) REFERENCES assets.asset (company_id, id)
);
CREATE UNIQUE INDEX position_now ON assets.position (company_id, asset_id) WHERE to_at IS NULL;
ALTER TABLE assets.position ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON assets.position USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON assets.position TO mobilytics_app;
