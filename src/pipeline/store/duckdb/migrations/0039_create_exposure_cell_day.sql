-- Made of exposure_settled: those days of an asset that cell_day has, by cell.
CREATE TABLE exposure_cell_day (
    company_id     UUID NOT NULL,
    asset_id       UUID NOT NULL,
    start          TIMESTAMP NOT NULL,
    source         radio NOT NULL,
    motion         motion NOT NULL,
    cell           UBIGINT NOT NULL,
    visits         BIGINT NOT NULL,
    visits_ended   BIGINT NOT NULL,
    sightings      BIGINT NOT NULL,
    presence_us    BIGINT NOT NULL,
    occupancy_max  BIGINT NOT NULL,
    dwell_single   BIGINT NOT NULL,  -- Visits begun, by dwell: of one sighting,
    dwell_0        BIGINT NOT NULL,  -- under 5 s,
    dwell_5        BIGINT NOT NULL,
    dwell_15       BIGINT NOT NULL,
    dwell_30       BIGINT NOT NULL,
    dwell_60       BIGINT NOT NULL,
    dwell_300      BIGINT NOT NULL,
    dwell_900      BIGINT NOT NULL,  -- and from 900 s on.
    dwell_us       BIGINT NOT NULL,
    visits_carried BIGINT NOT NULL,  -- Into the day.
    reach          BLOB NOT NULL
);
