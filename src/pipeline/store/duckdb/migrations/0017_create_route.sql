CREATE TABLE route (
    company_id UUID NOT NULL,
    asset_id   UUID NOT NULL,
    started    TIMESTAMP NOT NULL,
    ended      TIMESTAMP NOT NULL,
    distance_m BIGINT NOT NULL,
    driving_us BIGINT NOT NULL,
    parked_us  BIGINT NOT NULL,
    west_e7    INTEGER NOT NULL,  -- The path's own box.
    south_e7   INTEGER NOT NULL,
    east_e7    INTEGER NOT NULL,
    north_e7   INTEGER NOT NULL,
    path       BLOB NOT NULL  -- A point: microseconds since 1970 (8 bytes), latitude and longitude
                              -- in 1e-7 degrees (4 each), little endian.
);
