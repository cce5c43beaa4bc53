-- What a face was in [from_at, to_at): a row a version. The last one has an end once the face is retired.
CREATE TABLE assets.face (
    company_id         uuid        NOT NULL,
    id                 uuid        NOT NULL,
    asset_id           uuid        NOT NULL,
    from_at            timestamptz NOT NULL,
    to_at              timestamptz CHECK (to_at > from_at),
    name               text        NOT NULL,
    side               text        NOT NULL CHECK (side IN ('front', 'back', 'left', 'right')),
    medium             text        NOT NULL CHECK (medium IN ('printed', 'digital')),
    width_m            float8      NOT NULL CHECK (width_m > 0),
    height_m           float8      NOT NULL CHECK (height_m > 0),
    center_height_m    float8      CHECK (center_height_m > 0),
    letter_height_m    float8      CHECK (letter_height_m > 0),
    viewing_distance_m float8      CHECK (viewing_distance_m > 0),
    heading_deg        float8      CHECK (heading_deg >= 0 AND heading_deg < 360),
    road_angle_deg     float8      CHECK (road_angle_deg BETWEEN 0 AND 90),
    obstruction        float8      CHECK (obstruction BETWEEN 0 AND 1),
    speed_kmh          float8      CHECK (speed_kmh > 0),
    speed_source       text        CHECK (speed_source IN ('limit', 'measured')),
    traffic_side       text        CHECK (traffic_side IN ('right', 'left')),
    lit                text        NOT NULL CHECK (lit IN ('none', 'dusk_to_dawn', 'always', 'hours')),
    lit_from           text        CHECK ((lit_from IS NOT NULL) = (lit = 'hours')),
    lit_to             text        CHECK ((lit_to IS NOT NULL) = (lit = 'hours')),
    loop_s             float8      CHECK ((loop_s IS NOT NULL) = (medium = 'digital')),
    spot_s             float8      CHECK ((spot_s IS NOT NULL) = (medium = 'digital')),
    slots              bigint      CHECK ((slots IS NOT NULL) = (medium = 'digital')),
    venue_type         bigint,
    PRIMARY KEY (company_id, id, from_at),
    FOREIGN KEY (company_id, asset_id) REFERENCES assets.asset (company_id, id),
    CHECK ((speed_kmh IS NULL) = (speed_source IS NULL))
);
CREATE UNIQUE INDEX face_now ON assets.face (company_id, id) WHERE to_at IS NULL;
CREATE INDEX face_of_asset ON assets.face (company_id, asset_id);
ALTER TABLE assets.face ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON assets.face USING (company_id = app.company_id());
GRANT SELECT, INSERT, UPDATE ON assets.face TO mobilytics_app;
